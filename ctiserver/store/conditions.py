"""From a filter to the WHERE of calls and recordings: fixed fragments, values only as parameters."""

from __future__ import annotations

from collections.abc import Sequence

from ctiserver.clock import to_datetime
from ctiserver.store.numbers import e164
from ctiserver.store.rows import CallFilter

MAX_PAGE_SIZE = 500

WORDS = {
    "dialled": "call.dialled",
    "disposition": "call.disposition",
    "direction": "call.direction",
    "ended_by": "call.ended_by",
}
LENGTHS = {
    "waited_from_ms": "call.waited_ms >=",
    "waited_to_ms": "call.waited_ms <",
    "talk_from_ms": "call.talk_ms >=",
    "talk_to_ms": "call.talk_ms <",
}
CUSTOMER = """call.customer_id IN
    (SELECT id FROM customer WHERE name ILIKE :customer OR customer_number = :customer_number)"""
NODE = "EXISTS (SELECT FROM call_path WHERE call_path.call_id = call.id AND call_path.node = :node{})"
MARKED = "EXISTS (SELECT FROM call_mark WHERE call_mark.call_id = call.id AND call_mark.mark = :mark)"
COMMENT = "EXISTS (SELECT FROM call_comment WHERE call_comment.call_id = call.id AND call_comment.text ILIKE :comment)"
EXISTING = {
    "recorded": """EXISTS (SELECT FROM recording
        WHERE recording.call_id = call.id AND recording.status IN ('stored', 'mismatch'))""",
    "commented": "EXISTS (SELECT FROM call_comment WHERE call_comment.call_id = call.id)",
    "transferred": "EXISTS (SELECT FROM call_transfer WHERE call_transfer.call_id = call.id)",
}


def where(
    wanted: CallFilter, region: str, *, started_of: str, agent_of: str, queue_of: str, also: Sequence[str] = ()
) -> tuple[str, dict[str, object]]:
    """The clause ("WHERE …" or "") and its parameters; the three names are the columns to filter on."""
    clauses: list[str] = list(also)
    values: dict[str, object] = {}

    def add(clause: str, **named: object) -> None:
        clauses.append(clause)
        values.update(named)

    if wanted.started_from is not None:
        add(f"{started_of} >= :started_from", started_from=to_datetime(wanted.started_from))
    if wanted.started_to is not None:
        add(f"{started_of} < :started_to", started_to=to_datetime(wanted.started_to))
    if wanted.queue_id:
        add(f"{queue_of} = :queue_id", queue_id=wanted.queue_id)
    if wanted.agent_id is not None:
        add(f"{agent_of} = :agent_id", agent_id=wanted.agent_id)
    if wanted.scope is not None:
        add(f"({agent_of} IS NULL OR {agent_of} = ANY(:scope))", scope=list(wanted.scope))
    if wanted.outcome:
        add("call.outcome = :outcome", outcome=wanted.outcome)
    if normalised := e164(wanted.number, region):
        add("call.caller_e164 = :number", number=normalised)
    elif digits := "".join(letter for letter in wanted.number if letter.isdigit()):
        add("call.caller_number LIKE :number", number=f"%{digits}%")
    for name, column in WORDS.items():
        if value := getattr(wanted, name):
            add(f"{column} = :{name}", **{name: value})
    if wanted.customer:
        add(CUSTOMER, customer=contains(wanted.customer), customer_number=wanted.customer.strip())
    if wanted.note:
        add("call.disposition_note ILIKE :note", note=contains(wanted.note))
    if wanted.mark:
        add(MARKED, mark=wanted.mark)
    if wanted.comment:
        add(COMMENT, comment=contains(wanted.comment))
    if wanted.node:
        in_flow = " AND call_path.flow = :node_flow" if wanted.flow else ""
        add(NODE.format(in_flow), node=wanted.node, **({"node_flow": wanted.flow} if wanted.flow else {}))
    elif wanted.flow:
        add("call.flow = :flow", flow=wanted.flow)
    for name, clause in LENGTHS.items():
        if (value := getattr(wanted, name)) is not None:
            add(f"{clause} :{name}", **{name: value})
    for name, clause in EXISTING.items():
        if (value := getattr(wanted, name)) is not None:
            add(clause if value else f"NOT {clause}")
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def contains(text: str) -> str:
    """A pattern for LIKE in which the text stands for itself."""
    plain = text.strip().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{plain}%"


def page_of(wanted: CallFilter) -> dict[str, object]:
    """LIMIT and OFFSET as parameters."""
    size = min(max(wanted.page_size, 1), MAX_PAGE_SIZE)
    return {"limit": size, "offset": (max(wanted.page, 1) - 1) * size}
