"""The telephony edge against the fake Asterisk, in virtual time: half a minute of silence takes a millisecond."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from ctiserver.asterisk.telephony import AsteriskTelephony
from ctiserver.config import AsteriskSettings
from ctiserver.ports import TelephonyEvent
from tests.component.fake_asterisk import FakeAsterisk, VirtualTimeLoop

Kind = TypeVar("Kind", bound=TelephonyEvent)


def pytest_asyncio_loop_factories() -> dict[str, type[VirtualTimeLoop]]:
    """pytest-asyncio's hook, for the tests below this folder."""
    return {"virtual": VirtualTimeLoop}


@pytest.fixture
async def fake() -> AsyncIterator[FakeAsterisk]:
    async with FakeAsterisk() as fake:
        yield fake


class Listener:
    """A running telephony and all that it told."""

    def __init__(self, telephony: AsteriskTelephony, fake: FakeAsterisk) -> None:
        self.telephony = telephony
        self.told: list[TelephonyEvent] = []
        self._fake = fake

    async def read(self) -> None:
        async for event in self.telephony.events():
            self.told.append(event)

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.told if isinstance(event, kind)]

    async def hear(self, kind: type[Kind], matching: Callable[[Kind], bool] = lambda _: True, *, nth: int = 1) -> Kind:
        """The nth event of that kind that matches, waited for."""

        def found() -> list[Kind]:
            return [event for event in self.of(kind) if matching(event)]

        await self._fake.until(lambda: len(found()) >= nth, f"{kind.__name__} number {nth} among {self.told}")
        return found()[nth - 1]


@asynccontextmanager
async def listening(
    fake: FakeAsterisk, *, settings: AsteriskSettings | None = None, recording_folder: Path | None = None
) -> AsyncGenerator[Listener]:
    settings = settings or fake.settings.model_copy(update={"recording_folder": recording_folder})
    telephony = AsteriskTelephony(settings)
    listener = Listener(telephony, fake)
    await telephony.start()
    reading = asyncio.create_task(listener.read())
    try:
        yield listener
    finally:
        await telephony.stop()
        await reading
