// What only the standard decorators can tell.
import { on } from "zaptools/decorators";

export class Hidden {
  // @ts-expect-error A private method.
  @on("chat:say")
  #say() {
    return this.#say;
  }

  // @ts-expect-error A static method.
  @on("chat:say")
  static say() {}
}
