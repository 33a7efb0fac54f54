"""A Postgres of our own starts, keeps its data, trusts nobody, and refuses what it can't do in clear words."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it ships none
import pytest

from ctiserver.errors import PartError, PortTakenError
from ctiserver.free_ports import choose_free_port
from ctiserver.local_process import find_process
from ctiserver.store.embedded import EmbeddedPostgres, PostgresPrograms, wheel_programs
from ctiserver.unprivileged import service_user
from tests.real_parts import service_folder


async def ask(url: str, question: str) -> object:
    connection = await cast("Any", asyncpg).connect(url, timeout=5)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_the_daemon_owns_its_database_but_not_the_server(postgres_server: EmbeddedPostgres) -> None:
    assert await ask(postgres_server.url, "SELECT current_user || '@' || current_database()") == "ctiserver@ctiserver"
    assert await ask(postgres_server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert await ask(postgres_server.admin_url, "SHOW server_encoding") == "UTF8"


async def test_a_wrong_password_is_refused(postgres_server: EmbeddedPostgres) -> None:
    password = postgres_server.url.split(":")[2].split("@")[0]
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(postgres_server.url.replace(password, "guessed"), "SELECT 1")


def test_it_runs_unprivileged_in_a_closed_folder(postgres_server: EmbeddedPostgres) -> None:
    running = find_process(postgres_server.folder / "process.json")
    assert running is not None
    assert 0 not in running.uids()
    assert postgres_server.folder.stat().st_mode & 0o077 == 0


async def test_a_new_database_is_empty_and_ours(empty_database_url: str) -> None:
    assert await ask(empty_database_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    await ask(empty_database_url, "CREATE TABLE t (n int)")


async def test_what_was_written_is_there_after_a_restart(postgres_programs: PostgresPrograms) -> None:
    with service_folder() as folder:
        server = EmbeddedPostgres(folder / "postgres", choose_free_port(), postgres_programs)
        await server.start()
        await ask(server.url, "CREATE TABLE greeting AS SELECT '您好' AS text")
        await server.stop()
        assert server.process.pid is None
        await server.start()
        try:
            assert await ask(server.url, "SELECT text FROM greeting") == "您好"
        finally:
            await server.stop()


async def test_a_taken_port_is_named(postgres_server: EmbeddedPostgres, tmp_path: Path) -> None:
    other = EmbeddedPostgres(tmp_path / "postgres", postgres_server.port, postgres_server.programs)
    with pytest.raises(PortTakenError, match=rf"Port {postgres_server.port} \(Postgres's port\) is taken by postgres"):
        await other.start()


async def test_data_of_another_version_is_refused_and_left_alone(postgres_programs: PostgresPrograms) -> None:
    with service_folder() as folder:
        server = EmbeddedPostgres(folder / "postgres", choose_free_port(), postgres_programs, durable=False)
        await server.start()
        await server.stop()
        version_file = folder / "postgres" / "data" / "PG_VERSION"
        version_file.write_text("9\n")
        with pytest.raises(PartError, match="is of Postgres 9, but the programs are of version"):
            await server.start()
        assert version_file.read_text() == "9\n"


async def test_an_interrupted_initdb_is_repeated(postgres_programs: PostgresPrograms) -> None:
    with service_folder() as folder:
        (folder / "postgres" / "data" / "base").mkdir(parents=True)
        server = EmbeddedPostgres(folder / "postgres", choose_free_port(), postgres_programs, durable=False)
        await server.start()
        try:
            assert await ask(server.url, "SELECT 1") == 1
        finally:
            await server.stop()


async def test_two_servers_run_side_by_side(postgres_server: EmbeddedPostgres) -> None:
    with service_folder() as folder:
        second = EmbeddedPostgres(folder / "postgres", choose_free_port(), postgres_server.programs, durable=False)
        await second.start()
        try:
            answers = await asyncio.gather(ask(second.url, "SHOW port"), ask(postgres_server.url, "SHOW port"))
            assert answers == [str(second.port), str(postgres_server.port)]
        finally:
            await second.stop()


async def test_programs_that_nobody_can_reach_are_copied_with_their_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctiserver.store.embedded.can_reach", _never)
    user = service_user()
    with service_folder() as folder:
        programs = wheel_programs(folder, user)
        assert (user is None) or programs.folder.is_relative_to(folder)
        server = EmbeddedPostgres(folder / "postgres", choose_free_port(), programs, durable=False)
        await server.start()
        try:
            assert await ask(server.url, "SELECT 1") == 1
        finally:
            await server.stop()


def _never(*_: object) -> bool:
    return False
