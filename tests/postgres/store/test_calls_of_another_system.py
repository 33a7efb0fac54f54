"""Calls of another system come in from a file: once, with errors by line and field, into the same figures."""

from __future__ import annotations

import asyncio
import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from ctiserver.__main__ import main
from ctiserver.kpi.service_level import Counts
from ctiserver.store.call_import import CallImport, Mapping
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.rebuild import rebuild
from ctiserver.store.reporting.reports import Reports
from ctiserver.store.reporting.shapes import Contract, Wanted

HEADING = ("date", "vru_entry", "q_start", "q_exit", "outcome", "ser_start", "ser_exit", "server", "type")
OPTIONS = (
    "--map", "start=date+vru_entry", "--map", "queue_entry=date+q_start", "--map", "queue_exit=date+q_exit",
    "--map", "outcome=outcome", "--map", "service_start=date+ser_start", "--map", "service_end=date+ser_exit",
    "--map", "agent=server", "--map", "type=type", "--outcome", "AGENT=answered", "--outcome", "HANG=abandoned",
    "--outcome", "PHANTOM=skip", "--timezone", "Asia/Jerusalem",
)  # fmt: skip
DAY = datetime(1999, 1, 5)  # noqa: DTZ001 - local time, as the file has it


def clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}".lstrip("0") if at.hour else f"0:{at:%M:%S}"


def write_file(path: Path) -> Counts:
    """A day at a bank: who is served at once has no times in the queue; some give up, some were never there."""
    chance = random.Random(7)  # noqa: S311 - not cryptography
    answered = within = abandoned = abandoned_within = short = 0
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADING)
        for number in range(120):
            begun = DAY + timedelta(hours=8, seconds=300 * number)
            waited = chance.choice((0, 4, 5, 6, 19, 20, 21, 240))
            entered, left = begun + timedelta(seconds=10), begun + timedelta(seconds=10 + waited)
            queue = ("0:00:00", "0:00:00") if waited == 0 else (clock(entered), clock(left))
            kind = "PS" if number % 3 else "NW"
            if number % 17 == 0:
                row = ("990105", clock(begun), "0:00:00", "0:00:00", "PHANTOM", "0:00:00", "0:00:00", "NO_SERVER", kind)
            elif chance.random() < 0.2 and waited:
                row = ("990105", clock(begun), *queue, "HANG", "0:00:00", "0:00:00", "NO_SERVER", kind)
                abandoned += 1
                abandoned_within += waited <= 20
                short += waited <= 5
            else:
                served = (clock(left), clock(left + timedelta(seconds=90)))
                row = ("990105", clock(begun), *queue, "AGENT", *served, ("ZOHAR", "TOVA")[number % 2], kind)
                answered += 1
                within += waited <= 20
            writer.writerow(row)
    return Counts(
        answered=answered,
        answered_within=within,
        abandoned=abandoned,
        abandoned_within=abandoned_within,
        short_abandoned=short,
        entries=answered + abandoned,
    )


async def totals(database: Database, by: str = "queue", report: str = "traffic") -> dict[str, float | None]:
    contract = Contract(formula="SL1", within_ms=20_000, short_ms=5_000, target=0.8)
    since = int(datetime(1999, 1, 4, tzinfo=UTC).timestamp())
    wanted = Wanted(
        report=report,
        since=since,
        until=since + 3 * 86_400,
        interval="total",
        by=by,
        booking="cohort",
        formula="SL1",
        formula_asked=False,
        usual=contract,
        contracts={},
        now=0.0,
    )
    return (await Reports(database, UTC, "UTC").read(wanted)).part.totals.values


def told(database: Database) -> str:
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def file(tmp_path: Path) -> tuple[Path, Counts]:
    path = tmp_path / "bank.csv"
    return path, write_file(path)


async def test_the_file_gives_its_own_figures(
    database: Database, file: tuple[Path, Counts], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, known = file
    monkeypatch.setenv("DATABASE_URL", told(database))
    command = ["import", "calls", str(path), *OPTIONS]
    assert await asyncio.to_thread(main, command) == 0
    said = capsys.readouterr().out
    assert f"{known.entries} calls, {known.entries} added, 0 known already, 8 left out, 0 with errors" in said
    level = (known.answered_within + known.abandoned_within) / (known.answered + known.abandoned)
    assert f"{level:.2%}" in said
    figures = await totals(database)
    assert figures["service_level"] == pytest.approx(level)
    for name in ("answered", "abandoned", "answered_within", "abandoned_within", "short_abandoned"):
        assert figures[name] == getattr(known, name)
    work = await totals(database, "agent", "agents")
    assert work["handled"] == known.answered
    assert work["talk_ms"] == known.answered * 90_000

    assert await asyncio.to_thread(main, command) == 0
    assert f"{known.entries} calls, 0 added, {known.entries} known already" in capsys.readouterr().out
    assert await totals(database) == figures
    await rebuild(database, "CN")
    assert await totals(database) == figures


async def test_rows_with_errors_are_told_by_line_and_field(database: Database) -> None:
    mapping = Mapping(
        columns={"start": "start", "outcome": "outcome", "queue_entry": "in", "queue_exit": "out", "type": "queue"},
        outcomes={"lost": "abandoned"},
    )
    good = {
        "start": "2027-01-15 08:00:00",
        "in": "2027-01-15 08:00:05",
        "out": "2027-01-15 08:00:09",
        "outcome": "lost",
    }
    rows = [
        good,
        {**good, "outcome": "found"},
        {**good, "start": "yesterday"},
        {**good, "out": "2027-01-15 08:00:01"},
        {**good, "out": ""},
        {**good, "start": ""},
        {**good, "in": "", "out": ""},
    ]
    done = await CallImport(database, mapping, UTC).bring_in(rows)
    assert [(problem.line, problem.field) for problem in done.problems] == [
        (3, "outcome"),
        (4, "start"),
        (5, "queue_exit"),
        (6, "queue_exit"),
        (7, "start"),
    ]
    assert (done.calls, done.new) == (2, 2)
    async with database.reading() as connection:
        [counted] = await fetch_all(connection, "SELECT count(*) AS calls, count(queue_id) AS queued FROM call")
        assert dict(counted) == {"calls": 2, "queued": 1}
        assert (await connection.execute(text("SELECT offered FROM queue_interval"))).scalar_one() == 1


async def test_a_check_writes_nothing(database: Database) -> None:
    mapping = Mapping(columns={"start": "start", "outcome": "outcome"}, outcomes={"lost": "abandoned"})
    row = {"start": "2027-01-15 08:00:00", "outcome": "lost"}
    done = await CallImport(database, mapping, UTC).bring_in([row], write=False)
    assert (done.calls, done.new) == (1, 1)
    async with database.reading() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM journal_event"))).scalar_one() == 0


def test_what_the_file_does_not_have_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("when,what\n2027-01-15 08:00:00,lost\n")
    assert main(["import", "calls", str(path), "--map", "start=begun"]) == 1
    assert "no column 'begun'" in capsys.readouterr().err
    assert main(["import", "calls", str(path), "--map", "weather=when"]) == 1
    assert "--map weather=when: not understood" in capsys.readouterr().err
    assert main(["import", "calls", str(tmp_path / "none.csv")]) == 1
