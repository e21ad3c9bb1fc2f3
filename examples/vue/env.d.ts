// What importing a component gives the compiler, which does not read components.
declare module "*.vue" {
  import type { Component } from "vue";
  const component: Component;
  export default component;
}
