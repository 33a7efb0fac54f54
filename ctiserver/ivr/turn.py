"""One step in the making: the cursor taken apart, changed by the nodes, and put together again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from ctiserver.ivr.cursor import MASK, Cursor, Entered, Frame, Phase, Step, Swallow, Visit
from ctiserver.ivr.flow import Flow, FlowSet
from ctiserver.ivr.messages import (
    Action,
    Captured,
    DialOut,
    Enqueue,
    Errand,
    HangUp,
    JoinRoom,
    LeaveQueue,
    LeaveRoom,
    Listen,
    LookUp,
    Play,
    QueueRequest,
    RecordMessage,
    Report,
    Spoken,
    StopPlaying,
    Utterance,
)
from ctiserver.ivr.opening_hours import Opening, opening_at
from ctiserver.ivr.speech import Speech

MAX_STACK = 8
MAX_TYPED = 32
MAX_PATH = 200
MAX_TRAIL = 20
_SWALLOW = timedelta(seconds=3)
_PHASE_OF_ERRAND: dict[type[Errand], Phase] = {
    LookUp: "lookup",
    RecordMessage: "recording",
    DialOut: "outside",
    JoinRoom: "room",
}


class Turn:
    """What a node can see and do. Nodes return the next node's name, or None to wait."""

    def __init__(self, flow_set: FlowSet, flow: Flow, cursor: Cursor, now: datetime) -> None:
        self.flow_set = flow_set
        self.flow = flow
        self.now = now
        self.node_name = cursor.node
        self.language = cursor.language
        self.phase: Phase = cursor.phase
        self.interruptible = cursor.interruptible
        self.digits = cursor.digits
        self.attempts = cursor.attempts
        self.silences = cursor.silences
        self.stage = cursor.stage
        self.fault = cursor.fault
        self._version = cursor.version
        self._hash = cursor.content_hash
        self._number = cursor.turn
        self._vars = dict(cursor.vars)
        self._secrets = dict(cursor.secrets)
        self._secrets_lost = cursor.secrets_lost
        self._typed = cursor.typed
        self._swallow = cursor.swallow
        self._trail = list(cursor.trail)
        self._stack = list(cursor.stack)
        self._path = list(cursor.path)
        self._path_count = cursor.path_count
        self._entered = list(cursor.entered)
        self._entered_count = cursor.entered_count
        self._actions: list[Action] = []

    # Values

    @property
    def variables(self) -> Mapping[str, object]:
        """Everything but secrets."""
        return self._vars

    @property
    def secrets(self) -> Mapping[str, str]:
        """Numbers that were entered in secret: for lookups only, never to be spoken."""
        return self._secrets

    def assign(self, name: str, value: object) -> None:
        self._vars[str(name)] = value

    def speak(self, language: str) -> None:
        self.language = self._vars["language"] = str(language)

    def keep_input(self, name: str, value: str, *, secret: bool) -> None:
        """Store what the caller keyed in, and note it for the agent's page."""
        name = str(name)
        if secret:
            self._secrets[name] = value
            self._secrets_lost = tuple(lost for lost in self._secrets_lost if lost != name)
        else:
            self._vars[name] = value
        self.note_input(name, MASK * len(value) if secret else value)

    def note_input(self, name: str, shown: str) -> None:
        entered = Entered(str(self.flow.id), self.node_name, str(name), shown, self.now)
        self._entered = [*self._entered[-MAX_PATH + 1 :], entered]
        self._entered_count += 1

    def opening(self, calendar: str) -> Opening:
        """Closed if there is no such calendar."""
        known = self.flow_set.calendars.get(calendar)
        return opening_at(known, self.now, self.flow_set.holidays) if known is not None else Opening("closed")

    # Doing

    def play(self, *speeches: Speech | Captured | None, interruptible: bool = True) -> bool:
        """False if there was nothing to be said."""
        utterances = tuple(utterance for speech in speeches for utterance in self._utterances(speech))
        if not utterances:
            return False
        self.phase = "playing"
        self.interruptible = interruptible
        self._actions.append(Play(prompts=utterances, interruptible=interruptible, turn=self._next_number()))
        return True

    def _utterances(self, speech: Speech | Captured | None) -> tuple[Utterance, ...]:
        if speech is None or isinstance(speech, Captured):
            return (speech,) if speech is not None else ()
        recordings = self.flow_set.recordings
        return speech.utterances(self._vars, self.language, self.flow.language, self.now, recordings)

    def words(self, speech: Speech | None) -> str:
        """A speech to be read rather than heard: a message, the text of a work order."""
        if speech is None:
            return ""
        said = speech.utterances(self._vars, self.language, self.flow.language, self.now)
        return "".join(u.text for u in said if isinstance(u, Spoken))

    def stop_playing(self) -> None:
        if self.phase == "playing":
            self._actions.append(StopPlaying())
            self.phase = "idle"

    def listen(self, deadline_s: float | None, words: tuple[str, ...] = ()) -> None:
        self.phase = "listening"
        language = str(self.language) if words else ""
        self._actions.append(Listen(deadline_s=deadline_s, turn=self._next_number(), words=words, language=language))

    def enqueue(self, request: QueueRequest) -> None:
        self.phase = "queue"
        self._typed = ""
        self._actions.append(Enqueue(request=request))

    def leave_queue(self, key: str) -> None:
        self._actions.append(LeaveQueue(key=key))

    def send_for(self, errand: Errand) -> None:
        """Begin what takes time; its end comes as an input."""
        self.phase = _PHASE_OF_ERRAND.get(type(errand), "fax")
        if not isinstance(errand, LookUp):
            self._typed = ""
        self._actions.append(errand)

    def leave_room(self) -> None:
        self._actions.append(LeaveRoom())

    def report(self, what: Report) -> None:
        """Have something noted or sent; nothing is waited for."""
        self._actions.append(what)

    def hang_up(self, reason: str) -> None:
        self.phase = "ended"
        self._typed = self.digits = ""
        self._actions.append(HangUp(reason=reason))

    # Keys

    def type_ahead(self, key: str) -> None:
        """Keep a key for the next node that asks."""
        self._typed = (self._typed + key)[:MAX_TYPED]

    def take_typed(self) -> str:
        """The next key that was typed ahead, or the empty text."""
        key, self._typed = self._typed[:1], self._typed[1:]
        return key

    def forget_typed(self) -> None:
        self._typed = ""

    @property
    def has_typed(self) -> bool:
        return bool(self._typed)

    def expect_end_key(self, key: str) -> None:
        self._swallow = Swallow(str(key), self.now + _SWALLOW)

    def swallows(self, key: str) -> bool:
        """Whether `key` only ends a number that was already complete."""
        expected, self._swallow = self._swallow, None
        return expected is not None and key == expected.key and self.now <= expected.until

    # Moving

    def enter(self, name: str, *, asks: bool, by: str = "") -> None:
        """Stand at node `name` afresh, led there by the edge `by`; nodes that ask are where `back` leads."""
        name = str(name)  # a cursor is made of plain values, so that it can be stored
        self.node_name = name
        self.phase = "idle"
        self.digits = ""
        self.attempts = self.silences = 0
        self.stage = ""
        self._path = [*self._path[-MAX_PATH + 1 :], Visit(str(self.flow.id), name, self.now, by)]
        self._path_count += 1
        if asks and (not self._trail or self._trail[-1] != name):
            self._trail = [*self._trail[-MAX_TRAIL + 1 :], name]

    def go_back(self) -> str:
        """The question before this one, or this node again."""
        if self._trail and self._trail[-1] == self.node_name:
            self._trail.pop()
        return self._trail.pop() if self._trail else self.node_name

    def enter_flow(self, flow_id: str, then: str | None) -> str | None:
        """Go on in another flow; its first node. None if there is no such flow or flows are nested too deeply."""
        flow = self.flow_set.find(flow_id)
        if flow is None or (then is not None and len(self._stack) >= MAX_STACK):
            return None
        if then is not None:
            self._stack.append(Frame(str(self.flow.id), self._hash, str(then)))
        self._switch(flow)
        for name, value in flow.vars.items():
            self._vars.setdefault(name, value)
        return flow.entry

    def leave_flow(self) -> str | None:
        """Back to where this flow was entered from; None if it wasn't entered from another."""
        while self._stack:
            frame = self._stack.pop()
            flow = self.flow_set.find(frame.flow_id, frame.content_hash)
            if flow is not None:
                self._switch(flow)
                return frame.node
        return None

    def lost_secret(self) -> str | None:
        """The node that must ask again because a restart has forgotten a secret; None if nothing is missing."""
        for entered in self._entered:
            if entered.name in self._secrets_lost and entered.flow == self.flow.id:
                return entered.node
        return None

    def step(self) -> Step:
        cursor = Cursor(
            flow_id=str(self.flow.id),
            version=self._version,
            content_hash=self._hash,
            flow_set=self.flow_set.digest,
            node=self.node_name,
            language=str(self.language),
            phase=self.phase,
            interruptible=self.interruptible,
            turn=self._number,
            vars=self._vars,
            secrets=self._secrets,
            secrets_lost=self._secrets_lost,
            typed=self._typed,
            digits=self.digits,
            swallow=self._swallow,
            attempts=self.attempts,
            silences=self.silences,
            stage=self.stage,
            trail=tuple(self._trail),
            stack=tuple(self._stack),
            path=tuple(self._path),
            path_count=self._path_count,
            entered=tuple(self._entered),
            entered_count=self._entered_count,
            fault=self.fault,
        )
        return Step(cursor, tuple(self._actions))

    def _switch(self, flow: Flow) -> None:
        self.flow = flow
        self._version = flow.version
        self._hash = flow.content_hash
        self._trail = []

    def _next_number(self) -> int:
        self._number += 1
        return self._number
