"""What the interpreter is told (facts) and what it asks for (actions). All frozen and JSON-able, tagged by `type`.

Timers: at most one runs per call. `Listen` starts it (replacing any other), every `Play`, `Enqueue` and `HangUp` ends
it; a step without actions leaves it alone. `Play` and `Listen` carry a `turn`; hand it back in `PromptsDone`,
`PromptsFailed` and `NoInput`, so that a report which was overtaken by a key is recognised as stale. 0 stands for
"whichever is current".
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Base of everything below."""


# What can be heard


class Spoken(Message, frozen=True, kw_only=True, tag=True):
    """Text for the text-to-speech engine. `static` texts are the same for every caller and worth keeping for ever."""

    text: str
    language: str
    static: bool = False


class Recorded(Message, frozen=True, kw_only=True, tag=True):
    """A recorded prompt, by id; `language` chooses among recordings of the same id.

    `text` is spoken (by a voice of `text_language`) where there is no recording. `value`: a word of a composed value.
    """

    prompt: str
    language: str
    text: str = ""
    text_language: str = ""
    value: bool = False


class Captured(Message, frozen=True, kw_only=True, tag=True):
    """What this caller has recorded in this call, played back; `recording` is its id."""

    recording: str


class Kept(Message, frozen=True, kw_only=True, tag=True):
    """A message that somebody left in another call; `path` is below the recordings folder."""

    path: str


Utterance: TypeAlias = Spoken | Recorded | Captured | Kept


# Inputs


class PromptsDone(Message, frozen=True, kw_only=True, tag=True):
    """All prompts of a Play were heard to their end."""

    turn: int = 0


class PromptsFailed(Message, frozen=True, kw_only=True, tag=True):
    """A Play could not be performed; the flow goes on as if it had been heard."""

    turn: int = 0


class Digit(Message, frozen=True, kw_only=True, tag=True):
    key: str


class NoInput(Message, frozen=True, kw_only=True, tag=True):
    """The deadline of a Listen has passed."""

    turn: int = 0


LeftBecause: TypeAlias = Literal["timeout", "full", "no_agents", "closed", "forecast", "refused", "key"]


class QueueLeft(Message, frozen=True, kw_only=True, tag=True):
    """The caller is no longer in the queue and no agent was reached. `key` is set when `reason` is "key".

    `flow`: the queue's rules lead the caller into that flow, rather than along the node's own exits.
    """

    reason: LeftBecause
    key: str = ""
    flow: str = ""


class AgentDone(Message, frozen=True, kw_only=True, tag=True):
    """The conversation with an agent is over and the caller is still there."""


class LookupDone(Message, frozen=True, kw_only=True, tag=True):
    """A lookup has ended; `outcome` names the branch (ok, not_found, failed), `value` what was found."""

    outcome: str
    value: object = None


class MessageRecorded(Message, frozen=True, kw_only=True, tag=True):
    """A RecordMessage has ended. `empty`: nothing, or less than was asked for; `recording` is its id."""

    outcome: Literal["recorded", "empty", "failed"]
    recording: str = ""
    seconds: float = 0.0


LegOutcome: TypeAlias = Literal["completed", "busy", "no_answer", "rejected", "unreachable", "not_allowed", "failed"]


class LegDone(Message, frozen=True, kw_only=True, tag=True):
    """A DialOut has ended and the caller is still there; `completed`: the two have talked."""

    outcome: LegOutcome


class RoomLeft(Message, frozen=True, kw_only=True, tag=True):
    """The caller is no longer in a conference room; `failed`: never was in it."""

    failed: bool = False


class FaxDone(Message, frozen=True, kw_only=True, tag=True):
    """A fax was received or sent, or not."""

    ok: bool
    pages: int = 0


class Heard(Message, frozen=True, kw_only=True, tag=True):
    """What the recogniser understood while we listened; empty: nothing."""

    text: str
    turn: int = 0


FlowInput: TypeAlias = (
    PromptsDone
    | PromptsFailed
    | Digit
    | NoInput
    | QueueLeft
    | AgentDone
    | LookupDone
    | MessageRecorded
    | LegDone
    | RoomLeft
    | FaxDone
    | Heard
)


# Actions


class Play(Message, frozen=True, kw_only=True, tag=True):
    prompts: tuple[Utterance, ...]
    interruptible: bool
    turn: int


class StopPlaying(Message, frozen=True, kw_only=True, tag=True):
    """End the Play that runs now."""


