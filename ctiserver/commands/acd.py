"""`ctiserver acd export` and `ctiserver acd replay`: what yesterday would have been under other rules."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path

from ctiserver.api.configuration.queue_file import read_queues, written
from ctiserver.commands import Subparsers
from ctiserver.config import Settings, load_settings
from ctiserver.configured import Configured, directory_of
from ctiserver.errors import ConfigurationError
from ctiserver.replay import Figures, Past, really, replay
from ctiserver.routing.check import accepted
from ctiserver.routing.config import routing_config
from ctiserver.routing.options import read_queue_options
from ctiserver.store.configuration import Configuration
from ctiserver.store.database import Database
from ctiserver.store.past import read_past
from ctiserver.store.schema_version import check_schema
from ctiserver.timezones import load_timezone

Table = dict[str, dict[str, dict[str, float | int | None]]]
SETS = ("really", "as_is", "edited")


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("acd", help="export queues; replay the past through edited rules")
    actions = parser.add_subparsers(dest="acd_action", required=True, metavar="ACTION")
    export = actions.add_parser("export", help="print the present queues as queues.yaml")
    again = actions.add_parser("replay", help="service levels side by side: really, as it is, edited")
    again.add_argument("--from", dest="since", required=True, help="2026-11-21T08:00, in the centre's time zone")
    again.add_argument("--to", dest="until", required=True)
    again.add_argument("--with", dest="queues", type=Path, required=True, metavar="queues.yaml")
    again.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    for action in (export, again):
        action.add_argument("--config", type=Path, help="settings file; DATABASE_URL wins over it")


def run(args: argparse.Namespace) -> int:
    settings = load_settings(args.config)
    if args.acd_action == "export":
        print(written(asyncio.run(_load(settings, None))[0]), end="")
        return 0
    since, until = (_instant(settings, text) for text in (args.since, args.until))
    if until <= since:
        raise ConfigurationError("--to must be later than --from")
    configured, past = asyncio.run(_load(settings, (since, until)))
    edited = read_queues(args.queues, configured)
    for queue_id, rule in by_the_clock(configured, edited):
        print(f"{queue_id}: options.{rule} is not replayed: the queue counts as open all the time", file=sys.stderr)
    table = compare(configured, edited, past)
    print(json.dumps({"queues": table}) if args.json else _text(table))
    return 0


def by_the_clock(*sets: Configured) -> list[tuple[str, str]]:
    """Queues that open and close by a calendar or by who is on duty, each with the option that says so."""
    found: set[tuple[str, str]] = set()
    for configured in sets:
        for queue in configured.queues.values():
            options = read_queue_options(queue.options)
            found |= {(queue.id, name) for name in ("hours", "roster") if getattr(options, name)}
    return sorted(found)


def compare(present: Configured, edited: Configured, past: Past) -> Table:
    """By queue, then by really | as_is | edited."""
    thresholds = {queue.id: queue.service_level_s for queue in edited.queues.values()}
    found = {
        "really": really(past, thresholds),
        "as_is": replay(past, _rules(present), thresholds),
        "edited": replay(past, _rules(edited), thresholds),
    }
    queues = sorted({queue_id for contact in past.contacts for queue_id in (contact.queue_id,)})
    return {queue: {name: _plain(found[name].get(queue)) for name in SETS} for queue in queues}


def _rules(configured: Configured):
    directory, _ = accepted(directory_of(configured), None)
    return routing_config(directory)


def _plain(figures: Figures | None) -> dict[str, float | int | None]:
    figures = figures or Figures()
    return {
        "offered": figures.offered,
        "answered": figures.answered,
        "abandoned": figures.abandoned,
        "overflowed": figures.overflowed,
        "service_level": figures.service_level,
        "asa_s": figures.asa_s,
        "abandonment": figures.abandonment,
    }


def _text(table: Table) -> str:
    counts = f"{'offered':>8} {'answered':>8} {'lost':>6} {'overfl.':>7}"
    lines = [f"{'queue':20} {'':8} {counts} {'SL1':>7} {'ASA':>8} {'lost %':>7}"]
    for queue, sets in table.items():
        for name, figures in sets.items():
            level, asa_s, lost = figures["service_level"], figures["asa_s"], figures["abandonment"]
            lines.append(
                f"{queue if name == 'really' else '':20} {name.replace('_', ' '):8} {figures['offered']:8} "
                f"{figures['answered']:8} {figures['abandoned']:6} {figures['overflowed']:7} "
                f"{_share(level)} {'–' if asa_s is None else f'{asa_s:.1f} s':>8} {_share(lost)}"
            )
    return "\n".join(lines)


def _share(value: float | int | None) -> str:
    return f"{'–' if value is None else f'{value:.1%}':>7}"


async def _load(settings: Settings, span: tuple[float, float] | None) -> tuple[Configured, Past]:
    database = Database(settings.database_url)
    try:
        await check_schema(database)
        configured = await Configuration(database).read()
        past = await read_past(database, *span) if span is not None else Past(contacts=(), ready=())
    finally:
        await database.close()
    return configured, past


def _instant(settings: Settings, text: str) -> float:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{text!r} is no instant", hint="like 2026-11-21T08:00") from None
    return (at if at.tzinfo else at.replace(tzinfo=load_timezone(settings.timezone))).timestamp()
