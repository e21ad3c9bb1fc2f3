// Which core is whose, where programs can be kept on one. Two will do.
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;
