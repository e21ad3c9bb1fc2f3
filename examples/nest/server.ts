// A gateway of NestJS that speaks envelopes: npm run example -- nest
import "reflect-metadata";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from "@nestjs/websockets";
import { type ConnectionRouter, EventRegister, type Untyped, type WebSocketConnection } from "zaptools";
import { ZapWsAdapter } from "zaptools/nest";

type State = { name?: string };

@WebSocketGateway({ path: "/ws" })
class ChatGateway {
  @WebSocketServer() connections!: ConnectionRouter<Untyped, State>;

  @SubscribeMessage("hello")
  hello(@ConnectedSocket() connection: WebSocketConnection<Untyped, State>, @MessageBody() name: unknown): string {
    connection.state.name = String(name);
    return "HELLO FROM SERVER !!!"; // an event "hello", or the answer when it was a request
  }

  @SubscribeMessage("say")
  say(@ConnectedSocket() connection: WebSocketConnection<Untyped, State>, @MessageBody() text: unknown): void {
    this.connections.broadcast("said", { from: connection.state.name, text });
  }
}

@Module({ providers: [ChatGateway] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: false });
const register = new EventRegister(undefined, {
  authenticate: ({ token }) => ({ id: token ?? "guest" }), // before the upgrade; guards find it as client.principal
});
app.useWebSocketAdapter(new ZapWsAdapter(app, register, { drain: 5_000 }));
app.enableShutdownHooks();

const port = Number(process.env.PORT ?? 8000);
await app.listen(port);
console.log(`ws://localhost:${port}/ws`);
