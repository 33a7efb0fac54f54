"""A month of calls that crowds where booking goes wrong: at edges of intervals, at midnight, where clocks change.

What was made is kept as plain values, so that a story can count it by hand, and as steps, as the centre journals them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from ctiserver.call import events as ev
from ctiserver.call.events import AgentStateChanged, Step
from ctiserver.call.words import Activity, Presence

QUEUES = ("repairs", "bills")
WITHIN_MS = {"repairs": 20_000, "bills": 30_000}
SHORT_MS = {"repairs": 5_000, "bills": 5_000}
WAITS_MS = (0, 1, 4_999, 5_000, 5_001, 19_999, 20_000, 20_001, 29_999, 30_000, 30_001, 61_234, 899_999, 900_000)
PEOPLE = (
    "INSERT INTO team (id, name) VALUES ('east', '{}'), ('west', '{}')",
    "INSERT INTO agent (id, number, name, extension, sip_password, team_id) VALUES"
    " (1, '1001', '王芳', '1001', 'x', 'east'), (2, '1002', '李娜', '1002', 'x', 'west')",
    "INSERT INTO queue (id, name, service_level_ms) VALUES ('repairs', '{}', 20000), ('bills', '{}', 30000)",
)


@dataclass(frozen=True)
class MadeCall:
    """All in whole milliseconds since 1970."""

    id: str
    number: str
    queue: str
    begun: int
    entered: int
    left: int
    outcome: Literal["answered", "abandoned", "overflowed"]
    ended: int
    agent: int = 0
    talk: int = 0
    hold: int = 0
    wrap_up: int = 0

    @property
    def waited(self) -> int:
        return self.left - self.entered


@dataclass(frozen=True)
class Span:
    agent: int
    presence: Presence
    reason: str
    activity: Activity
    start: int
    end: int


@dataclass
class Month:
    calls: list[MadeCall] = field(default_factory=list[MadeCall])
    spans: list[Span] = field(default_factory=list[Span])
    steps: list[Step] = field(default_factory=list[Step])

    def say(self, at: int, subject: str, made_by: ev.Input, *facts: ev.Fact) -> None:
        self.steps.append(Step(at=at / 1000, subject=subject, input=made_by, facts=facts))

    def be(self, agent: int, old: Activity, new: Activity, start: int, end: int, call: str = "") -> ev.Fact:
        """The agent was `old` from start to end, and is `new` from then on."""
        if end > start:
            self.spans.append(Span(agent, "ready", "", old, start, end))
        return state(agent, old, new, start, call)


def make_month(zone: str, seed: int, days: tuple[tuple[int, int, int], ...]) -> Month:
    """Calls of these days (local dates), most of them around midnight, 2 and 3 o'clock and ends of intervals."""
    chance = random.Random(seed)  # noqa: S311 - not cryptography
    timezone = ZoneInfo(zone)
    month = Month()
    free = {1: 0, 2: 0}  # since when the agent is idle
    for number, day in enumerate(days):
        midnight = int(datetime(*day, tzinfo=timezone).timestamp()) * 1000
        for hour in (0, 1, 2, 3, 9, 23):
            if hour == 23:
                _lunch(month, free, midnight + 12 * 3_600_000)
            for quarter in (0, 1, 2, 3):
                edge = midnight + (hour * 4 + quarter) * 900_000
                _calls_around(month, chance, edge, free, f"{number}-{hour}-{quarter}")
    month.steps.sort(key=lambda step: step.at)
    return month


def _calls_around(month: Month, chance: random.Random, edge: int, free: dict[int, int], name: str) -> None:
    for number in range(2):
        entered = edge + chance.choice((-1, 0, 1, -30_000, 30_000, -450_000))
        waited = chance.choice(WAITS_MS)
        agent = chance.choice((1, 2))
        call = MadeCall(
            id=f"c-{name}-{number}",
            number=f"138001380{chance.randrange(30):02d}",
            queue=chance.choice(QUEUES),
            begun=entered - chance.choice((0, 3_000, 60_001)),
            entered=entered,
            left=entered + waited,
            outcome="abandoned" if chance.random() < 0.8 else "overflowed",
            ended=entered + waited,
        )
        if entered + waited > free[agent] and chance.random() < 0.6:
            talk, hold = chance.choice((1, 29_999, 600_000, 1_800_001)), chance.choice((0, 0, 10_000))
            wrap_up = chance.choice((0, 1, 15_000))
            ended = call.left + talk + hold
            work = {"agent": agent, "talk": talk, "hold": hold, "wrap_up": wrap_up}
            _answered(month, replace(call, outcome="answered", ended=ended, **work), free)
        else:
            _unanswered(month, call)


