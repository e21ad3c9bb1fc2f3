// Every attack over every connector for Node that needs no framework.
import { NODE_SUBJECTS } from "./subjects.ts";
import { attackSuite } from "./suite.ts";

attackSuite(NODE_SUBJECTS);
