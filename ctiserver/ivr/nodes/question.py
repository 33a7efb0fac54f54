"""What all questions share: ask, listen, and deal with wrong keys and silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ctiserver.ivr import phrases
from ctiserver.ivr.fields import Seconds, Target
from ctiserver.ivr.messages import Digit, FlowInput, Heard, NoInput, PromptsDone, PromptsFailed
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.speech import Speech

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class Question(Node, frozen=True, kw_only=True):
    """Asks again up to `retries` times each for wrong input and for silence, then gives up.

    `timeout` runs to the first key, `inter_digit` between keys.
    """

    asks: ClassVar[bool] = True
    active_edges: ClassVar[frozenset[str]] = frozenset({"invalid"})

    say: Speech
    invalid: Target | None = None
    timeout: Seconds = Seconds(5)
    inter_digit: Seconds = Seconds(3)
    retries: int = 2
    barge_in: bool = True
    invalid_say: Speech = phrases.NOT_UNDERSTOOD
    no_input_say: Speech = phrases.NOTHING_HEARD

    def problem(self) -> str | None:
        """What the field types cannot express."""
        if not 1 <= self.timeout <= 60:
            return "timeout lies between 1s and 60s"
        if not 0.5 <= self.inter_digit <= 30:
            return "inter_digit lies between 500ms and 30s"
        return "retries is at most 10" if self.retries > 10 else None

    def enter(self, turn: Turn) -> str | None:
        turn.digits = ""
        while key := turn.take_typed():
            target = self.on_key(turn, key)
            if target is not None or turn.phase != "idle":
                return target
        if turn.digits:
            turn.listen(self.inter_digit)
        else:
            self._ask(turn)
        return None

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        match message:
            case Digit():
                if turn.phase == "playing" and not self.barge_in:
                    return None
                turn.stop_playing()
                turn.phase = "idle"
                target = self.on_key(turn, message.key)
                if target is None and turn.phase == "idle":
                    if turn.digits:
                        turn.listen(self.inter_digit)
                    else:
                        self._listen(turn)
                return target
            case PromptsDone() | PromptsFailed():
                self._listen(turn)
                return None
            case Heard():
                return self.on_words(turn, message.text) if message.text else self._silence(turn)
            case NoInput():
                return self.on_pause(turn) if turn.digits else self._silence(turn)
            case _:
                return None

    def on_key(self, turn: Turn, key: str) -> str | None:
        """Take `key` into account; the next node once the input is complete."""
        raise NotImplementedError

    def on_pause(self, turn: Turn) -> str | None:
        """Some keys were pressed, then nothing for `inter_digit`."""
        raise NotImplementedError

    def words(self) -> tuple[str, ...]:
        """What the caller may say instead of pressing keys."""
        return ()

    def on_words(self, turn: Turn, text: str) -> str | None:
        """The caller was understood to say `text`."""
        return self.refuse(turn)

    def speech(self, turn: Turn) -> Speech:
        """The question."""
        return self.say

    def give_up(self, turn: Turn, why: Literal["invalid", "no_input"]) -> str | None:
        """Asked often enough: where to go now."""
        raise NotImplementedError

    def refuse(self, turn: Turn) -> str | None:
        """The input makes no sense: ask again, or give up."""
        turn.digits = ""
        turn.forget_typed()
        turn.attempts += 1
        if turn.attempts > self.retries:
            return self.give_up(turn, "invalid")
        self._ask(turn, self.invalid_say)
        return None

    def _silence(self, turn: Turn) -> str | None:
        turn.silences += 1
        if turn.silences > self.retries:
            return self.give_up(turn, "no_input")
        self._ask(turn, self.no_input_say)
        return None

    def _ask(self, turn: Turn, first: Speech | None = None) -> None:
        if not turn.play(first, self.speech(turn), interruptible=self.barge_in):
            self._listen(turn)

    def _listen(self, turn: Turn) -> None:
        turn.listen(self.timeout, self.words())


class Asking(Question, frozen=True, kw_only=True):
    """A question that leads on: to `no_input` after silence, to `invalid` (or there too) after wrong input."""

    no_input: Target

    def give_up(self, turn: Turn, why: Literal["invalid", "no_input"]) -> str | None:
        return (self.invalid if why == "invalid" else None) or self.no_input
