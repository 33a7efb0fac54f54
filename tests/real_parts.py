"""Fixtures that start the real parts, once per test process: Asterisk boots in half a second, Postgres in one.

Each xdist worker has servers of its own, so that tests of different workers can't meet; only the unpacked packages are
shared (`var/cache`, or CTI_CACHE), guarded by a file lock. Import the fixtures into a ring's conftest.py:

    from tests.real_parts import asterisk, asterisk_programs  # noqa: F401 - fixtures
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from ctiserver.asterisk.local import AsteriskPorts, AsteriskPrograms, LocalAsterisk, provide_programs
from ctiserver.free_ports import choose_free_port, choose_rtp_range
from ctiserver.parts_folders import cache_folder
from ctiserver.store.embedded import EmbeddedPostgres, PostgresPrograms, wheel_programs
from ctiserver.unprivileged import remove_folder, service_user
from tests.postgres_15 import postgres_15_programs


@contextmanager
def service_folder() -> Generator[Path]:
    """A temporary folder that servers running as nobody can enter (pytest's own are closed to them)."""
    with tempfile.TemporaryDirectory(prefix="ctiserver-test-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder
        remove_folder(folder)


def free_asterisk_ports() -> AsteriskPorts:
    start, end = choose_rtp_range()
    ports: set[int] = set()
    while len(ports) < 3:
        ports.add(choose_free_port(avoid=ports))
    sip, http, ami = ports
    return AsteriskPorts(sip=sip, http=http, ami=ami, rtp_start=start, rtp_end=end)


@pytest.fixture(scope="session")
def parts_cache() -> Path:
    return cache_folder()


@pytest.fixture(scope="session")
def asterisk_programs(parts_cache: Path) -> AsteriskPrograms:
    """Asterisk, espeak-ng and sox; downloaded by the first test run of a checkout."""
    return provide_programs(parts_cache, print)


@pytest.fixture(scope="session")
def asterisk(asterisk_programs: AsteriskPrograms) -> Iterator[LocalAsterisk]:
    """A running Asterisk for the whole session. Leave it as you found it: no calls, no accounts of yours."""
    with service_folder() as folder:
        server = LocalAsterisk(folder / "asterisk", asterisk_programs, free_asterisk_ports())
        asyncio.run(server.start())
        yield server
        asyncio.run(server.stop())


@pytest.fixture(scope="session", params=["embedded", "15"])
def postgres_programs(request: pytest.FixtureRequest, parts_cache: Path) -> PostgresPrograms:
    """Each test that uses Postgres runs on the embedded version and on 15, the oldest that is supported."""
    if request.param == "15":
        return postgres_15_programs(parts_cache)
    return wheel_programs(parts_cache, service_user())


@contextmanager
def running_postgres(programs: PostgresPrograms) -> Generator[EmbeddedPostgres]:
    with service_folder() as folder:
        server = EmbeddedPostgres(folder / "postgres", choose_free_port(), programs, durable=False)
        asyncio.run(server.start())
        yield server
        asyncio.run(server.stop())


PostgresServers = Callable[[PostgresPrograms], EmbeddedPostgres]


@pytest.fixture(scope="session")
def postgres_servers() -> Iterator[PostgresServers]:
    """The running server of a version: started when it is first wanted, it runs until the session ends, because tests
    of a file go from one version to the other and the next file goes back."""
    with ExitStack() as stack:
        running: dict[PostgresPrograms, EmbeddedPostgres] = {}

        def server_of(programs: PostgresPrograms) -> EmbeddedPostgres:
            if programs not in running:
                running[programs] = stack.enter_context(running_postgres(programs))
            return running[programs]

        yield server_of


@pytest.fixture(scope="session")
def postgres_server(postgres_programs: PostgresPrograms, postgres_servers: PostgresServers) -> EmbeddedPostgres:
    """A running server for the whole session, in both versions."""
    return postgres_servers(postgres_programs)


@pytest.fixture(scope="session")
def embedded_postgres(parts_cache: Path, postgres_servers: PostgresServers) -> EmbeddedPostgres:
    """A running server of the embedded version only, for rings that test something else."""
    return postgres_servers(wheel_programs(parts_cache, service_user()))


@pytest.fixture(scope="session")
def oldest_postgres(parts_cache: Path, postgres_servers: PostgresServers) -> EmbeddedPostgres:
    """A running server of version 15 only, for what goes through the same statements as tests on both."""
    return postgres_servers(postgres_15_programs(parts_cache))


_numbers = itertools.count(1)


@pytest.fixture
def empty_database_url(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """`postgresql://…` of a new, empty database owned by the daemon's role; dropped afterwards."""
    name = f"test_{next(_numbers)}"
    asyncio.run(postgres_server.create_database(name))
    yield postgres_server.url_of(name)
    asyncio.run(postgres_server.drop_database(name))
