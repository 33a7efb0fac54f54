"""A caller without a telephone: walks a flow by keys and silence and notes what is heard. Time passes as it would.

The tests inside flow files run here, and `ctiserver flows walk` shows it in a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import get_args

from ctiserver.ivr import interpreter
from ctiserver.ivr.cursor import Cursor, Step, new_visits
from ctiserver.ivr.fields import KEYS
from ctiserver.ivr.flow import Flow, FlowSet, FlowTest
from ctiserver.ivr.messages import (
    Action,
    AgentDone,
    AnswerSurvey,
    Captured,
    CreateWorkOrder,
    DialOut,
    Digit,
    Enqueue,
    FaxDone,
    FlowInput,
    HangUp,
    Heard,
    JoinRoom,
    Kept,
    LeaveQueue,
    LeaveRoom,
    LegDone,
    LegOutcome,
    Listen,
    LookUp,
    LookupDone,
    MessageRecorded,
    NoInput,
    Play,
    PromptsDone,
    QueueLeft,
    QueueRequest,
    ReceiveFax,
    Recorded,
    RecordMessage,
    RequestCallback,
    RoomLeft,
    SendFax,
    SendSms,
    Spoken,
    Utterance,
)

SILENCE = "silence"
QUEUE_OUTCOMES = ("timeout", "no_agents", "closed", "refused")
AGENT_DONE = "agent_done"
LEG_OUTCOMES = get_args(LegOutcome)
MESSAGE, FAX, FAILED, LEAVES, SAY = "message", "fax", "failed", "leaves", "say "
_MESSAGE_S = 8.0
_SPEAKING_RATE = 5.0
"""Characters per second, for the clock of the walk."""
_SOME_WORKDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MAX_MOVES = 500


@dataclass
class Caller:
    """One call in the making. `heard`, `visited` and `ended` tell what has happened so far."""

    flow_set: FlowSet
    now: datetime
    lookups: Mapping[str, object] = field(default_factory=dict[str, object])
    heard: list[str] = field(default_factory=list[str])
    visited: list[str] = field(default_factory=list[str])
    ended: str = ""
    queue: QueueRequest | None = None
    cursor: Cursor | None = None
    _listen: Listen | None = None
    _playing_for: timedelta = timedelta()

    def ring(self, flow_id: str, variables: Mapping[str, object] | None = None) -> None:
        self._take(interpreter.start(self.flow_set, flow_id, variables or {}, self.now))

    @property
    def waits(self) -> bool:
        """Whether the flow waits for the caller, rather than for a prompt or an agent."""
        return not self.ended and self.cursor is not None and self.cursor.phase == "listening"

    def press(self, keys: str) -> None:
        """Keys in a row, as fast as a finger."""
        for key in keys:
            self.now += timedelta(milliseconds=300)
            self._tell(Digit(key=key))

    def listen_to_the_end(self) -> None:
        """Hear all prompts that play, until the flow waits."""
        for _ in range(MAX_MOVES):
            if self.cursor is None or self.cursor.phase != "playing":
                return
            self.now += self._playing_for
            self._tell(PromptsDone(turn=self.cursor.turn))

    def stay_silent(self) -> None:
        """Say and press nothing until the flow gives up waiting."""
        self.listen_to_the_end()
        if self.waits and self._listen is not None:
            self.now += timedelta(seconds=self._listen.deadline_s or 0)
            self._tell(NoInput(turn=self._listen.turn))
        elif self._phase == "recording":
            self._tell(MessageRecorded(outcome="empty"))

    def queue_ends(self, outcome: str) -> None:
        """`timeout`, `no_agents`, `closed`, `refused` or `agent_done`."""
        self.queue = None
        self._tell(AgentDone() if outcome == AGENT_DONE else QueueLeft(reason=outcome))  # pyright: ignore[reportArgumentType] - the caller has checked it

    def do(self, word: str) -> str:
        """One entry of a test's `keys`. Answers what was wrong with it, or the empty text."""
        if word in (*QUEUE_OUTCOMES, AGENT_DONE):
            if self.queue is None:
                return f'"{word}" happens in a queue, but the caller is at {self.place}'
            self.queue_ends(word)
        elif word == SILENCE:
            self.stay_silent()
        elif word.startswith(SAY):
            self.listen_to_the_end()
            self._tell(Heard(text=word.removeprefix(SAY)))
        elif (outcome := _OUTCOMES.get((self._phase_after_prompts(word), word))) is not None:
            self.now += timedelta(seconds=_MESSAGE_S)
            self._tell(outcome)
        elif word and all(key in KEYS for key in word):
            self.press(word)
        else:
            words = ", ".join((*QUEUE_OUTCOMES, AGENT_DONE, *sorted({word for _, word in _OUTCOMES})))
            return f'"{word}" is neither keys nor {SILENCE} nor, at {self.place}, one of {words}'
        return ""

    @property
    def _phase(self) -> str:
        return self.cursor.phase if self.cursor is not None and not self.ended else ""

    def _phase_after_prompts(self, word: str) -> str:
        """Where a message or the end of a conversation is told, what is said before it has been heard."""
        if any(known == word for _, known in _OUTCOMES):
            self.listen_to_the_end()
        return self._phase

    @property
    def place(self) -> str:
        if self.ended:
            return f"the end ({self.ended})"
        return self.cursor.node if self.cursor is not None else "the beginning"

    def _tell(self, message: FlowInput) -> None:
        if self.cursor is not None and not self.ended:
            self._take(interpreter.step(self.flow_set, self.cursor, message, self.now))

    def _take(self, step: Step) -> None:
        self.visited.extend(visit.node for visit in new_visits(self.cursor, step.cursor))
        self.cursor = step.cursor
        left: list[str] = []
        for action in step.actions:
            self._perform(action, left)
        for key in left:
            self.queue = None
            self._tell(QueueLeft(reason="key", key=key))
        for action in step.actions:
            if isinstance(action, LookUp):
                self._tell(self._found(action))
            elif isinstance(action, LeaveRoom):
                self._tell(RoomLeft())

    def _found(self, asked: LookUp) -> LookupDone:
        answer = self.lookups.get(asked.path, "not_found")
        if answer in ("not_found", FAILED):
            return LookupDone(outcome=str(answer))
        return LookupDone(outcome="ok", value=answer)

    def _perform(self, action: Action, left: list[str]) -> None:
        if (happened := happening(action)) is not None:
            self.visited.append(happened)
        match action:
            case Play():
                texts = heard_as_texts(action.prompts)
                self.heard.extend(texts)
                self._playing_for = timedelta(seconds=sum(map(len, texts)) / _SPEAKING_RATE)
            case Listen():
                self._listen = action
            case Enqueue():
                self.queue = action.request
            case LeaveQueue():
                left.append(action.key)
            case HangUp():
                self.ended = action.reason
            case _:
                pass


