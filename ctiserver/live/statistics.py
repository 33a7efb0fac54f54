"""Today's figures per queue, counted from facts as they become durable. Definitions: docs/glossary.md, "service level".

Counts belong to the local day in which the stay in the queue ended; they begin anew at local midnight.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from ctiserver.call.events import OfferEnded, QueueEntered, QueueLeft, Step, TalkEnded
from ctiserver.directory import Queue
from ctiserver.kpi.service_level import Counts
from ctiserver.live.views import TrafficPoint
from ctiserver.store.reports import Today

INTERVAL_S = 300.0
SHOWN_INTERVALS = 24  # two hours
SHORTEST_DAY_S = 23 * 3600.0  # the day on which the clocks go forward


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
class _Traffic:
    at: float
    offered: int = 0
    answered: int = 0
    abandoned: int = 0


@dataclass(slots=True)
class TodayStatistics:
    timezone: tzinfo
    settings: Callable[[], Mapping[str, Queue]]
    queues: dict[str, QueueFigures] = field(default_factory=dict[str, QueueFigures])
    agents: dict[int, AgentFigures] = field(default_factory=dict[int, AgentFigures])
    traffic: deque[_Traffic] = field(default_factory=lambda: deque[_Traffic](maxlen=SHOWN_INTERVALS))
    midnight: float = 0.0

    def queue(self, queue_id: str) -> QueueFigures:
        return self.queues.setdefault(queue_id, QueueFigures())

    def agent(self, agent_id: int) -> AgentFigures:
        return self.agents.setdefault(agent_id, AgentFigures())

    def take(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self.begin_day(step.at)
            if step.at < self.midnight:
                continue  # on the disk only after midnight: yesterday's
            for fact in step.facts:
                match fact:
                    case QueueEntered():
                        self.queue(fact.queue_id).offered += 1
                        self._interval(step.at).offered += 1
                    case QueueLeft():
                        self._left(fact, step.at)
                    case OfferEnded() if fact.outcome == "refused":
                        self.agent(fact.agent_id).missed += 1
                    case TalkEnded():
                        figures = self.agent(fact.agent_id)
                        figures.answered += 1
                        figures.talk_s += fact.talk_s + fact.hold_s
                    case _:
                        pass

    def seed(self, today: Today, midnight: float) -> None:
        """What had happened today before this process began."""
        self.midnight = midnight
        self.queues = {
            queue_id: QueueFigures(
                offered=q.offered,
                answered=q.answered,
                abandoned=q.abandoned,
                abandoned_short=q.abandoned_short,
                overflowed=q.overflowed,
                answered_within=q.answered_within,
                abandoned_within=q.abandoned_within,
                answer_wait_s=q.answer_wait_s,
                overflowed_within=q.overflowed_within,
            )
            for queue_id, q in today.queues.items()
        }
        self.agents = {a: AgentFigures(f.answered, f.missed, f.talk_s) for a, f in today.agents.items()}
        self.traffic.extend(_Traffic(t.at, t.offered, t.answered, t.abandoned) for t in today.traffic)

    def begin_day(self, now: float) -> None:
        """Zero at local midnight."""
        if self.midnight and now < self.midnight + SHORTEST_DAY_S:
            return
        midnight = local_midnight(now, self.timezone)
        if midnight > self.midnight:
            self.midnight = midnight
            self.queues.clear()
            self.agents.clear()

    def _left(self, fact: QueueLeft, at: float) -> None:
        figures, interval = self.queue(fact.queue_id), self._interval(at)
        settings = self.settings().get(fact.queue_id)
        threshold = settings.service_level_s if settings else 20.0
        short = settings.short_abandon_s if settings else 5.0
        match fact.outcome:
            case "answered":
                figures.answered += 1
                interval.answered += 1
                figures.answer_wait_s += fact.waited_s
                figures.answered_within += fact.waited_s <= threshold
            case "abandoned":
                figures.abandoned += 1
                interval.abandoned += 1
                figures.abandoned_within += fact.waited_s <= threshold
                figures.abandoned_short += fact.waited_s <= short
            case "overflowed":
                figures.overflowed += 1
                figures.overflowed_within += fact.waited_s <= threshold

    def _interval(self, at: float) -> _Traffic:
        start = at - at % INTERVAL_S
        if not self.traffic or self.traffic[-1].at < start:
            self.traffic.append(_Traffic(start))
        return next((t for t in reversed(self.traffic) if t.at <= start), self.traffic[0])

    def traffic_points(self, now: float) -> tuple[TrafficPoint, ...]:
        """The last two hours without gaps, oldest first."""
        last = now - now % INTERVAL_S
        known = {t.at: t for t in self.traffic}
        starts = (last - INTERVAL_S * back for back in range(SHOWN_INTERVALS - 1, -1, -1))
        return tuple(
            TrafficPoint(at=at, offered=t.offered, answered=t.answered, abandoned=t.abandoned)
            for at in starts
            for t in (known.get(at, _Traffic(at)),)
        )


def local_midnight(now: float, timezone: tzinfo) -> float:
    """The instant at which the local day of `now` began."""
    local = datetime.fromtimestamp(now, timezone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
