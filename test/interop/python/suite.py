# What every Python server of the interop suite handles besides its greeting. Knows no framework.
from answers import RequestFailed, answers
from zaptools import EventContext, EventRegister

endings: list[dict] = []
control_events: list[str] = []


def note_ending(code, reason):
    endings.append({"code": code, "reason": reason or ""})


def socket_of(ctx: EventContext):
    return ctx.connection._connection_adapter.websocket


async def nothing_more(ctx: EventContext):
    pass


def add_to(register: EventRegister, on_connected=nothing_more):
    @register.on_event("connected")
    async def connected(ctx: EventContext):
        await on_connected(ctx)
        await ctx.connection.send("connected", {"id": ctx.connection.id})

    @register.on_event("error")
    async def error(ctx: EventContext):
        await ctx.connection.send("error", ctx.payload)

    @register.on_event("raise")
    async def raise_it(ctx: EventContext):
        raise ValueError("on purpose")

    @register.on_event("echo")
    async def echo(ctx: EventContext):
        await ctx.connection.send("echo", ctx.payload, ctx.headers)

    @register.on_event("count")
    async def count(ctx: EventContext):
        for number in range(ctx.payload):
            await ctx.connection.send("number", number)

    @register.on_event("not a number")
    async def not_a_number(ctx: EventContext):
        await ctx.connection.send("number", float("nan"))

    @register.on_event("close")
    async def close(ctx: EventContext):
        await ctx.connection.close()

    @register.on_event("close with")
    async def close_with(ctx: EventContext):
        await socket_of(ctx).close(ctx.payload["code"], ctx.payload["reason"])

    @register.on_event("endings")
    async def tell_endings(ctx: EventContext):
        await ctx.connection.send("endings", endings)

    @answers(register, "sum")
    async def sum_of(ctx: EventContext):
        return sum(ctx.payload)

    @answers(register, "join")
    async def join(ctx: EventContext):
        raise RequestFailed("room_full", "The room is full.", {"max": 12})

    @register.on_event("control events")
    async def tell_control_events(ctx: EventContext):
        await ctx.connection.send("control events", control_events)

    # All that a client of ours could say on its own account.
    for name in ["zap:hello", "zap:ping", "zap:pong", "zap:auth"]:

        @register.on_event(name)
        async def control_event(ctx: EventContext):
            control_events.append(ctx.event_name)
