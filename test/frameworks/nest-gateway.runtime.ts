// NestJS gateways behind our adapter: what Nest's users know works over our envelopes.
import "reflect-metadata";
import type { AddressInfo } from "node:net";
import {
  type ArgumentMetadata,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  Injectable,
  Module,
  type NestInterceptor,
  type PipeTransform,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  WsException,
} from "@nestjs/websockets";
import { concat, from, map, NEVER, of } from "rxjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventRegister, type Handshake, type WebSocketConnection } from "zaptools";
import { ZapWsAdapter } from "zaptools/nest";
import { Peer } from "../contracts/peer.ts";
import { refusal } from "../contracts/wire.ts";
import { freePort } from "../support/free-port.ts";

/** What a payload has to be an instance of: Nest knows by the types that the compiler left. */
class Sum {
  readonly numbers: readonly number[];
  constructor({ numbers }: { numbers: readonly number[] }) {
    this.numbers = numbers;
  }
}

class InstancePipe implements PipeTransform {
  transform(value: unknown, { metatype }: ArgumentMetadata): unknown {
    if (metatype !== Sum) return value;
    const { numbers } = Object(value);
    if (!Array.isArray(numbers)) throw new WsException({ code: "not_numbers", message: "Send numbers." });
    return new Sum({ numbers });
  }
}

class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToWs().getClient<WebSocketConnection<unknown, unknown>>().principal?.id === "admin";
  }
}

class Shout implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map((value) => `${value}!`));
  }
}

/** Something to inject. */
@Injectable()
class Calculator {
  add(numbers: readonly number[]): number {
    return numbers.reduce((sum, number) => sum + number, 0);
  }
}

const seen: unknown[] = [];
type Client = WebSocketConnection<unknown, unknown>;

@WebSocketGateway({ path: "chat" })
class ChatGateway implements OnGatewayConnection, OnGatewayDisconnect {
  @WebSocketServer() readonly server!: EventRegister["connections"];

  constructor(private readonly calculator: Calculator) {}

  handleConnection(client: Client, handshake: Handshake): void {
    seen.push(["connected", client.principal?.id, handshake.url]);
  }

  handleDisconnect(client: Client, closed: unknown): void {
    seen.push(["disconnected", client.principal?.id, closed]);
  }

  @SubscribeMessage("sum")
  @UsePipes(InstancePipe)
  sum(@MessageBody() body: Sum): number {
    return this.calculator.add(body.numbers);
  }

  @SubscribeMessage("named")
  named() {
    return { event: "other", data: 1 };
  }

  @SubscribeMessage("nothing")
  nothing(): void {}

  @SubscribeMessage("many")
  many() {
    return from([1, 2, 3]);
  }

  @SubscribeMessage("endless")
  endless() {
    return concat(of("first"), NEVER);
  }

  @SubscribeMessage("admin")
  @UseGuards(AdminGuard)
  admin(): string {
    return "welcome";
  }

  @SubscribeMessage("shout")
  @UseInterceptors(Shout)
  async shout(@MessageBody() text: string): Promise<string> {
    return text;
  }

  @SubscribeMessage("slow")
  async slow(@MessageBody() delay: number): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, delay));
    return delay;
  }

  @SubscribeMessage("fails")
  fails(): never {
    throw new Error("a secret");
  }

  @SubscribeMessage("acknowledged")
  acknowledged(@Ack() ack: (value: unknown) => void): void {
    ack("got it");
  }

  @SubscribeMessage("tell")
  async tell(@MessageBody() text: string, @ConnectedSocket() client: Client): Promise<void> {
    await client.join("everyone");
    this.server.room("everyone").send("told", text);
  }
}

@Module({ providers: [ChatGateway, Calculator] })
class AppModule {}

let app: INestApplication;
let url: string;
let register: EventRegister;

beforeEach(async () => {
  seen.length = 0;
  register = new EventRegister(undefined, {
    logger: { warn() {}, error() {} },
    authenticate: ({ token }) => (token === undefined ? undefined : { id: token }),
  });
  app = await NestFactory.create(AppModule, { logger: false });
  app.useWebSocketAdapter(new ZapWsAdapter(app, register));
  await app.listen(0, "127.0.0.1");
  url = `ws://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/chat`;
});

afterEach(() => app.close());

