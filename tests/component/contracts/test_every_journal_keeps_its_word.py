"""ports.Journal, whoever implements it: numbered in order, told in order, none twice, none lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from ctiserver.call.events import DeadlinePassed, Step
from ctiserver.ports import Journal
from ctiserver.store.journal import SpoolJournal
from tests.component.calls.house import MemoryJournal


@pytest.fixture(params=["spool", "memory"])
async def journal(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Journal]:
    if request.param == "memory":
        yield MemoryJournal()
        return
    spool = SpoolJournal(tmp_path / "spool")
    await spool.start(bytes)
    yield spool
    await spool.close()


def step(number: int) -> Step:
    return Step(at=float(number), subject="n1-1-1", input=DeadlinePassed(name=str(number)))


async def test_steps_are_told_in_order_each_once(journal: Journal) -> None:
    told: list[Step] = []
    everything = asyncio.Event()

    def listen(steps: Sequence[Step]) -> None:
        told.extend(steps)
        if len(told) >= 100:
            everything.set()

    journal.on_durable(listen)
    for number in range(100):
        journal.append(step(number))
    async with asyncio.timeout(10):
        await everything.wait()
    assert [one.at for one in told] == [float(number) for number in range(100)]


async def test_append_returns_before_anybody_is_told(journal: Journal) -> None:
    told: list[Step] = []
    journal.on_durable(told.extend)
    journal.append(step(1))
    assert not told


async def test_every_listener_hears_everything(journal: Journal) -> None:
    first: list[Step] = []
    second: list[Step] = []
    heard = asyncio.Event()
    journal.on_durable(first.extend)
    journal.on_durable(second.extend)
    journal.on_durable(lambda steps: heard.set())
    journal.append(step(1))
    async with asyncio.timeout(10):
        await heard.wait()
    assert len(first) == len(second) == 1
