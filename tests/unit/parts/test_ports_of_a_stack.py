"""Ports are chosen once, kept, given up when somebody else has them, and never replaced when set on purpose."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctiserver.commands.stack_folder import PORT_CHOICES, RTP_VARIABLE, StackFolder
from ctiserver.errors import ConfigurationError, PortTakenError
from ctiserver.free_ports import choose_free_port, is_free, require_free


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [RTP_VARIABLE, *(variable for variable, _ in PORT_CHOICES.values())]:
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> StackFolder:
    return StackFolder.at(tmp_path)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", choose_free_port()))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_second_start_uses_the_same_ports(folder: StackFolder) -> None:
    first = folder.ports()
    assert folder.ports() == first
    assert len({first.http, first.sip, first.ari, first.ami, first.postgres}) == 5


def test_a_port_that_was_taken_meanwhile_is_replaced(folder: StackFolder) -> None:
    first = folder.ports()
    with socket.socket() as intruder:
        intruder.bind(("127.0.0.1", first.ami))
        intruder.listen()
        second = folder.ports()
    assert second.ami != first.ami
    assert second.http == first.http


def test_a_port_set_on_purpose_is_kept(folder: StackFolder, monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    monkeypatch.setenv("CTI_SIP_PORT", str(taken))
    monkeypatch.setenv("CTI_RTP_PORTS", "20000-20399")
    ports = folder.ports()
    assert (ports.sip, ports.rtp_start, ports.rtp_end) == (taken, 20000, 20399)


@pytest.mark.parametrize(
    ("variable", "text"),
    [("CTI_SIP_PORT", "sip"), ("CTI_SIP_PORT", "70000"), ("CTI_RTP_PORTS", "20000"), ("CTI_RTP_PORTS", "300-200")],
)
def test_nonsense_is_named(folder: StackFolder, monkeypatch: pytest.MonkeyPatch, variable: str, text: str) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(ConfigurationError, match=f"{variable}: expected .* found '{text}'"):
        folder.ports()


async def test_a_taken_port_is_reported_with_setting_and_holder(taken: int) -> None:
    assert not is_free(taken)
    with pytest.raises(PortTakenError, match=rf"Port {taken} \(CTI_SIP_PORT\) is taken by .*\(process \d+\)"):
        await require_free(taken, setting="CTI_SIP_PORT", patience_s=0)


async def test_a_port_given_back_in_time_is_fine() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", choose_free_port()))
        port = listener.getsockname()[1]
    await require_free(port, setting="CTI_SIP_PORT", patience_s=0)
