"""What the desk's handlers share: the store, who asks, what they may see, uploads, and telling the pages."""

from __future__ import annotations

import msgspec
from aiohttp import web

from ctiserver.api.bodies import UPLOAD_S, read_body
from ctiserver.api.problems import ApiError
from ctiserver.api.route import Ask
from ctiserver.errors import DatabaseAwayError
from ctiserver.live.audience import EVERYONE
from ctiserver.log import mask_number
from ctiserver.store.desk.customer_rows import CustomerLine, CustomerRecord
from ctiserver.store.desk.desk_user import Account
from ctiserver.store.desk.order_rows import OrderDetails, OrderRow
from ctiserver.store.desk.store import DeskStore

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIELD_HIDDEN = "***"


def desk_of(ask: Ask) -> DeskStore:
    if ask.context.desk is None:
        raise DatabaseAwayError("this daemon runs without a desk")
    return ask.context.desk


def account_of(ask: Ask) -> Account:
    return Account(ask.who.user_id, ask.who.name, ask.who.role)


def tell_pages(ask: Ask, topic: str, row_id: int) -> None:
    """Pages that show it read it again; the message itself says nothing that a role might not see."""
    ask.context.feed.publish("desk", {"topic": topic, "id": row_id}, EVERYONE)


def order_for(ask: Ask, row: OrderRow) -> OrderRow:
    """Agents see numbers masked; those in the field see them, but of a confidential order neither number nor name."""
    return msgspec.structs.replace(row, **_hidden(ask, row))


def details_for(ask: Ask, order: OrderDetails) -> OrderDetails:
    children = tuple(order_for(ask, child) for child in order.children)
    return msgspec.structs.replace(order, children=children, **_hidden(ask, order))


def line_for(ask: Ask, line: CustomerLine) -> CustomerLine:
    return msgspec.structs.replace(line, numbers=numbers_for(ask, line.numbers))


def record_for(ask: Ask, record: CustomerRecord) -> CustomerRecord:
    return msgspec.structs.replace(record, numbers=numbers_for(ask, record.numbers))


def numbers_for(ask: Ask, numbers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(mask_number(number) for number in numbers) if ask.who.role == "agent" else numbers


async def read_upload(ask: Ask, largest: int) -> bytes:
    """The body as it came; the route's `largest_body` is `largest`, too. Raises ApiError 408 and 413."""
    too_large = ApiError(413, "body_too_large", f"at most {largest} bytes", params={"largest": largest})
    try:
        content = await read_body(ask.http, patience_s=UPLOAD_S)
    except web.HTTPRequestEntityTooLarge:
        raise too_large from None
    if len(content) > largest:
        raise too_large
    return content


def sheet_answer(content: bytes, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=content, content_type=SHEET, headers=headers)


def _hidden(ask: Ask, row: OrderRow) -> dict[str, str]:
    if ask.who.role == "field" and row.confidential:
        return dict.fromkeys(("contact_name", "contact_number", "caller_number"), FIELD_HIDDEN)
    if ask.who.role == "agent":
        return {"contact_number": mask_number(row.contact_number), "caller_number": mask_number(row.caller_number)}
    return {}