def _begin(month: Month, call: MadeCall) -> None:
    month.calls.append(call)
    arrived = ev.CallArrived(
        call_id=call.id,
        channel_id=f"{call.id}-c",
        dialled="4001",
        caller_number=call.number,
        caller_name="",
        flow="main",
    )
    started = ev.CallStarted(call_id=call.id, dialled="4001", caller_number=call.number, caller_name="", flow="main")
    month.say(call.begun, call.id, arrived, started)
    month.say(call.entered, call.id, ev.DeadlinePassed(name="menu"), ev.QueueEntered(queue_id=call.queue))


def _left(call: MadeCall) -> ev.QueueLeft:
    return ev.QueueLeft(
        queue_id=call.queue,
        outcome=call.outcome,
        reason="",
        entered_at=call.entered / 1000,
        waited_s=call.waited / 1000,
    )


def _ended(call: MadeCall, outcome: Literal["answered", "abandoned"]) -> ev.CallEnded:
    return ev.CallEnded(
        call_id=call.id, started_at=call.begun / 1000, ended_by="caller", reason="hang_up", outcome=outcome, cause=16
    )


def _unanswered(month: Month, call: MadeCall) -> None:
    _begin(month, call)
    month.say(call.left, call.id, ev.CallerHungUp(cause=16), _left(call), _ended(call, "abandoned"))


def _answered(month: Month, call: MadeCall, free: dict[int, int]) -> None:
    _begin(month, call)
    agent, offer = call.agent, f"{call.id}-o"
    idle_since = free[agent] or call.left - 3_600_000
    offered = ev.OfferEnded(
        offer_id=offer, agent_id=agent, queue_id=call.queue, started_at=call.left / 1000, outcome="answered", cause=""
    )
    month.say(
        call.left,
        call.id,
        ev.PartiesConnected(bridge_id=f"{call.id}-b"),
        ev.OfferStarted(offer_id=offer, agent_id=agent, queue_id=call.queue, why=""),
        offered,
        _left(call),
        ev.TalkStarted(agent_id=agent, queue_id=call.queue, recording_id=""),
        month.be(agent, "idle", "talking", idle_since, call.left, call.id),
    )
    talked = ev.TalkEnded(
        agent_id=agent,
        queue_id=call.queue,
        started_at=call.left / 1000,
        talk_s=call.talk / 1000,
        hold_s=call.hold / 1000,
    )
    after: Activity = "wrap_up" if call.wrap_up else "idle"
    month.say(
        call.ended,
        call.id,
        ev.CallerHungUp(cause=16),
        talked,
        _ended(call, "answered"),
        month.be(agent, "talking", after, call.left, call.ended, call.id),
    )
    free[agent] = call.ended + call.wrap_up
    if call.wrap_up:
        done = ev.WrapUpFinished(agent_id=agent, by="agent")
        month.say(free[agent], f"agent:{agent}", done, month.be(agent, "wrap_up", "idle", call.ended, free[agent]))


def _lunch(month: Month, free: dict[int, int], noon: int) -> None:
    """Agent 1 eats from 11:52:30 to 12:20 where nobody is being talked to."""
    start, end = noon - 450_000, noon + 1_200_000
    if free[1] and free[1] < start:
        month.spans.append(Span(1, "ready", "", "idle", free[1], start))
        month.spans.append(Span(1, "break", "lunch", "idle", start, end))
        chosen = ev.PresenceChosen(agent_id=1, presence="break", reason="lunch", by="agent")
        month.say(start, "agent:1", chosen, state(1, "idle", "idle", free[1], presence="break", reason="lunch"))
        back = ev.PresenceChosen(agent_id=1, presence="ready", reason="", by="agent")
        month.say(end, "agent:1", back, state(1, "idle", "idle", start, old_presence="break", old_reason="lunch"))
        free[1] = end


def state(
    agent: int,
    old: Activity,
    new: Activity,
    since: int,
    call: str = "",
    *,
    presence: Presence = "ready",
    reason: str = "",
    old_presence: Presence = "ready",
    old_reason: str = "",
) -> AgentStateChanged:
    return AgentStateChanged(
        agent_id=agent,
        presence=presence,
        reason=reason,
        activity=new,
        reachable=True,
        call_id=call,
        old_presence=old_presence,
        old_reason=old_reason,
        old_activity=old,
        old_since=since / 1000,
    )
