"""One stand for the stories of a file: parts are started once, and each story leaves them whole."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ctiserver.asterisk.local import AsteriskPrograms
from tests.asterisk.chaos.stand import Stand, open_stand


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(asterisk_programs: AsteriskPrograms, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stand]:
    async with open_stand(asterisk_programs, tmp_path_factory.mktemp("stand")) as stand:
        yield stand