const open = (token = "ada") => Peer.open(url, { headers: { Authorization: `Bearer ${token}` } });
const payloads = (peer: Peer) => peer.got.map(({ eventName, payload }) => [eventName, payload]);

describe("a gateway behind ZapWsAdapter", () => {
  it("answers requests with what its handlers return, after pipes and with what was injected", async () => {
    const peer = await open();
    expect(await peer.ask("sum", { numbers: [1, 2, 3] })).toBe(6);
    expect(await peer.ask("named")).toBe(1);
    expect(await peer.ask("nothing")).toBe(null);
    expect(await peer.ask("shout", "hey")).toBe("hey!");
    expect(await peer.ask("acknowledged")).toBe("got it");
    expect(await peer.ask("endless")).toBe("first");
    peer.close();
  });

  it("answers events that are no requests by events, under the same name or the one that is returned", async () => {
    const peer = await open();
    for (const name of ["named", "nothing", "many"]) peer.send(name);
    await peer.next(({ payload }) => payload === 3);
    expect(payloads(peer)).toEqual([
      ["other", 1],
      ["many", 1],
      ["many", 2],
      ["many", 3],
    ]);
    peer.close();
  });

  it("keeps the order of one connection", async () => {
    const peer = await open();
    for (const delay of [20, 0, 5]) peer.send("slow", delay);
    await peer.next(({ payload }) => payload === 5);
    expect(payloads(peer)).toEqual([
      ["slow", 20],
      ["slow", 0],
      ["slow", 5],
    ]);
    peer.close();
  });

  it("asks guards, who know the principal", async () => {
    const [peer, admin] = await Promise.all([open(), open("admin")]);
    expect(await admin.ask("admin")).toBe("welcome");
    expect(await peer.ask("admin")).toMatchObject({ code: "exception", message: "Forbidden resource" });
    for (const one of [peer, admin]) one.close();
  });

  it("says what exception filters say: as the answer of a request, otherwise as an event", async () => {
    const peer = await open();
    expect(await peer.ask("sum", "nonsense")).toMatchObject({ code: "not_numbers", message: "Send numbers." });
    expect(await peer.ask("fails")).toMatchObject({ code: "exception", message: "Internal server error" });
    peer.send("fails");
    expect((await peer.event("exception")).payload).toMatchObject({
      status: "error",
      message: "Internal server error",
    });
    expect(JSON.stringify(peer.got)).not.toContain("secret");
    peer.close();
  });

  it("tells handleConnection and handleDisconnect who came, and how it ended", async () => {
    const peer = await open();
    peer.send("endless");
    await peer.event("endless");
    peer.close(4001, "bye");
    await peer.closed;
    await expect
      .poll(() => seen)
      .toEqual([
        ["connected", "ada", "/chat"],
        ["disconnected", "ada", { code: 4001, reason: "bye" }],
      ]);
  });

  it("sends to rooms through @WebSocketServer", async () => {
    const peer = await open();
    peer.send("tell", "hello");
    expect(await peer.event("told")).toMatchObject({ payload: "hello" });
    peer.close();
  });

  it("asks who connects before the upgrade", async () => {
    expect(await refusal(url)).toMatchObject({ status: 401 });
    expect(seen).toEqual([]);
  });

  it("closes with 1012 when the application closes, once handlers have answered", async () => {
    const peer = await open();
    await peer.ask("nothing");
    const answer = peer.ask("slow", 50);
    await peer.ask("nothing").catch(() => {});
    const closed = app.close();
    expect(await answer).toBe(50);
    expect(await peer.closed).toMatchObject({ code: 1012 });
    await closed;
  });
});

it("serves a gateway that asks for a port of its own", async () => {
  const port = await freePort();
  @WebSocketGateway(port, { path: "/own", register: new EventRegister() })
  class OwnPort {
    @SubscribeMessage("hello")
    hello(): string {
      return "from its own port";
    }
  }
  @Module({ providers: [OwnPort] })
  class OwnModule {}
  const own = await NestFactory.create(OwnModule, { logger: false });
  own.useWebSocketAdapter(new ZapWsAdapter(own, register));
  await own.init();
  const peer = await Peer.open(`ws://127.0.0.1:${port}/own`);
  expect(await peer.ask("hello")).toBe("from its own port");
  await own.close();
  expect(await peer.closed).toMatchObject({ code: 1012 });
});
