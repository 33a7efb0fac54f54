"""What is configured: queues, agents and the rules that hold for all of them. Durations in seconds, levels 1 to 10.

Everything here is immutable; a change is a new object in a `QueueConfigured` or `AgentConfigured` event.
`acd/validation.py` says what is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Strategy = Literal[
    "longest_idle",
    "least_occupied",
    "fewest_contacts",
    "round_robin",
    "linear",
    "random",
    "weighted",
    "best_skill",
    "ring_all",
]
Evaluation = Literal["all", "best", "any"]
Presence = Literal["ready", "break", "training", "outbound_only", "signed_out"]
Activity = Literal["idle", "offered", "ringing", "talking", "wrap_up", "busy"]
RefusalCause = Literal["no_answer", "busy", "rejected", "unreachable", "failed"]
WrapUpMode = Literal["none", "optional", "fixed", "until_disposition", "limited"]
OverflowAction = Literal["queue", "flow", "voicemail", "callback", "none"]
Limit = Literal["max_waiting", "max_wait", "no_agents", "closed", "forecast"]
AgentChoice = Literal["oldest_contact", "queue_order"]
SkillLevels = Mapping[str, int]

VOICE = "voice"


def default_cool_downs() -> dict[RefusalCause, float]:
    """Seconds for which an agent is left alone after an offer was lost, by cause."""
    return {"no_answer": 10.0, "busy": 5.0, "rejected": 10.0, "unreachable": 15.0, "failed": 5.0}


@dataclass(frozen=True, slots=True)
class Step:
    """One relaxation, in force from `after_s` seconds in the queue; steps add up.

    `levels` lowers minimum levels, `drop` gives up skills, `add_groups` lets in further agent groups.
    """

    after_s: float
    levels: SkillLevels = field(default_factory=dict[str, int])
    drop: tuple[str, ...] = ()
    add_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrapUpRule:
    """What happens to the agent after the conversation.

    none: free at once · optional: `seconds` at most, the agent may end it · fixed: exactly `seconds` ·
    until_disposition: ends only with a disposition · limited: until a disposition, `seconds` at most.
    """

    mode: WrapUpMode = "none"
    seconds: float = 0.0
    max_extension_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Overflow:
    """Where a contact goes when a limit is hit; `target` is a queue or flow id."""

    action: OverflowAction = "none"
    target: str | None = None


@dataclass(frozen=True, slots=True)
class CallbackRule:
    """How often and how long a callback is tried. `first`: whose phone rings first, for whoever dials; an agent is
    reserved either way."""

    max_attempts: int = 3
    quarantine_s: float = 600.0
    expires_s: float = 14400.0
    first: Literal["agent", "customer"] = "agent"


@dataclass(frozen=True, slots=True)
class QueueConfig:
    """One queue with all its rules. `skills` is levels by skill or an expression (see acd/matching.py).

    `groups`: agent groups that serve it from the start; empty means any. `weight` multiplies the time waited when
    an agent chooses between queues. With `strict_priority` the priority is a class that always goes first instead
    of a head start in seconds. `lease_s` is the longest an offer may stay unanswered.
    `last_agent_s`, `return_s`: 0 switches preferring the last agent and resuming an abandoned place off.
    """

    queue_id: str
    medium: str = VOICE
    skills: SkillLevels | str = field(default_factory=dict[str, int])
    evaluation: Evaluation = "all"
    strategy: Strategy = "longest_idle"
    groups: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    priority_s: float = 0.0
    strict_priority: bool = False
    weight: float = 1.0
    lease_s: float = 30.0
    wrap_up: WrapUpRule = WrapUpRule()
    open: bool = True
    max_waiting: int | None = None
    max_wait_s: float | None = None
    no_agents_grace_s: float | None = None
    forecast_limit_s: float | None = None
    overflow: Mapping[Limit, Overflow] = field(default_factory=dict[Limit, Overflow])
    last_agent_s: float = 0.0
    return_s: float = 0.0
    callback: CallbackRule = CallbackRule()


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """One agent. `queues`: None serves every queue whose skills match; otherwise the queues served, each with
    the seconds a contact must have waited before this agent helps out (0 for the agent's own queues).
    `order` is the place in the linear strategy, `weight` the share in the weighted one.
    """

    agent_id: str
    skills: SkillLevels = field(default_factory=dict[str, int])
    queues: Mapping[str, float] | None = None
    groups: tuple[str, ...] = ()
    capacity: Mapping[str, int] = field(default_factory=lambda: {VOICE: 1})
    order: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class RoutingConfig:
    """Everything a router starts with. `skills` and `groups` name what exists; None allows any name.

    `agent_choice`: a freed agent takes the contact with the highest score it may serve, or looks first at the
    requirement it is best at. `seed` makes the random strategies repeatable.
    """

    queues: tuple[QueueConfig, ...] = ()
    agents: tuple[AgentConfig, ...] = ()
    skills: frozenset[str] | None = None
    groups: frozenset[str] | None = None
    cool_down_s: Mapping[RefusalCause, float] = field(default_factory=default_cool_downs)
    max_misses: int = 3
    agent_choice: AgentChoice = "oldest_contact"
    seed: int = 0
