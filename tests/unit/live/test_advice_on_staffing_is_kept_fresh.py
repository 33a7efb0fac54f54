"""The advice follows what happens; while Postgres is away the last one stands, and it comes back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from ctiserver.directory import Queue
from ctiserver.errors import DatabaseAwayError
from ctiserver.live import metrics, staffing_adviser
from ctiserver.live.staffing_adviser import StaffingAdviser
from ctiserver.staffing import QueueFacts

BILLS = Queue(id="bills", name={}, skills={}, service_level_s=20.0, service_level_target=0.8)
WATER = Queue(id="water", name={}, skills={})


class Facts:
    """What Postgres answers, one after the other; None: it is away. The last one is repeated."""

    def __init__(self, *answers: dict[str, QueueFacts] | None) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def read(self) -> Mapping[str, QueueFacts]:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise DatabaseAwayError("Postgres is away")
        return answer


def of(per_hour: int) -> dict[str, QueueFacts]:
    return {"bills": QueueFacts(last_30_min=per_hour // 2, last_60_min=per_hour, handled=100, mean_handling_s=120.0)}


async def test_an_outage_leaves_the_last_advice_and_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staffing_adviser, "EVERY_S", 0.0)
    facts = Facts(of(252), None, None, of(504))
    adviser = StaffingAdviser(facts.read, lambda: (BILLS,))
    assert adviser.of("bills") is None, "nothing is known yet"
    seen: list[int | None] = []

    def note() -> None:
        advice = adviser.of("bills")
        if advice is not None and (not seen or seen[-1] != advice.agents_now):
            seen.append(advice.agents_now)

    task = asyncio.create_task(adviser.run())
    try:
        async with asyncio.timeout(30):
            while facts.asked < 6 or len(seen) < 2:
                note()
                await asyncio.sleep(0)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert seen[0] == 12
    assert len(seen) == 2, "during the outage the first one stood"
    assert seen[1] is not None
    assert metrics.agents_needed.labels("bills", "now")._value.get() == seen[1]  # pyright: ignore[reportPrivateUsage]


async def test_queues_come_and_go() -> None:
    queues: tuple[Queue, ...] = (BILLS,)
    adviser = StaffingAdviser(Facts(of(252)).read, lambda: queues)
    await adviser.refresh()
    queues = (WATER,)
    await adviser.refresh()
    assert adviser.of("bills") is None
    advice = adviser.of("water")
    assert advice is not None
    assert (advice.agents_now, advice.mean_handling_s) == (0, None), "nobody calls it"
