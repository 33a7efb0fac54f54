"""Without memory, or without one of its threads, the daemon ends at once and whole, instead of going on by halves.

Each story is a process of its own: it ends before the line after the accident.
"""

from __future__ import annotations

import subprocess
import sys

import pytest
from argon2.exceptions import VerificationError

from ctiserver.errors import Retryable
from ctiserver.last_resort import EXIT_CODE
from ctiserver.store import passwords

BEGIN = """
import asyncio, threading
from ctiserver.last_resort import guard
from ctiserver.tasks import TaskOwner

def nothing_left(*_):
    raise MemoryError

async def fails():
    raise MemoryError

async def main():
    guard(asyncio.get_running_loop())
"""
END = """
    await asyncio.sleep(0.2)
    print("goes on")

asyncio.run(main())
"""
ACCIDENTS = {
    "in a callback of the loop": """
    asyncio.get_running_loop().call_soon(nothing_left)
""",
    "in a task": """
    TaskOwner("side").start("task", fails())
""",
    "in a thread": """
    threading.Thread(target=nothing_left).start()
""",
    "in a call": """
    from unittest.mock import MagicMock
    from ctiserver.call.events import CallerHungUp
    from ctiserver.live.session import CallSession
    services = MagicMock(rules=nothing_left)
    services.clock.now.return_value = 0.0
    session = CallSession("n1-1", services, MagicMock())
    session.post(CallerHungUp())
""",
    "in a listener of the journal": """
    from unittest.mock import MagicMock
    from ctiserver.store.journal import SpoolJournal
    journal = SpoolJournal.__new__(SpoolJournal)
    journal._listeners = [nothing_left]
    journal._tell([MagicMock()])
""",
}


def run(accident: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", BEGIN + accident + END], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("where", ACCIDENTS)
def test_no_memory(where: str) -> None:
    ended = run(ACCIDENTS[where])
    assert (ended.returncode, ended.stdout) == (EXIT_CODE, "")
    assert "out_of_memory" in ended.stderr
    assert "call_crashed" not in ended.stderr


def test_a_thread_that_dies_of_a_defect_takes_the_process_with_it() -> None:
    """Such as the journal's writer: nothing would be confirmed any more, and nobody told."""
    ended = run("    threading.Thread(target=lambda: 1 / 0).start()\n")
    assert (ended.returncode, ended.stdout) == (EXIT_CODE, "")
    assert "ZeroDivisionError" in ended.stderr
    assert "thread_died" in ended.stderr


def test_other_accidents_are_only_told() -> None:
    ended = run("    asyncio.get_running_loop().call_soon(lambda: 1 / 0)\n")
    assert (ended.returncode, ended.stdout) == (0, "goes on\n")
    assert "ZeroDivisionError" in ended.stderr


async def test_no_memory_for_a_password_does_not_make_it_a_wrong_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> bool:
        raise VerificationError("Memory allocation error")

    hashed = passwords.TODAYS.hash("right")
    monkeypatch.setattr(type(passwords.TODAYS), "verify", refused)
    with pytest.raises(Retryable, match="can't be checked now"):
        await passwords.Passwords().matches(hashed, "right")
