# A client without any toolkit: it asks a server of ours, fails at asking, and is asked.
import asyncio
import itertools
import json
import sys

from websockets.asyncio.client import connect

ids = itertools.count(1)


async def ask(socket, name, payload=None):
    """The answer to a request; raises when the server answers with an error."""
    id = str(next(ids))
    await socket.send(json.dumps({"eventName": name, "payload": payload, "headers": {"zap": {"id": id}}}))
    async for text in socket:
        envelope = json.loads(text)
        if envelope.get("headers", {}).get("zap", {}).get("re") != id:
            continue  # an event like any other, or somebody else's answer
        if envelope["eventName"] == "error":
            raise RuntimeError(envelope["payload"]["code"])
        return envelope["payload"]


async def answer(socket, name, result):
    """Waits until the server asks for `name`, and answers."""
    async for text in socket:
        envelope = json.loads(text)
        id = envelope.get("headers", {}).get("zap", {}).get("id")
        if id is not None and envelope["eventName"] == name:
            await socket.send(json.dumps({"eventName": name, "payload": result, "headers": {"zap": {"re": id}}}))
            return


async def main(url):
    async with connect(url) as socket:
        print(await ask(socket, "sum", [1, 2, 3]))
        try:
            await ask(socket, "join")
        except RuntimeError as error:
            print(error)
        await socket.send(json.dumps({"eventName": "ask me", "payload": None}))
        await answer(socket, "your name", "Ada")
        print(await ask(socket, "who am I"))


asyncio.run(main(sys.argv[1]))
