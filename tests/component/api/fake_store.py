"""A small store behind the real HTTP application: people, calls, recordings, customers, what was audited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from ctiserver.call.screen_pop import LastContact
from ctiserver.directory import Role
from ctiserver.errors import DatabaseAwayError
from ctiserver.store.rows import (
    AgentName,
    CallDetails,
    CallFilter,
    CallPage,
    CallRow,
    CustomerDetails,
    CustomerName,
    CustomerRow,
    DecisionRow,
    RecordingLength,
    RecordingPage,
    RecordingRow,
    UserRow,
)
from tests.component.api.example_views import CALLER, OTHER_CALLER

PASSWORD = "correct horse"


def user(user_id: int, login: str, role: Role, agent_id: int | None = None) -> UserRow:
    return UserRow(id=user_id, login=login, name=login, role=role, language="zh-CN", team=None, agent_id=agent_id)


class FakeStore:
    """Users, calls, recordings, customers and audit in one; `away` makes Postgres be away."""

    def __init__(self) -> None:
        self.people = {
            "1001": user(1, "1001", "agent", 1),
            "1002": user(2, "1002", "agent", 2),
            "supervisor": user(11, "supervisor", "supervisor"),
            "ops": user(12, "ops", "ops"),
            "admin": user(13, "admin", "admin"),
            "dispatcher": user(14, "dispatcher", "dispatcher"),
            "field": user(15, "field", "field"),
        }
        self.sessions: dict[str, str] = {}
        self.keys = {"machine-key": "supervisor"}
        self.audited: list[tuple[Any, ...]] = []
        self.asked: list[CallFilter] = []
        self.away = False
        self.opened = 0

    def reach(self) -> None:
        if self.away:
            raise DatabaseAwayError("Postgres can't be reached")


class FakeUsers:
    def __init__(self, store: FakeStore) -> None:
        self.store = store

    async def sign_in(self, login: str, password: str) -> UserRow | None:
        self.store.reach()
        return self.store.people.get(login) if password == PASSWORD else None

    async def open_session(self, user_id: int, *, lasts_s: float, address: str, browser: str) -> str:
        self.store.reach()
        self.store.opened += 1
        token = f"token-{self.store.opened}-of-{user_id}"
        self.store.sessions[token] = next(p.login for p in self.store.people.values() if p.id == user_id)
        return token

    async def session_user(self, token: str) -> UserRow | None:
        self.store.reach()
        return self.store.people.get(self.store.sessions.get(token, ""))

    async def close_session(self, token: str) -> None:
        self.store.reach()
        self.store.sessions.pop(token, None)

    async def set_language(self, user_id: int, language: str) -> None:
        self.store.reach()
        for login, person in self.store.people.items():
            if person.id == user_id:
                self.store.people[login] = msgspec.structs.replace(person, language=language)

    async def api_key_user(self, key: str) -> UserRow | None:
        self.store.reach()
        return self.store.people.get(self.store.keys.get(key, ""))


def call_row(call_id: str, agent_id: int, number: str) -> CallRow:
    return CallRow(
        id=call_id,
        started_at=1.0,
        ended_at=2.0,
        dialled="96100",
        caller_number=number,
        caller_name="",
        customer=CustomerName(id=1, name="王芳"),
        queue_id="repairs",
        agent=AgentName(id=agent_id, number=f"100{agent_id}", name=f"Agent {agent_id}"),
        outcome="answered",
        ended_by="caller",
        waited_ms=1,
        ring_ms=1,
        talk_ms=1,
        hold_ms=0,
        disposition="",
        recordings=(RecordingLength(id=f"{call_id}.r1", duration_ms=1),),
    )


def recording_row(call_id: str, agent_id: int, number: str) -> RecordingRow:
    return RecordingRow(
        id=f"{call_id}.r1",
        call_id=call_id,
        started_at=1.0,
        duration_ms=1000,
        size_bytes=100,
        status="stored",
        agent=AgentName(id=agent_id, number=f"100{agent_id}", name=f"Agent {agent_id}"),
        queue_id="repairs",
        caller_number=number,
    )


class FakeCalls:
    def __init__(self, store: FakeStore) -> None:
        self.store = store
        self.rows = [call_row("c1", 1, CALLER), call_row("c9", 2, OTHER_CALLER)]

    async def search(self, wanted: CallFilter) -> CallPage:
        self.store.reach()
        self.store.asked.append(wanted)
        return CallPage(items=tuple(self.rows), total=2, page=wanted.page, page_size=wanted.page_size)

    async def details(self, call_id: str) -> CallDetails | None:
        self.store.reach()
        row = next((row for row in self.rows if row.id == call_id), None)
        if row is None:
            return None
        listed_only = {"marks", "comments"}
        values = {name: value for name, value in msgspec.structs.asdict(row).items() if name not in listed_only}
        agent_id = row.agent.id if row.agent else 0
        values["recordings"] = (recording_row(row.id, agent_id, row.caller_number),)
        return CallDetails(**values, segments=(), offers=(), path=(), inputs=())

    async def set_hold(self, call_id: str, reason: str, by: str) -> bool:
        self.store.reach()
        return any(row.id == call_id for row in self.rows)

    async def lift_hold(self, call_id: str) -> bool:
        self.store.reach()
        return any(row.id == call_id for row in self.rows)

    async def decisions(self, call_id: str) -> list[DecisionRow]:
        self.store.reach()
        agent = AgentName(id=1, number="1001", name="王芳")
        params: dict[str, str | int | float | bool] = {"strategy": "longest_idle", "step": 0, "idle_s": 12.5}
        return [DecisionRow(at=1.0, decision="offered", agent=agent, queue_id="repairs", reason="", params=params)]


class FakeRecordings:
    def __init__(self, store: FakeStore) -> None:
        self.store = store
        self.paths: dict[str, Path] = {}

    async def search(self, wanted: CallFilter) -> RecordingPage:
        self.store.reach()
        self.store.asked.append(wanted)
        rows = [recording_row("c1", 1, CALLER), recording_row("c9", 2, OTHER_CALLER)]
        items = tuple(r for r in rows if wanted.agent_id is None or (r.agent and r.agent.id == wanted.agent_id))
        return RecordingPage(items=items, total=len(items), page=wanted.page, page_size=wanted.page_size)

    async def find(self, recording_id: str) -> tuple[RecordingRow, Path] | None:
        self.store.reach()
        path = self.paths.get(recording_id)
        return (recording_row("c1", 1, CALLER), path) if path else None


class FakeCustomers:
    def __init__(self, store: FakeStore) -> None:
        self.store = store

    async def search(self, text: str, limit: int) -> list[CustomerRow]:
        self.store.reach()
        return [CustomerRow(id=1, name="王芳", customer_number="100", meter_number="", address="", tags=())]

    async def details(self, customer_id: int) -> CustomerDetails | None:
        self.store.reach()
        if customer_id != 1:
            return None
        return CustomerDetails(
            id=1,
            name="王芳",
            customer_number="100",
            meter_number="",
            address="",
            tags=("vip",),
            numbers=(CALLER,),
            notes="",
            last_contacts=(LastContact(call_id="c1", at=1.0),),
        )


class FakeAudit:
    def __init__(self, store: FakeStore) -> None:
        self.store = store

    async def record(
        self, user_id: int | None, action: str, subject: str, detail: dict[str, Any], address: str
    ) -> None:
        self.store.reach()
        self.store.audited.append((user_id, action, subject, detail))


async def fake_hash(password: str) -> str:
    return f"hash of {len(password)} characters"
