"""The demo's people, queues and customers: there once, however often the stack is started."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import insert

from ctiserver.demo.seed import SeededAccounts, seed_demo
from ctiserver.errors import PartError
from ctiserver.routing.config import routing_config
from ctiserver.store.customers import Customers
from ctiserver.store.database import Database
from ctiserver.store.directory_store import load_directory, load_directory_or_copy
from ctiserver.store.passwords import Passwords
from ctiserver.store.tables import QueueStep
from ctiserver.store.users import Users

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


async def seed(database: Database, passwords: Mapping[str, str] | None = None) -> SeededAccounts:
    return await seed_demo(database, passwords, hasher=Passwords(CHEAP))


async def test_seeding_again_changes_nothing(database: Database) -> None:
    first = await seed(database)
    directory = await load_directory(database)
    again = await seed(database, {account.login: account.password for account in first.accounts})
    assert again == first
    assert await load_directory(database) == directory
    agents = [account for account in first.accounts if account.role == "agent"]
    assert [agent.extension for agent in agents] == [f"100{number}" for number in range(1, 9)]
    assert len({account.password for account in first.accounts}) == len(first.accounts) == 15
    assert len({agent.sip_password for agent in agents}) == 8
    user = await Users(database).sign_in("1001", agents[0].password)
    assert user is not None
    assert user.agent_id == directory.agents[0].id


async def test_a_forgotten_password_is_replaced(database: Database) -> None:
    await seed(database)
    second = await seed(database)
    assert await Users(database).sign_in("admin", second.accounts[0].password) is not None


async def test_the_directory_is_what_routing_and_pages_need(database: Database) -> None:
    await seed(database)
    directory = await load_directory(database)
    assert [queue.id for queue in directory.queues] == ["service", "repairs", "bills", "english"]
    assert {(queue.ring_timeout_s, queue.wrap_up_s) for queue in directory.queues} == {(20.0, 10.0)}
    assert [code.code for code in directory.reason_codes] == ["lunch", "short_break", "meeting", "training"]
    assert len(directory.dispositions) == 5
    assert directory.teams["service_1"] == {"zh-CN": "客服一组", "en": "Service team 1"}
    assert {agent.team for agent in directory.agents} <= directory.teams.keys()
    assert len(routing_config(directory).agents) == 8


async def test_steps_of_a_queue_reach_its_options(database: Database) -> None:
    await seed(database)
    async with database.writing() as connection:
        for ordinal, after_ms, options in ((1, 30000, {"levels": {"english": 5}}), (2, 60000, {"drop": ["english"]})):
            step = {"queue_id": "english", "ordinal": ordinal, "after_ms": after_ms, "options": options}
            await connection.execute(insert(QueueStep).values(step))
    english = (await load_directory(database)).queues[3]
    assert english.options["steps"] == [
        {"after_s": 30, "levels": {"english": 5}},
        {"after_s": 60, "drop": ["english"]},
    ]


async def test_callers_of_the_demo_are_customers(database: Database) -> None:
    await seed(database)
    customers = Customers(database, "CN")
    matches = [(await customers.known(f"138001380{number:02d}", 1)).matches for number in range(60)]
    assert set(matches) == {1, 2}
    assert matches.count(2) == 5, "some share a number"
    tagged = await customers.search("138001380", 100)
    assert any("vip" in row.tags for row in tagged)


async def test_a_start_without_postgres_uses_the_copy(database: Database, tmp_path: Path) -> None:
    await seed(database)
    copy = tmp_path / "var" / "directory.json"
    directory, fresh = await load_directory_or_copy(database, copy)
    assert fresh
    assert copy.stat().st_mode & 0o777 == 0o600
    away = Database("postgresql://ctiserver:x@127.0.0.1:1/ctiserver")
    assert await load_directory_or_copy(away, copy) == (directory, False)
    copy.write_text("{")
    with pytest.raises(PartError, match=r"no copy of the directory .* — the first start of a node needs Postgres"):
        await load_directory_or_copy(away, copy)
    await away.close()
