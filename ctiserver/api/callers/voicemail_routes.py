"""Messages: listed, played in parts, heard by several, made into work orders, deleted; and who is responsible."""

from __future__ import annotations

import asyncio
import secrets

import msgspec
from aiohttp import web

from ctiserver.api.audio import send_audio
from ctiserver.api.audit import require
from ctiserver.api.callers.asking import boxes_of, check_box, store_of, tell_pages, user_of
from ctiserver.api.callers.bodies import BoxBody, HeardBody, MessageOrderBody, VoicemailSearch
from ctiserver.api.identity import EVERY_ROLE, OPS_UP, SUPERVISOR_UP
from ctiserver.api.problems import ApiError, invalid, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Answer
from ctiserver.call.pin import hash_pin
from ctiserver.errors import DatabaseAwayError
from ctiserver.store.callers.rows import BoxRow, VoicemailPage, VoicemailRow
from ctiserver.store.desk.desk_user import Account
from ctiserver.store.desk.order_rows import NewOrder


class OrderOfMessage(Answer, frozen=True, kw_only=True):
    """`created` false: the message had become this order before."""

    order_id: int
    number: str
    created: bool


async def list_voicemails(ask: Ask, query: VoicemailSearch) -> VoicemailPage:
    """Messages, newest first: all for who supervises, for an agent those of the boxes that the agent answers for."""
    new = None if query.state == "" else query.state == "new"
    return await store_of(ask).voicemails.search(query.span, boxes=await boxes_of(ask), box=query.box, new=new)


async def play_voicemail(ask: Ask, voicemail_id: str) -> web.StreamResponse:
    """The message, whole or in parts (Range). Whoever plays it is noted as a listener, and it is not new any more."""
    row, path = await _find(ask, voicemail_id)
    if path is None:
        raise ApiError(404, "recording_lost", "nothing of this message was stored")
    file = await asyncio.to_thread(ask.context.audio.locate, path)
    if file is None:
        raise ApiError(404, "recording_lost", "the message's file is missing")
    if ask.http.method != "HEAD" and ask.context.plays.is_new(who=ask.who.login, recording_id=voicemail_id):
        await require(ask, "voicemail.play", f"voicemail:{voicemail_id}", {"call_id": row.call_id})
        ask.context.plays.add(who=ask.who.login, recording_id=voicemail_id)
        await store_of(ask).voicemails.listened(voicemail_id, user_of(ask), ask.context.clock.now())
        tell_pages(ask, "voicemail", voicemail_id)
    return await send_audio(ask.http, ask.context.audio, file)


async def set_heard(ask: Ask, voicemail_id: str, body: HeardBody) -> None:
    """Marks a message as heard, or as new again."""
    await _find(ask, voicemail_id)
    now = ask.context.clock.now()
    if not await store_of(ask).voicemails.set_heard(voicemail_id, user_of(ask), now, heard=body.heard):
        raise not_found("voicemail")
    await require(ask, "voicemail.heard", f"voicemail:{voicemail_id}", {"heard": body.heard})
    tell_pages(ask, "voicemail", voicemail_id)


async def delete_voicemail(ask: Ask, voicemail_id: str) -> None:
    """Removes a message with its file; refused while its call is on legal hold. The audit log keeps who did it."""
    row, _ = await _find(ask, voicemail_id)
    await require(ask, "voicemail.delete", f"voicemail:{voicemail_id}", {"call_id": row.call_id, "box": row.box})
    path = await store_of(ask).voicemails.delete(voicemail_id, user_of(ask), ask.context.clock.now())
    if path is None:
        raise not_found("voicemail")
    if path:
        await asyncio.to_thread(ask.context.audio.remove, path)
    tell_pages(ask, "voicemail", voicemail_id)


