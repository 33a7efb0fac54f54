"""One plain Asterisk for the tests of the phones, started once, and fresh phones for each test."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from ctiserver.asterisk.local import AsteriskPrograms
from ctiserver.demo.phones import SipPhones
from tests.asterisk.phones.plain_asterisk import PlainAsterisk
from tests.real_parts import free_asterisk_ports, service_folder


@pytest.fixture(scope="session")
def plain_asterisk(asterisk_programs: AsteriskPrograms) -> Iterator[PlainAsterisk]:
    with service_folder() as folder:
        server = PlainAsterisk(folder, asterisk_programs, free_asterisk_ports())
        asyncio.run(server.start())
        yield server
        asyncio.run(server.stop())


@pytest.fixture
async def phones(plain_asterisk: PlainAsterisk, tmp_path: Path) -> AsyncGenerator[SipPhones]:
    async with SipPhones(plain_asterisk.address, folder=tmp_path) as phones:
        yield phones
