# The siblings' FastAPI server: the documentation quotes what comes first, the tests talk with all of it.
from fastapi import FastAPI, WebSocket
from zaptools import EventContext, EventRegister
from zaptools.connectors import FastApiConnector

app = FastAPI()
register = EventRegister()


@register.on_event("hello")
async def hello(ctx: EventContext):
    await ctx.connection.send("hello", "HELLO FROM SERVER !!!")


@app.websocket("/ws")
async def ws(websocket: WebSocket):
    await FastApiConnector(register, websocket).start()


# Here ends what is quoted.
import suite  # noqa: E402

suite.add_to(register)


class EndingsNoted:
    """Tells the suite how connections ended: the connector drops what ASGI says about it."""

    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        async def receive_and_note():
            message = await receive()
            if message["type"] == "websocket.disconnect":
                suite.note_ending(message.get("code"), message.get("reason"))
            return message

        await self.inner(scope, receive_and_note, send)


app.add_middleware(EndingsNoted)
