"""The demo's people, queues and customers: a water company's hotline. Running it again changes nothing that exists.

Secrets are random for each stack: passwords of accounts come from the caller, who shows them to a person; passwords of
phones are made here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.demo.seed_customers import insert_customers
from ctiserver.directory import Role
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.passwords import Passwords
from ctiserver.store.tables import Base

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Staff:
    login: str
    name: str
    role: Role
    team: str | None = None
    skills: Mapping[str, int] | None = None  # agents only


TEAMS: Mapping[str, Names] = {
    "service_1": {"zh-CN": "客服一组", "en": "Service team 1"},
    "service_2": {"zh-CN": "客服二组", "en": "Service team 2"},
}
SKILLS: Mapping[str, Names] = {
    "service": {"zh-CN": "综合咨询", "en": "General service"},
    "repairs": {"zh-CN": "报修", "en": "Repairs"},
    "bills": {"zh-CN": "账单", "en": "Bills"},
    "english": {"zh-CN": "英语", "en": "English"},
}
QUEUES: Mapping[str, Names] = {
    "service": {"zh-CN": "人工服务", "en": "Service"},
    "repairs": {"zh-CN": "报修", "en": "Repairs"},
    "bills": {"zh-CN": "账单与水费", "en": "Bills"},
    "english": {"zh-CN": "英语服务", "en": "English"},
}
RING_TIMEOUT_MS = 20_000
WRAP_UP_MS = 10_000
REASON_CODES: Mapping[str, tuple[str, Names, int | None]] = {
    "lunch": ("break", {"zh-CN": "用餐", "en": "Lunch"}, 3_600_000),
    "short_break": ("break", {"zh-CN": "小休", "en": "Short break"}, 900_000),
    "meeting": ("break", {"zh-CN": "会议", "en": "Meeting"}, None),
    "training": ("training", {"zh-CN": "培训", "en": "Training"}, None),
}
DISPOSITIONS: Mapping[str, Names] = {
    "inquiry": {"zh-CN": "咨询", "en": "Inquiry"},
    "repair": {"zh-CN": "报修", "en": "Repair"},
    "complaint": {"zh-CN": "投诉", "en": "Complaint"},
    "bill_query": {"zh-CN": "账单查询", "en": "Bill query"},
    "nuisance": {"zh-CN": "骚扰电话", "en": "Nuisance call"},
}
STAFF = (
    _Staff("admin", "系统管理员", "admin"),
    _Staff("ops", "运营专员", "ops"),
    _Staff("supervisor", "班长", "supervisor"),
    _Staff("leader", "组长", "supervisor", "service_1"),
    _Staff("dispatcher", "孙丽", "dispatcher"),
    _Staff("crew_east", "李强", "field"),
    _Staff("crew_west", "周军", "field"),
    _Staff("1001", "王芳", "agent", "service_1", {"service": 8, "repairs": 9}),
    _Staff("1002", "李娜", "agent", "service_1", {"service": 7, "bills": 9}),
    _Staff("1003", "张伟", "agent", "service_1", {"service": 6, "repairs": 7, "bills": 5}),
    _Staff("1004", "刘洋", "agent", "service_1", {"service": 9, "english": 8}),
    _Staff("1005", "陈静", "agent", "service_2", {"service": 5, "bills": 8}),
    _Staff("1006", "杨帆", "agent", "service_2", {"service": 4, "repairs": 10}),
    _Staff("1007", "赵敏", "agent", "service_2", {"service": 8, "bills": 6, "english": 5}),
    _Staff("1008", "周涛", "agent", "service_2", {"service": 3, "repairs": 5, "bills": 3, "english": 10}),
)
WRITE_USER = """
INSERT INTO app_user (login, name, role, team_id, password_hash) VALUES (:login, :name, :role, :team, :hash)
ON CONFLICT (login) DO UPDATE SET password_hash = excluded.password_hash RETURNING id
"""


class SeededAccount(msgspec.Struct, frozen=True, kw_only=True):
    """What a person needs to sign in and to register a phone; the last three are empty for those without a phone."""

    login: str
    password: str
    name: str
    role: Role
    number: str = ""
    extension: str = ""
    sip_password: str = ""


class SeededAccounts(msgspec.Struct, frozen=True, kw_only=True):
    accounts: tuple[SeededAccount, ...]


def random_password() -> str:
    """14 characters without look-alikes: easy to type, 80 bits."""
    letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "".join(secrets.choice(letters) for _ in range(14))


async def seed_demo(
    database: Database, passwords: Mapping[str, str] | None = None, *, hasher: Passwords | None = None
) -> SeededAccounts:
    """Adds what is missing; afterwards each demo account has the password that is returned.

    `passwords` by login are those that the stack showed before; who isn't among them gets a random one.
    Raises DatabaseAwayError.
    """
    hasher = hasher or Passwords()
    async with database.writing() as connection:
        await _words(connection)
        accounts = [await _account(connection, hasher, staff, (passwords or {}).get(staff.login)) for staff in STAFF]
        await insert_customers(connection)
    return SeededAccounts(accounts=tuple(accounts))


async def _words(connection: AsyncConnection) -> None:
    """Teams, skills, queues and what agents choose from."""
    for table, rows in (("team", TEAMS), ("skill", SKILLS)):
        for key, name in rows.items():
            await _insert(connection, table, id=key, name=name)
    for position, (key, name) in enumerate(QUEUES.items(), 1):
        timing = {"ring_timeout_ms": RING_TIMEOUT_MS, "wrap_up_ms": WRAP_UP_MS}
        await _insert(connection, "queue", id=key, name=name, position=position, skills={key: 1}, **timing)
    for position, (code, (presence, name, limit_ms)) in enumerate(REASON_CODES.items(), 1):
        choice = {"presence": presence, "limit_ms": limit_ms, "position": position}
        await _insert(connection, "reason_code", code=code, name=name, **choice)
    for position, (code, name) in enumerate(DISPOSITIONS.items(), 1):
        await _insert(connection, "disposition", code=code, name=name, position=position)


async def _account(
    connection: AsyncConnection, hasher: Passwords, staff: _Staff, password: str | None
) -> SeededAccount:
    password = password or random_password()
    user_id = await _user(connection, hasher, staff, password)
    if staff.skills is None:
        return SeededAccount(login=staff.login, password=password, name=staff.name, role=staff.role)
    sip_password = await _agent(connection, staff, user_id)
    return SeededAccount(
        login=staff.login,
        password=password,
        name=staff.name,
        role=staff.role,
        number=staff.login,
        extension=staff.login,
        sip_password=sip_password,
    )


async def _user(connection: AsyncConnection, hasher: Passwords, staff: _Staff, password: str) -> int:
    found = await fetch_all(
        connection, "SELECT id, password_hash FROM app_user WHERE login = :login", {"login": staff.login}
    )
    if found and await hasher.matches(found[0]["password_hash"], password):
        return int(found[0]["id"])
    values = {"login": staff.login, "name": staff.name, "role": staff.role, "team": staff.team}
    made = await connection.execute(text(WRITE_USER), {**values, "hash": await hasher.hash(password)})
    return int(made.scalar_one())


async def _agent(connection: AsyncConnection, staff: _Staff, user_id: int) -> str:
    """The agent and its skills, unless it exists; returns the password of its phone."""
    await _insert(
        connection,
        "agent",
        number=staff.login,
        name=staff.name,
        extension=staff.login,
        sip_password=secrets.token_urlsafe(18),
        team_id=staff.team,
        user_id=user_id,
    )
    [agent] = await fetch_all(
        connection, "SELECT id, sip_password FROM agent WHERE number = :number", {"number": staff.login}
    )
    for skill, level in (staff.skills or {}).items():
        await _insert(connection, "agent_skill", agent_id=agent["id"], skill_id=skill, level=level)
    return str(agent["sip_password"])


async def _insert(connection: AsyncConnection, table: str, **values: object) -> None:
    """A row, unless there is one with its key."""
    await connection.execute(insert(Base.metadata.tables[table]).values(values).on_conflict_do_nothing())
