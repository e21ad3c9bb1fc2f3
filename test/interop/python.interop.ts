// Ours and the Python sibling, zaptools on PyPI, on FastAPI and on Sanic.
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../support/free-port.ts";
import { served } from "../support/node-server.ts";
import { drivenClient } from "./driven-client.ts";
import { Program } from "./program.ts";
import { exampleApp, siblingClient } from "./sibling-client.ts";
import { clientOf, lost, siblingServer, tell } from "./sibling-server.ts";
import { PYTHON, PYTHON_PROGRAMS } from "./toolchains.ts";

const starter = (module: string, listens: RegExp, ...args: readonly string[]) => {
  return async (port: number) => {
    const told = ["-m", module, ...args, "--host", "127.0.0.1", "--port", String(port)];
    const server = new Program(PYTHON.command, told, PYTHON_PROGRAMS);
    await server.until((said) => said.find((line) => listens.test(line)));
    return server;
  };
};

const fastApi = starter("uvicorn", /Uvicorn running on/, "fastapi_server:app");
const sanic = starter("sanic", /Worker ready/, "sanic_server:app", "--single-process");

siblingServer("zaptools for Python, on FastAPI", {
  toolchain: PYTHON,
  start: fastApi,
  closes: 1_000,
  stops: 1_012,
});

siblingServer("zaptools for Python, on Sanic", {
  toolchain: PYTHON,
  start: sanic,
  closes: 1_000,
  stops: 1_000,
});

describe("a float that JSON does not know, which Python writes all the same", () => {
  beforeEach(PYTHON.needed);

  it.each([
    ["FastAPI", fastApi],
    ["Sanic", sanic],
  ])("ends the connection with 4400, and onError says why: %s", async (_framework, start) => {
    const port = await freePort();
    const server = await start(port);
    onTestFinished(() => server.stop());
    let onError = (_error: unknown) => {};
    const reported = new Promise((resolve) => {
      onError = resolve;
    });
    const client = clientOf(`ws://127.0.0.1:${port}/ws`, { onError });
    await client.connect();
    const close = lost(client);
    await client.send("not a number");
    expect(await close).toMatchObject({ code: 4_400 });
    expect(await reported).toMatchObject({ code: "bad_envelope" });
    expect(client.getSnapshot().status).toBe("closed");
  });
});

it("reaches the limit of an envelope sooner on Sanic, which writes a letter beyond ASCII as six bytes", async (context) => {
  PYTHON.needed(context);
  const port = await freePort();
  const server = await sanic(port);
  onTestFinished(() => server.stop());
  const client = clientOf(`ws://127.0.0.1:${port}/ws`, { onError: () => {} });
  await client.connect();
  expect(await tell(client, "echo", "ö".repeat(10_000))).toHaveLength(10_000);
  const close = lost(client);
  expect(await client.send("echo", "ö".repeat(11_000))).toBe("sent");
  // The first where the runtime's WebSocket refuses it, the second where the client does.
  expect([1_009, 4_400]).toContain((await close).code);
});

siblingClient("the ZapClient of zaptools for Python", {
  needed: PYTHON.needed,
  connect: (url) => drivenClient(PYTHON.command, ["driven_client.py", url], PYTHON_PROGRAMS),
  closes: 1_000,
});

describe("the programs of the documentation, in Python", () => {
  beforeEach(PYTHON.needed);

  const said = async (file: string) => {
    const server = await served(exampleApp());
    const program = new Program(PYTHON.command, [file, server.url], PYTHON_PROGRAMS);
    await program.ended;
    return program.said;
  };

  it("greet a server of ours with the Python ZapClient", async () => {
    expect(await said("hello_client.py")).toContain("hello HELLO FROM SERVER !!!");
  });

  it("ask, fail and are asked without any toolkit", async () => {
    expect(await said("plain_client.py")).toEqual(["6", "room_full", "Ada"]);
  });
});
