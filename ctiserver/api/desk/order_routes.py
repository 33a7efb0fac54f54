"""Work orders: made, listed, read, corrected, moved on; their attachments."""

from __future__ import annotations

import asyncio
import secrets

import msgspec
from aiohttp import web

from ctiserver.api.audit import note
from ctiserver.api.control_schemas import MadeCall
from ctiserver.api.desk.asking import (
    SHEET,
    account_of,
    desk_of,
    details_for,
    order_for,
    read_upload,
    sheet_answer,
    tell_pages,
)
from ctiserver.api.desk.order_bodies import (
    ActionBody,
    CallPrefill,
    FileName,
    NewOrderBody,
    OrderChangeBody,
    OrderSearch,
    RepeatSearch,
)
from ctiserver.api.identity import DESK_ROLES, DISPATCHERS, EVERY_ROLE, SIGNED_IN
from ctiserver.api.problems import not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Answer
from ctiserver.call.screen_pop import CustomerCard, EnteredValue
from ctiserver.desk.words import STATE_NAMES, STATES
from ctiserver.desk.work_order import Request
from ctiserver.errors import DatabaseAwayError
from ctiserver.live.audience import number_for
from ctiserver.store.desk.attachments import LARGEST
from ctiserver.store.desk.bulletins import BulletinRow
from ctiserver.store.desk.customer_sheets import write_sheet
from ctiserver.store.desk.order_rows import (
    AttachmentRow,
    BoardCount,
    NewOrder,
    OrderChange,
    OrderDetails,
    OrderFilter,
    OrderPage,
    OrderRow,
)
from ctiserver.store.desk.refusals import Unfit
from ctiserver.store.numbers import dialled_form

EXPORTED_PAGES, EXPORTED_PAGE = 10, 200
HEADINGS = (
    "工单号",
    "状态",
    "标题",
    "类别",
    "紧急程度",
    "区域",
    "单位",
    "联系人",
    "联系电话",
    "地址",
    "受理时间",
    "办结时间",
    "催办",
)
NOT_OF_THE_ORDER = {"key", "then", "unit", "parent_id", "solution"}


class OrderMade(Answer, frozen=True, kw_only=True):
    """`queued`: Postgres is away; the order is on disk here and appears, once, when it is back."""

    order_id: int | None
    number: str
    created: bool
    queued: bool
    key: str


class OrderPrefill(Answer, frozen=True, kw_only=True):
    """What is known of a live call, for a new order: the number is masked for agents and filled in by the server."""

    call_id: str
    caller_number: str
    customer: CustomerCard | None
    entered: tuple[EnteredValue, ...]
    category: str
    area: str
    repeats: tuple[OrderRow, ...]  # orders of the last thirty days of the same customer or number
    outages: tuple[BulletinRow, ...]  # at the customer's address now


async def search_orders(ask: Ask, query: OrderSearch) -> OrderPage:
    """Work orders by page; whoever works in the field sees those of the own units."""
    page = await desk_of(ask).queries.search(_filter(query), account_of(ask), ask.context.clock.now())
    return msgspec.structs.replace(page, items=tuple(order_for(ask, row) for row in page.items))


async def export_orders(ask: Ask, query: OrderSearch) -> web.StreamResponse:
    """What the filter shows as .xlsx, at most two thousand rows; kept in the audit log."""
    wanted = msgspec.structs.replace(_filter(query), page_size=EXPORTED_PAGE)
    rows: list[OrderRow] = []
    for page in range(1, EXPORTED_PAGES + 1):
        part = msgspec.structs.replace(wanted, page=page)
        found = await desk_of(ask).queries.search(part, account_of(ask), ask.context.clock.now())
        rows += [order_for(ask, row) for row in found.items]
        if len(found.items) < EXPORTED_PAGE:
            break
    await note(ask, "work_orders.export", "work_order:*", {"rows": len(rows)})
    office = await desk_of(ask).settings.office()
    local = office.rules.calendar.local
    lines = (
        (
            row.number, STATE_NAMES[row.state], row.title, row.category, row.urgency, row.area, row.unit,
            row.contact_name, row.contact_number, row.address, f"{local(row.created_at):%Y-%m-%d %H:%M}",
            f"{local(row.closed_at):%Y-%m-%d %H:%M}" if row.closed_at else "", row.urges,
        )
        for row in rows
    )  # fmt: skip
    return sheet_answer(await asyncio.to_thread(write_sheet, HEADINGS, lines), "work_orders.xlsx")


