"""queue: wait for an agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from ctiserver.ivr.computed import Computed
from ctiserver.ivr.fields import Keys, QueueId, Seconds, Target
from ctiserver.ivr.messages import AgentDone, Announce, Digit, FlowInput, QueueLeft, QueueRequest
from ctiserver.ivr.nodes.base import Node

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class QueueAnnouncements(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    position: bool = True
    wait: bool = False
    every: Seconds = Seconds(30)


class Queue(Node, frozen=True, kw_only=True):
    """`skills` are the least levels an agent must have, besides what the queue asks for. `keys` lead out of the queue.

    Where an exit has no target the call ends; `after` is where to go once the agent has hung up, say to a survey.
    """

    type_name: ClassVar[str] = "queue"
    short: ClassVar[str | None] = "queue"
    active_edges: ClassVar[frozenset[str]] = frozenset({"on_timeout", "keys", "after"})
    ends_call: ClassVar[bool] = True
    takes_global_keys: ClassVar[bool] = False

    queue: QueueId
    priority: Computed = Computed(0)
    skills: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    announce: QueueAnnouncements | None = QueueAnnouncements()
    music: str = "default"
    timeout: Seconds | None = None
    on_timeout: Target | None = None
    no_agents: Target | None = None
    closed: Target | None = None
    full: Target | None = None
    forecast: Target | None = None
    refused: Target | None = None
    keys: dict[Keys, Target] = msgspec.field(default_factory=dict[Keys, Target])
    after: Target | None = None

    def problem(self) -> str | None:
        """What the field types cannot express."""
        if any(not 1 <= level <= 10 for level in self.skills.values()):
            return "a skill's least level lies between 1 and 10"
        if any(len(key) != 1 for key in self.keys):
            return "in a queue only single keys are heard"
        if self.announce is not None and self.announce.every < 10:
            return "announcements are at least 10s apart"
        if self.timeout is not None and self.timeout < 1:
            return "timeout must be at least 1s"
        if self.timeout is None and self.on_timeout is not None:
            return "on_timeout needs a timeout"
        return None

    def enter(self, turn: Turn) -> str | None:
        announce = self.announce
        turn.enqueue(
            QueueRequest(
                queue=str(self.queue),
                language=str(turn.language),
                priority=self.priority.whole_number(turn.variables, otherwise=0),
                skills={str(skill): level for skill, level in self.skills.items()},
                announce=announce
                and Announce(position=announce.position, wait=announce.wait, every_s=float(announce.every)),
                music=self.music,
                timeout_s=float(self.timeout) if self.timeout is not None else None,
                keys=tuple(str(key) for key in self.keys),
                node=turn.node_name,
            )
        )
        return None

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        match message:
            case Digit() if message.key in self.keys:
                turn.leave_queue(message.key)
                return None
            case QueueLeft() if message.flow and (entry := turn.enter_flow(message.flow, None)) is not None:
                return entry
            case QueueLeft():
                return self._go_or_end(turn, self._exit(message), _ENDED_BECAUSE[message.reason])
            case AgentDone():
                return self._go_or_end(turn, self.after, "agent_done")
            case _:
                return None

    def _exit(self, left: QueueLeft) -> Target | None:
        if left.reason == "key":
            return self.keys.get(Keys(left.key))
        exits = {
            "timeout": self.on_timeout,
            "full": self.full or self.refused or self.no_agents,
            "no_agents": self.no_agents,
            "closed": self.closed,
            "forecast": self.forecast or self.refused or self.no_agents,
            "refused": self.refused or self.no_agents,
        }
        return exits[left.reason]

    def _go_or_end(self, turn: Turn, target: Target | None, reason: str) -> Target | None:
        if target is None:
            turn.hang_up(reason)
        return target


_ENDED_BECAUSE = {
    "timeout": "queue_timeout",
    "full": "queue_full",
    "no_agents": "no_agents",
    "closed": "closed",
    "forecast": "forecast",
    "refused": "refused",
    "key": "normal",
}
