"""What the API asks of the store, as protocols: `ctiserver.store` provides them, tests of the API use small fakes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from ctiserver.configured import AnySetup, Change, Configured, Kind
from ctiserver.store.audit import Actor
from ctiserver.store.configuration import LastChange
from ctiserver.store.rows import (
    CallDetails,
    CallFilter,
    CallPage,
    CustomerDetails,
    CustomerRow,
    DecisionRow,
    RecordingPage,
    RecordingRow,
    UserRow,
)


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

    async def set_hold(self, call_id: str, reason: str, by: str) -> bool: ...

    async def lift_hold(self, call_id: str) -> bool: ...

    async def decisions(self, call_id: str) -> list[DecisionRow]: ...


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


class ConfigurationStore(Protocol):
    """All raise DatabaseAwayError."""

    async def read(self) -> Configured: ...

    async def change(self, edit: Callable[[Configured], Change], by: Actor) -> AnySetup | None:
        """One transaction with its audit row; what `edit` raises undoes everything."""
        ...

    async def history(self, kind: Kind, key: str | int) -> list[LastChange]: ...
