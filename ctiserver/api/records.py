"""What the API asks of the store: rows as the contract shows them, and the queries that give them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

from ctiserver.call.screen_pop import LastContact
from ctiserver.directory import Role


class Row(msgspec.Struct, frozen=True, kw_only=True):
    pass


class AgentName(Row, frozen=True, kw_only=True):
    id: int
    number: str
    name: str


class CustomerName(Row, frozen=True, kw_only=True):
    id: int
    name: str


class RecordingLength(Row, frozen=True, kw_only=True):
    id: str
    duration_ms: int


class CallRow(Row, frozen=True, kw_only=True):
    """One call; instants in UTC seconds, durations in milliseconds."""

    id: str
    started_at: float
    ended_at: float | None
    dialled: str
    caller_number: str  # masked by role
    caller_name: str
    customer: CustomerName | None
    queue_id: str
    agent: AgentName | None
    outcome: str
    ended_by: str
    waited_ms: int
    ring_ms: int
    talk_ms: int
    hold_ms: int
    disposition: str
    recordings: tuple[RecordingLength, ...]


class Segment(Row, frozen=True, kw_only=True):
    kind: str  # ivr, queue, ring, talk, hold, wrap_up
    started_at: float
    ended_at: float | None
    detail: str


class OfferRow(Row, frozen=True, kw_only=True):
    agent: AgentName
    started_at: float
    ended_at: float | None
    outcome: str
    cause: str
    why: str


class PathStep(Row, frozen=True, kw_only=True):
    flow: str
    node: str
    at: float


class InputRow(Row, frozen=True, kw_only=True):
    variable: str
    value: str
    at: float


class RecordingRow(Row, frozen=True, kw_only=True):
    id: str
    call_id: str
    started_at: float
    duration_ms: int
    size_bytes: int
    status: Literal["stored", "mismatch", "lost"]
    agent: AgentName | None
    queue_id: str
    caller_number: str  # masked by role


class CallDetails(Row, frozen=True, kw_only=True):
    id: str
    started_at: float
    ended_at: float | None
    dialled: str
    caller_number: str  # masked by role
    caller_name: str
    customer: CustomerName | None
    queue_id: str
    agent: AgentName | None
    outcome: str
    ended_by: str
    waited_ms: int
    ring_ms: int
    talk_ms: int
    hold_ms: int
    disposition: str
    segments: tuple[Segment, ...]
    offers: tuple[OfferRow, ...]
    path: tuple[PathStep, ...]
    inputs: tuple[InputRow, ...]
    recordings: tuple[RecordingRow, ...]


class CallPage(Row, frozen=True, kw_only=True):
    items: tuple[CallRow, ...]
    total: int
    page: int
    page_size: int


class RecordingPage(Row, frozen=True, kw_only=True):
    items: tuple[RecordingRow, ...]
    total: int
    page: int
    page_size: int


class CustomerRow(Row, frozen=True, kw_only=True):
    id: int
    name: str
    customer_number: str
    meter_number: str
    address: str
    tags: tuple[str, ...]


class CustomerDetails(Row, frozen=True, kw_only=True):
    id: int
    name: str
    customer_number: str
    meter_number: str
    address: str
    tags: tuple[str, ...]
    numbers: tuple[str, ...]  # masked by role
    notes: str
    last_contacts: tuple[LastContact, ...]


class CallFilter(msgspec.Struct, frozen=True, kw_only=True):
    """None and "" mean: any."""

    started_from: float | None = None
    started_to: float | None = None
    queue_id: str = ""
    agent_id: int | None = None
    number: str = ""
    outcome: str = ""
    page: int = 1
    page_size: int = 50


class UserRow(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    login: str
    name: str
    role: Role
    language: str
    team: str | None
    agent_id: int | None


class Users(Protocol):
    """All raise DatabaseAwayError."""

    async def sign_in(self, login: str, password: str) -> UserRow | None:
        """The user, if both are right; takes the same time whether or not the login exists."""
        ...

    async def open_session(self, user_id: int, *, lasts_s: float, address: str, browser: str) -> str: ...

    async def session_user(self, token: str) -> UserRow | None: ...

    async def close_session(self, token: str) -> None: ...

    async def set_language(self, user_id: int, language: str) -> None: ...

    async def api_key_user(self, key: str) -> UserRow | None: ...


class Calls(Protocol):
    async def search(self, wanted: CallFilter) -> CallPage: ...

    async def details(self, call_id: str) -> CallDetails | None: ...


class Recordings(Protocol):
    async def search(self, wanted: CallFilter) -> RecordingPage: ...

    async def find(self, recording_id: str) -> tuple[RecordingRow, Path] | None:
        """The row and its file's path below the recordings folder."""
        ...


class Customers(Protocol):
    async def search(self, text: str, limit: int) -> list[CustomerRow]: ...

    async def details(self, customer_id: int) -> CustomerDetails | None: ...


class Audit(Protocol):
    async def record(
        self, user_id: int | None, action: str, subject: str, detail: dict[str, Any], address: str
    ) -> None: ...
