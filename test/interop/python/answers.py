# Answers requests with the Python zaptools, which does not know them.
from zaptools import EventContext, EventRegister


class RequestFailed(Exception):
    """Raised by a handler that means to fail: the asking end learns code, message and details."""

    def __init__(self, code, message, details=None):
        super().__init__(message)
        self.reply = {"code": code, "message": message, "details": details}


def answers(register: EventRegister, name: str):
    """Registers a handler whose result is the reply."""

    def register_answering(handler):
        async def answer(ctx: EventContext):
            headers = {"zap": {"re": ctx.headers["zap"]["id"]}}
            try:
                await ctx.connection.send(name, await handler(ctx), headers)
            except RequestFailed as failure:
                await ctx.connection.send("error", failure.reply, headers)
            except Exception:
                await ctx.connection.send("error", {"code": "internal", "message": "The request failed."}, headers)
                raise

        register.on_event(name)(answer)

    return register_answering
