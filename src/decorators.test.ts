// Decorators called as functions, in the shapes that compilers call them in. What compilers really make of the syntax is
// tested in test/decorators.
import { describe, expect, test } from "vitest";
import { flushed, MemoryPeer } from "../test/support/memory-peer.ts";
import { type HandlerDecorator, type HandlerMethodContext, type NamedDecorator, on, onFor } from "./decorators.ts";
import { EventRegister } from "./rooms/event-register.ts";

type AnyClass = new () => object;
type AnyDecorator = NamedDecorator<string> | HandlerDecorator<unknown>;

/** How the standard kind marks methods: at the class, and again for each instance. */
function standard<C extends AnyClass>(Class: C, decorators: Record<string, readonly AnyDecorator[]>, more = {}): C {
  const initializers: ((this: unknown) => void)[] = [];
  for (const [name, all] of Object.entries(decorators)) {
    const context = {
      kind: "method",
      name,
      static: false,
      private: false,
      metadata: {},
      access: { has: (object: object) => name in object, get: (object: object) => Reflect.get(object, name) },
      addInitializer: (initializer: (this: unknown) => void) => void initializers.push(initializer),
      ...more,
    } as unknown as HandlerMethodContext;
    for (const decorate of all) (decorate as HandlerDecorator<unknown>)(Class.prototype[name], context);
  }
  const Base: AnyClass = Class;
  class Initialized extends Base {
    constructor() {
      super();
      for (const initializer of initializers) initializer.call(this);
    }
  }
  return Initialized as C;
}

/** How the legacy kind marks methods: at the prototype. */
function legacy<C extends AnyClass>(Class: C, decorators: Record<string, readonly AnyDecorator[]>): C {
  for (const [name, all] of Object.entries(decorators)) {
    const descriptor = Object.getOwnPropertyDescriptor(Class.prototype, name) ?? {};
    for (const decorate of all) (decorate as HandlerDecorator<unknown>)(Class.prototype, name, descriptor);
  }
  return Class;
}

class Chat {
  readonly heard: string[] = [];

  say(context?: { readonly eventName: string }): string {
    this.heard.push(context?.eventName ?? "");
    return "said";
  }

  other(): string {
    return "other";
  }

  get label(): string {
    return "";
  }
}

const withSay = { say: [on("chat:say")] };