async def read_board(ask: Ask) -> list[BoardCount]:
    """Open orders counted by state and unit, for the dispatch board."""
    return await desk_of(ask).queries.board(ask.context.clock.now())


async def find_repeats(ask: Ask, query: RepeatSearch) -> list[OrderRow]:
    """Orders of the last thirty days that a new one may repeat: same customer, number or address."""
    found = await desk_of(ask).queries.repeats(
        customer_id=query.customer,
        number=query.number,
        address=query.address,
        category=query.category,
        now=ask.context.clock.now(),
    )
    return [order_for(ask, row) for row in found]


async def prefill_order(ask: Ask, query: CallPrefill) -> OrderPrefill:
    """Caller, customer, what was keyed in, possible repetitions and outages at the address, of a call at hand."""
    call_id, now, desk = query.call, ask.context.clock.now(), desk_of(ask)
    number, card, entered = _call_at_hand(ask, call_id)
    customer_id = card.id if card else None
    repeats = await desk.queries.repeats(customer_id=customer_id, number=number, address="", category="", now=now)
    outages: list[BulletinRow] = []
    area = ""
    if customer_id is not None:
        record = await desk.register.read(customer_id)
        outages = await desk.bulletins.at_address(record.district, record.estate, now)
        area = (await desk.settings.office()).area_of(record.district)
    return OrderPrefill(
        call_id=call_id,
        caller_number=number_for(ask.who.viewer, number, agent_id=ask.who.agent_id),
        customer=card,
        entered=entered,
        category=next((value.value for value in entered if value.name == "category"), ""),
        area=area,
        repeats=tuple(order_for(ask, row) for row in repeats),
        outages=tuple(outages),
    )


async def create_order(ask: Ask, body: NewOrderBody) -> OrderMade:
    """A new order. While Postgres is away it is kept here and made when it is back, exactly once."""
    desk, now, account = desk_of(ask), ask.context.clock.now(), account_of(ask)
    key = f"{account.user_id}:{body.key or ask.http.headers.get('Idempotency-Key', '') or secrets.token_hex(12)}"
    values = body.model_dump(exclude=NOT_OF_THE_ORDER)
    new = msgspec.convert({**values, "call_ids": tuple(body.call_ids)}, NewOrder)
    if not new.caller_number and new.call_ids:
        new = msgspec.structs.replace(new, caller_number=_number_of(ask, new.call_ids[0]))
    try:
        made = await desk.orders.create(new, account, now, key=key)
    except DatabaseAwayError:
        await desk.outbox.put(key, new, account, now)
        return OrderMade(order_id=None, number="", created=False, queued=True, key=key)
    if body.then and made.created:
        request = Request(
            action=body.then, unit=body.unit, text=body.solution, parent_id=body.parent_id, reason="at_once"
        )
        await desk.orders.move(made.order_id, request, account, now, version=0)
    tell_pages(ask, "work_order", made.order_id)
    return OrderMade(order_id=made.order_id, number=made.number, created=made.created, queued=False, key=key)


async def read_order(ask: Ask, order_id: int) -> OrderDetails:
    """One order with its trail, clocks, calls, attachments, merged orders, and what the asking user may do with it."""
    return details_for(ask, await desk_of(ask).queries.details(order_id, account_of(ask)))


async def change_order(ask: Ask, order_id: int, body: OrderChangeBody) -> OrderDetails:
    """Corrects what was filled in. 409 stale_version tells who changed it meanwhile."""
    change = msgspec.convert(body.model_dump(exclude={"version"}), OrderChange)
    now = ask.context.clock.now()
    order = await desk_of(ask).orders.amend(order_id, change, account_of(ask), now, version=body.version)
    tell_pages(ask, "work_order", order_id)
    return details_for(ask, order)


async def act_on_order(ask: Ask, order_id: int, body: ActionBody) -> OrderDetails:
    """Moves the order on: dispatch, sign, reply, urge, merge, confirm … docs/work_orders.md has the table.

    409 transition_refused says why (params.why), 409 stale_version who was quicker.
    """
    request = msgspec.convert(body.model_dump(exclude={"version", "call_id"}), Request)
    order = await desk_of(ask).orders.act(
        order_id, request, account_of(ask), ask.context.clock.now(), version=body.version, call_id=body.call_id
    )
    tell_pages(ask, "work_order", order_id)
    return details_for(ask, order)


