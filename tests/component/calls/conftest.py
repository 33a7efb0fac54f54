"""Stories of calls in virtual time, against the fake Asterisk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from ctiserver.directory import Agent
from tests.component.calls.house import House
from tests.component.fake_asterisk import FakeAsterisk, VirtualTimeLoop

OpenHouse = Callable[..., Awaitable[House]]


def pytest_asyncio_loop_factories() -> dict[str, type[VirtualTimeLoop]]:
    """pytest-asyncio's hook, for the tests below this folder."""
    return {"virtual": VirtualTimeLoop}


@pytest.fixture
async def fake() -> AsyncIterator[FakeAsterisk]:
    async with FakeAsterisk() as fake:
        yield fake


@pytest.fixture
async def open_house(fake: FakeAsterisk, tmp_path: Path) -> AsyncIterator[OpenHouse]:
    """`house = await open_house(agent(1, service=5), …)`: connected; the agents named have registered phones."""
    async with AsyncExitStack() as stack:

        async def open_it(*agents: Agent, phones: bool = True, **options: Any) -> House:
            if phones:
                for one in agents:
                    fake.phone(one.extension)
            house = House(fake, tmp_path, agents=agents, **options)
            return await stack.enter_async_context(house)

        yield open_it
