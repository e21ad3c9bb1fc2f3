// A class with marked methods, for compilers to translate either way. Knows no register.
import { on } from "zaptools/decorators";

type Method = (...given: never[]) => string;

/** Another decorator, that puts a function of its own in the place of the method; of either kind. */
function loud(value: Method, context: ClassMethodDecoratorContext): Method;
function loud<M extends Method>(prototype: object, key: string, descriptor: TypedPropertyDescriptor<M>): void;
function loud(value: unknown, _key: unknown, descriptor?: { value?: Method }): Method | undefined {
  const method = descriptor?.value ?? (value as Method);
  const wrapped: Method = function (this: unknown, ...given) {
    return method.apply(this, given).toUpperCase();
  };
  if (descriptor === undefined) return wrapped;
  descriptor.value = wrapped;
  return undefined;
}

class Base {
  @on("inherited")
  inherited(): string {
    return `inherited by ${this.constructor.name}`;
  }

  @on("overridden")
  overridden(): string {
    return "not this one";
  }
}

export class Chat extends Base {
  readonly #greeting: string;

  constructor(greeting: string) {
    super();
    this.#greeting = greeting;
  }

  @on("own")
  own({ payload }: { payload: unknown }): string {
    return `${this.#greeting} ${String(payload)}`;
  }

  @on("first")
  @on("second")
  async several({ eventName }: { eventName: string }): Promise<string> {
    return eventName;
  }

  @on("wrapped:above")
  @loud
  above(): string {
    return `${this.#greeting} above`;
  }

  @loud
  @on("wrapped:below")
  below(): string {
    return `${this.#greeting} below`;
  }

  override overridden(): string {
    return "overridden";
  }
}
