"""`ctiserver flows check | test | walk | schema`: work on IVR flows without a telephone and without the daemon."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from ctiserver.channels.lookups.sources import lookups_schema, source_names
from ctiserver.commands import flow_releases
from ctiserver.ivr.flow import Flow, FlowSet
from ctiserver.ivr.flow_error import FlowErrors, nearest
from ctiserver.ivr.flow_file import load_flow_set
from ctiserver.ivr.schema import Schema, flow_schema, lines_schema
from ctiserver.ivr.simulate import AGENT_DONE, QUEUE_OUTCOMES, SILENCE, Caller, run_test

DEFAULT_FOLDER = Path("ivr_flows")
_SCHEMAS: dict[str, Callable[[], Schema]] = {"flow": flow_schema, "lines": lines_schema, "lookups": lookups_schema}
_HELP = (
    f"keys such as 1 or 12345678#; Enter: stay silent; in a queue: {', '.join((*QUEUE_OUTCOMES, AGENT_DONE))}; q: quit"
)


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],  # pyright: ignore[reportPrivateUsage] - nameless in public
) -> None:
    parser = subparsers.add_parser("flows", help="check, test and walk IVR flows")
    actions = parser.add_subparsers(dest="flows_action", required=True, metavar="ACTION")

    check = actions.add_parser("check", help="report every error of the flows with file, line and column")
    _add_folder(check)
    check.add_argument("--queues", help="ids of the queues that exist, separated by commas; else they are not checked")

    test = actions.add_parser("test", help="run the tests inside the flow files")
    _add_folder(test)
    test.add_argument("--flow", help="only this flow")

    walk = actions.add_parser("walk", help="walk through a flow as its caller")
    walk.add_argument("flow", help="name of the flow, or the number that is dialled")
    _add_folder(walk)
    walk.add_argument("--at", type=_moment, help="pretend that it is this moment, such as 2026-11-23T22:00+08:00")

    flow_releases.add_parsers(actions)
    schema = actions.add_parser("schema", help="print the JSON Schema for editors")
    schema.add_argument("kind", nargs="?", choices=tuple(_SCHEMAS), default="flow")


def run(args: argparse.Namespace) -> int:
    """0: all well; 1: errors or failed tests; 2: asked for something that doesn't exist."""
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "check": _check,
        "test": _test,
        "walk": _walk,
        "schema": _schema,
        "graph": flow_releases.graph,
        "publish": flow_releases.publish,
        "rollback": flow_releases.rollback,
        "history": flow_releases.history,
    }
    return actions[args.flows_action](args)


def _check(args: argparse.Namespace) -> int:
    queues = [queue.strip() for queue in args.queues.split(",")] if args.queues else None
    flow_set = _load(args.folder, queues)
    if flow_set is None:
        return 1
    nodes = sum(len(flow.nodes) for flow in flow_set.flows.values())
    print(f"{len(flow_set.flows)} flows, {nodes} nodes, {len(flow_set.lines)} lines: no errors")
    return 0


def _test(args: argparse.Namespace) -> int:
    flow_set = _load(args.folder)
    if flow_set is None:
        return 1
    flows = list(flow_set.flows.values())
    if args.flow is not None:
        flow = flow_set.find(args.flow)
        if flow is None:
            return _no_such_flow(args.flow, flow_set)
        flows = [flow]
    failed = sum(_run_tests_of(flow_set, flow) for flow in flows)
    total = sum(len(flow.tests) for flow in flows)
    print(f"{total - failed} passed, {failed} failed")
    return 1 if failed else 0


def _run_tests_of(flow_set: FlowSet, flow: Flow) -> int:
    """Prints each test; answers how many failed."""
    failed = 0
    for test in flow.tests:
        problems = run_test(flow_set, flow, test)
        failed += bool(problems)
        print(f"{'FAILED' if problems else 'ok    '} {flow.id}: {test.name}")
        for problem in problems:
            print(f"         {problem}")
    return failed


def _walk(args: argparse.Namespace) -> int:
    flow_set = _load(args.folder)
    if flow_set is None:
        return 1
    line = flow_set.lines.get(args.flow)
    flow_id = line.flow if line is not None else args.flow
    if flow_set.find(flow_id) is None:
        return _no_such_flow(args.flow, flow_set)
    variables: dict[str, object] = {**(line.vars if line is not None else {}), "dialled": args.flow}
    answers: dict[str, object] = {}
    for flow in flow_set.flows.values():
        for test in flow.tests:
            answers = {**test.lookups, **answers}  # the first test that asks decides
    caller = Caller(flow_set, args.at or datetime.now(UTC), answers)
    print(_HELP)
    if answers:
        print("outside systems answer what the tests say; what no test asks for is not found")
    caller.ring(flow_id, variables)
    told = _Told(caller)
    caller.listen_to_the_end()
    told.tell()
    while not caller.ended:
        word = _ask(caller)
        if word is None:
            break
        if problem := caller.do(word):
            print(f"  {problem}")
        caller.listen_to_the_end()
        told.tell()
    return 0


class _Told:
    """Prints what is new since it was last asked."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._heard = 0
        self._visited = 0

    def tell(self) -> None:
        for node in self._caller.visited[self._visited :]:
            print(f"  → {node}")
        for text in self._caller.heard[self._heard :]:
            print(f"  🔊 {text}")
        self._visited = len(self._caller.visited)
        self._heard = len(self._caller.heard)
        if self._caller.ended:
            print(f"  the call ends: {self._caller.ended}")


def _ask(caller: Caller) -> str | None:
    """What the person wants to do; None to quit."""
    try:
        word = input(f"[{caller.place}] > ").strip()
    except (EOFError, KeyboardInterrupt):
        print()
        return None
    return None if word == "q" else (word or SILENCE)


def _schema(args: argparse.Namespace) -> int:
    print(json.dumps(_SCHEMAS[args.kind](), ensure_ascii=False, indent=2))
    return 0


def _load(folder: Path, queues: list[str] | None = None) -> FlowSet | None:
    """The flows, or None after their errors were printed."""
    try:
        return load_flow_set(folder, queues=queues, lookups=source_names(folder))
    except FlowErrors as refused:
        for error in refused.errors:
            print(error, file=sys.stderr)
        count = len(refused.errors)
        print(f"{count} error{'' if count == 1 else 's'} in {folder}", file=sys.stderr)
        return None


def _no_such_flow(name: str, flow_set: FlowSet) -> int:
    hint = nearest(name, [*flow_set.flows, *flow_set.lines])
    print(f'there is no flow or line "{name}"{f" ({hint})" if hint else ""}', file=sys.stderr)
    return 2


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", type=_folder, default=DEFAULT_FOLDER, help="where the flows are (ivr_flows)"
    )


def _folder(text: str) -> Path:
    """Flows are looked at together: a file stands for the folder that it is in."""
    path = Path(text)
    return path.parent if path.is_file() else path


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a moment such as 2026-11-23T22:00+08:00') from None
    return moment if moment.tzinfo is not None else moment.astimezone()
