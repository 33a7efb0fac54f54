"""Programs that speak or convert hang: everything else goes on, each is ended in its own time, and nothing is left."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from ctiserver.channels.speech import SpeechEngineDown
from ctiserver.channels.telephone_wav import Programs

HANGS = (sys.executable, "-c", "import time; time.sleep(60)")
MANY = 3 * (os.cpu_count() or 1) + 8  # more than the loop's own threads


async def test_what_needs_a_thread_meanwhile_gets_one_and_each_is_ended_in_its_own_time() -> None:
    programs = Programs(("sox",), None, 2.0)
    began = time.monotonic()
    hanging = [asyncio.create_task(programs.run("sleep", "x", HANGS)) for _ in range(MANY)]
    await asyncio.sleep(0)
    await asyncio.to_thread(time.monotonic)
    assert time.monotonic() - began < 2.0, "before the first of them was given up"
    outcomes = await asyncio.gather(*hanging, return_exceptions=True)
    assert all(isinstance(outcome, SpeechEngineDown) for outcome in outcomes)
    assert time.monotonic() - began < 4.0, "not one batch after the other"


async def test_who_is_not_interested_any_more_leaves_no_program(tmp_path: Path) -> None:
    name = tmp_path / "pid"
    write = f"import os, time; open({str(name)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    task = asyncio.create_task(Programs(("sox",), None, 30.0).run("sleep", "x", (sys.executable, "-c", write)))
    async with asyncio.timeout(10):
        while not name.exists() or not name.read_text():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(int(name.read_text()), 0)
