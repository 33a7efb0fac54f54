"""What an agent's screen shows about a caller: shapes only."""

from __future__ import annotations

import msgspec


class CustomerCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A customer as found by number; small enough to travel with the call."""

    id: int
    name: str
    customer_number: str = ""  # 户号
    meter_number: str = ""
    address: str = ""
    tags: tuple[str, ...] = ()  # vip, blacklist, complaint, …
    notes: str = ""


class PathEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A node of the flow that the caller went through."""

    flow: str
    node: str
    at: float


class EnteredValue(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller typed; masked where the flow says secret."""

    name: str
    value: str


class LastContact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    call_id: str
    at: float
    queue_id: str = ""
    agent_name: str = ""
    outcome: str = ""
    disposition: str = ""


class ScreenPop(msgspec.Struct, frozen=True, kw_only=True):
    """The whole pop, sent whole each time it changes."""

    call_id: str
    offer_id: str
    agent_id: int
    state: str  # ringing | talking | wrap_up
    since: float
    dialled: str
    queue_id: str
    waited_s: float
    caller_number: str
    caller_name: str
    region: dict[str, str]  # by language: {"zh-CN": "北京市", "en": "Beijing"}
    matches: int  # customers with this number
    customer: CustomerCard | None
    path: tuple[PathEntry, ...]
    entered: tuple[EnteredValue, ...]
    last_contacts: tuple[LastContact, ...]
