"""Records of calls: listed by page, and one in all detail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ctiserver.store.call_notes import noted
from ctiserver.store.conditions import page_of, where
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.recordings import RECORDINGS, agent_name, recording_row
from ctiserver.store.rows import (
    AgentName,
    CallDetails,
    CallFilter,
    CallPage,
    CallRow,
    CustomerName,
    DecisionRow,
    InputRow,
    LegalHold,
    OfferRow,
    PathStep,
    RecordingLength,
    Segment,
    TransferRow,
)

CALLS = """
SELECT call.*, agent.number AS agent_number, agent.name AS agent_name, customer.name AS customer_name
FROM call LEFT JOIN agent ON agent.id = call.agent_id LEFT JOIN customer ON customer.id = call.customer_id
"""
NEWEST_FIRST = " ORDER BY call.started_at DESC, call.id LIMIT :limit OFFSET :offset"
LENGTHS = """
SELECT id, call_id, coalesce(duration_ms, 0) AS duration_ms FROM recording
WHERE call_id = ANY(:call_ids) AND status IN ('stored', 'mismatch') ORDER BY started_at
"""
SEGMENTS = """
SELECT call_segment.*, agent.number AS agent_number, agent.name AS agent_name
FROM call_segment LEFT JOIN agent ON agent.id = call_segment.agent_id
WHERE call_id = :id ORDER BY started_at, call_segment.id
"""
OFFERS = """
SELECT offer.*, agent.number AS agent_number, agent.name AS agent_name
FROM offer LEFT JOIN agent ON agent.id = offer.agent_id WHERE call_id = :id ORDER BY started_at, offer.id
"""
DECISIONS = """
SELECT routing_decision.*, agent.number AS agent_number, agent.name AS agent_name
FROM routing_decision LEFT JOIN agent ON agent.id = routing_decision.agent_id
WHERE call_id = :id ORDER BY at, routing_decision.id
"""
TRANSFERS = """
SELECT call_transfer.*, agent.number AS agent_number, agent.name AS agent_name
FROM call_transfer LEFT JOIN agent ON agent.id = call_transfer.agent_id
WHERE call_id = :id ORDER BY started_at, call_transfer.id
"""
PATH = "SELECT flow, node, at FROM call_path WHERE call_id = :id ORDER BY id"
INPUTS = "SELECT variable, value, at FROM call_input WHERE call_id = :id ORDER BY id"

HOLD = "SELECT reason, set_by, set_at FROM legal_hold WHERE call_id = :id"
SET_HOLD = """
INSERT INTO legal_hold (call_id, reason, set_by, set_at) SELECT id, :reason, :by, now() FROM call WHERE id = :id
ON CONFLICT (call_id) DO UPDATE SET reason = EXCLUDED.reason, set_by = EXCLUDED.set_by, set_at = EXCLUDED.set_at
RETURNING call_id
"""
LIFT_HOLD = "DELETE FROM legal_hold WHERE call_id = :id RETURNING call_id"


class Calls:
    """`region` completes numbers that are searched for. All raise DatabaseAwayError."""

    def __init__(self, database: Database, region: str) -> None:
        self._database = database
        self._region = region

    async def search(self, wanted: CallFilter) -> CallPage:
        """Newest first; `total` counts all pages."""
        condition, values = where(
            wanted, self._region, started_of="call.started_at", agent_of="call.agent_id", queue_of="call.queue_id"
        )
        async with self._database.reading() as connection:
            [counted] = await fetch_all(connection, f"SELECT count(*) AS total FROM call {condition}", values)  # noqa: S608 - fixed fragments
            found = await fetch_all(connection, CALLS + condition + NEWEST_FIRST, {**values, **page_of(wanted)})
            ids = [row["id"] for row in found]
            lengths = await fetch_all(connection, LENGTHS, {"call_ids": ids})
            notes = await noted(connection, ids)
        of_call: dict[str, list[RecordingLength]] = defaultdict(list)
        for row in lengths:
            of_call[row["call_id"]].append(RecordingLength(id=row["id"], duration_ms=row["duration_ms"]))
        return CallPage(
            items=tuple(_row(row, of_call[row["id"]], *notes.get(row["id"], ((), 0))) for row in found),
            total=counted["total"],
            page=wanted.page,
            page_size=wanted.page_size,
        )

    async def details(self, call_id: str) -> CallDetails | None:
        this = {"id": call_id}
        async with self._database.reading() as connection:
            found = await fetch_all(connection, CALLS + "WHERE call.id = :id", this)
            if not found:
                return None
            segments = await fetch_all(connection, SEGMENTS, this)
            offers = await fetch_all(connection, OFFERS, this)
            transfers = await fetch_all(connection, TRANSFERS, this)
            path = await fetch_all(connection, PATH, this)
            inputs = await fetch_all(connection, INPUTS, this)
            recordings = await fetch_all(
                connection, RECORDINGS + "WHERE call.id = :id ORDER BY recording.started_at", this
            )
            held = next(iter(await fetch_all(connection, HOLD, this)), None)
        return CallDetails(
            **_common(found[0]),
            segments=tuple(_segment(row) for row in segments),
            offers=tuple(_offer(row) for row in offers),
            path=tuple(PathStep(flow=row["flow"], node=row["node"], at=row["at"].timestamp()) for row in path),
            inputs=tuple(
                InputRow(variable=row["variable"], value=row["value"], at=row["at"].timestamp()) for row in inputs
            ),
            recordings=tuple(recording_row(row) for row in recordings if row["status"] != "pending"),
            legal_hold=LegalHold(reason=held["reason"], set_by=held["set_by"], set_at=held["set_at"].timestamp())
            if held
            else None,
            direction=found[0]["direction"],
            note=found[0]["disposition_note"] or "",
            wrap_up_ms=found[0]["wrap_up_ms"],
            transfers=tuple(_transfer(row) for row in transfers),
        )

    async def set_hold(self, call_id: str, reason: str, by: str) -> bool:
        """Nothing of the call is removed from now on, whatever its age. False: there is no such call."""
        async with self._database.writing() as connection:
            values = {"id": call_id, "reason": reason, "by": by}
            return bool(await fetch_all(connection, SET_HOLD, values))

    async def lift_hold(self, call_id: str) -> bool:
        """False: there was no hold."""
        async with self._database.writing() as connection:
            return bool(await fetch_all(connection, LIFT_HOLD, {"id": call_id}))

    async def decisions(self, call_id: str) -> list[DecisionRow]:
        """Oldest first; empty for a call that is unknown or never came to a queue."""
        async with self._database.reading() as connection:
            rows = await fetch_all(connection, DECISIONS, {"id": call_id})
        return [
            DecisionRow(
                at=row["at"].timestamp(),
                decision=row["decision"],
                agent=agent_name(row),
                queue_id=row["queue_id"] or "",
                reason=row["reason"],
                params=row["params"],
            )
            for row in rows
        ]


def _row(
    row: Mapping[str, Any], recordings: Sequence[RecordingLength], marks: tuple[str, ...], comments: int
) -> CallRow:
    return CallRow(**_common(row), recordings=tuple(recordings), marks=marks, comments=comments)


def _common(row: Mapping[str, Any]) -> dict[str, Any]:
    customer = CustomerName(id=row["customer_id"], name=row["customer_name"]) if row["customer_id"] else None
    return {
        "id": row["id"],
        "started_at": row["started_at"].timestamp(),
        "ended_at": _instant(row["ended_at"]),
        "dialled": row["dialled"],
        "caller_number": row["caller_number"],
        "caller_name": row["caller_name"],
        "customer": customer,
        "queue_id": row["queue_id"] or "",
        "agent": agent_name(row),
        "outcome": row["outcome"] or "",
        "ended_by": row["ended_by"] or "",
        "waited_ms": row["waited_ms"],
        "ring_ms": row["ring_ms"],
        "talk_ms": row["talk_ms"],
        "hold_ms": row["hold_ms"],
        "disposition": row["disposition"] or "",
    }


def _segment(row: Mapping[str, Any]) -> Segment:
    detail: Mapping[str, Any] = row["detail"]
    words: Sequence[Any] = (
        row["queue_id"], row["agent_number"], row["outcome"], detail.get("reason"), detail.get("cause")
    )  # fmt: skip
    return Segment(
        kind=row["kind"],
        started_at=row["started_at"].timestamp(),
        ended_at=_instant(row["ended_at"]),
        detail=" · ".join(str(word) for word in words if word),
        queue_id=row["queue_id"] or "",
        agent=agent_name(row),
        outcome=row["outcome"] or "",
    )


def _offer(row: Mapping[str, Any]) -> OfferRow:
    return OfferRow(
        agent=agent_name(row) or AgentName(id=0, number="", name=""),
        started_at=row["started_at"].timestamp(),
        ended_at=_instant(row["ended_at"]),
        outcome=row["outcome"] or "",
        cause=row["cause"],
        why=row["why"],
    )


def _transfer(row: Mapping[str, Any]) -> TransferRow:
    return TransferRow(
        kind=row["kind"],
        started_at=row["started_at"].timestamp(),
        ended_at=_instant(row["ended_at"]),
        by=agent_name(row),
        target_kind=row["target_kind"],
        target=row["target"],
        outcome=row["outcome"] or "",
        reason=row["reason"] or "",
    )


def _instant(value: datetime | None) -> float | None:
    return None if value is None else value.timestamp()
