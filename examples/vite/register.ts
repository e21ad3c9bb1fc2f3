// What the page talks to. Change it while Vite runs: the page comes back to the new one.
import { EventRegister } from "zaptools";

export const register = new EventRegister();
register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));