async def call_contact(ask: Ask, order_id: int) -> MadeCall:
    """Rings the asking agent's phone, then the order's contact, whose number the agent may see masked (follow-up).

    The call's id goes into the action that tells what came of it (`call_id`).
    """
    order = await desk_of(ask).queries.details(order_id, account_of(ask))
    if not order.contact_number:
        raise Unfit(("contact_number", "missing"))
    controls = ask.context.centre.controls
    target = controls.number(dialled_form(order.contact_number, ask.context.settings.region))
    made = MadeCall(call_id=controls.dial(ask.agent_id, target, ask.who.user_id))
    await note(ask, "work_order.call", f"work_order:{order_id}", {"call": made.call_id})
    return made


async def add_attachment(ask: Ask, order_id: int, query: FileName) -> AttachmentRow:
    """A photo (JPEG, PNG, WebP), PDF or WAV as the request's body, at most 10 MB, thirty of an order."""
    content = await read_upload(ask, LARGEST)
    now = ask.context.clock.now()
    added = await desk_of(ask).attachments.add(order_id, query.name, content, account_of(ask), now)
    tell_pages(ask, "work_order", order_id)
    return added


async def read_attachment(ask: Ask, order_id: int, attachment_id: str) -> web.StreamResponse:
    """The file of an attachment."""
    row, file = await desk_of(ask).attachments.find(order_id, attachment_id, account_of(ask))
    if not await asyncio.to_thread(file.is_file):
        raise not_found("attachment")
    headers = {
        "Content-Type": row.media_type,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'inline; filename="{row.id}"',
        "Content-Security-Policy": "sandbox",
    }
    return web.FileResponse(file, headers=headers)


def _filter(query: OrderSearch) -> OrderFilter:
    states = tuple(state for state in query.state.split(",") if state)
    if unknown := set(states) - set(STATES):
        raise Unfit(*((f"state.{state}", "unknown") for state in sorted(unknown)))
    return OrderFilter(
        states=states,
        open=query.open,
        unit=query.unit,
        assignee=query.assignee,
        category=query.category,
        area=query.area,
        urgency=query.urgency,
        customer_id=query.customer,
        number=query.number,
        call_id=query.call,
        text=query.text,
        overdue=query.overdue,
        incident=query.incident,
        supervised=query.supervised,
        parent_id=query.parent,
        created_from=query.from_,
        created_to=query.to,
        order_by=query.order_by,
        page=query.page,
        page_size=query.page_size,
    )


def _call_at_hand(ask: Ask, call_id: str) -> tuple[str, CustomerCard | None, tuple[EnteredValue, ...]]:
    """Number, customer and input of the asking agent's own call, or of any live call for who supervises."""
    pop = ask.context.centre.pop(ask.who.agent_id) if ask.who.agent_id is not None else None
    if pop is not None and pop.call_id == call_id:
        return pop.caller_number, pop.customer, pop.entered
    if ask.who.viewer.staff:
        for call in ask.context.centre.calls():
            if call.id == call_id:
                return call.caller_number, None, ()
    raise not_found("call")


def _number_of(ask: Ask, call_id: str) -> str:
    """The real number behind a masked one."""
    for call in ask.context.centre.calls():
        if call.id == call_id:
            return call.caller_number
    pop = ask.context.centre.pop(ask.who.agent_id) if ask.who.agent_id is not None else None
    return pop.caller_number if pop is not None and pop.call_id == call_id else ""


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/work-orders", search_orders, SIGNED_IN),
    Route(method="GET", path="/api/work-orders/export", handler=export_orders, access=DISPATCHERS, content=SHEET),
    route("GET", "/api/work-orders/board", read_board, DISPATCHERS),
    route("GET", "/api/work-orders/repeats", find_repeats, DESK_ROLES),
    route("GET", "/api/work-orders/prefill", prefill_order, EVERY_ROLE),
    route("POST", "/api/work-orders", create_order, DESK_ROLES),
    route("GET", "/api/work-orders/{order_id}", read_order, SIGNED_IN),
    route("PUT", "/api/work-orders/{order_id}", change_order, DESK_ROLES),
    route("POST", "/api/work-orders/{order_id}/actions", act_on_order, SIGNED_IN),
    route("POST", "/api/work-orders/{order_id}/call", call_contact, EVERY_ROLE, 202),
    Route(
        method="POST",
        path="/api/work-orders/{order_id}/attachments",
        handler=add_attachment,
        access=SIGNED_IN,
        largest_body=LARGEST,
    ),
    Route(
        method="GET",
        path="/api/work-orders/{order_id}/attachments/{attachment_id}",
        handler=read_attachment,
        access=SIGNED_IN,
        content="application/octet-stream",
    ),
)
