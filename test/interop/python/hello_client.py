# The Python zaptools as a client of a server of ours, from connecting to closing.
import asyncio
import sys

from zaptools.client import ZapClient


async def main(url: str):
    client = ZapClient()
    await client.connect(url)
    await client.send("hello", {"from": "Python"})
    async for event in client.event_stream():
        print(event.event_name, event.payload)
        await client.close()


asyncio.run(main(sys.argv[1]))
