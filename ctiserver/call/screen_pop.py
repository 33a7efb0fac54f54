"""What an agent's screen shows about a caller: shapes only."""

from __future__ import annotations

from typing import Literal

import msgspec

Identified = Literal["looking", "done", "failed"]
"""Whether the customers' table has answered yet; failed: it could not be asked."""


class CustomerCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A customer as found by number; small enough to travel with the call."""

    id: int
    name: str
    customer_number: str = ""  # 户号
    meter_number: str = ""
    address: str = ""
    district: str = ""
    estate: str = ""
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
    agent_id: int | None = None
    outcome: str = ""
    disposition: str = ""


class KnownCaller(msgspec.Struct, frozen=True, kw_only=True):
    """What our own tables know of a number. `card` only where exactly one customer has it; `matches` says how many."""

    card: CustomerCard | None = None
    matches: int = 0
    last_contacts: tuple[LastContact, ...] = ()  # of ended calls, newest first


class OutsideRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of what an outside system knows; `form` says how `value` is shown: text, money, date or time."""

    label: dict[str, str]  # by language
    value: str
    form: str = "text"
    alert: bool = False  # to stand out


class OutsideCard(msgspec.Struct, frozen=True, kw_only=True):
    """What an outside system (billing, CRM) knows of the caller; it arrives after the pop, or not at all."""

    source: str
    title: dict[str, str]  # by language
    state: Literal["looking", "ok", "not_found", "failed"]
    reason: str = ""  # where failed, as LookupAnswer names it
    rows: tuple[OutsideRow, ...] = ()


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
    identified: Identified
    matches: int  # customers with this number
    customer: CustomerCard | None
    outside: tuple[OutsideCard, ...]
    path: tuple[PathEntry, ...]
    entered: tuple[EnteredValue, ...]
    last_contacts: tuple[LastContact, ...]
