"""`ctiserver import calls FILE.csv --map start=…`: calls of another system into records and reports."""

from __future__ import annotations

import argparse
import asyncio
import csv
from pathlib import Path
from typing import cast, get_args

from ctiserver.commands import Subparsers
from ctiserver.config import load_settings
from ctiserver.errors import ConfigurationError
from ctiserver.kpi.service_level import FORMULAS, Counts, formula_text, service_level
from ctiserver.store.call_import import (
    COLUMNS,
    NEEDED,
    CallImport,
    Imported,
    Mapping,
    Outcome,
    PastCall,
    read_rows,
)
from ctiserver.store.database import Database
from ctiserver.store.schema_version import check_schema
from ctiserver.timezones import load_timezone

SHOWN = 20
EPILOG = """\
columns: start, queue_entry, queue_exit, outcome, service_start, service_end, agent, type (of the call: its queue)
A date and a time of day in two columns are joined: --map queue_entry=date+q_start
Rows with errors are told with line and field, and left out; the same rows again change nothing.

  ctiserver import calls calls.csv --map start=date+vru_entry --map queue_entry=date+q_start \\
      --map queue_exit=date+q_exit --map outcome=outcome --map service_start=date+ser_start \\
      --map service_end=date+ser_exit --map agent=server --map type=type \\
      --outcome AGENT=answered --outcome HANG=abandoned --outcome PHANTOM=skip --within 20
"""


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("import", help="calls of another system")
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", choices=("calls",))
    parser.add_argument("file", type=Path)
    parser.add_argument("--map", action="append", default=[], metavar="COLUMN=NAME", help="our column = the file's")
    parser.add_argument("--outcome", action="append", default=[], metavar="WORD=OUTCOME")
    parser.add_argument("--queue", default="import", help="of rows without a type")
    parser.add_argument("--timezone", default="", help="of the file's instants; else the centre's")
    parser.add_argument("--within", type=float, default=20.0, metavar="SECONDS", help="T of the service levels told")
    parser.add_argument("--short", type=float, default=5.0, metavar="SECONDS", help="S")
    parser.add_argument("--config", type=Path, help="settings file; DATABASE_URL wins over it")
    parser.add_argument("--check", action="store_true", help="only say what would be done")


def run(args: argparse.Namespace) -> int:
    mapping = Mapping(columns=_columns(args.map), outcomes=_outcomes(args.outcome), queue=args.queue)
    settings = load_settings(args.config)
    timezone = load_timezone(args.timezone or settings.timezone)
    rows = _read(args.file, mapping)
    calls = {call.id: call for call in read_rows(rows, mapping, timezone) if isinstance(call, PastCall)}

    async def work() -> Imported:
        database = Database(settings.database_url)
        try:
            await check_schema(database)
            return await CallImport(database, mapping, timezone).bring_in(rows, write=not args.check)
        finally:
            await database.close()

    done = asyncio.run(work())
    for problem in done.problems[:SHOWN]:
        print(f"{args.file}:{problem.line}: {problem.field}: {problem.problem}")
    if len(done.problems) > SHOWN:
        print(f"… and {len(done.problems) - SHOWN} rows more")
    verb = "would be added" if args.check else "added"
    print(
        f"{done.calls} calls, {done.new} {verb}, {done.calls - done.new} known already, "
        f"{done.skipped} left out, {len(done.problems)} with errors"
    )
    _tell_levels([call for call in calls.values() if call.entered is not None], args.within, args.short)
    return 1 if done.problems else 0


def counts_of(calls: list[PastCall], within_s: float, short_s: float) -> Counts:
    """The counts of the file itself, of calls that came to a queue, for comparison with what is known of it."""

    def number(outcome: str, limit_s: float | None = None) -> int:
        return sum(
            call.outcome == outcome and (limit_s is None or round(_waited(call) * 1000) <= round(limit_s * 1000))
            for call in calls
        )

    return Counts(
        answered=number("answered"),
        abandoned=number("abandoned"),
        overflowed=number("overflowed"),
        answered_within=number("answered", within_s),
        abandoned_within=number("abandoned", within_s),
        overflowed_within=number("overflowed", within_s),
        short_abandoned=number("abandoned", short_s),
        entries=len(calls),
    )


def _waited(call: PastCall) -> float:
    return (call.left or 0.0) - (call.entered or 0.0)


def _tell_levels(calls: list[PastCall], within_s: float, short_s: float) -> None:
    counts = counts_of(calls, within_s, short_s)
    print(
        f"answered {counts.answered} (within {within_s:g} s {counts.answered_within}), abandoned {counts.abandoned} "
        f"(within {within_s:g} s {counts.abandoned_within}, within {short_s:g} s {counts.short_abandoned}), "
        f"overflowed {counts.overflowed}"
    )
    for formula in FORMULAS:
        level = service_level(formula, counts)
        print(f"  {formula}  {formula_text(formula):<22} {'–' if level is None else f'{level:.2%}'}")


def _read(file: Path, mapping: Mapping) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            sample = stream.read(4096)
            stream.seek(0)
            delimiter = max(",;\t", key=sample.partition("\n")[0].count)
            reader = csv.DictReader(stream, delimiter=delimiter)
            rows = [{str(name).strip(): value or "" for name, value in row.items()} for row in reader]
            headings = {str(name).strip() for name in reader.fieldnames or ()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{file}: {error}", hint="a CSV file in UTF-8, with a heading") from None
    for ours, theirs in mapping.columns.items():
        for column in theirs.split("+"):
            if column not in headings:
                hint = f"there are: {', '.join(sorted(headings))}"
                raise ConfigurationError(f"{file}: no column {column!r} (--map {ours}={theirs})", hint=hint)
    return rows


def _columns(given: list[str]) -> dict[str, str]:
    found = {name: name for name in NEEDED}
    for words in given:
        ours, equals, theirs = words.partition("=")
        if not equals or ours not in COLUMNS or not theirs:
            raise ConfigurationError(f"--map {words}: not understood", hint=f"one of {', '.join(COLUMNS)}, = a column")
        found[ours] = theirs
    return found


def _outcomes(given: list[str]) -> dict[str, Outcome]:
    known = get_args(Outcome)
    found: dict[str, Outcome] = {word: word for word in known}
    for words in given:
        theirs, _, ours = words.rpartition("=")
        if ours not in known:
            raise ConfigurationError(f"--outcome {words}: not understood", hint=f"WORD = one of {', '.join(known)}")
        found[theirs] = cast("Outcome", ours)
    return found
