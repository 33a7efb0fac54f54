"""What people are told when the process behind the phones can't start, speaks nonsense, or is told to do so."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ctiserver.demo import phone_protocol as protocol
from ctiserver.demo.phone_link import PhoneLink, PhoneProcessDied
from ctiserver.demo.phones import SipPhones


def program(folder: Path, text: str) -> str:
    """An executable that stands in for Python."""
    file = folder / "python"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return str(file)


async def test_it_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    words = "No module named pjsua2"
    monkeypatch.setattr(sys, "executable", program(tmp_path, f"echo {words} >&2; exit 1"))
    async with SipPhones("127.0.0.1:9", folder=tmp_path / "phones") as phones:
        with pytest.raises(PhoneProcessDied, match=words):
            await phones.register("1001", "secret")
        with pytest.raises(PhoneProcessDied, match=words):
            await phones.call("sip:1@127.0.0.1:9", caller_number="1")


async def test_it_dies_before_it_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started = protocol.encoder.encode(protocol.Started(address="127.0.0.1:1", version="1")).decode()
    monkeypatch.setattr(sys, "executable", program(tmp_path, f"echo '{started}'; read command; echo enough >&2"))
    deaths: list[str] = []
    link = PhoneLink(tmp_path / "phones", lambda link, notice: None, lambda link, reason: deaths.append(reason))
    await link.start("127.0.0.1")

    with pytest.raises(PhoneProcessDied, match="enough"):
        await link.ask(lambda number: protocol.Unregister(id=number, phone="1001"))
    with pytest.raises(PhoneProcessDied, match="has ended"):
        await link.ask(lambda number: protocol.Unregister(id=number, phone="1001"))
    await link.close()
    assert deaths == ["the phone process died: enough"]


COMMANDS: list[Callable[[int], protocol.AnyCommand]] = [
    lambda number: protocol.Register(
        id=number,
        phone="1001",
        registrar="127.0.0.1:9",
        password="张",
        answer=protocol.AnswerPlan(after_s=0.5),
        voice=protocol.Voice(tone_hz=600),
    ),
    lambda number: protocol.SendDtmf(id=number, call="out-1", digits="1#", method="info", duration_ms=100),
    lambda number: protocol.HangUp(id=number, call="out-1"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_survive_the_way_through_a_line_of_json(command: Callable[[int], protocol.AnyCommand]) -> None:
    line = protocol.encoder.encode(command(7))
    assert b"\n" not in line
    assert protocol.command_decoder.decode(line) == command(7)
