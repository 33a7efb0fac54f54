"""What passes between agents and who supervises, beside the calls: help asked for, lines to everybody, who listens.

Kept in memory only: after a restart agents ask again, and old lines are in the audit log.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import msgspec
import structlog

from ctiserver.call.states import Call
from ctiserver.call.watching import Watch
from ctiserver.clock import Clock
from ctiserver.directory import Agent
from ctiserver.errors import Refused
from ctiserver.live.audience import Audience, staff_about, staff_and
from ctiserver.live.feed import Feed
from ctiserver.live.floor_views import BroadcastView, HelpView, watch_view

log = structlog.get_logger()

KEPT = 20
KEPT_S = 8 * 3600.0  # a shift: who comes later has been told by then


class Floor:
    def __init__(self, feed: Feed, clock: Clock) -> None:
        self._feed = feed
        self._clock = clock
        self._helps: dict[int, HelpView] = {}
        self._broadcasts: deque[BroadcastView] = deque(maxlen=KEPT)

    # ── lines to everybody ──────────────────────────────────────────────────────────────────────────────────────────

    def broadcast(self, text: str, by: str, team: str | None, agents: Iterable[Agent]) -> None:
        """A line for all agents (of a team), and for who supervises."""
        line = BroadcastView(text=text, by=by, team=team, at=self._clock.now())
        self._broadcasts.append(line)
        chosen = frozenset(agent.id for agent in agents if team in (None, agent.team))
        self._feed.publish("broadcast", line, Audience(staff=True, agents=chosen))

    def broadcasts(self) -> tuple[BroadcastView, ...]:
        """Of this shift, oldest first."""
        return tuple(line for line in self._broadcasts if line.at > self._clock.now() - KEPT_S)

    # ── help ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def helps(self) -> tuple[HelpView, ...]:
        return tuple(self._helps.values())

    def ask_help(self, agent_id: int, call_id: str, text: str) -> None:
        """Asked again, the text is the new one and the place in the row stays."""
        before = self._helps.get(agent_id)
        at = before.at if before is not None else self._clock.now()
        self._set(HelpView(agent_id=agent_id, call_id=call_id, text=text, at=at))
        log.info("help_asked", agent=agent_id, call_id=call_id)

    def answer_help(self, agent_id: int, by: str) -> None:
        """Raises Refused: nobody asks there any more."""
        asked = self._helps.get(agent_id)
        if asked is None:
            raise Refused("help_over", "this agent does not ask for help any more")
        self._set(msgspec.structs.replace(asked, state="answered", by=by))

    def end_help(self, agent_id: int) -> None:
        """No longer needed; nothing where none was asked."""
        asked = self._helps.get(agent_id)
        if asked is not None:
            self._set(msgspec.structs.replace(asked, state="over"))

    def call_changed(self, call: Call) -> None:
        """Help is about one call, and over with it."""
        if call.phase == "ended":
            for asked in self.helps():
                if asked.call_id == call.id:
                    self.end_help(asked.agent_id)

    def _set(self, asked: HelpView) -> None:
        if asked.state == "over":
            self._helps.pop(asked.agent_id, None)
        else:
            self._helps[asked.agent_id] = asked
        self._feed.publish("help", asked, staff_and(asked.agent_id))

    # ── who listens ─────────────────────────────────────────────────────────────────────────────────────────────────

    def watch_changed(self, watch: Watch) -> None:
        self._feed.publish("watch", watch_view(watch), staff_about(watch.agent_id))
        asked = self._helps.get(watch.agent_id)
        if asked is not None and asked.state == "asked" and watch.state == "on":
            self.answer_help(watch.agent_id, watch.supervisor)
