"""survey: how was it? Questions that are answered by one key each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

import msgspec

from ctiserver.ivr import phrases
from ctiserver.ivr.fields import Seconds, Target
from ctiserver.ivr.messages import AnswerSurvey, Digit, FlowInput, NoInput, PromptsDone, PromptsFailed
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.speech import Speech

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn

THANKS = "thanks"


class SurveyQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answered by a key from `lowest` to `highest`; `name` is its column in reports."""

    name: str
    say: Speech
    lowest: int = 1
    highest: int = 5

    def problem(self) -> str | None:
        """What the field types cannot express."""
        if not 0 <= self.lowest < self.highest <= 9:
            return "0 <= lowest < highest <= 9 is required: an answer is one key"
        return None if 1 <= len(self.name) <= 40 else "name is a short word"


class Survey(Node, frozen=True, kw_only=True):
    """Each answer is stored with the call and the agent who talked last. A question that nobody answers ends it.

    The answers are also in `survey`, by question: `survey.service < 3` may lead to an apology.
    """

    type_name: ClassVar[str] = "survey"
    asks: ClassVar[bool] = True
    ends_call: ClassVar[bool] = True
    takes_global_keys: ClassVar[bool] = False
    assigns: ClassVar[tuple[str, ...]] = ("survey",)
    sets_on_entry: ClassVar[tuple[str, ...]] = ("survey",)

    name: str
    questions: tuple[SurveyQuestion, ...]
    next: Target | None = None
    retries: int = 1
    timeout: Seconds = Seconds(6)
    thanks: Speech | None = phrases.SURVEY_THANKS
    invalid_say: Speech = phrases.NOT_UNDERSTOOD

    def problem(self) -> str | None:
        """What the field types cannot express."""
        if not 1 <= len(self.questions) <= 10:
            return "a survey has 1 to 10 questions"
        if len({question.name for question in self.questions}) < len(self.questions):
            return "each question has a name of its own"
        if self.retries > 10 or not 1 <= self.timeout <= 60:
            return "retries is at most 10, timeout lies between 1s and 60s"
        return None if 1 <= len(self.name) <= 40 else "name is a short word"

    def enter(self, turn: Turn) -> str | None:
        turn.assign("survey", {})
        turn.forget_typed()
        return self._ask(turn, 0)

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        if turn.stage == THANKS:
            return self._leave(turn) if isinstance(message, PromptsDone | PromptsFailed) else None
        match message:
            case Digit():
                turn.stop_playing()
                return self._answer(turn, int(turn.stage), message.key)
            case PromptsDone() | PromptsFailed():
                turn.listen(self.timeout)
                return None
            case NoInput():
                return self._again(turn, int(turn.stage), None)
            case _:
                return None

    def _ask(self, turn: Turn, number: int, first: Speech | None = None) -> str | None:
        if number >= len(self.questions):
            turn.stage = THANKS
            return None if turn.play(self.thanks, interruptible=False) else self._leave(turn)
        turn.stage = str(number)
        if not turn.play(first, self.questions[number].say):
            turn.listen(self.timeout)
        return None

    def _answer(self, turn: Turn, number: int, key: str) -> str | None:
        question = self.questions[number]
        if not key.isdigit() or not question.lowest <= int(key) <= question.highest:
            return self._again(turn, number, self.invalid_say)
        turn.attempts = 0
        turn.note_input(question.name, key)
        given = turn.variables.get("survey")
        answers = cast("dict[str, object]", given) if isinstance(given, dict) else {}
        turn.assign("survey", {**answers, question.name: int(key)})
        turn.report(AnswerSurvey(survey=self.name, question=question.name, score=int(key)))
        return self._ask(turn, number + 1)

    def _again(self, turn: Turn, number: int, first: Speech | None) -> str | None:
        turn.attempts += 1
        if turn.attempts > self.retries:
            return self._leave(turn)
        return self._ask(turn, number, first)

    def _leave(self, turn: Turn) -> str | None:
        if self.next is None:
            turn.hang_up("normal")
        return self.next