describe.each([
  { kind: "standard", mark: standard },
  { kind: "legacy", mark: legacy },
])("$kind decorators", ({ mark }) => {
  // Marks stay with a prototype, so that each test needs a class of its own.
  const ownSay = () =>
    class extends Chat {
      override say(context?: { readonly eventName: string }): string {
        return super.say(context);
      }
      override other(): string {
        return super.other();
      }
    };

  async function ask(instance: object, eventName: string): Promise<unknown> {
    const peer = await new MemoryPeer(new EventRegister().add(instance)).start();
    peer.ask("1", eventName);
    await flushed();
    return peer.envelopes.at(-1)?.payload;
  }

  test("register.add calls a marked method with this bound and answers with what it returns", async () => {
    const Marked = mark(ownSay(), withSay);
    const chat = new Marked();
    expect(await ask(chat, "chat:say")).toBe("said");
    expect(chat.heard).toEqual(["chat:say"]);
  });

  test("two instances of a class keep to themselves", async () => {
    const Marked = mark(ownSay(), withSay);
    const [first, second] = [new Marked(), new Marked()];
    await ask(first, "chat:say");
    expect(first.heard).toHaveLength(1);
    expect(second.heard).toHaveLength(0);
  });

  test("one method may handle several events", async () => {
    const Marked = mark(ownSay(), { say: [on("chat:say"), on("chat:whisper")] });
    expect(await ask(new Marked(), "chat:say")).toBe("said");
    expect(await ask(new Marked(), "chat:whisper")).toBe("said");
  });

  test("a subclass inherits marks, and what it overrides runs in place of the marked method", async () => {
    class Loud extends mark(ownSay(), withSay) {
      override say(): string {
        return "SAID";
      }
    }
    expect(await ask(new Loud(), "chat:say")).toBe("SAID");
  });

  test("a subclass that repeats a mark replaces it, options included", async () => {
    const Base = mark(ownSay(), withSay);
    class Again extends Base {
      override say(): string {
        return "again";
      }
    }
    const Marked = mark(Again, { say: [on("chat:say", { override: true })] });
    const register = new EventRegister();
    register.onEvent("chat:say", () => "first");
    const peer = await new MemoryPeer(register.add(new Marked())).start();
    peer.ask("1", "chat:say");
    await flushed();
    expect(peer.envelopes.at(-1)?.payload).toBe("again");
  });

  test("a subclass adds marks without changing those of its base class", async () => {
    const Base = mark(ownSay(), withSay);
    class More extends Base {
      override other(): string {
        return "more";
      }
    }
    const Marked = mark(More, { other: [on("chat:other")] });
    expect(await ask(new Marked(), "chat:say")).toBe("said");
    expect(await ask(new Marked(), "chat:other")).toBe("more");
    expect(await ask(new Base(), "chat:other")).toMatchObject({ code: "unknown_event" });
  });

  test("two methods for one event are refused with the names of both, and nothing of the object is registered", () => {
    const Marked = mark(ownSay(), { say: [on("free"), on("chat:say")], other: [on("chat:say")] });
    const register = new EventRegister();
    expect(() => register.add(new Marked())).toThrow(
      expect.objectContaining({ code: "duplicate_handler", message: expect.stringMatching(/\.say \(.*\.other \(/) }),
    );
    expect(() => register.onEvent("free", () => {})).not.toThrow();
  });

  test("a method for an event that has a handler is refused, and nothing of the object is registered", () => {
    const Marked = mark(ownSay(), { say: [on("free")], other: [on("taken")] });
    const register = new EventRegister();
    register.onEvent("taken", () => {});
    expect(() => register.add(new Marked())).toThrow(
      expect.objectContaining({ code: "duplicate_handler", message: expect.stringContaining("decorators.test.ts") }),
    );
    expect(() => register.onEvent("free", () => {})).not.toThrow();
  });

  test("lifecycle events take several methods", async () => {
    const Marked = mark(ownSay(), { say: [on("connected")], other: [on("connected")] });
    const chat = new Marked();
    await new MemoryPeer(new EventRegister().add(chat)).start();
    expect(chat.heard).toEqual(["connected"]);
  });

  test("the options go with the handler", () => {
    const Marked = mark(ownSay(), { say: [on("chat:say", { handlerMs: -1 })] });
    expect(() => new EventRegister().add(new Marked())).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });

  test("a name that cannot be one is refused when the instance is added", () => {
    const Marked = mark(ownSay(), { say: [on("zap:hello")] });
    expect(() => new EventRegister().add(new Marked())).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });

  test("onFor is on itself, with types", async () => {
    const typed = onFor<{ "chat:say": string }>();
    const Marked = mark(ownSay(), { say: [typed("chat:say")] });
    expect(await ask(new Marked(), "chat:say")).toBe("said");
  });
});

const refusal = expect.objectContaining({ code: "invalid_argument" });

test("standard decorators are refused where they stand on anything but a method of instances", () => {
  expect(() => standard(Chat, withSay, { static: true })).toThrow(refusal);
  for (const kind of ["field", "getter", "setter", "accessor", "class"]) {
    expect(() => standard(Chat, withSay, { kind })).toThrow(refusal);
  }
});

test("legacy decorators are refused where they stand on anything but a method of instances", () => {
  expect(() => legacy(Chat, { missing: [on("chat:say")] })).toThrow(refusal);
  expect(() => legacy(Chat, { label: [on("chat:say")] })).toThrow(refusal);
  expect(() => on("chat:say")(Chat, "say", { value: Chat.prototype.say })).toThrow(refusal);
});

test("an object without marked methods is refused with what to do", () => {
  const register = new EventRegister();
  expect(() => register.add(new Chat())).toThrow(
    expect.objectContaining({ code: "invalid_argument", message: expect.stringContaining("zaptools/decorators") }),
  );
  expect(() => register.add(Object.create(null))).toThrow(expect.objectContaining({ code: "invalid_argument" }));
});

test("a class in place of an instance is refused with what to do", () => {
  const Marked = legacy(class extends Chat {}, {});
  expect(() => new EventRegister().add(Marked)).toThrow(
    expect.objectContaining({ code: "invalid_argument", message: expect.stringContaining("new Chat()") }),
  );
});

test("on without a name is refused with what to do", () => {
  const written = on as unknown as (value: unknown) => unknown;
  expect(() => written(Chat.prototype.say)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
});

test("a marked method that is no function any more is refused", () => {
  class Marked extends Chat {
    override say(): string {
      return "";
    }
  }
  legacy(Marked, withSay);
  const chat = new Marked();
  Object.defineProperty(chat, "say", { value: "gone" });
  expect(() => new EventRegister().add(chat)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
});
