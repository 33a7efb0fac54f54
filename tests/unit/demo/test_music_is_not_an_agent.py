"""Music on hold may hold a note that resembles an agent's tone; the caller waits for the agent who really answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from ctiserver.demo.simulated_caller import SimulatedCaller
from ctiserver.demo.traffic_plan import TrafficPlan, callers

PLAN = TrafficPlan(sip_host="127.0.0.1", sip_port=5060, dids=("100",), agents=(), calls=1, talk_s=(0, 0), keys=())


@dataclass
class Line:
    """What is heard, one after the other; the agent answers after the first."""

    caller: SimulatedCaller
    agent: Any
    heard: list[float]
    asked_for: list[tuple[float, ...]] = field(default_factory=list[tuple[float, ...]])
    ended: None = None

    async def hears_one_of(self, frequencies: Sequence[float], *_: object) -> float:
        self.asked_for.append(tuple(frequencies))
        self.caller.agent_answered(self.agent)
        return self.heard.pop(0)


async def test_a_note_that_sounds_like_somebody_else_is_no_answer() -> None:
    first, second = (
        SimpleNamespace(number=n, tone_hz=hz, current=object()) for n, hz in (("1001", 500), ("1002", 560))
    )
    caller = SimulatedCaller(next(callers(PLAN)), cast(Any, {"1001": first, "1002": second}), lambda event: None)
    line = Line(caller, second, heard=[500, 560])
    await caller._hear_agent(cast(Any, line), 10.0)  # pyright: ignore[reportPrivateUsage]
    assert line.asked_for == [(500, 560), (560,)]
    assert caller._row(None, datetime.now(UTC), "").heard_agent  # pyright: ignore[reportPrivateUsage]
