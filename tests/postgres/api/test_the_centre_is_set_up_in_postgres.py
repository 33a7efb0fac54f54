"""Story: what is set up through the API stands in Postgres, is what the daemon loads, and leaves its trace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from ctiserver.configured import (
    AgentSetup,
    AnySetup,
    Change,
    Configured,
    DispositionSetup,
    QueueSetup,
    ReasonCodeSetup,
    RoutingSetup,
    UserSetup,
    VersionConflict,
    WordSetup,
    check_version,
    versioned,
)
from ctiserver.store.audit import Actor
from ctiserver.store.configuration import Configuration
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.directory_store import load_directory

ACTOR = Actor(user_id=None, login="key:setup", address="127.0.0.1")
NAME = {"zh-CN": "燃气", "en": "Gas"}


def add(kind: Any, after: AnySetup, secret: str | None = None) -> Callable[[Configured], Change]:
    return lambda _: Change(kind=kind, before=None, after=after, secret=secret)


@pytest.fixture
async def database(migrated_database_url: str) -> Any:
    database = Database(migrated_database_url)
    yield database
    await database.close()


async def test_everything_comes_back_as_it_was_put(database: Database) -> None:
    configuration = Configuration(database)
    queue = QueueSetup(
        id="gas",
        name=NAME,
        skills={"gas": 3},
        wrap_up_s=7.5,
        max_wait_s=300.0,
        options={"weight": 2.0, "overflow": {"max_wait": {"action": "flow", "target": "sorry"}}},
        steps=({"after_s": 30.5, "levels": {"gas": 1}}, {"after_s": 60.0, "drop": ["gas"]}),
    )
    made: list[tuple[Any, AnySetup, str | None]] = [
        ("skill", WordSetup(id="gas", name=NAME), None),
        ("team", WordSetup(id="team_1", name=NAME), None),
        ("queue", queue, None),
        ("reason_code", ReasonCodeSetup(code="tea", presence="break", name=NAME, limit_s=600.0), None),
        ("disposition", DispositionSetup(code="leak", name=NAME, position=3), None),
        ("user", UserSetup(id=0, login="1001", name="王芳", role="agent", team="team_1"), "a hash"),
        ("routing", RoutingSetup(options={"max_misses": 2}), None),
    ]
    stored = {kind: await configuration.change(add(kind, one, secret), ACTOR) for kind, one, secret in made}
    user = stored["user"]
    assert isinstance(user, UserSetup)
    agent = AgentSetup(
        id=0, number="1001", name="王芳", extension="1001", user_id=user.id, skills={"gas": 7}, options={"order": 2}
    )
    hired = await configuration.change(add("agent", agent, "phone password"), ACTOR)
    assert isinstance(hired, AgentSetup)
    read = await configuration.read()
    assert read.queues == {"gas": versioned(queue)}
    assert read.skills["gas"] == stored["skill"]
    assert read.teams["team_1"] == stored["team"]
    assert read.reason_codes["tea"] == stored["reason_code"]
    assert read.dispositions["leak"] == stored["disposition"]
    assert read.routing["routing"] == stored["routing"]
    assert read.users == {user.id: user}
    assert read.agents == {hired.id: hired}
    directory = await load_directory(database)
    assert directory.queues[0].options["steps"] == list(queue.steps)
    assert (directory.agents[0].sip_password, directory.agents[0].skills) == ("phone password", {"gas": 7})
    assert directory.routing == {"max_misses": 2}


async def test_a_change_leaves_what_was_before_and_after(database: Database) -> None:
    configuration = Configuration(database)
    await configuration.change(add("skill", WordSetup(id="gas", name=NAME)), ACTOR)

    def rename(configured: Configured) -> Change:
        before = configured.skills["gas"]
        return Change(kind="skill", before=before, after=msgspec.structs.replace(before, name={"en": "Gas!"}))

    await configuration.change(rename, ACTOR)
    await configuration.change(lambda c: Change(kind="skill", before=c.skills["gas"], after=None), ACTOR)
    newest_first = await configuration.history("skill", "gas")
    assert [(row.actor, row.action) for row in newest_first] == [
        ("key:setup", "skill.deleted"),
        ("key:setup", "skill.changed"),
        ("key:setup", "skill.created"),
    ]
    assert newest_first[1].detail == {"before": {"name": NAME}, "after": {"name": {"en": "Gas!"}}}


async def test_of_two_at_the_same_time_one_is_told(database: Database) -> None:
    configuration = Configuration(database)
    first = await configuration.change(add("skill", WordSetup(id="gas", name=NAME)), ACTOR)
    assert first is not None

    def rename(to: str) -> Callable[[Configured], Change]:
        def edit(configured: Configured) -> Change:
            before = configured.skills["gas"]
            check_version("skill", "gas", before, first.version)
            return Change(kind="skill", before=before, after=msgspec.structs.replace(before, name={"en": to}))

        return edit

    outcomes = await asyncio.gather(
        *(configuration.change(rename(to), ACTOR) for to in ("A", "B")), return_exceptions=True
    )
    assert sum(isinstance(outcome, VersionConflict) for outcome in outcomes) == 1
    assert len(await configuration.history("skill", "gas")) == 2


async def test_an_edit_past_the_api_is_noticed(database: Database) -> None:
    configuration = Configuration(database)
    first = await configuration.change(add("skill", WordSetup(id="gas", name=NAME)), ACTOR)
    async with database.writing() as connection:
        await connection.execute(text("""UPDATE skill SET name = '{"en": "By hand"}'"""))
    assert first is not None
    assert (await configuration.read()).skills["gas"].version != first.version


async def test_a_disabled_user_is_signed_out(database: Database) -> None:
    configuration = Configuration(database)
    user = await configuration.change(add("user", UserSetup(id=0, login="x", name="X", role="admin"), "a hash"), ACTOR)
    assert isinstance(user, UserSetup)
    async with database.writing() as connection:
        await connection.execute(
            text(
                "INSERT INTO user_session (token_hash, user_id, created_at, expires_at, address, agent_string)"
                " VALUES ('\\x01', :id, now(), now() + interval '1 hour', '', '')"
            ),
            {"id": user.id},
        )
    gone = msgspec.structs.replace(user, disabled=True)
    await configuration.change(lambda c: Change(kind="user", before=c.users[user.id], after=gone), ACTOR)
    async with database.reading() as connection:
        assert await fetch_all(connection, "SELECT 1 FROM user_session") == []
        assert await fetch_all(connection, "SELECT 1 FROM app_user WHERE password_hash = 'a hash'") != []
