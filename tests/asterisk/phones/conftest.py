"""One plain Asterisk for the tests of the phones, started once, and fresh phones for each test."""

import os
import tempfile
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
import pytest_asyncio

from ctiserver.asterisk.local import AsteriskPrograms, provide_programs
from ctiserver.demo.phones import SipPhones
from tests.asterisk.phones.plain_asterisk import PlainAsterisk

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def programs() -> AsteriskPrograms:
    cache = os.environ.get("CTI_TEST_CACHE")
    return provide_programs(Path(cache) if cache else REPOSITORY / "var" / "cache", print)


@pytest.fixture(scope="session")
def open_folder() -> Generator[Path]:
    """One that the user nobody, whom Asterisk runs as, can enter; pytest's own are closed."""
    with tempfile.TemporaryDirectory(prefix="plain-asterisk-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def asterisk(programs: AsteriskPrograms, open_folder: Path) -> AsyncGenerator[PlainAsterisk]:
    server = PlainAsterisk(open_folder, programs)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@pytest.fixture
async def phones(asterisk: PlainAsterisk, tmp_path: Path) -> AsyncGenerator[SipPhones]:
    async with SipPhones(asterisk.address, folder=tmp_path) as phones:
        yield phones
