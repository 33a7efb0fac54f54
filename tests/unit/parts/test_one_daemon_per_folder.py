"""The lock of a daemon's folder: one holder, named; handed over on request, taken from who does not answer."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctiserver.errors import PartError
from ctiserver.one_daemon import DaemonLock, running_daemon

HOLDER = """
import asyncio, signal, sys
from pathlib import Path
from ctiserver.one_daemon import DaemonLock
lock = DaemonLock(Path(sys.argv[1]))
asyncio.run(lock.take(over=False))
signal.signal(signal.SIGUSR2, {answer})
print("held", flush=True)
signal.pause()
"""
ENDS = "lambda *_: sys.exit(0)"


@pytest.fixture
def holder(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the folder; `param` is what it does when asked to hand over."""
    code = HOLDER.format(answer=getattr(request, "param", ENDS))
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_one_is_refused_and_told_who_has_it(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(PartError) as refused:
        asyncio.run(DaemonLock(tmp_path).take(over=False))
    assert f"process {holder.pid}" in str(refused.value)
    assert "--take-over" in str(refused.value)
    assert running_daemon(tmp_path) == holder.pid


def test_it_is_handed_over_on_request(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    lock = DaemonLock(tmp_path)
    asyncio.run(lock.take(over=True))
    assert holder.wait(10) == 0
    assert running_daemon(tmp_path) == os.getpid()
    lock.release()
    assert running_daemon(tmp_path) is None


@pytest.mark.parametrize("holder", ["signal.SIG_IGN"], indirect=True)
def test_who_does_not_answer_is_killed(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    lock = DaemonLock(tmp_path)
    asyncio.run(lock.take(over=True, patience_s=0.3))
    assert holder.wait(10) == -signal.SIGKILL
    lock.release()


def test_a_killed_holder_leaves_the_folder_free(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert running_daemon(tmp_path) is None
    lock = DaemonLock(tmp_path)
    asyncio.run(lock.take(over=False))
    lock.release()


def test_a_folder_that_nobody_ever_had(tmp_path: Path) -> None:
    assert running_daemon(tmp_path) is None