class Listen(Message, frozen=True, kw_only=True, tag=True):
    """Wait for a key; report NoInput after `deadline_s` seconds from now (None: never).

    With `words` the caller may say one of them instead, where a recogniser is at hand: report Heard.
    """

    deadline_s: float | None
    turn: int
    words: tuple[str, ...] = ()
    language: str = ""


class Announce(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What callers are told while they wait."""

    position: bool = True
    wait: bool = False
    every_s: float = 30.0


class QueueRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`skills` are minimum levels; `priority` in points, higher is sooner; `keys` are those that lead out of the queue.

    `node` is the queue's node in the flow.
    """

    queue: str
    language: str
    priority: int = 0
    skills: dict[str, int] = {}
    announce: Announce | None = None
    music: str = "default"
    timeout_s: float | None = None
    keys: tuple[str, ...] = ()
    node: str = ""


class Enqueue(Message, frozen=True, kw_only=True, tag=True):
    request: QueueRequest


class LeaveQueue(Message, frozen=True, kw_only=True, tag=True):
    """The caller pressed `key` in the queue: take the caller out and report QueueLeft("key", key), unless an agent
    was faster.
    """

    key: str


class HangUp(Message, frozen=True, kw_only=True, tag=True):
    """`reason`: normal, queue_timeout, no_agents, closed, refused, agent_done, flow_ended or flow_error.

    After flow_error the flow could not go on by itself: lead the caller to people rather than hang up, if possible.
    """

    reason: str


class LookUp(Message, frozen=True, kw_only=True, tag=True):
    """Ask an outside system; report LookupDone. `path` is filled in and quoted. `secret`: nobody may see it."""

    source: str
    path: str
    method: Literal["GET", "POST"] = "GET"
    body: dict[str, object] | None = None
    timeout_s: float | None = None
    secret: bool = False


class RecordMessage(Message, frozen=True, kw_only=True, tag=True):
    """Record the caller until `end` is pressed, silence, or the longest time; report MessageRecorded.

    `box`: whose voicemail it is; empty: it belongs to the call alone. Shorter than `min_s` counts as empty.
    """

    box: str = ""
    name: str = ""
    beep: bool = True
    end: str = "#"
    max_s: float = 120.0
    silence_s: float = 5.0
    min_s: float = 1.0


class KeepMessage(Message, frozen=True, kw_only=True, tag=True):
    """The caller is content with what was recorded: it may be stored."""

    recording: str


class DropMessage(Message, frozen=True, kw_only=True, tag=True):
    """The caller wants to say it again: what was recorded is thrown away."""

    recording: str


LegKind: TypeAlias = Literal["extension", "agent", "outside"]


class DialOut(Message, frozen=True, kw_only=True, tag=True):
    """Ring somebody outside of the queues and let the two talk; report LegDone."""

    kind: LegKind
    target: str
    ring_s: float = 30.0
    limit_s: float | None = None
    record: bool = False
    music: str = "default"


class JoinRoom(Message, frozen=True, kw_only=True, tag=True):
    """Into a conference; report RoomLeft once the caller is out of it."""

    room: str


class LeaveRoom(Message, frozen=True, kw_only=True, tag=True):
    pass


class ReceiveFax(Message, frozen=True, kw_only=True, tag=True):
    """Take the document that the caller's machine sends; report FaxDone."""

    box: str = ""


class SendFax(Message, frozen=True, kw_only=True, tag=True):
    """Fax on demand: send a document by id; report FaxDone."""

    document: str


class RequestCallback(Message, frozen=True, kw_only=True, tag=True):
    """Somebody is to ring `number`. `keep_place`: as if the caller had gone on waiting in the queue."""

    queue: str
    number: str
    keep_place: bool = False


class AnswerSurvey(Message, frozen=True, kw_only=True, tag=True):
    survey: str
    question: str
    score: int


class SendSms(Message, frozen=True, kw_only=True, tag=True):
    number: str
    text: str


class CreateWorkOrder(Message, frozen=True, kw_only=True, tag=True):
    category: str
    title: str = ""
    text: str = ""
    area: str = ""
    fields: dict[str, object] = {}


Report: TypeAlias = RequestCallback | AnswerSurvey | SendSms | CreateWorkOrder | KeepMessage | DropMessage
"""What is done at once and reports nothing: the flow goes on in the same step."""
Errand: TypeAlias = LookUp | RecordMessage | DialOut | JoinRoom | ReceiveFax | SendFax
"""What takes time and reports its end."""

Action: TypeAlias = Play | StopPlaying | Listen | Enqueue | LeaveQueue | HangUp | LeaveRoom | Report | Errand
