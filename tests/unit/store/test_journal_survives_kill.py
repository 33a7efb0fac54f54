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
