"""`ctiserver flows publish | rollback | history | graph`: releases without the pages, for scripts and for emergencies.

Publishing writes a release into Postgres; every running daemon takes it within a second. Without a running daemon it is
what the next start takes.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from ctiserver.channels.lookups.sources import source_names
from ctiserver.clock import to_datetime
from ctiserver.config import Settings, load_settings
from ctiserver.errors import ConfigurationError, Rejected
from ctiserver.ivr.china_holidays import china_day_kind
from ctiserver.ivr.drawing import draw, mermaid, svg
from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.flow_error import FlowErrors, nearest
from ctiserver.ivr.flow_file import load_flow_set, read_source, read_sources, recordings_in
from ctiserver.ivr.simulate import run_test
from ctiserver.ivr.staffing import calendars_of, holidays_with
from ctiserver.live.flow_keeper import folder_release
from ctiserver.live.flow_publishing import changed, new_release
from ctiserver.live.flow_surroundings import FlowSurroundings
from ctiserver.store.database import Database
from ctiserver.store.directory_store import load_directory
from ctiserver.store.flow_releases import FlowReleases
from ctiserver.store.flow_rows import Author, ReleaseRow
from ctiserver.store.hotline import Hotline
from ctiserver.store.prompt_recordings import PromptRecordings
from ctiserver.store.schema_version import check_schema
from ctiserver.timezones import load_timezone

WAIT_FOR_NODES_S = 10.0
LOOK_EVERY_S = 0.2
HISTORY = 50


def add_parsers(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage] - nameless in public
    publish = actions.add_parser("publish", help="put files in force for the next caller, all or none")
    publish.add_argument("paths", nargs="*", type=Path, help="flow files, or a folder of them (the settings' folder)")
    publish.add_argument("--note", required=True, help="what was changed, and why")
    publish.add_argument("--remove", action="append", default=[], metavar="FILE", help="a file that goes")
    _add_common(publish)

    rollback = actions.add_parser("rollback", help="bring an earlier release back")
    rollback.add_argument("number", nargs="?", type=int, help="of the release; else the one before the last")
    rollback.add_argument("--note", default="", help="why")
    _add_common(rollback)

    history = actions.add_parser("history", help="what was published, by whom and why")
    history.add_argument("--config", type=Path, help="settings file; DATABASE_URL wins over it")

    graph = actions.add_parser("graph", help="draw a flow")
    graph.add_argument("flow", help="name of the flow")
    graph.add_argument(
        "folder", nargs="?", type=Path, default=Path("ivr_flows"), help="where the flows are (ivr_flows)"
    )
    graph.add_argument("--form", choices=("mermaid", "svg"), default="mermaid")
    graph.add_argument("--language", choices=("zh-CN", "en"), default="zh-CN", help="of the nodes' titles (zh-CN)")


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--author", default="", help="as the history shows it; else the user of this terminal")
    parser.add_argument("--config", type=Path, help="settings file; DATABASE_URL wins over it")


# ── graph ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def graph(args: argparse.Namespace) -> int:
    try:
        flows = load_flow_set(args.folder)
    except FlowErrors as refused:
        print(refused, file=sys.stderr)
        return 1
    flow = flows.flows.get(args.flow)
    if flow is None:
        print(f'there is no flow "{args.flow}" ({nearest(args.flow, flows.flows)})', file=sys.stderr)
        return 2
    make = svg if args.form == "svg" else mermaid
    print(make(draw(flow), args.language), end="")
    return 0


# ── releases ────────────────────────────────────────────────────────────────────────────────────────────────────────


def publish(args: argparse.Namespace) -> int:
    return asyncio.run(_publish(load_settings(args.config), args))


def rollback(args: argparse.Namespace) -> int:
    return asyncio.run(_rollback(load_settings(args.config), args))


def history(args: argparse.Namespace) -> int:
    return asyncio.run(_history(load_settings(args.config)))


async def _publish(settings: Settings, args: argparse.Namespace) -> int:
    try:
        changes = _read(args.paths or [settings.flows])
    except FlowErrors as refused:
        print(refused, file=sys.stderr)
        return 1
    database = Database(settings.database_url)
    try:
        await check_schema(database)
        store = FlowReleases(database)
        newest = await store.newest()
        first = newest or folder_release(settings.flows)
        texts = changed(first.texts, {**changes, **dict.fromkeys(args.remove)})
        flows = (await _surroundings(settings, database)).build(texts)
        if failed := _failed_tests(flows):
            print("\n".join([*failed, "nothing was published: the former flows stay in force"]), file=sys.stderr)
            return 1
        new = new_release(
            texts,
            "publish",
            after=newest.row.number if newest else 0,
            author=_author(args),
            note=args.note,
            first=None if newest else first,
        )
        return await _put_in_force(store, await store.publish(new))
    except FlowErrors as refused:
        count = len(refused.errors)
        print(f"{refused}\n{count} errors, nothing was published: the former flows stay in force", file=sys.stderr)
        return 1
    finally:
        await database.close()


async def _rollback(settings: Settings, args: argparse.Namespace) -> int:
    database = Database(settings.database_url)
    try:
        await check_schema(database)
        store = FlowReleases(database)
        newest = await store.newest()
        to = args.number or (newest.row.number - 1 if newest else 0)
        earlier = await store.release(to)
        if newest is None or earlier is None:
            raise Rejected(f"there is no release {to}", hint="`ctiserver flows history` lists them")
        (await _surroundings(settings, database)).build(earlier.texts)
        new = new_release(
            earlier.texts, "rollback", after=newest.row.number, author=_author(args), note=args.note, back_to=to
        )
        return await _put_in_force(store, await store.publish(new))
    except FlowErrors as refused:
        print(f"{refused}\nrelease {args.number} can't be used any more", file=sys.stderr)
        return 1
    finally:
        await database.close()


async def _history(settings: Settings) -> int:
    database = Database(settings.database_url)
    try:
        await check_schema(database)
        page = await FlowReleases(database).history(1, HISTORY)
    finally:
        await database.close()
    if not page.items:
        print(f"nothing was published yet: the files of {settings.flows} are in force")
    timezone = load_timezone(settings.timezone)
    for row in page.items:
        at = to_datetime(row.at).astimezone(timezone).strftime("%Y-%m-%d %H:%M")
        back = f"back to {row.back_to}: " if row.back_to else ""
        print(f"{row.number:5}  {at}  {row.author or row.kind}  {back}{row.note}  [{', '.join(row.changed)}]")
    return 0


async def _surroundings(settings: Settings, database: Database) -> FlowSurroundings:
    """As a daemon with these settings sees them. Raises DatabaseAwayError, ConfigurationError."""
    today = datetime.now(load_timezone(settings.timezone)).date()
    planned = await Hotline(database).read(today)
    calendars, _ = calendars_of(planned, settings.timezone)
    recordings = {language: set(prompts) for language, prompts in recordings_in(settings.flows).items()}
    for row in await PromptRecordings(database).in_force():
        if not row.removed:
            recordings.setdefault(row.language, set()).add(row.prompt)
    return FlowSurroundings(
        folder=settings.flows,
        queues=frozenset(queue.id for queue in (await load_directory(database)).queues),
        lookups=source_names(settings.flows),
        calendars=calendars,
        holidays=holidays_with(planned.days, china_day_kind),
        recordings={language: frozenset(prompts) for language, prompts in recordings.items()},
    )


def _read(paths: Iterable[Path]) -> dict[str, str | None]:
    """Raises FlowErrors, ConfigurationError."""
    changes: dict[str, str | None] = {}
    for path in paths:
        if path.is_dir():
            changes.update(read_sources(path))
            continue
        try:
            changes[path.name] = read_source(path)
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{path}: {error}") from None
    return changes


def _failed_tests(flows: FlowSet) -> list[str]:
    return [
        f'{flow.id}: the test "{test.name}" fails: {problem}'
        for flow in flows.flows.values()
        for test in flow.tests
        for problem in run_test(flows, flow, test)
    ]


def _author(args: argparse.Namespace) -> Author:
    return Author(name=args.author or getpass.getuser())


async def _put_in_force(store: FlowReleases, row: ReleaseRow) -> int:
    """Says what each node made of it; nodes that were never heard of are not waited for."""
    print(f"release {row.number}: {', '.join(row.changed) or 'nothing differs'}")
    nodes = {taken.node for taken in await store.taken() if time.time() - taken.at < 30 * 86_400}
    deadline = time.monotonic() + WAIT_FOR_NODES_S
    while True:
        taken = {one.node: one for one in await store.taken() if one.number >= row.number}
        if nodes <= taken.keys() or time.monotonic() > deadline:
            break
        await asyncio.sleep(LOOK_EVERY_S)
    for node in sorted(nodes - taken.keys()):
        print(f"node {node} has not answered: it takes the release when it runs")
    for one in taken.values():
        print(f"node {one.node}: {one.problem or 'in force'}")
    return 1 if any(one.problem for one in taken.values()) else 0
