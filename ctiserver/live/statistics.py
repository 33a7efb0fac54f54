"""Today's figures per queue and agent, counted from facts as they become durable. Definitions: docs/glossary.md.

Counts belong to the local day in which the stay in the queue (the conversation, the wrap-up, the call) ended; they
begin anew at local midnight. Beside the day, five-minute intervals of two hours are kept per queue.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from ctiserver.call.events import (
    AgentStateChanged,
    CallEnded,
    CallStarted,
    OfferEnded,
    QueueEntered,
    QueueLeft,
    Step,
    TalkEnded,
)
from ctiserver.directory import Queue
from ctiserver.kpi.service_level import Counts
from ctiserver.live.local_day import LocalDay
from ctiserver.live.views import TrafficPoint
from ctiserver.store.reports import QueueToday, Today

INTERVAL_S = 300.0
SHOWN_INTERVALS = 24  # two hours
NOW_INTERVALS = 6  # what counts as now: the present five minutes and those before, half an hour together


@dataclass(slots=True)
class QueueFigures:
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    abandoned_short: int = 0
    overflowed: int = 0
    answered_within: int = 0
    abandoned_within: int = 0
    answer_wait_s: float = 0.0
    overflowed_within: int = 0

    def left(self, fact: QueueLeft, within_s: float, short_s: float) -> None:
        """Books the end of a stay, compared in whole milliseconds as reports do."""
        waited_ms = round(fact.waited_s * 1000)
        within = waited_ms <= round(within_s * 1000)
        match fact.outcome:
            case "answered":
                self.answered += 1
                self.answer_wait_s += fact.waited_s
                self.answered_within += within
            case "abandoned":
                self.abandoned += 1
                self.abandoned_within += within
                self.abandoned_short += waited_ms <= round(short_s * 1000)
            case "overflowed":
                self.overflowed += 1
                self.overflowed_within += within

    @property
    def counts(self) -> Counts:
        return Counts(
            answered=self.answered,
            abandoned=self.abandoned,
            overflowed=self.overflowed,
            answered_within=self.answered_within,
            abandoned_within=self.abandoned_within,
            overflowed_within=self.overflowed_within,
            short_abandoned=self.abandoned_short,
            entries=self.offered,
        )

    @property
    def average_answer_s(self) -> float | None:
        return self.answer_wait_s / self.answered if self.answered else None


@dataclass(slots=True)
class AgentFigures:
    answered: int = 0
    missed: int = 0
    talk_s: float = 0.0


@dataclass(slots=True)
class Work:
    """What an agent did for a queue today, booked when it ended."""

    handled: int = 0
    talk_s: float = 0.0
    hold_s: float = 0.0
    wrap_up_s: float = 0.0


@dataclass(slots=True)
class CallsIn:
    """Calls in that ended today, and how many of them reached an agent."""

    ended: int = 0
    answered: int = 0


Intervals = dict[float, QueueFigures]
"""Start of a five-minute interval → what happened in it."""


@dataclass(slots=True)
class TodayStatistics:
    timezone: tzinfo
    settings: Callable[[], Mapping[str, Queue]]
    queues: dict[str, QueueFigures] = field(default_factory=dict[str, QueueFigures])
    agents: dict[int, AgentFigures] = field(default_factory=dict[int, AgentFigures])
    work: dict[tuple[int, str], Work] = field(default_factory=dict[tuple[int, str], Work])
    calls_in: CallsIn = field(default_factory=CallsIn)
    intervals: dict[str, Intervals] = field(default_factory=dict[str, Intervals])
    _day: LocalDay = field(init=False)
    _not_in: set[str] = field(default_factory=set[str])  # calls under way that nobody from outside made
    _last_queue: dict[int, str] = field(default_factory=dict[int, str])  # of the agent's last conversation
    _wrapping_up: dict[int, tuple[str, float]] = field(default_factory=dict[int, tuple[str, float]])

    def __post_init__(self) -> None:
        self._day = LocalDay(self.timezone)

    def queue(self, queue_id: str) -> QueueFigures:
        return self.queues.setdefault(queue_id, QueueFigures())

    def agent(self, agent_id: int) -> AgentFigures:
        return self.agents.setdefault(agent_id, AgentFigures())

    def take(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self.begin_day(step.at)
            # What reaches the disk only after midnight is yesterday's, but what it begins may end today.
            today = step.at >= self._day.midnight
            for fact in step.facts:
                self._remember(step.subject, fact, step.at, today=today)
                if today:
                    self._count(fact, step.at)

    def _count(self, fact: object, at: float) -> None:
        match fact:
            case QueueEntered():
                self.queue(fact.queue_id).offered += 1
                self._interval(fact.queue_id, at).offered += 1
            case QueueLeft():
                settings = self.settings().get(fact.queue_id)
                within_s = settings.service_level_s if settings else 20.0
                short_s = settings.short_abandon_s if settings else 5.0
                self.queue(fact.queue_id).left(fact, within_s, short_s)
                self._interval(fact.queue_id, at).left(fact, within_s, short_s)
            case OfferEnded() if fact.outcome == "refused":
                self.agent(fact.agent_id).missed += 1
            case TalkEnded():
                figures = self.agent(fact.agent_id)
                figures.answered += 1
                figures.talk_s += fact.talk_s + fact.hold_s
                work = self._work(fact.agent_id, fact.queue_id)
                work.handled += 1
                work.talk_s += fact.talk_s
                work.hold_s += fact.hold_s
            case _:
                pass

    def _remember(self, subject: str, fact: object, at: float, *, today: bool) -> None:
        """What spans several steps: calls in until they end, wrap-ups until they are over."""
        match fact:
            case CallStarted() if fact.direction != "inbound":
                self._not_in.add(subject)
            case CallEnded():
                if subject not in self._not_in and today:
                    self.calls_in.ended += 1
                    self.calls_in.answered += fact.outcome == "answered"
                self._not_in.discard(subject)
            case TalkEnded():
                self._last_queue[fact.agent_id] = fact.queue_id
            case AgentStateChanged() if fact.old_activity != fact.activity:
                if fact.old_activity == "wrap_up" and (begun := self._wrapping_up.pop(fact.agent_id, None)) and today:
                    self._work(fact.agent_id, begun[0]).wrap_up_s += at - begun[1]
                if fact.activity == "wrap_up":
                    self._wrapping_up[fact.agent_id] = (self._last_queue.get(fact.agent_id, ""), at)
            case _:
                pass

    def _work(self, agent_id: int, queue_id: str) -> Work:
        return self.work.setdefault((agent_id, queue_id), Work())

    def seed(self, today: Today, midnight: float) -> None:
        """What had happened today before this process began."""
        self._day = LocalDay(self.timezone, midnight)
        self.queues = {queue_id: _figures(kept) for queue_id, kept in today.queues.items()}
        self.agents = {a: AgentFigures(f.answered, f.missed, f.talk_s) for a, f in today.agents.items()}
        self.work = {
            (one.agent_id, one.queue_id): Work(one.handled, one.talk_s, one.hold_s, one.wrap_up_s) for one in today.work
        }
        self.calls_in = CallsIn(today.calls_ended, today.calls_answered)
        self._not_in = set(today.not_in)
        self._wrapping_up = {agent: (queue, at) for agent, queue, at in today.wrapping_up}
        self.intervals = {}
        for kept in today.intervals:
            self.intervals.setdefault(kept.queue_id, {})[kept.at] = _figures(kept.figures)

    def begin_day(self, now: float) -> None:
        """Zero at local midnight."""
        if self._day.turns(now):
            self.queues.clear()
            self.agents.clear()
            self.work.clear()
            self.calls_in = CallsIn()

    def _interval(self, queue_id: str, at: float) -> QueueFigures:
        start = at - at % INTERVAL_S
        kept = self.intervals.setdefault(queue_id, {})
        if start not in kept:
            kept[start] = QueueFigures()
            for old in [one for one in kept if one <= start - SHOWN_INTERVALS * INTERVAL_S]:
                del kept[old]
        return kept[start]

    def counts_now(self, queue_id: str, now: float) -> Counts:
        """Of the present five minutes and those before, half an hour together."""
        first = now - now % INTERVAL_S - (NOW_INTERVALS - 1) * INTERVAL_S
        kept = self.intervals.get(queue_id, {})
        return sum((figures.counts for at, figures in kept.items() if first <= at <= now), Counts())

    def traffic_points(self, now: float, queues: Collection[str] | None = None) -> tuple[TrafficPoint, ...]:
        """The last two hours without gaps, oldest first; of all queues, or of those named."""
        last = now - now % INTERVAL_S
        points = {last - INTERVAL_S * back: [0, 0, 0] for back in range(SHOWN_INTERVALS - 1, -1, -1)}
        for queue_id, kept in self.intervals.items():
            if queues is not None and queue_id not in queues:
                continue
            for at, figures in kept.items():
                if (point := points.get(at)) is not None:
                    point[0] += figures.offered
                    point[1] += figures.answered
                    point[2] += figures.abandoned
        return tuple(TrafficPoint(at=at, offered=o, answered=a, abandoned=b) for at, (o, a, b) in points.items())


def _figures(kept: QueueToday) -> QueueFigures:
    return QueueFigures(
        offered=kept.offered,
        answered=kept.answered,
        abandoned=kept.abandoned,
        abandoned_short=kept.abandoned_short,
        overflowed=kept.overflowed,
        answered_within=kept.answered_within,
        abandoned_within=kept.abandoned_within,
        answer_wait_s=kept.answer_wait_s,
        overflowed_within=kept.overflowed_within,
    )
