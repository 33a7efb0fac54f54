"""Keeps the advice on staffing fresh, once a minute, from Postgres; while that is away the last advice stands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from ctiserver.directory import Queue
from ctiserver.errors import DatabaseAwayError
from ctiserver.live import metrics
from ctiserver.staffing import Advice, QueueFacts, advise

log = structlog.get_logger()

EVERY_S = 60.0


class StaffingAdviser:
    """`read` gives the facts of all queues; `queues` those that exist now, with their targets."""

    def __init__(
        self, read: Callable[[], Awaitable[Mapping[str, QueueFacts]]], queues: Callable[[], tuple[Queue, ...]]
    ) -> None:
        self._read = read
        self._queues = queues
        self._advice: dict[str, Advice] = {}

    def of(self, queue_id: str) -> Advice | None:
        return self._advice.get(queue_id)

    async def refresh(self) -> None:
        """Raises DatabaseAwayError. Erlang's formulas take milliseconds for each queue: not on the loop of calls."""
        facts, queues = await self._read(), self._queues()

        def all_of_them() -> dict[str, Advice]:
            return {queue.id: advise(facts.get(queue.id, QueueFacts()), queue) for queue in queues}

        self._advice = await asyncio.to_thread(all_of_them)
        for queue_id, advice in self._advice.items():
            for horizon, agents in (("now", advice.agents_now), ("next_hour", advice.agents_next_hour)):
                if agents is not None:
                    metrics.agents_needed.labels(queue_id, horizon).set(agents)

    async def run(self) -> None:
        while True:
            try:
                await self.refresh()
            except DatabaseAwayError as error:
                log.warning("staffing_advice_is_old", problem=error.message)
            await asyncio.sleep(EVERY_S)
