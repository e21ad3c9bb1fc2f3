// uWebSockets.js is not on npm; its types are those of the package that has its binaries.
declare module "uWebSockets.js" {
  export * from "@trufflesuite/uws-js-unofficial";
}
