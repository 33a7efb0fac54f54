"""A crowd of callers and agents, faults from a seed, and afterwards everybody tells the same story.

A short run is part of `make test`; `make chaos MINUTES=30 SEED=7` runs long. What a failure says names the seed with
which it can be repeated.
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

pytestmark = pytest.mark.asyncio(loop_scope="module")
LONG = "CHAOS_SECONDS" in os.environ
SECONDS = float(os.environ.get("CHAOS_SECONDS", "9"))
SEED = int(os.environ.get("CHAOS_SEED", "8"))
APART_S = 2.5 if LONG else 1.0
STARTING_S = 120.0  # agents sign in while the stand is made ready
CALLERS = 4 if LONG else 3
AGENTS = ("1001", "1002", "1003") if LONG else ("1001", "1002")
VOICES = (538, 604, 718)[: len(AGENTS)]  # between the notes of the music for who waits


async def test_nothing_is_lost(stand: Stand) -> None:
    began = time.monotonic()
    crowd = Crowd(stand, random.Random(SEED), VOICES)  # noqa: S311 - behaviour of people
    phones = [await stand.agent(login, tone_hz=hz) for login, hz in zip(AGENTS, VOICES, strict=True)]
    answering = [asyncio.create_task(crowd.agent(phone)) for phone in phones]
    calling = [asyncio.create_task(crowd.caller(seat)) for seat in range(CALLERS)]
    happened: list[str] = []
    for planned in plan(SEED, SECONDS, apart_s=APART_S):
        await asyncio.sleep(planned.pause_s)
        happened.append(planned.fault.__name__)
        if planned.fault is kill:
            crowd.kills.append(time.monotonic())
        await planned.fault(stand)
    await stand.links.heal()
    faults_until = time.monotonic()
    crowd.over.set()
    await asyncio.gather(*calling)
    await stand.until_ready()
    await stand.until_quiet()
    for login in AGENTS:
        await stand.until(login, activity="idle", phone="reachable")
    for task in answering:
        task.cancel()
    answered = sum(bool(seen.agent) for seen in crowd.seen.values())
    quiet_at = time.monotonic()
    found = await differences(stand, crowd, AGENTS, quiet_at - began + STARTING_S)
    seconds = (faults_until - began, quiet_at - faults_until, time.monotonic() - quiet_at)
    acts = f"{len(crowd.seen)} calls, {answered} answered, {crowd.consultations} consultations"
    told = f"seed {SEED}: {acts}; {', '.join(happened)}"
    print(told, *(f"{part:.1f} s" for part in seconds))  # noqa: T201 - for -s
    assert not found, f"{told}:\n" + "\n".join(found)
    assert answered > 0