async def make_order(ask: Ask, voicemail_id: str, body: MessageOrderBody) -> OrderOfMessage:
    """A work order of the message, once: its call and caller go along."""
    row, _ = await _find(ask, voicemail_id)
    if ask.context.desk is None:
        raise DatabaseAwayError("this daemon runs without a desk")
    new = NewOrder(
        title=body.title.strip() or f"留言 {row.box}",
        category=body.category,
        channel="ivr",
        text=body.text,
        caller_number=row.caller_number,
        customer_id=row.customer.id if row.customer else None,
        call_ids=(row.call_id,),
    )
    account, now = Account(ask.who.user_id, ask.who.name, ask.who.role), ask.context.clock.now()
    made = await ask.context.desk.orders.create(new, account, now, key=f"voicemail:{voicemail_id}")
    await store_of(ask).voicemails.link_order(voicemail_id, made.order_id)
    tell_pages(ask, "voicemail", voicemail_id)
    return OrderOfMessage(order_id=made.order_id, number=made.number, created=made.created)


async def list_boxes(ask: Ask) -> list[BoxRow]:
    """Boxes of messages and faxes; those that nobody has set up yet have version 0."""
    boxes, mine = await store_of(ask).voicemails.boxes(), await boxes_of(ask)
    return [box for box in boxes if mine is None or box.name in mine]


async def put_box(ask: Ask, box: str, body: BoxBody) -> BoxRow:
    """Says who is responsible for a box."""
    directory = ask.context.centre.directory
    if unknown := sorted(set(body.teams) - set(directory.teams)):
        raise invalid((["body", "teams"], f"no such teams: {', '.join(unknown)}"))
    if strangers := sorted(set(body.agents) - {agent.id for agent in directory.agents}):
        raise invalid((["body", "agents"], f"no such agents: {', '.join(map(str, strangers))}"))
    wanted = BoxRow(
        name=box,
        title={str(language): title for language, title in body.title.items()},
        teams=tuple(dict.fromkeys(body.teams)),
        agents=tuple(dict.fromkeys(body.agents)),
        mail=body.mail,
        phones=tuple(dict.fromkeys(body.phones)),
        language=body.language,
        ring_from=body.ring_from,
        ring_to=body.ring_to,
        version=body.version,
    )
    made = await store_of(ask).voicemails.put_box(wanted, await _pin_hash(body))
    if made is None:
        raise ApiError(409, "version_conflict", "somebody has changed it meanwhile: read it again")
    changed = {"pin_changed": body.pin is not None}
    await require(ask, "message_box.put", f"message_box:{box}", {**msgspec.to_builtins(made), **changed})
    return made


async def _pin_hash(body: BoxBody) -> str | None:
    """None: as it is."""
    return await asyncio.to_thread(hash_pin, body.pin, secrets.token_hex(8)) if body.pin else body.pin


async def delete_box(ask: Ask, box: str) -> None:
    """From now on those who supervise are responsible; its messages stay."""
    if not await store_of(ask).voicemails.delete_box(box):
        raise not_found("message box")
    await require(ask, "message_box.delete", f"message_box:{box}", {})


async def _find(ask: Ask, voicemail_id: str) -> tuple[VoicemailRow, str | None]:
    found = await store_of(ask).voicemails.find(voicemail_id)
    if found is None:
        raise not_found("voicemail")
    row, path = found
    await check_box(ask, row.box, "voicemail")
    return row, str(path) if path is not None else None


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/voicemails", list_voicemails, EVERY_ROLE),
    Route(
        method="GET",
        path="/api/voicemails/{voicemail_id}/audio",
        handler=play_voicemail,
        access=EVERY_ROLE,
        content="audio/wav",
    ),
    route("PUT", "/api/voicemails/{voicemail_id}/heard", set_heard, EVERY_ROLE, 204),
    route("POST", "/api/voicemails/{voicemail_id}/work-order", make_order, EVERY_ROLE, 201),
    route("DELETE", "/api/voicemails/{voicemail_id}", delete_voicemail, SUPERVISOR_UP, 204),
    route("GET", "/api/message-boxes", list_boxes, EVERY_ROLE),
    route("PUT", "/api/message-boxes/{box}", put_box, OPS_UP),
    route("DELETE", "/api/message-boxes/{box}", delete_box, OPS_UP, 204),
)
