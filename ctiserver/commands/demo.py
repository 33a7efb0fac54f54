"""`ctiserver demo`: the whole system with simulated callers and agents that place real SIP calls.

With `--calls N` it places N calls, waits for them, compares what the phones saw with journal, Postgres and recordings,
and exits 0 only if they agree. Without, it goes on until Ctrl-C.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import functools
import sys
from collections.abc import Sequence
from pathlib import Path

from ctiserver.commands import Subparsers
from ctiserver.commands.ready import Account
from ctiserver.commands.stack import RunningStack, running_stack
from ctiserver.commands.stack_folder import StackFolder
from ctiserver.commands.stop_signals import StopSignals
from ctiserver.demo.desk_client import DeskClient
from ctiserver.demo.reconcile import Reconciliation, reconcile
from ctiserver.demo.seed_customers import customers
from ctiserver.demo.traffic import Traffic, TrafficEvent, TrafficPlan, TrafficSummary
from ctiserver.log import mask_number, set_up_logging

PACE_PER_MINUTE = {True: 40.0, False: 10.0}  # by whether it shall end
LINES = ("96102", "96102", "96100")  # most callers go straight to people, some walk through the menu
TALK_S = {True: (8.0, 14.0), False: (10.0, 45.0)}  # longer than the words that announce the agent


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("demo", help="the whole system with simulated callers and agents")
    parser.add_argument("--calls", type=int, metavar="N", help="place N calls, check that everything adds up, and end")
    parser.add_argument("--var", type=Path, help="folder of this stack (default: var/ of the checkout)")
    parser.add_argument("--seed", type=int, default=1, help="of everything random (default: 1)")


def run(args: argparse.Namespace) -> int:
    set_up_logging(level="WARNING")
    calls: int | None = args.calls
    if calls is not None and calls < 1:
        print("ctiserver demo: --calls takes a number from 1 on", file=sys.stderr)
        return 2
    return asyncio.run(_demo(StackFolder.at(args.var), calls, args.seed))


async def _demo(folder: StackFolder, calls: int | None, seed: int) -> int:
    signals = StopSignals()
    try:
        async with running_stack(folder, progress=_say, signals=signals) as stack:
            print(stack.ready.for_people(), flush=True)
            return await _with_traffic(stack, calls, seed)
    except asyncio.CancelledError:
        _say("stopped")
        return 0 if calls is None else 130


async def _with_traffic(stack: RunningStack, calls: int | None, seed: int) -> int:
    watching = asyncio.create_task(stack.watch(), name="watch the stack")
    try:
        agents = [account for account in stack.ready.accounts if account.extension and account.sip_password]
        traffic = Traffic(_plan(stack, agents, calls, seed), _tell)
        async with DeskClient(stack.ready.base_url) as desk:
            await traffic.run(functools.partial(_sign_in, desk, agents))
        if calls is None:
            return 0
        return await _add_up(stack, traffic.summary())
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


def _plan(stack: RunningStack, agents: Sequence[Account], calls: int | None, seed: int) -> TrafficPlan:
    host, _, port = (stack.ready.sip or "").rpartition(":")
    ends = calls is not None
    return TrafficPlan(
        sip_host=host,
        sip_port=int(port),
        dids=LINES,
        agents=tuple((account.extension or "", account.sip_password or "") for account in agents),
        calls=calls,
        rate_per_minute=PACE_PER_MINUTE[ends],
        talk_s=TALK_S[ends],
        keys=("9", "2", "0"),
        known_callers=_known_callers(),
        seed=seed,
    )


def _known_callers() -> tuple[tuple[str, str], ...]:
    """National numbers of the demo's customers, as the network would send them."""
    return tuple((numbers[0].removeprefix("+86"), str(columns["name"])) for columns, numbers in customers())


async def _sign_in(desk: DeskClient, agents: Sequence[Account]) -> None:
    _say(f"{len(agents)} agents sign in")
    for account in agents:
        await desk.sign_in(account.login, account.password)
        await desk.choose_presence(account.login, "ready")
    for account in agents:
        async with asyncio.timeout(20):
            await desk.until_reachable(account.login)
    _say("callers begin to ring")


def _tell(event: TrafficEvent) -> None:
    if event.kind in ("call_placed", "agent_answered", "call_ended"):
        words = {"call_placed": "rings", "agent_answered": f"talks to {event.agent}", "call_ended": "is gone"}
        _say(f"{mask_number(event.caller_number)} {words[event.kind]} {event.detail}".rstrip())


async def _add_up(stack: RunningStack, summary: TrafficSummary) -> int:
    _say("waiting until journal, Postgres and recordings have settled")
    result = await reconcile(stack.ready.database_url, Path(stack.ready.folders["recordings"]), summary)
    print(_report(stack, summary, result), flush=True)
    return 0 if not result.differences else 1


def _report(stack: RunningStack, summary: TrafficSummary, result: Reconciliation) -> str:
    lines = [
        "",
        f"  offered      {summary.offered:>5}   calls placed by SIP phones",
        f"  answered     {result.answered:>5}   talked with an agent (phones: {summary.talked}, "
        f"heard the agent: {summary.heard_agent})",
        f"  abandoned    {result.abandoned:>5}   hung up while waiting",
        f"  self-service {result.self_service:>5}   ended in the menu",
        f"  recorded     {result.recorded:>5}   stereo, verified: caller left, agent right",
        f"  rows         {result.rows:>5}   calls in Postgres; journal: "
        f"{result.journal.get('CallStarted', 0)} begun, {result.journal.get('CallEnded', 0)} ended",
        f"  recordings   {stack.ready.folders['recordings']}",
        "",
    ]
    if result.differences:
        lines += ["  It does NOT add up:", *(f"    {difference}" for difference in result.differences)]
    else:
        lines.append("  SIP, journal, Postgres and recordings agree.")
    return "\n".join(lines)


def _say(text: str) -> None:
    print(f"ctiserver demo: {text}", file=sys.stderr, flush=True)
