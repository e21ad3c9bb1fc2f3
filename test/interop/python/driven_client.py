# The Python ZapClient as the suite drives it: it does what lines of JSON on stdin say, and tells in lines what it sees.
import asyncio
import json
import sys

from zaptools.client import ZapClient


def tell(**seen):
    print(json.dumps(seen), flush=True)


async def obey(client: ZapClient):
    while line := await asyncio.to_thread(sys.stdin.readline):
        command = json.loads(line)
        if command["do"] == "send":
            await client.send(command["eventName"], command["payload"], command.get("headers"))
        else:
            await client.close()


async def main(url: str):
    client = ZapClient()
    await client.connect(url)
    obeying = asyncio.create_task(obey(client))
    tell(saw="open")
    async for event in client.event_stream():
        tell(saw="event", eventName=event.event_name, payload=event.payload, headers=event.headers)
    tell(saw="close", code=client._conn.close_code, reason=client._conn.close_reason)
    await obeying


asyncio.run(main(sys.argv[1]))
