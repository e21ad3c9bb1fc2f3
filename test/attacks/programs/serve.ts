// Under attack: serve(), with no options at all but a free port.
import { serve } from "../../../src/connectors/node.ts";
import { createApplication } from "../application.ts";
import { ready } from "../program.ts";

const server = await serve(createApplication(), { port: 0 });
ready(server.port, () => server.close());
