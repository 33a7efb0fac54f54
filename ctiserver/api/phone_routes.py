"""An agent's phone: which one, and the way by which a phone in the browser speaks SIP with Asterisk."""

from __future__ import annotations

import asyncio
from typing import Literal

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, ClientWebSocketResponse, WSMsgType, web
from pydantic import BaseModel, ConfigDict

from ctiserver.api.audit import note
from ctiserver.api.context import ApiContext
from ctiserver.api.dispatch import refuse_foreign_origin
from ctiserver.api.identity import EVERY_ROLE, Identity
from ctiserver.api.open_sockets import SESSION_ENDED, until_one_ends
from ctiserver.api.problems import ApiError
from ctiserver.api.route import Ask, Route, route
from ctiserver.errors import DatabaseAwayError
from ctiserver.live.phone_choices import PhoneChoices, PhoneView

log = structlog.get_logger()

SUBPROTOCOL = "sip"  # RFC 7118
HEARTBEAT_S = 20.0
CONNECT_S = 5.0
LOOK_AGAIN_S = 15.0  # how often the session is looked at
SEND_TIMEOUT_S = 30.0
LARGEST_MESSAGE = 64 * 1024  # Asterisk's own limit for a frame


class PhoneChoice(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["desk", "browser"]


async def read_phone(ask: Ask) -> PhoneView:
    """The asking agent's phone; with the account where it is the browser."""
    return _phones(ask).of(ask.agent_id)


async def choose_phone(ask: Ask, body: PhoneChoice) -> PhoneView:
    """Desk or browser, from now on. For the browser each choice makes a new secret; an earlier page is out."""
    phones, agent_id = _phones(ask), ask.agent_id
    view = next((agent for agent in ask.context.centre.agents() if agent.id == agent_id), None)
    if view is not None and view.phone == "in_use":
        raise ApiError(409, "phone_in_use", "the phone is in a call: change it afterwards")
    chosen = await phones.choose(agent_id, body.kind)
    await note(ask, "agent.phone", f"agent:{agent_id}", {"kind": body.kind})
    return chosen


async def connect_phone(ask: Ask) -> web.StreamResponse:
    """SIP over a websocket (RFC 7118), passed on to Asterisk, for the browser of an agent who chose it."""
    context, who = ask.context, ask.who
    refuse_foreign_origin(ask.http, context, needed=True)
    if not who.token:
        raise ApiError(403, "forbidden", "phones in the browser belong to people, not to machines")
    if _phones(ask).of(ask.agent_id).kind != "browser":
        raise ApiError(409, "desk_phone_chosen", "this agent uses the phone on the desk")
    if not context.sockets.has_room(who.token):
        raise ApiError(429, "too_many_pages", "this session has too many pages open")
    page = web.WebSocketResponse(
        protocols=(SUBPROTOCOL,), heartbeat=HEARTBEAT_S, max_msg_size=LARGEST_MESSAGE, compress=False, timeout=2.0
    )
    ready = page.can_prepare(ask.http)
    if not ready.ok or ready.protocol != SUBPROTOCOL:
        raise ApiError(426, "upgrade_needed", "this is a websocket for SIP", headers={"Upgrade": "websocket"})
    url = f"{context.settings.asterisk.url.rstrip('/')}/ws"
    async with ClientSession(timeout=ClientTimeout(connect=CONNECT_S)) as http:
        try:
            asterisk = await http.ws_connect(url, protocols=(SUBPROTOCOL,), max_msg_size=LARGEST_MESSAGE)
        except (ClientError, TimeoutError, OSError) as error:
            log.warning("phone_not_connected", problem=str(error))
            raise ApiError(503, "asterisk_away", "Asterisk can't be reached: try again soon") from None
        async with asterisk:
            await page.prepare(ask.http)
            context.sockets.add(who.token, page)
            log.info("phone_connected", agent=who.agent_id)
            try:
                await _pass_on(context, who, page, asterisk)
            finally:
                context.sockets.discard(who.token, page)
                log.info("phone_disconnected", agent=who.agent_id, code=page.close_code)
    return page


async def _pass_on(
    context: ApiContext, who: Identity, page: web.WebSocketResponse, asterisk: ClientWebSocketResponse
) -> None:
    """Both ways until either side leaves or the session ends. Nothing of it outlives the request."""
    await until_one_ends(
        page,
        asyncio.create_task(_copy(page, asterisk), name="phone:to asterisk"),
        asyncio.create_task(_copy(asterisk, page), name="phone:to page"),
        asyncio.create_task(_guard(context, who, page), name="phone:guard"),
    )


Socket = web.WebSocketResponse | ClientWebSocketResponse


async def _copy(source: Socket, target: Socket) -> None:
    async for message in source:
        if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            return
        async with asyncio.timeout(SEND_TIMEOUT_S):
            if message.type is WSMsgType.TEXT:
                await target.send_str(message.data)
            else:
                await target.send_bytes(message.data)


async def _guard(context: ApiContext, who: Identity, page: web.WebSocketResponse) -> None:
    """Closes when the session has ended: who is signed out has no phone either."""
    while not page.closed:
        await asyncio.sleep(LOOK_AGAIN_S)
        try:
            present = await context.sessions.of_token(who.token)
        except DatabaseAwayError:
            continue  # nobody can tell: phones stay
        if present is None or present.agent_id != who.agent_id:
            await page.close(code=SESSION_ENDED, message=b"session ended")
            return


def _phones(ask: Ask) -> PhoneChoices:
    if ask.context.phones is None:
        raise ApiError(503, "not_here", "this server keeps no choice of phones")
    return ask.context.phones


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/phone", read_phone, EVERY_ROLE),
    route("PUT", "/api/phone", choose_phone, EVERY_ROLE),
    Route(method="GET", path="/sip", handler=connect_phone, access=EVERY_ROLE, hidden=True),
)
