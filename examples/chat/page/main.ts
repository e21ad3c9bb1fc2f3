// Puts the page together: one client, one session, and the views that show them. Decides who is told what.
import { ZapClient } from "zaptools/client";
import type { Chat } from "../contract.ts";
import { LONGEST } from "../longest.ts";
import { Composer } from "./composer.ts";
import { ConnectionView } from "./connection-view.ts";
import { find, foreign } from "./dom.ts";
import { explain } from "./explain.ts";
import { FramesPanel } from "./frames-panel.ts";
import { JoinForm, type Wish } from "./join-form.ts";
import { LogView } from "./log-view.ts";
import { PeopleView } from "./people-view.ts";
import { RoomsPoll } from "./rooms-poll.ts";
import { type RoomEntry, RoomsView } from "./rooms-view.ts";
import { Session } from "./session.ts";
import { Stage } from "./stage.ts";
import { tapped } from "./tapped-socket.ts";
import { Toasts } from "./toasts.ts";

const frames = new FramesPanel();
const toasts = new Toasts();
const stage = new Stage();
const log = new LogView();
const people = new PeopleView();

/** The page's connection. */
export const client = new ZapClient<Chat>(socketAddress(), { WebSocket: tapped((frame) => frames.add(frame)) });

const session = new Session(client, {
  entered({ name, room }, members, how) {
    stage.enter(room);
    stage.away = false;
    composer.enabled = true;
    people.allStopped();
    people.show(members, name);
    if (how === "new") {
      log.clear();
      log.note("You are in ", foreign(room), " as ", foreign(name), ".");
      composer.focus();
    } else log.note("You are back. What was said meanwhile is not shown.");
    rooms.ask();
  },
  lost() {
    stage.away = true;
    composer.enabled = false;
    people.allStopped();
    log.note("The connection was lost. You will be back in the room as soon as it is there again.");
  },
  left(error) {
    stage.leave();
    composer.enabled = false;
    rooms.ask();
    if (error !== undefined) toasts.show(`You could not go back to the room. ${explain(error).text}`, "error");
    form.focus();
  },
  came(name, members, own) {
    people.show(members, own);
    log.note(foreign(name), " came in");
    rooms.ask();
  },
  went(name, members, own) {
    people.show(members, own);
    log.note(foreign(name), " left");
    rooms.ask();
  },
  said(said) {
    people.stopped(said.from);
    log.say(said);
    stage.said();
  },
  typing: (from) => people.typing(from),
});

const form = new JoinForm(join);
const lists = [
  new RoomsView(find("open-rooms", HTMLUListElement), find("open-rooms-empty", HTMLElement), (room) => {
    form.chooseRoom(room);
    if (form.wish.name.trim() === "") form.focus();
    else join(form.wish);
  }),
  new RoomsView(find("rooms", HTMLUListElement), undefined, (room) => {
    if (session.wish !== undefined && room !== session.wish.room) join({ ...session.wish, room });
  }),
];
const showRooms = (open: readonly RoomEntry[]) => {
  for (const list of lists) list.show(open, session.wish?.room);
};
const rooms = new RoomsPoll(client, showRooms, () => session.place === "outside");

const composer = new Composer({
  async say(text) {
    try {
      await session.say(text);
    } catch (error) {
      composer.refuse(text, explain(error).text);
    }
  },
  typing: () => session.typing(),
});

// Here and below, what becomes of the connection is not waited for: the header shows it.
const connection = new ConnectionView(() => client.tryReconnect().catch(() => {}));

client.subscribe((snapshot) => connection.show(snapshot));
client.onStateChange((status) => {
  form.enabled = status === "open";
  if (status === "open") {
    session.connectionOpened();
    rooms.ask();
  } else session.connectionLost();
});
client.onEvent("hello", ({ payload }) => toasts.show(payload, "info"));

find("leave", HTMLButtonElement).addEventListener("click", () => session.leave().catch(() => {}));
find("try-hello", HTMLButtonElement).addEventListener("click", () => client.send("hello"));
find("try-request", HTMLButtonElement).addEventListener("click", () => rooms.ask());
find("try-refused", HTMLButtonElement).addEventListener("click", async () => {
  try {
    await client.request("chat:say", { text: "x".repeat(LONGEST + 1) });
  } catch (error) {
    toasts.show(explain(error).text, "error");
  }
});

client.connect().catch(() => {});
form.focus();

async function join(wish: Wish): Promise<void> {
  // Who is away is on the way back to where they were.
  if (client.getSnapshot().status !== "open" || session.place === "away") return;
  form.enabled = false;
  try {
    await session.join(wish);
    form.accepted(wish);
  } catch (error) {
    const explanation = explain(error);
    form.refuse(explanation);
    if (explanation.fields.size === 0 || session.place === "inside") toasts.show(explanation.text, "error");
  } finally {
    form.enabled = client.getSnapshot().status === "open";
  }
}

/** Where the WebSocket is: on the port the page came from. */
function socketAddress(): URL {
  const address = new URL("/ws", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.hash = "";
  return address;
}
