"""Loads web/dev/stub_server.py once and forks a fresh world of it for each line on standard input.

    python tests/browser/pages/stub_nursery.py

A line names the port of 127.0.0.1; when that world answers there, its process id is printed. It ends on SIGTERM, and
with the nursery. Loading the stub takes a second, forking it none: a hundred stories want a hundred worlds.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

from aiohttp import web

sys.path.insert(0, str(Path(__file__).parents[3] / "web" / "dev"))

stub_server: Any = importlib.import_module("stub_server")

PR_SET_PDEATHSIG = 1  # prctl(2): a signal for us when our parent dies


def live(port: int) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    app = stub_server.build_app(still=True)
    web.run_app(app, host="127.0.0.1", port=port, print=_it_answers)


def _it_answers(_: object) -> None:
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ended needs nobody to wait for it
    for line in sys.stdin:
        if os.fork() == 0:
            live(int(line))
            os._exit(0)


if __name__ == "__main__":
    main()
