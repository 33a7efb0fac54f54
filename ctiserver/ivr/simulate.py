"""A caller without a telephone: walks a flow by keys and silence and notes what is heard. Time passes as it would.

The tests inside flow files run here, and `ctiserver flows walk` shows it in a terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ctiserver.ivr import interpreter
from ctiserver.ivr.cursor import Cursor, Step, new_visits
from ctiserver.ivr.fields import KEYS
from ctiserver.ivr.flow import Flow, FlowSet, FlowTest
from ctiserver.ivr.messages import (
    Action,
    AgentDone,
    Digit,
    Enqueue,
    FlowInput,
    HangUp,
    LeaveQueue,
    Listen,
    NoInput,
    Play,
    PromptsDone,
    QueueLeft,
    QueueRequest,
    Recorded,
    Spoken,
)

SILENCE = "silence"
QUEUE_OUTCOMES = ("timeout", "no_agents", "closed", "refused")
AGENT_DONE = "agent_done"
_SPEAKING_RATE = 5.0
"""Characters per second, for the clock of the walk."""
_SOME_WORKDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MAX_MOVES = 500


@dataclass
class Caller:
    """One call in the making. `heard`, `visited` and `ended` tell what has happened so far."""

    flow_set: FlowSet
    now: datetime
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
        elif word and all(key in KEYS for key in word):
            self.press(word)
        else:
            return f'"{word}" is neither keys nor {SILENCE} nor one of {", ".join((*QUEUE_OUTCOMES, AGENT_DONE))}'
        return ""

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

    def _perform(self, action: Action, left: list[str]) -> None:
        match action:
            case Play():
                texts = [heard_as(prompt) for prompt in action.prompts]
                self.heard.extend(texts)
                self._playing_for = timedelta(seconds=sum(map(len, texts)) / _SPEAKING_RATE)
            case Listen():
                self._listen = action
            case Enqueue():
                self.queue = action.request
                self.visited.append(f"queue {action.request.queue}")
            case LeaveQueue():
                left.append(action.key)
            case HangUp():
                self.ended = action.reason
                self.visited.append("hang_up")
            case _:
                pass


def heard_as(prompt: Spoken | Recorded) -> str:
    return prompt.text if isinstance(prompt, Spoken) else f"[{prompt.prompt}]"


def run_test(flow_set: FlowSet, flow: Flow, test: FlowTest) -> list[str]:
    """What did not happen as the test says; empty if all did."""
    caller = Caller(flow_set, test.at or _SOME_WORKDAY)
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
