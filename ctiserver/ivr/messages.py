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
    """A recorded prompt, by id; `language` chooses among recordings of the same id."""

    prompt: str
    language: str


Utterance: TypeAlias = Spoken | Recorded


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


LeftBecause: TypeAlias = Literal["timeout", "no_agents", "closed", "refused", "key"]


class QueueLeft(Message, frozen=True, kw_only=True, tag=True):
    """The caller is no longer in the queue and no agent was reached. `key` is set when `reason` is "key"."""

    reason: LeftBecause
    key: str = ""


class AgentDone(Message, frozen=True, kw_only=True, tag=True):
    """The conversation with an agent is over and the caller is still there."""


class LookupDone(Message, frozen=True, kw_only=True, tag=True):
    """A lookup has ended; `outcome` names the branch (ok, not_found, failed), `value` what was found."""

    outcome: str
    value: object = None


FlowInput: TypeAlias = PromptsDone | PromptsFailed | Digit | NoInput | QueueLeft | AgentDone | LookupDone


# Actions


class Play(Message, frozen=True, kw_only=True, tag=True):
    prompts: tuple[Utterance, ...]
    interruptible: bool
    turn: int


class StopPlaying(Message, frozen=True, kw_only=True, tag=True):
    """End the Play that runs now."""


class Listen(Message, frozen=True, kw_only=True, tag=True):
    """Wait for a key; report NoInput after `deadline_s` seconds from now (None: never)."""

    deadline_s: float | None
    turn: int


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


Action: TypeAlias = Play | StopPlaying | Listen | Enqueue | LeaveQueue | HangUp
