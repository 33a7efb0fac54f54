"""Whatever makes a start impossible is told in one line with the way out: no traceback, no password, exit code 1."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest
from sqlalchemy.engine import make_url

from ctiserver.store.database import Database
from ctiserver.store.embedded import EmbeddedPostgres
from tests.asterisk.errors.conftest import Daemon


def with_url(**parts: str | int) -> Callable[[Daemon], None]:
    def change(daemon: Daemon) -> None:
        url = make_url(daemon.settings["database_url"]).set(**parts)  # type: ignore[arg-type] - its own keywords
        daemon.settings["database_url"] = url.render_as_string(hide_password=False)

    return change


def with_key(section: str, key: str, value: object) -> Callable[[Daemon], None]:
    def change(daemon: Daemon) -> None:
        (daemon.settings[section] if section else daemon.settings)[key] = value

    return change


REFUSALS: dict[str, tuple[Callable[[Daemon], None], str, str]] = {
    "nobody listens": (
        with_url(port=1),
        "Postgres at 127.0.0.1:1/errors can't be reached: ",
        "start it, or correct host and port in DATABASE_URL",
    ),
    "wrong password": (
        with_url(password="hunter2"),
        "refuses user 'ctiserver'",
        "check user and password in DATABASE_URL",
    ),
    "no such database": (with_url(database="nowhere"), "has no such database", "createdb nowhere --owner ctiserver"),
    "no URL": (with_key("", "database_url", "postgresql://me:hunter2@h:port/x"), "DATABASE_URL is no URL", "like "),
    "unknown setting": (
        with_key("http", "prot", 8080),
        "there is no setting http.prot; known here: host, media_url, port",
        "docs/operations.md",
    ),
    "no number": (with_key("http", "port", "eighty"), "http.port: Input should be a valid integer", "operations.md"),
    "unknown time zone": (with_key("", "timezone", "Asia/Shangai"), "'Asia/Shangai' is unknown", "Asia/Shanghai"),
    "no place for the journal": (
        with_key("", "var", "/proc/1/nowhere"),
        "the folder /proc/1/nowhere can't be written to",
        "set `var` (CTI_VAR) to another folder",
    ),
    "no place for recordings": (
        with_key("", "recordings", "/proc/1/nowhere"),
        "the folder /proc/1/nowhere can't be written to",
        "CTI_RECORDINGS",
    ),
    "an address of somebody else": (with_key("http", "host", "203.0.113.7"), "can't listen on 203.0.113.7:", "HOST"),
    "no flows": (with_key("", "flows", "/nowhere"), "/nowhere: no flow files (*.yaml) are here", "flows check"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_wrong_setting(daemon: Daemon, case: str) -> None:
    change, problem, way_out = REFUSALS[case]
    change(daemon)
    said = daemon.refused()
    last = [line for line in said.splitlines() if not line.startswith("20")]  # without log lines
    assert last[0].startswith("ctiserver serve: ")
    assert problem in said
    assert way_out in said
    assert "Traceback" not in said
    assert "hunter2" not in said
    assert len(last) == (2 if case == "no flows" else 1)


def test_a_taken_http_port(daemon: Daemon) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        daemon.settings["http"]["port"] = other.getsockname()[1]
        said = daemon.refused()
    assert f"127.0.0.1:{daemon.settings['http']['port']} is taken by another program" in said
    assert "CTI_HTTP__PORT" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("revision", "problem", "way_out"),
    [("", "is empty", "run `ctiserver migrate`"), ("9999", "which a later version made", "start that version")],
)
def test_a_database_of_another_version(
    daemon: Daemon, embedded_postgres: EmbeddedPostgres, revision: str, problem: str, way_out: str
) -> None:
    asyncio.run(_database_at(embedded_postgres, revision))
    daemon.settings["database_url"] = embedded_postgres.url_of("other_version")
    said = daemon.refused()
    assert problem in said
    assert way_out in said
    assert "Traceback" not in said


async def _database_at(server: EmbeddedPostgres, revision: str) -> None:
    await server.drop_database("other_version")
    await server.create_database("other_version")
    if not revision:
        return
    database = Database(server.url_of("other_version"))
    async with database.writing() as connection:
        await connection.exec_driver_sql("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)")
        await connection.exec_driver_sql("INSERT INTO alembic_version VALUES ($1)", (revision,))
    await database.close()


def test_a_flow_with_a_typo_names_file_line_and_column(daemon: Daemon) -> None:
    file = daemon.folder / "flows" / "direct.yaml"
    file.write_text("flow: direct\nmenu: none\nqueue: {quee: service}\n", encoding="utf-8")
    said = daemon.refused()
    assert f"{file.name}:3:" in said
    assert "quee" in said
    assert "Traceback" not in said


def test_a_recorded_prompt_that_is_missing_is_found_before_any_call(daemon: Daemon) -> None:
    file = daemon.folder / "flows" / "direct.yaml"
    file.write_text(
        "flow: direct\ngreeting: {prompt: jingle}\n" + file.read_text().partition("\n")[2], encoding="utf-8"
    )
    said = daemon.refused()
    assert f"{file.name}:2:" in said
    assert 'there is no recorded prompt "jingle"' in said
    assert "Traceback" not in said
