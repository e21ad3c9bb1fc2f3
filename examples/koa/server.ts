// A register beside a Koa application, behind its middleware: npm run example -- koa
import Koa from "koa";
import { EventRegister } from "zaptools";
import { KoaConnector } from "zaptools/koa";

const app = new Koa();
app.use(async (context, next) => {
  context.state.user = context.cookies.get("user") ?? "guest";
  await next();
});
app.use(async (context, next) => {
  if (context.path === "/") context.body = `a page for ${context.state.user}`;
  else await next();
});

const register = new EventRegister(undefined, {
  authenticate: ({ source }) => ({ id: (source as Koa.Context).state.user }),
});
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const port = Number(process.env.PORT ?? 8000);
const server = app.listen(port, () => console.log(`ws://localhost:${port}/ws`));
const attachment = KoaConnector.attach(server, register, { path: "/ws", app });

process.once("SIGTERM", async () => {
  await attachment.close({ drain: 5_000 });
  server.close();
});
