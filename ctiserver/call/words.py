"""The few words that events, commands and states share."""

from __future__ import annotations

from typing import Literal

RefusalCause = Literal["no_answer", "busy", "rejected", "unreachable", "failed"]
Presence = Literal["ready", "break", "training", "outbound_only", "signed_out"]
Activity = Literal["idle", "offered", "ringing", "talking", "hold", "wrap_up", "busy"]
EndedBy = Literal["caller", "agent", "system", "flow", "supervisor", "asterisk"]
