"""What is missing or refuses beside a running daemon is told once, named by the readiness, and mended by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ctiserver.asterisk.local import AsteriskPrograms, LocalAsterisk
from ctiserver.store.database import Database
from ctiserver.store.directory_store import load_directory, write_copy
from ctiserver.store.embedded import EmbeddedPostgres
from tests.asterisk.errors.conftest import Daemon, eventually
from tests.real_parts import free_asterisk_ports, service_folder


def reach(daemon: Daemon, asterisk: LocalAsterisk) -> None:
    secrets = asterisk.secrets()
    daemon.settings["asterisk"] |= {
        "url": asterisk.ari_url,
        "password": secrets.ari_password,
        "ami_port": asterisk.ports.ami,
        "ami_secret": secrets.ami_secret,
    }


def test_asterisk_comes_goes_and_comes_again(daemon: Daemon, asterisk_programs: AsteriskPrograms) -> None:
    with service_folder() as folder:
        asterisk = LocalAsterisk(folder / "asterisk", asterisk_programs, free_asterisk_ports())
        reach(daemon, asterisk)
        daemon.run()
        eventually(lambda: "can't be reached" in daemon.component("asterisk-ari")["detail"], "ARI is named")
        assert daemon.answer("/health/ready")[0] == 503
        assert "is Asterisk running?" in daemon.component("asterisk-ami")["detail"]
        try:
            asyncio.run(asterisk.start())
            eventually(lambda: daemon.answer("/health/ready")[0] == 200, "it finds Asterisk by itself")
            told = daemon.said.count("ari_unreachable")
            assert told <= 3, f"one line per problem, not per attempt:\n{daemon.said}"
            asyncio.run(asterisk.process.stop(first=signal.SIGKILL, patience_s=5))
            eventually(lambda: daemon.answer("/health/ready")[0] == 503, "the loss is noticed")
            asyncio.run(asterisk.start())
            eventually(lambda: daemon.answer("/health/ready")[0] == 200, "and again")
        finally:
            asyncio.run(asterisk.stop())
        assert "Traceback" not in daemon.said


@pytest.mark.parametrize(
    ("setting", "component", "problem", "way_out"),
    [
        ("password", "asterisk-ari", "refuses the ARI user 'ctiserver'", "CTI_ASTERISK__PASSWORD"),
        ("ami_secret", "asterisk-ami", "AMI refuses user 'ctiserver'", "CTI_ASTERISK__AMI_SECRET"),
    ],
)
def test_a_wrong_secret(daemon: Daemon, setting: str, component: str, problem: str, way_out: str) -> None:
    daemon.settings["asterisk"][setting] = "hunter2"
    daemon.run()
    eventually(lambda: problem in daemon.component(component)["detail"], f"{component} is named")
    assert way_out in daemon.component(component)["detail"]
    assert daemon.answer("/health/ready")[0] == 503
    other: dict[str, Any] = daemon.component(
        {"asterisk-ari": "asterisk-ami", "asterisk-ami": "asterisk-ari"}[component]
    )
    eventually(lambda: daemon.component(other["name"])["ready"], "the other link serves")
    daemon.stop()
    assert "hunter2" not in daemon.said
    assert "Traceback" not in daemon.said
    assert daemon.said.count(problem) <= 2, "once when it is found, once by who waits for it"


def test_a_reload_with_a_typo_leaves_the_old_flows_in_force(daemon: Daemon) -> None:
    file = daemon.folder / "flows" / "direct.yaml"
    good = file.read_text(encoding="utf-8")
    daemon.run()
    file.write_text(good.replace("queue: {queue", "queue: {quee"), encoding="utf-8")
    daemon.hang_up_signal()
    eventually(lambda: "flows_refused" in daemon.said, "the reload is refused")
    refused = next(line for line in daemon.said.splitlines() if "flows_refused" in line)
    assert "direct.yaml:3:" in refused
    assert "the former flows" in refused
    file.write_text(good, encoding="utf-8")
    daemon.hang_up_signal()
    eventually(lambda: "flows_reloaded" in daemon.said, "the repaired file is taken")
    assert "Traceback" not in daemon.said


def test_espeak_is_missing_and_so_are_the_pages(daemon: Daemon) -> None:
    daemon.settings["speech"]["command"] = ["/nowhere/espeak-ng"]
    daemon.settings["http"]["web_folder"] = "/nowhere/dist"
    flow = "flow: direct\nmenu: none\ngreeting: [您好, 欢迎, 请稍候]\nqueue: {queue: service}\n"
    (daemon.folder / "flows" / "direct.yaml").write_text(flow, encoding="utf-8")
    daemon.run()
    eventually(lambda: "espeak-ng can't be started" in daemon.component("speech")["detail"], "speech is named")
    assert "speech.command" in daemon.component("speech")["detail"]
    status, text = daemon.answer("/")
    assert status == 503
    assert "run `make pages`" in text


def test_an_empty_database_in_place_of_the_right_one(daemon: Daemon, embedded_postgres: EmbeddedPostgres) -> None:
    """Found at a restart: a node that knows its people and queues serves calls on, and writes nothing there."""
    asyncio.run(_lived_before(daemon))
    asyncio.run(_empty_database(embedded_postgres))
    daemon.settings["database_url"] = embedded_postgres.url_of("wrong_server")
    daemon.run()
    eventually(lambda: daemon.component("asterisk-accounts")["ready"], "calls can be served")
    assert "database_is_empty" in daemon.said
    assert "directory_from_copy" in daemon.said
    eventually(lambda: "has not our tables" in daemon.component("postgres")["detail"], "the readiness says so")
    daemon.stop()
    assert "Traceback" not in daemon.said


def test_a_postgres_that_hangs_keeps_no_call_waiting(daemon: Daemon, embedded_postgres: EmbeddedPostgres) -> None:
    """It takes connections and answers nothing: the start goes on with the copies, and reads anew when it answers."""
    asyncio.run(_lived_before(daemon))
    with stopped(embedded_postgres):
        daemon.run()
        eventually(lambda: daemon.component("asterisk-accounts")["ready"], "calls can be served")
        assert daemon.said.count("directory_from_copy") == 1
        assert "does not answer" in daemon.said
        assert "reloaded" not in daemon.said
    eventually(lambda: "fresh=True" in daemon.said, "people and queues are read when it answers")
    eventually(lambda: daemon.component("postgres")["ready"], "all is well again")
    assert "Traceback" not in daemon.said


@contextmanager
def stopped(server: EmbeddedPostgres) -> Generator[None]:
    os.kill(server.process.pid or 0, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.process.pid or 0, signal.SIGCONT)


async def _lived_before(daemon: Daemon) -> None:
    """What a former run with the right database has left."""
    database = Database(daemon.settings["database_url"], pool_size=1)
    write_copy(Path(daemon.settings["var"]) / "directory.json", await load_directory(database))
    await database.close()


async def _empty_database(server: EmbeddedPostgres) -> None:
    await server.drop_database("wrong_server")
    await server.create_database("wrong_server")
