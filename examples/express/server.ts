// A register beside an Express application, with its sessions: npm run example -- express
import express from "express";
import session from "express-session";
import { EventRegister } from "zaptools";
import { ExpressConnector } from "zaptools/express";

const sessions = session({ secret: "keep it somewhere safe", resave: false, saveUninitialized: true });

const app = express();
app.use(sessions);
app.get("/", (request, response) => void response.send(`a page for ${request.sessionID}`));

const register = new EventRegister(undefined, {
  authenticate: ({ source }) => ({ id: (source as express.Request).sessionID }),
});
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));

const port = Number(process.env.PORT ?? 8000);
const server = app.listen(port, () => console.log(`ws://localhost:${port}/ws`));
const attachment = ExpressConnector.attach(server, register, { path: "/ws", app: sessions });

process.once("SIGTERM", async () => {
  await attachment.close({ drain: 5_000 });
  server.close();
});
