"""callback: the caller hangs up and is rung back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, cast

from ctiserver.ivr import phrases
from ctiserver.ivr.fields import QueueId, Target
from ctiserver.ivr.messages import Digit, FlowInput, PromptsDone, PromptsFailed, RequestCallback
from ctiserver.ivr.nodes.question import Question
from ctiserver.ivr.speech import Speech

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn

CONFIRM, OTHER = "1", "2"
END = "#"
ENTER, THANKS = "enter", "thanks"


class Callback(Question, frozen=True, kw_only=True):
    """Offers the number that was shown (1), or asks for another one (2); a hidden number is asked for at once.

    `keep_place`: as if the caller had gone on waiting in `queue`. `callback.number` may be spoken in `say`.
    """

    type_name: ClassVar[str] = "callback"
    short: ClassVar[str | None] = "queue"
    active_edges: ClassVar[frozenset[str]] = frozenset({"invalid", "next"})
    ends_call: ClassVar[bool] = True
    assigns: ClassVar[tuple[str, ...]] = ("callback",)
    sets_on_entry: ClassVar[tuple[str, ...]] = ("callback",)

    queue: QueueId
    no_input: Target | None = None
    next: Target | None = None
    say: Speech = phrases.CALLBACK_OFFER
    ask: Speech = phrases.CALLBACK_NUMBER
    thanks: Speech | None = phrases.CALLBACK_NOTED
    keep_place: bool = False
    min_digits: int = 7
    max_digits: int = 15

    def problem(self) -> str | None:
        """What the field types cannot express."""
        if not 3 <= self.min_digits <= self.max_digits <= 20:
            return "3 <= min_digits <= max_digits <= 20 is required"
        return super().problem()

    def enter(self, turn: Turn) -> str | None:
        turn.assign("callback", {"number": _shown(turn)})
        turn.stage = "" if _shown(turn) else ENTER
        return super().enter(turn)

    def claims(self, turn: Turn, key: str) -> bool:
        return key.isdigit() or key == END if turn.stage == ENTER else key in (CONFIRM, OTHER)

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        if turn.stage != THANKS:
            return super().react(turn, message)
        if isinstance(message, Digit | PromptsDone | PromptsFailed):
            turn.stop_playing()
            return self._leave(turn, self.next)
        return None

    def on_key(self, turn: Turn, key: str) -> str | None:
        if turn.stage == ENTER:
            return self._enter(turn, key)
        if key == CONFIRM:
            return self._request(turn, _shown(turn))
        if key != OTHER:
            return self.refuse(turn)
        turn.stage, turn.attempts, turn.silences = ENTER, 0, 0
        self._ask(turn)
        return None

    def on_pause(self, turn: Turn) -> str | None:
        return self._complete(turn)

    def speech(self, turn: Turn) -> Speech:
        return self.ask if turn.stage == ENTER else self.say

    def give_up(self, turn: Turn, why: Literal["invalid", "no_input"]) -> str | None:
        return self._leave(turn, (self.invalid if why == "invalid" else None) or self.no_input)

    def _enter(self, turn: Turn, key: str) -> str | None:
        if key == END:
            return self._complete(turn)
        if not key.isdigit():
            return None
        turn.digits += key
        if len(turn.digits) < self.max_digits:
            return None
        turn.expect_end_key(END)
        return self._complete(turn)

    def _complete(self, turn: Turn) -> str | None:
        if len(turn.digits) < self.min_digits:
            return self.refuse(turn)
        number, turn.digits = turn.digits, ""
        turn.note_input("callback", number)
        return self._request(turn, number)

    def _request(self, turn: Turn, number: str) -> str | None:
        turn.assign("callback", {"number": number})
        turn.report(RequestCallback(queue=str(self.queue), number=number, keep_place=self.keep_place))
        turn.stage = THANKS
        return None if turn.play(self.thanks) else self._leave(turn, self.next)

    def _leave(self, turn: Turn, target: Target | None) -> Target | None:
        if target is None:
            turn.hang_up("normal")
        return target


def _shown(turn: Turn) -> str:
    """The number that the network showed; empty where it is hidden."""
    caller = turn.variables.get("caller")
    number = cast("dict[str, object]", caller).get("number") if isinstance(caller, dict) else ""
    return number if isinstance(number, str) else ""
