"""say: speak, then go on; play: the same with recorded prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.fields import PromptId, Target
from ctiserver.ivr.messages import Digit, FlowInput, PromptsDone, PromptsFailed
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.speech import Line, Speech

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class Statement(Node, frozen=True, kw_only=True):
    """What `say` and `play` share: be heard, then go on."""

    types_ahead: ClassVar[bool] = True

    next: Target
    barge_in: bool = True

    def speech(self) -> Speech:
        raise NotImplementedError

    def enter(self, turn: Turn) -> str | None:
        if self.barge_in and turn.has_typed:
            return self.next
        return None if turn.play(self.speech(), interruptible=self.barge_in) else self.next

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


class Say(Statement, frozen=True, kw_only=True):
    """A key skips the rest (and counts for the next question) unless `barge_in` is false."""

    type_name: ClassVar[str] = "say"
    short: ClassVar[str | None] = "text"

    text: Speech

    def speech(self) -> Speech:
        return self.text


class Play(Statement, frozen=True, kw_only=True):
    """Recorded prompts one after another, in the caller's language where there are recordings in it."""

    type_name: ClassVar[str] = "play"
    short: ClassVar[str | None] = "prompts"

    prompts: tuple[PromptId, ...]

    def problem(self) -> str | None:
        """What the field types cannot express."""
        return None if self.prompts else "there is nothing to play"

    def speech(self) -> Speech:
        return Speech(tuple(Line(prompt=prompt) for prompt in self.prompts))
