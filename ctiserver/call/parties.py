"""Who else is on a call besides the caller and the agent in charge, and where somebody may be sent: shapes only.

Every leg of a call is named CALL.lN. A party keeps its id for its whole life; `leg` is its channel, which is another
one each time a queue asks another agent.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class AgentTarget(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="agent", omit_defaults=True):
    """A colleague, with all that is needed to ring the phone."""

    agent_id: int
    number: str
    name: str
    endpoint: str  # "PJSIP/1001"
    ring_timeout_s: float = 20.0
    auto_answer: bool = False


class NumberTarget(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="number", omit_defaults=True):
    """A number outside, allowed by whoever asked for it."""

    number: str
    endpoint: str  # "PJSIP/02885551234@trunk"
    shown: str = ""  # the number that the called party sees; empty: the caller's
    ring_timeout_s: float = 45.0


class QueueTarget(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue", omit_defaults=True):
    queue_id: str
    priority_s: float | None = None  # None: as before


class FlowTarget(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="flow", omit_defaults=True):
    flow: str
    come_back: bool = False  # the agent stays on the line and has the caller again afterwards


Dialled = AgentTarget | NumberTarget
Target = AgentTarget | NumberTarget | QueueTarget | FlowTarget
Role = Literal["consulted", "conference", "target", "outside"]
"""consulted: the agent asks while the caller waits · conference: one of several · target: rung for a transfer ·
outside: alone with the caller, without an agent."""


class Party(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str  # CALL.lN
    leg: str  # channel; equals `id` unless a queue chose the agent
    role: Role
    number: str  # the agent's number, or the one outside
    name: str = ""
    agent_id: int | None = None
    state: Literal["queued", "ringing", "joined"] = "ringing"
    since: float
    joined_at: float | None = None
    muted: bool = False
    queue_id: str = ""  # whose rules hold for the agent
    queue_chosen: bool = False  # the queue chooses the agent
    endpoint: str = ""

    @property
    def joined(self) -> bool:
        return self.state == "joined"


class Consult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The agent speaks with somebody while the caller waits. `active`: with whom the agent speaks now."""

    party_id: str
    bridge_id: str
    active: Literal["consulted", "caller"] = "consulted"
    via: str = ""  # the agent's phone asks by itself, on this second channel, and holds the caller on the first


class Transfer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The caller hears music while somebody is rung; who sent the caller there is rung again if nobody answers."""

    kind: Literal["blind", "consult", "pickup", "flow"]
    party_id: str
    queue_id: str  # where the caller waits if nobody at all answers; empty: nowhere
    since: float
    back_to: AgentTarget | None = None
    recalled: bool = False  # the one who sent the caller is being rung
    language: str = "zh-CN"
    entered_queue_at: float = 0.0


class Callback(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call that somebody asked for, one attempt of it. `first`: whose phone rings first.

    stage: agent (one is sought, or rung), customer (whose phone rings), joined (has picked up).
    """

    request_id: str
    target: NumberTarget
    attempt: int = 1
    max_attempts: int = 3
    pause_s: float = 600.0  # before the next attempt
    first: Literal["agent", "customer"] = "agent"
    stage: Literal["agent", "customer", "joined"] = "agent"
    agent_told: bool = False  # routing knows already that the agent has picked up
    permit: str = ""  # offer of the agent for whose sake the customer is rung first


class Dialling(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call that an agent makes: the agent's phone first, then the other side."""

    agent: AgentTarget
    leg: str  # the agent's channel
    target: Dialled | None = None  # None: a conference that begins empty
    stage: Literal["agent", "target"] = "agent"
    longest_s: float = 0.0  # 0: no limit
    record: bool = True
