"""kill -9 in the middle of writing: every step that was confirmed is found, in order, without a gap."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ctiserver.store.journal import SpoolJournal
from ctiserver.store.spool_reader import SpoolReader

WRITER = """
import asyncio, pathlib, sys
from ctiserver.call.events import DigitReceived, Step
from ctiserver.store.journal import JournalLimits, SpoolJournal

async def main():
    journal = SpoolJournal(pathlib.Path(sys.argv[1]), limits=JournalLimits(segment_bytes=20_000))
    journal.on_durable(lambda steps: print(steps[-1].seq, flush=True))
    await journal.start(lambda: b"checkpoint")
    while True:
        for _ in range(7):
            journal.append(Step(at=1.0, subject="n1-1", input=DigitReceived(digit="1")))
        await asyncio.sleep(0)

asyncio.run(main())
"""

BEFORE_THE_DISK_CONFIRMS = """
import asyncio, os, pathlib, sys, threading
os.fdatasync = lambda descriptor: threading.Event().wait()  # a disk that takes for ever
from ctiserver.call.events import DigitReceived, Step
from ctiserver.store.journal import SpoolJournal

async def main():
    folder = pathlib.Path(sys.argv[1])
    journal = SpoolJournal(folder)
    journal.on_durable(lambda steps: print("confirmed", flush=True))
    await journal.start(lambda: b"checkpoint")
    size = lambda: sum(file.stat().st_size for file in folder.iterdir())
    for _ in range(3):
        before = size()
        journal.append(Step(at=1.0, subject="n1-1", input=DigitReceived(digit="1")))
        async with asyncio.timeout(10):
            while size() == before:
                await asyncio.sleep(0)
    print("written", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def confirmed_before_kill(folder: Path, at_least: int) -> int:
    """Lets the writer run until it has confirmed that many steps, kills it, returns the last number it told."""
    child = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    last = 0
    while last < at_least:
        last = int(child.stdout.readline())
    child.kill()
    told = [int(line) for line in child.communicate()[0].splitlines(keepends=True) if line.endswith("\n")]
    return max([last, *told])


def test_every_confirmed_step_is_found_after_kill_9(tmp_path: Path) -> None:
    goal = 0
    for _ in range(3):  # each run goes on after the one before
        goal = confirmed_before_kill(tmp_path, goal + 1500)
        journal = SpoolJournal(tmp_path)
        assert journal.next_seq > goal
        reader = SpoolReader(tmp_path, 1)
        numbers = [step.seq for step in reader.read(journal.durable_seq, 10_000_000)]
        assert numbers == list(range(1, journal.next_seq))
        assert reader.missing_steps == 0
        goal = journal.durable_seq


def test_what_the_disk_has_not_confirmed_outlives_the_process_too(tmp_path: Path) -> None:
    """A conversation that began in the last milliseconds must not be unknown to the next process."""
    child = subprocess.Popen(
        [sys.executable, "-c", BEFORE_THE_DISK_CONFIRMS, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "written\n", "nobody is told before the disk has confirmed"
    child.kill()
    child.communicate()
    assert [step.seq for step in SpoolJournal(tmp_path).recovered.steps] == [1, 2, 3]
