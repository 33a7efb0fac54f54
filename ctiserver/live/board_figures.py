"""The figures of wallboards, from what the centre knows now. Reads, never changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from acd.router import Router
from ctiserver.call.states import Call
from ctiserver.clock import Clock
from ctiserver.config import OutsideSettings
from ctiserver.directory import Agent
from ctiserver.kpi.boards import Board, contract_targets, occupancy_now
from ctiserver.kpi.service_level import Counts, Formula, formula_of, service_level
from ctiserver.live.dispatcher import Dispatcher
from ctiserver.live.statistics import TodayStatistics, Work
from ctiserver.live.trunks import trunks
from ctiserver.live.viewing import Viewing, shown_state
from ctiserver.live.views import QueueView, TrafficPoint, TrunkView


class Figured(msgspec.Struct, frozen=True, kw_only=True):
    """All figures of a board, and what pages draw beside them. `contract`: targets that the queues' settings give."""

    queues: tuple[str, ...]
    figures: dict[str, float | None]
    contract: dict[str, float]
    longest_wait_since: float | None
    agents: dict[str, int]
    traffic: tuple[TrafficPoint, ...]
    members: frozenset[int] = frozenset()  # the agents whom it is about


@dataclass(frozen=True)
class Moment:
    """What all boards share at one instant, looked up once."""

    now: float
    queues: Mapping[str, QueueView]
    agents: Sequence[Agent]
    states: Mapping[int, str]
    live_calls: int
    lines: int
    trunks: tuple[TrunkView, ...] = ()


class BoardFigures:
    def __init__(
        self,
        viewing: Viewing,
        dispatcher: Dispatcher,
        statistics: TodayStatistics,
        clock: Clock,
        calls: Callable[[], Iterable[Call]],
        outside: OutsideSettings,
    ) -> None:
        self._viewing = viewing
        self._dispatcher = dispatcher
        self._statistics = statistics
        self._clock = clock
        self._calls = calls
        self._outside = outside

    @property
    def _router(self) -> Router:
        return self._dispatcher.router

    def moment(self) -> Moment:
        now = self._clock.now()
        self._statistics.begin_day(now)
        agents = self._dispatcher.directory.agents
        live = [call for call in self._calls() if call.phase != "ended"]
        lines = trunks(live, self._outside.endpoint, self._outside.lines)
        return Moment(
            now=now,
            queues={view.id: view for view in self._viewing.queues()},
            agents=agents,
            states={agent.id: shown_state(self._dispatcher.record(agent.id)) for agent in agents},
            live_calls=len(live),
            lines=sum(trunk.in_use for trunk in lines),
            trunks=lines,
        )

    def of(self, board: Board, moment: Moment) -> Figured:
        agents = self._agents(board, moment)
        queues = [moment.queues[queue] for queue in self._queues(board, moment, agents)]
        ids = tuple(queue.id for queue in queues)
        whole = not board.queues and not board.teams
        states = Counter(moment.states[agent.id] for agent in agents)
        since = min((q.longest_wait_since for q in queues if q.longest_wait_since is not None), default=None)
        formula = self._formula(ids)
        day = sum((self._statistics.queue(queue).counts for queue in ids), Counts())
        recent = sum((self._statistics.counts_now(queue, moment.now) for queue in ids), Counts())
        work = self._work(None if whole else frozenset(ids), {agent.id for agent in agents} if board.teams else None)
        calls_in, reached = self._statistics.calls_in, day.answered + day.abandoned
        waits = [wait for queue in queues if (wait := queue.expected_wait_s) is not None]
        answer_wait_s = sum(self._statistics.queue(queue).answer_wait_s for queue in ids)
        needed = [(q.agents_needed, q.agents_signed_in) for q in queues if q.agents_needed is not None]
        figures: dict[str, float | None] = {
            "waiting": sum(queue.waiting for queue in queues),
            "longest_wait": max(0.0, moment.now - since) if since is not None else 0.0,
            "forecast": max(waits) if waits else None,
            "service_level_now": service_level(formula, recent),
            "service_level": service_level(formula, day),
            "offered": day.entries,
            "answered": day.answered,
            "abandoned": day.abandoned,
            "abandoned_short": day.short_abandoned,
            "overflowed": day.overflowed,
            "answer_rate": day.answered / reached if reached else None,
            "abandon_rate": day.abandoned / reached if reached else None,
            "connect_rate": calls_in.answered / calls_in.ended if calls_in.ended else None,
            "asa": answer_wait_s / day.answered if day.answered else None,
            "aht": (work.talk_s + work.hold_s + work.wrap_up_s) / work.handled if work.handled else None,
            "handled": work.handled,
            "agents_signed_in": sum(count for state, count in states.items() if state != "signed_out"),
            "agents_ready": states["ready"],
            "agents_talking": states["talking"],
            "agents_break": states["break"],
            "occupancy_now": occupancy_now(states),
            "agents_short": sum(max(0, wanted - here) for wanted, here in needed) if needed else None,
            "live_calls": moment.live_calls,
            "lines": moment.lines,
        }
        targets = {q.id: (q.service_level_target, q.service_level_s) for q in queues}
        return Figured(
            queues=ids,
            figures=figures,
            contract=contract_targets(targets, {queue.id: queue.offered for queue in queues}),
            longest_wait_since=since,
            agents=dict(states),
            traffic=self._statistics.traffic_points(moment.now, None if whole else ids),
            members=frozenset(agent.id for agent in agents),
        )

    def _agents(self, board: Board, moment: Moment) -> list[Agent]:
        """Those of the teams named, those who serve the queues named, or all."""
        if board.teams:
            return [agent for agent in moment.agents if agent.team in board.teams]
        if not board.queues:
            return list(moment.agents)
        serving = {str(server) for queue in board.queues for server in self._router.servers(queue)}
        return [agent for agent in moment.agents if str(agent.id) in serving]

    def _queues(self, board: Board, moment: Moment, agents: Sequence[Agent]) -> list[str]:
        """Those named, those that the teams' agents serve, or all; queues that are gone are left out."""
        if board.queues:
            return [queue for queue in board.queues if queue in moment.queues]
        if not board.teams:
            return list(moment.queues)
        own = {str(agent.id) for agent in agents}
        return [queue for queue in moment.queues if own.intersection(map(str, self._router.servers(queue)))]

    def _formula(self, queues: tuple[str, ...]) -> Formula:
        """One queue has that of its contract; several together the centre's, as in reports."""
        directory = self._dispatcher.directory
        centre = directory.routing.get("service_level_formula")
        if len(queues) != 1:
            return formula_of(centre)
        own = next((q.options.get("service_level_formula") for q in directory.queues if q.id == queues[0]), None)
        return formula_of(own, centre)

    def _work(self, queues: frozenset[str] | None, agents: set[int] | None) -> Work:
        """Sum over what these agents (None: all) did for these queues (None: also without one)."""
        whole = Work()
        for (agent, queue), work in self._statistics.work.items():
            if (agents is None or agent in agents) and (queues is None or queue in queues):
                whole.handled += work.handled
                whole.talk_s += work.talk_s
                whole.hold_s += work.hold_s
                whole.wrap_up_s += work.wrap_up_s
        return whole
