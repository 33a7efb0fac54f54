"""The few words that events, commands and states share."""

from __future__ import annotations

from typing import Literal

RefusalCause = Literal["no_answer", "busy", "rejected", "unreachable", "failed"]
Presence = Literal["ready", "break", "training", "outbound_only", "signed_out"]
Activity = Literal["idle", "offered", "ringing", "talking", "hold", "wrap_up", "busy"]
EndedBy = Literal["caller", "agent", "system", "flow", "supervisor", "asterisk"]
WayOut = Literal["edge", "hung_up", "answered", "ended", "cut"]
"""How a caller leaves a node: to another node, by hanging up, with the conversation's end, by the flow's own goodbye,
or cut off by somebody else."""
Direction = Literal["inbound", "outbound", "internal", "conference"]
"""internal: between agents; conference: opened by an agent, without a caller."""
