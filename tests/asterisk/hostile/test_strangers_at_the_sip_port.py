"""Whoever can reach the SIP port cannot end Asterisk by what is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ctiserver.asterisk.local import LocalAsterisk
from tests.asterisk.hostile.sip_messages import Stranger, request, torture


@pytest.fixture
def stranger(asterisk: LocalAsterisk) -> Iterator[Stranger]:
    stranger = Stranger(("127.0.0.1", asterisk.ports.sip))
    yield stranger
    stranger.close()


def test_messages_as_nobody_should_send_them(asterisk: LocalAsterisk, stranger: Stranger) -> None:
    server = f"127.0.0.1:{asterisk.ports.sip}"
    process = asterisk.process.pid
    marker = asterisk.folder / "made-by-a-stranger"
    for what, datagram in torture(server, stranger.port, f"touch {marker}"):
        stranger.send(datagram[:65_000])
        status, _ = stranger.answer_to(request("OPTIONS", f"sip:{server}", stranger.port))
        assert status, f"no answer any more after: {what}"
    assert asterisk.process.pid == process
    assert asterisk.process.exit_code is None
    assert not marker.exists()
