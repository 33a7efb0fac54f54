"""`ctiserver COMMAND …`, also `python -m ctiserver COMMAND …`."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys

from ctiserver.errors import CtiError
from ctiserver.garbage import not_while_starting

# Each is a module in ctiserver/commands with add_parser(subparsers) and run(args) -> exit code. Loaded only when asked
# for, because a command may need packages of a dependency group that isn't installed (demo: the phones).
COMMANDS = {
    "up": "run Postgres, Asterisk and ctiserver on this machine until Ctrl-C",
    "down": "stop a running stack",
    "doctor": "each part: found, version, reachable, what to do",
    "fetch": "download what the local parts need",
    "demo": "the whole system with simulated callers and agents",
    "serve": "the daemon alone",
    "drain": "no new calls; the daemon ends when those under way are over",
    "watchdog": "watch Asterisk and the daemon from outside, restart what hangs",
    "migrate": "bring the database to this version's schema",
    "user": "add somebody who may sign in",
    "recordings": "make a key for sealing recordings; open a sealed one",
    "audit": "is the audit log whole?",
    "flows": "check, walk and test IVR flows",
    "import": "calls of another system into records and reports",
    "acd": "export queues; replay the past through edited rules",
    "openapi": "print or write the OpenAPI document",
}

MODULES = {"import": "importing"}  # the word itself is Python's


def main(arguments: list[str] | None = None) -> int:
    """Errors that a person can mend are one line (exit code 1); only defects of ours show a traceback."""
    words = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="ctiserver", description="A call centre for Asterisk.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    chosen = next((word for word in words if not word.startswith("-")), "")
    for name, summary in COMMANDS.items():
        if name != chosen:
            subparsers.add_parser(name, help=summary)
    if chosen not in COMMANDS:
        parser.parse_args(words)
        return 2
    if chosen == "serve":  # "read all anew" and "end with the last call" may come before the daemon can hear them
        for what in (signal.SIGHUP, signal.SIGUSR1):
            signal.signal(what, signal.SIG_IGN)
        not_while_starting()
    command = importlib.import_module(f"ctiserver.commands.{MODULES.get(chosen, chosen)}")
    command.add_parser(subparsers)
    try:
        return command.run(parser.parse_args(words))
    except CtiError as error:
        print(f"ctiserver {chosen}: {error}", file=sys.stderr)  # noqa: T201 - a command-line program speaks
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
