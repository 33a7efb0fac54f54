"""Why a call waits, as pages show it: codes, ids and figures that they put into their own language."""

from __future__ import annotations

from typing import Literal

from acd.explain import Obstacle
from acd.router import Router
from ctiserver.directory import Directory
from ctiserver.live.views import View


class CandidateView(View, frozen=True, kw_only=True):
    """An agent who could take the call at this step, and what keeps the agent from it."""

    agent_id: int
    number: str
    name: str
    level: int  # at the skills that are asked for
    obstacle: Obstacle


class ObstacleCount(View, frozen=True, kw_only=True):
    obstacle: Obstacle
    agents: int


class ExplanationView(View, frozen=True, kw_only=True):
    """`wanted`: the skills asked for at this step, as an expression; empty: none. `candidates`: the first fifty who
    qualify. `obstacles` counts all who qualify by what keeps them, `missing` all others by what they lack.
    """

    outcome: Literal["unknown", "waiting", "reserved", "offered", "connected", "quarantined"]
    queue_id: str
    position: int | None
    step: int  # relaxations in force
    wanted: str
    groups: tuple[str, ...]
    next_step_at: float | None
    expected_wait_s: float | None  # half of the callers in this place wait less
    expected_wait_p90_s: float | None
    agents: tuple[CandidateView, ...]  # who has it, is being asked, or it is kept for
    candidates: tuple[CandidateView, ...]
    obstacles: tuple[ObstacleCount, ...]
    missing: tuple[ObstacleCount, ...]


def explanation_view(router: Router, directory: Directory, call_id: str, now: float) -> ExplanationView:
    told = router.explain(call_id, now)
    forecast = router.forecast(call_id)
    known = {str(agent.id): agent for agent in directory.agents}

    def candidate(agent_id: str, level: int, obstacle: Obstacle) -> CandidateView:
        agent = known.get(agent_id)
        number, name = (agent.number, agent.name) if agent is not None else (agent_id, "")
        return CandidateView(agent_id=int(agent_id), number=number, name=name, level=level, obstacle=obstacle)

    candidates = tuple(candidate(c.agent_id, c.proficiency, c.obstacle) for c in told.candidates)
    listed = {str(one.agent_id): one for one in candidates}
    busy: Obstacle = "talking" if told.outcome == "connected" else "offered"
    return ExplanationView(
        outcome=told.outcome,
        queue_id=told.queue_id,
        position=told.position,
        step=told.step,
        wanted=told.wanted,
        groups=told.groups,
        next_step_at=told.next_step_at,
        expected_wait_s=forecast.p50_s if forecast is not None else None,
        expected_wait_p90_s=forecast.p90_s if forecast is not None else None,
        agents=tuple(listed.get(agent_id) or candidate(agent_id, 0, busy) for agent_id in told.agents),
        candidates=candidates,
        obstacles=tuple(ObstacleCount(obstacle=what, agents=count) for what, count in told.obstacles),
        missing=tuple(ObstacleCount(obstacle=what, agents=count) for what, count in told.missing),
    )
