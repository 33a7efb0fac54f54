"""record: keep what the caller says for this call; voicemail: keep it for those who were not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr import phrases
from ctiserver.ivr.fields import Keys, Seconds, Target, VariableName
from ctiserver.ivr.messages import (
    Captured,
    Digit,
    DropMessage,
    FlowInput,
    KeepMessage,
    MessageRecorded,
    NoInput,
    PromptsDone,
    PromptsFailed,
    RecordMessage,
)
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.speech import Speech

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn

HEAR, AGAIN = "1", "2"
REVIEW_TIMEOUT_S = 5.0
MAX_AGAIN = 3  # times that a message may be said again


class Recording(Node, frozen=True, kw_only=True):
    """Ends with the `end` key, after `silence` seconds without a sound, or at `max`; shorter than `min` is `empty`.

    With `review` the caller may hear it (1) or say it again (2); any other key, silence and a hang-up keep it.
    """

    asks: ClassVar[bool] = True
    takes_global_keys: ClassVar[bool] = False

    say: Speech | None = None
    empty: Target | None = None
    failed: Target | None = None
    max: Seconds = Seconds(120)
    silence: Seconds = Seconds(5)
    min: Seconds = Seconds(1)
    end: Keys = Keys("#")
    beep: bool = True
    review: bool = False
    review_say: Speech = phrases.REVIEW

    def problem(self) -> str | None:
        """What the field types cannot express."""
        if not 2 <= self.max <= 1800:
            return "max lies between 2s and 30m"
        if not 1 <= self.silence <= 60 or not 0 <= self.min < self.max:
            return "silence lies between 1s and 60s, and min below max"
        return None if self.end in ("#", "*") else "end must be # or *"

    def box_for(self, turn: Turn) -> str:
        """Whose voicemail it becomes; empty: nobody's."""
        return ""

    def done(self, turn: Turn) -> str | None:
        """What was said is kept."""
        raise NotImplementedError

    def without(self, turn: Turn, message: MessageRecorded) -> str | None:
        """Nothing was said, or nothing could be recorded."""
        raise NotImplementedError

    def keep(self, turn: Turn, message: MessageRecorded) -> None:
        """Note the recording in the call's variables."""

    def enter(self, turn: Turn) -> str | None:
        turn.forget_typed()
        if not turn.play(self.say):
            self._record(turn)
        return None

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        match message:
            case MessageRecorded():
                return self._recorded(turn, message)
            case Digit() if turn.phase == "recording":
                turn.digits = message.key  # the end key is told twice: as a key, and by the recording's end
                return None
            case _:
                return self._review(turn, message) if turn.stage else self._prompted(turn, message)

    def _prompted(self, turn: Turn, message: FlowInput) -> str | None:
        """A key skips what is said before the tone."""
        if isinstance(message, Digit | PromptsDone | PromptsFailed):
            turn.stop_playing()
            self._record(turn)
        return None

    def _record(self, turn: Turn) -> None:
        turn.stage = turn.digits = ""
        turn.send_for(
            RecordMessage(
                box=self.box_for(turn),
                name=turn.node_name,
                beep=self.beep,
                end=str(self.end),
                max_s=float(self.max),
                silence_s=float(self.silence),
                min_s=float(self.min),
            )
        )

    def _recorded(self, turn: Turn, message: MessageRecorded) -> str | None:
        if turn.digits != self.end:
            turn.expect_end_key(self.end)
        turn.digits = ""
        if message.outcome != "recorded":
            return self.without(turn, message)
        self.keep(turn, message)
        if not self.review:
            turn.report(KeepMessage(recording=message.recording))
            return self.done(turn)
        turn.stage = message.recording
        turn.play(self.review_say)
        return None

    def _review(self, turn: Turn, message: FlowInput) -> str | None:
        match message:
            case PromptsDone() | PromptsFailed():
                turn.listen(REVIEW_TIMEOUT_S)
                return None
            case Digit() if message.key == HEAR:
                turn.stop_playing()
                turn.play(Captured(recording=turn.stage), self.review_say)
                return None
            case Digit() if message.key == AGAIN and turn.attempts < MAX_AGAIN:
                turn.attempts += 1
                turn.stop_playing()
                turn.report(DropMessage(recording=turn.stage))
                self._record(turn)
                return None
            case Digit() | NoInput():
                turn.stop_playing()
                turn.report(KeepMessage(recording=turn.stage))
                return self.done(turn)
            case _:
                return None


class Record(Recording, frozen=True, kw_only=True):
    """`into` becomes {recording, seconds}; `{into.seconds}` may be spoken. Kept with the call alone."""

    type_name: ClassVar[str] = "record"
    assigns_on: ClassVar[frozenset[str] | None] = frozenset({"next"})

    into: VariableName
    next: Target

    def keep(self, turn: Turn, message: MessageRecorded) -> None:
        turn.assign(self.into, {"recording": message.recording, "seconds": message.seconds})

    def done(self, turn: Turn) -> str | None:
        return self.next

    def without(self, turn: Turn, message: MessageRecorded) -> str | None:
        turn.assign(self.into, None)
        return (self.empty if message.outcome == "empty" else self.failed) or self.next


class Voicemail(Recording, frozen=True, kw_only=True):
    """`box` is a word such as a queue's id: who looks after it finds the message. Without `next` the call ends."""

    type_name: ClassVar[str] = "voicemail"
    short: ClassVar[str | None] = "box"
    ends_call: ClassVar[bool] = True

    box: str
    say: Speech | None = phrases.LEAVE_A_MESSAGE
    next: Target | None = None
    thanks: Speech | None = phrases.MESSAGE_KEPT

    def problem(self) -> str | None:
        """What the field types cannot express."""
        if not 1 <= len(self.box) <= 40:
            return "box is a short word"
        return super().problem()

    def box_for(self, turn: Turn) -> str:
        return self.box

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        if turn.stage != "thanks":
            return super().react(turn, message)
        if isinstance(message, PromptsDone | PromptsFailed | Digit):
            turn.stop_playing()
            return _onwards(turn, self.next)
        return None

    def done(self, turn: Turn) -> str | None:
        turn.stage = "thanks"
        return None if turn.play(self.thanks) else _onwards(turn, self.next)

    def without(self, turn: Turn, message: MessageRecorded) -> str | None:
        return _onwards(turn, (self.empty if message.outcome == "empty" else self.failed) or self.next)


def _onwards(turn: Turn, target: Target | None) -> Target | None:
    if target is None:
        turn.hang_up("normal")
    return target
