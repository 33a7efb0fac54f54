"""GET /ws/events: the feed on a websocket. Pages only listen; what they want done they send by REST."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import WSMsgType, web

from ctiserver.api.context import ApiContext
from ctiserver.api.dispatch import refuse_foreign_origin
from ctiserver.api.identity import SIGNED_IN, Identity
from ctiserver.api.open_sockets import SESSION_ENDED, until_one_ends
from ctiserver.api.problems import ApiError
from ctiserver.api.route import Ask, Route
from ctiserver.api.schemas import FeedPosition
from ctiserver.errors import DatabaseAwayError
from ctiserver.live.audience import Viewer
from ctiserver.live.feed import Subscription

log = structlog.get_logger()

PING_S = 15.0  # our own message, for the page's watchdog; also how often the session is looked at
HEARTBEAT_S = 20.0  # protocol ping: without a pong within half of it the connection is dead
SEND_TIMEOUT_S = 30.0  # a page that takes nothing for so long is gone
LARGEST_MESSAGE = 4096  # pages have nothing to say
StillValid = Callable[[], Awaitable[bool]]


async def watch_events(ask: Ask, query: FeedPosition) -> web.StreamResponse:
    """{epoch, seq, ts, type, data}: a snapshot or what was missed, then what happens."""
    context, who = ask.context, ask.who

    async def still_valid() -> bool:
        return not who.token or await _still_valid(context, who)

    return await serve(ask, query, who.viewer, session=who.token, by_cookie=bool(who.token), still_valid=still_valid)


async def serve(
    ask: Ask, query: FeedPosition, viewer: Viewer, *, session: str, by_cookie: bool, still_valid: StillValid
) -> web.StreamResponse:
    """The feed for a viewer, until the page leaves, is gone, or may no longer watch. `session` counts its pages."""
    context = ask.context
    refuse_foreign_origin(ask.http, context, needed=by_cookie)
    if not context.sockets.has_room(session):
        raise ApiError(429, "too_many_pages", "this session has too many pages open")
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_S, max_msg_size=LARGEST_MESSAGE, compress=False, writer_limit=32 * 1024, timeout=2.0
    )
    if not socket.can_prepare(ask.http).ok:
        raise ApiError(426, "upgrade_needed", "this is a websocket", headers={"Upgrade": "websocket"})
    await socket.prepare(ask.http)
    context.sockets.add(session, socket)
    subscription = context.feed.subscribe(
        viewer,
        lambda: context.centre.snapshot(viewer.agent_id),
        epoch=query.epoch,
        after=query.after,
    )
    log.info("page_connected", replay_after=query.after)
    try:
        await _serve(context, still_valid, socket, subscription)
    finally:
        subscription.close()
        context.sockets.discard(session, socket)
        log.info("page_disconnected", code=socket.close_code)
    return socket


async def _serve(
    context: ApiContext, still_valid: StillValid, socket: web.WebSocketResponse, subscription: Subscription
) -> None:
    """Until the page leaves, is gone, or its session ends. Nothing of it outlives the request."""
    await until_one_ends(
        socket,
        asyncio.create_task(_send(socket, subscription), name="page:send"),
        asyncio.create_task(_guard(context, still_valid, socket, subscription), name="page:guard"),
        asyncio.create_task(_drain(socket), name="page:receive"),
    )


async def _send(socket: web.WebSocketResponse, subscription: Subscription) -> None:
    while not socket.closed:
        message = await subscription.next_message()
        async with asyncio.timeout(SEND_TIMEOUT_S):
            await socket.send_frame(message, WSMsgType.TEXT)


async def _guard(
    context: ApiContext, still_valid: StillValid, socket: web.WebSocketResponse, subscription: Subscription
) -> None:
    """Says "ping", and closes when the session has ended or its user may see something else now."""
    while not socket.closed:
        await asyncio.sleep(PING_S)
        if not await still_valid():
            await socket.close(code=SESSION_ENDED, message=b"session ended")
            return
        async with asyncio.timeout(SEND_TIMEOUT_S):
            await socket.send_frame(subscription.ping(context.clock.now()), WSMsgType.TEXT)


async def _still_valid(context: ApiContext, who: Identity) -> bool:
    try:
        present = await context.sessions.of_token(who.token)
    except DatabaseAwayError:
        return True  # nobody can tell: pages stay
    return present is not None and present.viewer == who.viewer


async def _drain(socket: web.WebSocketResponse) -> None:
    """Reads, so that closing and pongs are seen; what pages say is ignored."""
    async for _ in socket:
        pass


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/ws/events", handler=watch_events, access=SIGNED_IN, hidden=True),
)
