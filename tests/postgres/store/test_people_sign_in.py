"""Passwords, sessions and keys: who is let in, who no longer is, and what a copy of the tables is worth."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from ctiserver.store.audit import Audit
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.passwords import Passwords
from ctiserver.store.users import Users

PASSWORD = "correct horse"


@pytest.fixture
async def users(centre: Database) -> Users:
    async with centre.writing() as connection:
        await connection.execute(
            text(
                "INSERT INTO app_user (id, login, name, role, password_hash) VALUES (5, 'wang', '王芳', 'agent', :hash)"
            ),
            {"hash": await Passwords().hash(PASSWORD)},
        )
        await connection.execute(text("UPDATE agent SET user_id = 5 WHERE id = 1"))
    return Users(centre)


async def change(database: Database, statement: str) -> None:
    async with database.writing() as connection:
        await connection.execute(text(statement))


async def test_login_and_password_together_let_in(users: Users) -> None:
    user = await users.sign_in("wang", PASSWORD)
    assert user is not None
    assert (user.id, user.role, user.language, user.agent_id) == (5, "agent", "zh-CN", 1)
    assert await users.sign_in("wang", "wrong") is None
    assert await users.sign_in("nobody", PASSWORD) is None
    assert await users.sign_in("nobody", "") is None


async def test_a_disabled_user_is_out_at_once(users: Users, centre: Database) -> None:
    token = await users.open_session(5, lasts_s=60, address="127.0.0.1", browser="test")
    assert await users.session_user(token) is not None
    await change(centre, "UPDATE app_user SET disabled_at = now()")
    assert await users.session_user(token) is None
    assert await users.sign_in("wang", PASSWORD) is None


async def test_sessions_end(users: Users, centre: Database) -> None:
    first = await users.open_session(5, lasts_s=60, address="", browser="")
    second = await users.open_session(5, lasts_s=60, address="", browser="")
    await users.close_session(first)
    assert await users.session_user(first) is None
    assert await users.session_user(second) is not None
    await change(centre, "UPDATE user_session SET expires_at = now()")
    assert await users.session_user(second) is None


async def test_a_new_password_ends_all_sessions(users: Users) -> None:
    token = await users.open_session(5, lasts_s=60, address="", browser="")
    await users.set_password(5, "another")
    assert await users.session_user(token) is None
    assert await users.sign_in("wang", "another") is not None


async def test_a_copy_of_the_tables_opens_nothing(users: Users, centre: Database) -> None:
    token = await users.open_session(5, lasts_s=60, address="", browser="")
    key = await users.make_api_key("bi", "ops")
    async with centre.reading() as connection:
        kept = str(
            [
                await fetch_all(connection, "SELECT * FROM app_user"),
                await fetch_all(connection, "SELECT token_hash, encode(token_hash, 'escape') FROM user_session"),
                await fetch_all(connection, "SELECT name, encode(key_hash, 'escape') FROM api_key"),
            ]
        )
    assert "$argon2id$" in kept
    assert not any(secret in kept for secret in (PASSWORD, token, key))


async def test_keys_for_machines(users: Users, centre: Database) -> None:
    key = await users.make_api_key("bi", "ops")
    machine = await users.api_key_user(key)
    assert machine is not None
    assert (machine.login, machine.role, machine.agent_id) == ("key:bi", "ops", None)
    assert await users.api_key_user(key + "x") is None
    await change(centre, "UPDATE api_key SET revoked_at = now()")
    assert await users.api_key_user(key) is None


async def test_what_people_do_is_written_down(users: Users, centre: Database) -> None:
    await Audit(centre).record(5, "recording.played", "recording:n1-1-r1", {"from": 0}, "10.0.0.1")
    await Audit(centre).record(None, "recording.played", "recording:n1-1-r1", {"actor": "key:bi"}, "10.0.0.2")
    async with centre.reading() as connection:
        rows = await fetch_all(
            connection, "SELECT actor, user_id, object_type, object_id, address FROM audit_log ORDER BY id"
        )
    assert [tuple(row.values()) for row in rows] == [
        ("wang", 5, "recording", "n1-1-r1", "10.0.0.1"),
        ("key:bi", None, "recording", "n1-1-r1", "10.0.0.2"),
    ]


async def test_the_first_administrator_is_added_and_no_login_twice(users: Users, centre: Database) -> None:
    assert await users.add("chief", PASSWORD, name="站长", role="admin", language="zh-CN") is not None
    chief = await users.sign_in("chief", PASSWORD)
    assert chief is not None
    assert (chief.name, chief.role, chief.agent_id) == ("站长", "admin", None)
    assert await users.add("wang", "another word", name="王", role="admin", language="en") is None
    wang = await users.sign_in("wang", PASSWORD)
    assert wang is not None
    assert wang.role == "agent"
