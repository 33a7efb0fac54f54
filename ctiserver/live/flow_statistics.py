"""Today's callers per way out of each node, counted from facts as they become durable; anew at local midnight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import tzinfo

from ctiserver.call.events import NodeLeft, Step
from ctiserver.live.local_day import LocalDay
from ctiserver.store.flow_rows import Passage

_Way = tuple[str, str, str, str, str, str]  # flow, node, way, edge, to_flow, to_node


@dataclass(slots=True)
class _Count:
    callers: int = 0
    spent_s: float = 0.0


@dataclass(slots=True)
class FlowStatistics:
    timezone: tzinfo
    _day: LocalDay = field(init=False)
    _counts: dict[_Way, _Count] = field(default_factory=dict[_Way, _Count])

    def __post_init__(self) -> None:
        self._day = LocalDay(self.timezone)

    @property
    def midnight(self) -> float:
        """When the day began whose callers are counted; UTC seconds."""
        return self._day.midnight

    def take(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self.begin_day(step.at)
            if step.at < self._day.midnight:
                continue  # on the disk only after midnight: yesterday's
            for fact in step.facts:
                if isinstance(fact, NodeLeft):
                    way = (fact.flow, fact.node, fact.way, fact.edge, fact.to_flow, fact.to_node)
                    self._add(way, 1, fact.spent_s)

    def seed(self, flow: str, passages: Iterable[Passage]) -> None:
        """What had happened today before this process began."""
        for one in passages:
            self._add((flow, one.node, one.way, one.edge, one.to_flow, one.to_node), one.callers, one.spent_s)

    def begin_day(self, now: float) -> None:
        if self._day.turns(now):
            self._counts.clear()

    def of(self, flow: str) -> tuple[Passage, ...]:
        """Today's ways out of the flow's nodes."""
        return tuple(
            Passage(
                node=way[1],
                way=way[2],
                edge=way[3],
                to_flow=way[4],
                to_node=way[5],
                callers=count.callers,
                spent_s=round(count.spent_s, 3),
            )
            for way, count in self._counts.items()
            if way[0] == flow
        )

    def _add(self, way: _Way, callers: int, spent_s: float) -> None:
        count = self._counts.setdefault(way, _Count())
        count.callers += callers
        count.spent_s += spent_s
