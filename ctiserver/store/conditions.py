"""From a filter to the WHERE of calls and recordings: fixed fragments, values only as parameters."""

from __future__ import annotations

from collections.abc import Sequence

from ctiserver.clock import to_datetime
from ctiserver.store.numbers import e164
from ctiserver.store.rows import CallFilter

MAX_PAGE_SIZE = 500


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
    if wanted.outcome:
        add("call.outcome = :outcome", outcome=wanted.outcome)
    if normalised := e164(wanted.number, region):
        add("call.caller_e164 = :number", number=normalised)
    elif digits := "".join(letter for letter in wanted.number if letter.isdigit()):
        add("call.caller_number LIKE :number", number=f"%{digits}%")
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def page_of(wanted: CallFilter) -> dict[str, object]:
    """LIMIT and OFFSET as parameters."""
    size = min(max(wanted.page_size, 1), MAX_PAGE_SIZE)
    return {"limit": size, "offset": (max(wanted.page, 1) - 1) * size}
