"""A real refusal of the kernel (a limit on the size of files) in the middle of writing, lifted again later."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ctiserver.store.journal import SpoolJournal
from ctiserver.store.spool_reader import SpoolReader

WRITER = """
import asyncio, pathlib, resource, sys
from ctiserver.call.events import DigitReceived, Step
from ctiserver.store.journal import JournalLimits, SpoolJournal

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

async def main():
    journal = SpoolJournal(pathlib.Path(sys.argv[1]), limits=JournalLimits(retry_s=0.02))
    refused, well, done = asyncio.Event(), asyncio.Event(), asyncio.Event()
    told = []
    def heard(steps):
        told.extend(step.seq for step in steps)
        if told[-1] >= 400:
            done.set()
    journal.on_durable(heard)
    journal.on_failure(lambda error: (refused if error else well).set())
    await journal.start(lambda: b"checkpoint")
    limit(10_000)
    for number in range(400):
        journal.append(Step(at=float(number), subject="n1-1", input=DigitReceived(digit="1")))
        await asyncio.sleep(0)
    await refused.wait()
    await done.wait()          # pages are told all the same
    print("refused", journal.durable_seq, flush=True)
    limit(resource.RLIM_INFINITY)
    await well.wait()
    while journal.durable_seq < 400:
        await asyncio.sleep(0.01)
    await journal.close()
    print("told once" if told == list(range(1, 401)) else told, flush=True)

asyncio.run(asyncio.wait_for(main(), 30))
"""


def test_what_was_torn_is_written_again_and_nothing_twice(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    first, last = [line for line in done.stdout.splitlines() if line.startswith(("refused", "told"))]
    assert 0 <= int(first.split()[1]) < 400
    assert last == "told once"
    journal = SpoolJournal(tmp_path)
    reader = SpoolReader(tmp_path, 1)
    assert [step.seq for step in reader.read(journal.durable_seq, 10_000)] == list(range(1, 401))
    assert reader.missing_steps == 0
