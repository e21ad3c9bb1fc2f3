# The siblings' Sanic server: the documentation quotes what comes first, the tests talk with all of it.
from sanic import Request, Sanic, Websocket
from zaptools import EventContext, EventRegister
from zaptools.connectors import SanicConnector

app = Sanic("my-app")
register = EventRegister()


@register.on_event("hello")
async def hello(ctx: EventContext):
    await ctx.connection.send("hello", "HELLO FROM SERVER !!!")


@app.websocket("/ws")
async def ws(request: Request, websocket: Websocket):
    await SanicConnector(register, websocket).start()


# Here ends what is quoted.
import asyncio  # noqa: E402

import suite  # noqa: E402

endings_to_come = set()


async def note_ending_of(websocket: Websocket):
    await websocket.connection_lost_waiter
    close = websocket.ws_proto.close_rcvd
    if close is not None:
        suite.note_ending(close.code, close.reason)


async def on_connected(ctx: EventContext):
    # Not a handler of "disconnected": on Sanic the sibling does not run it, for what ends the reading there is a
    # CancelledError, which is no Exception.
    ending = asyncio.create_task(note_ending_of(suite.socket_of(ctx)))
    endings_to_come.add(ending)
    ending.add_done_callback(endings_to_come.discard)


suite.add_to(register, on_connected)
