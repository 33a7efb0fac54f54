"""say: speak, then go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.fields import Target
from ctiserver.ivr.messages import Digit, FlowInput, PromptsDone, PromptsFailed
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.speech import Speech

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class Say(Node, frozen=True, kw_only=True):
    """A key skips the rest (and counts for the next question) unless `barge_in` is false."""

    type_name: ClassVar[str] = "say"
    short: ClassVar[str | None] = "text"

    text: Speech
    next: Target
    barge_in: bool = True

    def enter(self, turn: Turn) -> str | None:
        if self.barge_in and turn.has_typed:
            return self.next
        return None if turn.play(self.text, interruptible=self.barge_in) else self.next

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        match message:
            case Digit() if self.barge_in:
                turn.stop_playing()
                turn.type_ahead(message.key)
                return self.next
            case PromptsDone() | PromptsFailed():
                return self.next
            case _:
                return None
