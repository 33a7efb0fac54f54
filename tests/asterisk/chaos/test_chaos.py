"""A crowd of callers and agents, faults from a seed, and afterwards everybody tells the same story.

`make chaos MINUTES=30 SEED=7` runs long; what a failure says names the seed with which it can be repeated.
"""

from __future__ import annotations

import asyncio
import os
import random
import time

import pytest

from tests.asterisk.chaos.compare import differences
from tests.asterisk.chaos.faults import kill, plan
from tests.asterisk.chaos.people import Crowd
from tests.asterisk.chaos.stand import Stand

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif("CHAOS_SECONDS" not in os.environ, reason="make chaos"),
]
SECONDS = float(os.environ.get("CHAOS_SECONDS", "12"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
CALLERS = 4
AGENTS = ("1001", "1002", "1003")
VOICES = (520, 620, 740)


async def test_nothing_is_lost(stand: Stand) -> None:
    crowd = Crowd(stand, random.Random(SEED), VOICES)  # noqa: S311 - behaviour of people
    phones = [await stand.agent(login, tone_hz=hz) for login, hz in zip(AGENTS, VOICES, strict=True)]
    answering = [asyncio.create_task(crowd.agent(phone)) for phone in phones]
    calling = [asyncio.create_task(crowd.caller(seat)) for seat in range(CALLERS)]
    happened: list[str] = []
    for planned in plan(SEED, SECONDS):
        await asyncio.sleep(planned.pause_s)
        happened.append(planned.fault.__name__)
        if planned.fault is kill:
            crowd.kills.append(time.monotonic())
        await planned.fault(stand)
    await stand.links.heal()
    crowd.over.set()
    await asyncio.gather(*calling)
    await stand.until_ready()
    await stand.until_quiet()
    for login in AGENTS:
        await stand.until(login, activity="idle", phone="reachable")
    for task in answering:
        task.cancel()
    answered = sum(bool(seen.agent) for seen in crowd.seen.values())
    print(f"seed {SEED}: {len(crowd.seen)} calls, {answered} answered; {', '.join(happened)}")  # noqa: T201 - for -s
    found = await differences(stand, crowd, AGENTS)
    assert not found, f"seed {SEED} ({', '.join(happened)}):\n" + "\n".join(found)
    assert answered > 0
