"""hang_up: say goodbye and end the call."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.messages import FlowInput, PromptsDone, PromptsFailed
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.speech import Speech

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class HangUpNode(Node, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "hang_up"
    short: ClassVar[str | None] = "say"
    ends_call: ClassVar[bool] = True
    takes_global_keys: ClassVar[bool] = False

    say: Speech | None = None

    def enter(self, turn: Turn) -> str | None:
        if not turn.play(self.say, interruptible=False):
            turn.hang_up("normal")
        return None

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        if isinstance(message, PromptsDone | PromptsFailed):
            turn.hang_up("normal")
        return None
