"""Steps as calls make them, short; and a listener that can be waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ctiserver.call.events import DigitReceived, Step
from ctiserver.store.journal import SpoolJournal


def digit(number: int, *, call: str = "n1-1") -> Step:
    """An unnumbered step that can be told apart by its digit's instant."""
    return Step(at=1_800_000_000.0 + number, subject=call, input=DigitReceived(digit=str(number % 10)))


class Heard:
    """A listener that can be waited for."""

    def __init__(self, journal: SpoolJournal) -> None:
        self.steps: list[Step] = []
        self._changed = asyncio.Event()
        journal.on_durable(self._hear)

    def _hear(self, steps: Sequence[Step]) -> None:
        self.steps.extend(steps)
        self._changed.set()

    async def until(self, count: int) -> list[Step]:
        async with asyncio.timeout(5):
            while len(self.steps) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.steps
