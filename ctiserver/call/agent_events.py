"""What happens to agents: presence, phones, wrap-up, what routing decided; and the state that follows."""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.call.event import Event
from ctiserver.call.words import Activity, Presence


class PresenceChosen(Event, frozen=True, kw_only=True):
    """Somebody (the agent, a supervisor, the system) set an agent's presence."""

    agent_id: int
    presence: Presence
    reason: str = ""  # reason code of a break
    by: str = "agent"  # agent | supervisor:<user id> | system


class PhoneStateChanged(Event, frozen=True, kw_only=True):
    agent_id: int
    reachable: bool
    in_use: bool = False  # busy in something that is not ours


class WrapUpFinished(Event, frozen=True, kw_only=True):
    agent_id: int
    by: Literal["agent", "timer", "system"]


class WrapUpExtended(Event, frozen=True, kw_only=True):
    agent_id: int
    seconds: float


class DispositionChosen(Event, frozen=True, kw_only=True):
    agent_id: int
    call_id: str
    code: str
    note: str = ""


class RoutingDecided(Event, frozen=True, kw_only=True):
    """The routing engine decided something about this agent: the decision log."""

    agent_id: int
    decision: str  # name of the engine's decision or of the report that caused it
    call_id: str = ""
    offer_id: str = ""
    why: str = ""
    params: dict[str, str | int | float | bool] = msgspec.field(
        default_factory=dict[str, str | int | float | bool]
    )  # of an offer: what the rule went by (live/decision_log.py)


class AgentStateChanged(Event, frozen=True, kw_only=True):
    """One agent's state, old and new in one piece; the old one lasted from `old_since` until this fact's instant."""

    agent_id: int
    presence: Presence
    reason: str
    activity: Activity
    reachable: bool
    call_id: str = ""
    old_presence: Presence = "signed_out"
    old_reason: str = ""
    old_activity: Activity = "idle"
    old_since: float | None = None  # None: first state we know of
