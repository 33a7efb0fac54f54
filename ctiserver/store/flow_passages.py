"""How callers went through flows, from the read model `flow_passage`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ctiserver.clock import to_datetime
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.flow_rows import Passage

# :bucket names what callers are added up by, in the centre's time zone; empty: the whole time together.
PASSAGES = """
SELECT node, way, edge, to_flow, to_node, sum(callers)::bigint AS callers, sum(spent_ms) / 1000.0 AS spent_s,
    CASE WHEN :bucket = '' THEN NULL
         ELSE extract(epoch FROM date_trunc(nullif(:bucket, ''), started_at, :timezone)) END AS at
FROM flow_passage
WHERE flow = :flow AND started_at >= :since AND started_at < :until
GROUP BY node, way, edge, to_flow, to_node, 8
ORDER BY 8 NULLS FIRST, node, way, edge, to_flow, to_node
"""
FLOWS = "SELECT DISTINCT flow FROM flow_passage WHERE started_at >= :since AND started_at < :until"


class FlowPassages:
    """Intervals are quarters of an hour: `since` and `until` (UTC seconds) are taken to those that begin within."""

    def __init__(self, database: Database, timezone: str) -> None:
        self._database = database
        self._timezone = timezone

    async def of(self, flow: str, since: float, until: float, *, bucket: str = "") -> list[Passage]:
        """`bucket`: "" (all together), "hour" or "day". Raises DatabaseAwayError."""
        values: dict[str, Any] = {"flow": flow, "bucket": bucket, "timezone": self._timezone, **_span(since, until)}
        async with self._database.reading() as connection:
            rows = await fetch_all(connection, PASSAGES, values)
        return [_passage(row) for row in rows]

    async def all(self, since: float, until: float) -> dict[str, list[Passage]]:
        """Flow → its passages, all together. Raises DatabaseAwayError."""
        async with self._database.reading() as connection:
            flows = [row["flow"] for row in await fetch_all(connection, FLOWS, _span(since, until))]
        return {flow: await self.of(flow, since, until) for flow in flows}


def _span(since: float, until: float) -> dict[str, Any]:
    return {"since": to_datetime(since), "until": to_datetime(until)}


def _passage(row: Mapping[str, Any]) -> Passage:
    return msgspec.convert({**row, "spent_s": float(row["spent_s"]), "at": _instant(row["at"])}, Passage)


def _instant(at: Any) -> float | None:
    return float(at) if at is not None else None
