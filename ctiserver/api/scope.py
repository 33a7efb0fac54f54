"""Row scope: a supervisor of a team sees and does nothing about another team's agents, calls and recordings.

Ops, admins and supervisors without a team are not limited. Callers who are with nobody yet are every supervisor's.
"""

from __future__ import annotations

from collections.abc import Collection

from ctiserver.api.problems import ApiError
from ctiserver.api.route import Ask
from ctiserver.live.audience import supervises
from ctiserver.store.rows import AgentName


def require_scope(ask: Ask, agents: Collection[int]) -> None:
    """Raises ApiError 403 `other_team` for a supervisor of a team to which none of these agents belongs."""
    viewer = ask.who.viewer
    if viewer.staff and viewer.agent_id not in agents and not supervises(viewer, agents):
        raise ApiError(403, "other_team", "this belongs to another team")


def require_row(ask: Ask, agent: AgentName | None) -> None:
    """The same for a row that names the agent who had the call."""
    require_scope(ask, () if agent is None else (agent.id,))


def scope_of(ask: Ask) -> tuple[int, ...] | None:
    """The agents whose rows a list may show; None: all."""
    scope = ask.who.scope
    return None if scope is None else tuple(sorted(scope))
