"""transfer: ring an extension, an agent or an outside number, and let the two talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.computed import Computed
from ctiserver.ivr.fields import Seconds, Target
from ctiserver.ivr.messages import DialOut, FlowInput, LegDone, LegKind
from ctiserver.ivr.nodes.base import Node

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class Transfer(Node, frozen=True, kw_only=True):
    """One of `extension`, `agent` (an agent's number) and `number` (outside; only those that the settings allow).

    `failed` is where to go when nobody is reached; `busy`, `no_answer` (declined as well) and `not_allowed` may lead
    elsewhere. `after` is where to go when the other side has hung up; without it the call ends. To a flow: `goto`.
    """

    type_name: ClassVar[str] = "transfer"
    ends_call: ClassVar[bool] = True
    takes_global_keys: ClassVar[bool] = False

    failed: Target
    extension: Computed | None = None
    agent: Computed | None = None
    number: Computed | None = None
    busy: Target | None = None
    no_answer: Target | None = None
    not_allowed: Target | None = None
    after: Target | None = None
    ring: Seconds = Seconds(30)
    limit: Seconds | None = None
    record: bool = False
    music: str = "default"

    def problem(self) -> str | None:
        """What the field types cannot express."""
        if sum(target is not None for target in (self.extension, self.agent, self.number)) != 1:
            return "one of extension, agent and number says whom to ring"
        if not 5 <= self.ring <= 120:
            return "ring lies between 5s and 2m"
        return "limit is at least 10s" if self.limit is not None and self.limit < 10 else None

    def enter(self, turn: Turn) -> str | None:
        kind, target = self._whom(turn)
        if not target:
            return self.failed
        turn.send_for(
            DialOut(
                kind=kind,
                target=target,
                ring_s=float(self.ring),
                limit_s=float(self.limit) if self.limit is not None else None,
                record=self.record,
                music=self.music,
            )
        )
        return None

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        if not isinstance(message, LegDone):
            return None
        if message.outcome == "completed":
            if self.after is None:
                turn.hang_up("transferred")
            return self.after
        exits = {
            "busy": self.busy,
            "no_answer": self.no_answer,
            "rejected": self.no_answer,
            "not_allowed": self.not_allowed,
        }
        return exits.get(message.outcome) or self.failed

    def _whom(self, turn: Turn) -> tuple[LegKind, str]:
        if self.extension is not None:
            return "extension", self.extension.text(turn.variables)
        if self.agent is not None:
            return "agent", self.agent.text(turn.variables)
        return "outside", self.number.text(turn.variables) if self.number is not None else ""
