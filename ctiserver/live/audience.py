"""Who may see what of the running centre: one place for the feed, the snapshots and the queries.

Agents see themselves, all queues, the totals and the calls they are part of. Ops, admins and supervisors without a team
see all; a supervisor of a team sees its agents and their calls, and callers who are with nobody yet.
A caller's number is in clear for those and for the agent of the call.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ctiserver.directory import Role
from ctiserver.live.views import AgentView, CentreSnapshot, LiveCallView
from ctiserver.log import mask_number

STAFF_ROLES: frozenset[Role] = frozenset({"supervisor", "ops", "admin"})


class Viewer(msgspec.Struct, frozen=True):
    """The eyes of one page. Pages with equal viewers see the same and share one numbered stream."""

    staff: bool
    agent_id: int | None = None  # a supervisor may be an agent too
    scope: frozenset[int] | None = None  # of who supervises: the agents of the own team; None: all
    board: bool = False  # a screen on a wall that nobody has signed in to: figures alone
    tiles: bool = False  # such a screen that shows agents by name as well
    of_boards: frozenset[str] | None = None  # of such a screen: the boards that its link names; None: all


class OnBoard(msgspec.Struct, frozen=True):
    """The queues and the agents that a board is about."""

    queues: frozenset[str] = frozenset()
    agents: frozenset[int] = frozenset()


Shown = Mapping[str, OnBoard]
"""By board."""
NOTHING_SHOWN: Final[Shown] = MappingProxyType({})


class Audience(msgspec.Struct, frozen=True):
    """Whom a message is for: everyone, or the named agents and (where `staff`) all who supervise."""

    everyone: bool = False
    staff: bool = False
    agents: frozenset[int] = frozenset()
    not_staff: bool = False  # who supervises goes on seeing what these agents no longer see
    about: frozenset[int] = frozenset()  # agents concerned who are not told
    boards: bool = False  # screens on walls too; whatever does not say so is not for them
    tiles: bool = False  # those of them that show agents
    of_board: str = ""  # about this board alone: not for screens whose link names others
    of_queue: str = ""  # about this queue: only for screens one of whose boards shows it
    of_agent: int | None = None  # about this agent: likewise

    def includes(self, viewer: Viewer, shown: Shown = NOTHING_SHOWN) -> bool:
        """`shown`: what each board is about."""
        if viewer.board:
            if self.tiles:
                return viewer.tiles and (self.of_agent is None or shows_agent(viewer, shown, self.of_agent))
            about = not self.of_queue or shows_queue(viewer, shown, self.of_queue)
            return self.boards and hangs(viewer, self.of_board) and about
        if self.not_staff and viewer.staff:
            return False
        if self.everyone or viewer.agent_id in self.agents:
            return True
        return self.staff and supervises(viewer, self.agents | self.about)


def supervises(viewer: Viewer, agents: Collection[int]) -> bool:
    """Whether these agents' row is this viewer's business; a row without agents is every supervisor's."""
    return viewer.staff and (viewer.scope is None or not agents or not viewer.scope.isdisjoint(agents))


def hangs(viewer: Viewer, board: str) -> bool:
    """Whether the viewer may see this board ("": nothing about a particular one)."""
    return not board or viewer.of_boards is None or board in viewer.of_boards


def shows_queue(viewer: Viewer, shown: Shown, queue: str) -> bool:
    """Whether one of the boards that the viewer's link names is about this queue."""
    return viewer.of_boards is None or any(
        board in shown and queue in shown[board].queues for board in viewer.of_boards
    )


def shows_agent(viewer: Viewer, shown: Shown, agent: int) -> bool:
    return viewer.of_boards is None or any(
        board in shown and agent in shown[board].agents for board in viewer.of_boards
    )


EVERYONE = Audience(everyone=True)
EVERY_SCREEN = Audience(everyone=True, boards=True)
"""Figures without anybody's name."""
STAFF = Audience(staff=True)


def queue_seen(queue: str) -> Audience:
    """A queue's figures: everyone, and the screens one of whose boards shows it."""
    return Audience(everyone=True, boards=True, of_queue=queue)