def heard_as_texts(prompts: Iterable[Utterance]) -> list[str]:
    """What is heard, one text per prompt; the words of a composed value are one text."""
    texts: list[str] = []
    in_value = False
    for prompt in prompts:
        word = prompt if isinstance(prompt, Recorded) and prompt.value else None
        if word is not None and in_value:
            texts[-1] += ("" if word.text_language.startswith("zh") else " ") + word.text
        else:
            texts.append(heard_as(prompt))
        in_value = word is not None
    return texts


def heard_as(prompt: Utterance) -> str:
    match prompt:
        case Spoken():
            return prompt.text
        case Recorded():
            return prompt.text or f"[{prompt.prompt}]"
        case Captured():
            return "[the caller's own message]"
        case Kept():
            return "[a message]"


def happening(action: Action) -> str | None:
    """What a test may expect besides nodes; its first word is one of `HAPPENINGS`."""
    match action:
        case Enqueue():
            return f"queue {action.request.queue}"
        case HangUp():
            return "hang_up"
        case LookUp():
            return f"lookup {action.path}"
        case RecordMessage():
            return f"voicemail {action.box}" if action.box else f"record {action.name}"
        case DialOut():
            return f"transfer {action.target}"
        case JoinRoom():
            return f"conference {action.room}"
        case ReceiveFax():
            return f"fax {action.box or 'receive'}"
        case SendFax():
            return f"fax {action.document}"
        case RequestCallback():
            return f"callback {action.number}"
        case AnswerSurvey():
            return f"survey {action.question}={action.score}"
        case SendSms():
            return f"sms {action.number}"
        case CreateWorkOrder():
            return f"work_order {action.category}"
        case _:
            return None


_OUTCOMES: Mapping[tuple[str, str], FlowInput] = {
    ("recording", MESSAGE): MessageRecorded(outcome="recorded", recording="message", seconds=_MESSAGE_S),
    ("recording", FAILED): MessageRecorded(outcome="failed"),
    ("fax", FAX): FaxDone(ok=True, pages=1),
    ("fax", FAILED): FaxDone(ok=False),
    ("room", LEAVES): RoomLeft(),
    **{("outside", outcome): LegDone(outcome=outcome) for outcome in LEG_OUTCOMES},
}
"""Phase and word → what is told to the flow."""


def run_test(flow_set: FlowSet, flow: Flow, test: FlowTest) -> list[str]:
    """What did not happen as the test says; empty if all did."""
    caller = Caller(flow_set, test.at or _SOME_WORKDAY, test.lookups)
    caller.ring(flow.id, test.vars)
    problems: list[str] = []
    for word in test.keys:
        if caller.ended:
            problems.append(f'the call had ended ({caller.ended}) before "{word}"')
            break
        if problem := caller.do(word):
            problems.append(problem)
            break
    caller.listen_to_the_end()
    if missing := _first_missing(test.expect, caller.visited, exactly=True):
        problems.append(f"never came to {missing}; the way was {' → '.join(caller.visited)}")
    if missing := _first_missing(test.hears, caller.heard, exactly=False):
        problems.append(f"never heard “{missing}”; heard was {' / '.join(caller.heard)}")
    problems.extend(f"heard “{text}”" for text in test.never_hears if any(text in heard for heard in caller.heard))
    if caller.cursor is not None and caller.cursor.fault:
        problems.append(f"a step failed: {caller.cursor.fault}")
    return problems


def _first_missing(wanted: tuple[str, ...], happened: list[str], *, exactly: bool) -> str:
    """The first of `wanted` that doesn't occur after the ones before it."""
    position = 0
    for want in wanted:
        while position < len(happened):
            found = happened[position] == want if exactly else want in happened[position]
            if found:
                break
            position += 1
        if position >= len(happened):
            return want
        position += 1 if exactly else 0
    return ""