def board_seen(board: str) -> Audience:
    """A board's figures: everyone, and the screens that show it."""
    return Audience(everyone=True, boards=True, of_board=board)


def alert_seen(board: str) -> Audience:
    """An alert of a board: all who supervise, and the screens that show it."""
    return Audience(staff=True, boards=True, of_board=board)


def only(agent_id: int) -> Audience:
    """This agent alone: screen pops."""
    return Audience(agents=frozenset({agent_id}))


def staff_and(agent_id: int | None) -> Audience:
    """All who supervise, and the agent concerned, if there is one."""
    return STAFF if agent_id is None else Audience(staff=True, agents=frozenset({agent_id}))


def staff_about(agent_id: int) -> Audience:
    """All who supervise this agent, who is not told."""
    return Audience(staff=True, about=frozenset({agent_id}))


def agent_seen(agent_id: int) -> Audience:
    """Who is shown an agent's state: all who supervise, the agent, and screens that show agents."""
    return Audience(staff=True, agents=frozenset({agent_id}), tiles=True, of_agent=agent_id)


def viewer_of(role: Role, agent_id: int | None, scope: frozenset[int] | None = None) -> Viewer:
    return Viewer(staff=role in STAFF_ROLES, agent_id=agent_id, scope=scope)


def visible_agents(agents: list[AgentView], viewer: Viewer, shown: Shown = NOTHING_SHOWN) -> list[AgentView]:
    def sees(agent: int) -> bool:
        on_tile = viewer.tiles and shows_agent(viewer, shown, agent)
        return on_tile or supervises(viewer, (agent,)) or agent == viewer.agent_id

    return [agent for agent in agents if sees(agent.id)]


def visible_calls(calls: list[LiveCallView], viewer: Viewer) -> list[LiveCallView]:
    return [call for call in calls if supervises(viewer, agents_on(call)) or is_own(call, viewer)]


def is_own(call: LiveCallView, viewer: Viewer) -> bool:
    """The agent in charge, or one of those on the call."""
    return viewer.agent_id is not None and viewer.agent_id in agents_on(call)


def agents_on(call: LiveCallView) -> frozenset[int]:
    return frozenset(ident for ident in (call.agent_id, *(p.agent_id for p in call.parties)) if ident is not None)


def those_on(call: LiveCallView) -> Audience:
    """All who supervise, and the agents on the call."""
    return Audience(staff=True, agents=agents_on(call))


def visible_snapshot(snapshot: CentreSnapshot, viewer: Viewer, shown: Shown = NOTHING_SHOWN) -> CentreSnapshot:
    """What this viewer may see of the snapshot, however much it was given."""
    me = next((agent for agent in snapshot.agents if agent.id == viewer.agent_id), None)
    team = me.team if me is not None else None
    pop = snapshot.pop if snapshot.pop is not None and snapshot.pop.agent_id == viewer.agent_id else None
    return msgspec.structs.replace(
        snapshot,
        agents=tuple(visible_agents(list(snapshot.agents), viewer, shown)),
        queues=tuple(queue for queue in snapshot.queues if shows_queue(viewer, shown, queue.id)),
        calls=tuple(visible_calls(list(snapshot.calls), viewer)),
        pop=pop,
        watches=tuple(watch for watch in snapshot.watches if supervises(viewer, (watch.agent_id,))),
        helps=tuple(
            asked
            for asked in snapshot.helps
            if supervises(viewer, (asked.agent_id,)) or asked.agent_id == viewer.agent_id
        ),
        broadcasts=tuple(
            line for line in snapshot.broadcasts if viewer.staff or (line.team in (None, team) and not viewer.board)
        ),
        boards=tuple(board for board in snapshot.boards if hangs(viewer, board.id)),
        alerts=tuple(alert for alert in snapshot.alerts if hangs(viewer, alert.board))
        if viewer.staff or viewer.board
        else (),
    )


def number_for(viewer: Viewer, number: str, *, agent_id: int | None) -> str:
    """A caller's number as this viewer may see it; `agent_id` is the agent who had the call."""
    own = agent_id is not None and agent_id == viewer.agent_id
    return number if own or supervises(viewer, () if agent_id is None else (agent_id,)) else mask_number(number)
