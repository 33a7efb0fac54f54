"""Whoever is neither the carrier nor a phone learns nothing and reaches nobody; nobody is sent elsewhere by a phone."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from ctiserver.asterisk.intruders import MANY, REFUSALS
from ctiserver.demo.phones import SipPhones
from ctiserver.free_ports import choose_free_port
from ctiserver.ports import ChannelEntered, ChannelLeft
from tests.asterisk.edge.conftest import PASSWORD, Listener, eventually, offer
from tests.asterisk.hostile.conftest import CARRIER, STRANGER, Walled
from tests.asterisk.hostile.sip_messages import Stranger, request

KNOWN, UNKNOWN = "1001", "7777"
CHANGING = {"via", "from", "to", "call-id", "cseq", "date"}
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"


@pytest.fixture
def stranger(walled: Walled) -> Iterator[Stranger]:
    stranger = Stranger(walled.sip, STRANGER)
    yield stranger
    stranger.close()


def asked(stranger: Stranger, method: str, user: str, target: str) -> tuple[int, dict[str, str]]:
    """The answer, without what differs from one request to the next."""
    identity = f"<sip:{user}@127.0.0.1>"
    changed = {"From": f"{identity};tag=1{user}", "Content_Type": "application/sdp" if method == "INVITE" else None}
    body = SDP if method == "INVITE" else ""
    status, headers = stranger.answer_to(
        request(method, f"sip:{target}@127.0.0.1:{stranger.server[1]}", stranger.port, body, **changed)
    )
    shown = {name: re.sub(r'(nonce|opaque)="[^"]*"', r'\1=""', value) for name, value in headers.items()}
    return status, {name: value for name, value in shown.items() if name not in CHANGING}


@pytest.mark.parametrize("method", ["REGISTER", "INVITE", "OPTIONS", "SUBSCRIBE", "MESSAGE"])
async def test_who_is_known_is_no_secret_that_is_told(stranger: Stranger, secured: Listener, method: str) -> None:
    """The same answer for an extension that exists and for one that does not."""
    known, unknown = (asked(stranger, method, user, user) for user in (KNOWN, UNKNOWN))
    assert known == unknown
    assert known[0] == 401


@pytest.mark.parametrize("target", ["96100", "1001", "00900123456", "+8613800138000", "s", "cti-fax"])
async def test_nobody_is_reached_without_a_password(stranger: Stranger, secured: Listener, target: str) -> None:
    for user in (UNKNOWN, KNOWN, "anonymous", "trunk"):
        assert asked(stranger, "INVITE", user, target)[0] == 401
    assert await secured.telephony.channels() == []


async def test_the_carriers_callers_reach_hotlines_and_no_agents_context(walled: Walled, secured: Listener) -> None:
    """Also where they dial an agent's extension: it is a number of ours or none, which our flows decide."""
    carrier = Stranger(walled.sip, CARRIER)
    try:
        carrier.send(
            request(
                "INVITE", f"sip:1001@127.0.0.1:{walled.sip[1]}", carrier.port, SDP, Content_Type="application/sdp"
            ).encode()
        )
        entered = await secured.hear(ChannelEntered)
        assert entered.arguments == ("1001",), (
            "as a caller of the hotline, not with the word that marks an agent's call"
        )
        await secured.telephony.hang_up(entered.channel_id)
    finally:
        carrier.close()


async def test_signalling_and_sound_are_encrypted(walled: Walled, secured: Listener) -> None:
    telephony = secured.telephony
    async with SipPhones(walled.tls_address, encrypted=True) as phones:
        callee = await phones.register("1001", PASSWORD, answer="auto", tone_hz=600)
        caller = await phones.register("1002", PASSWORD, tone_hz=440)
        call = await caller.call(f"sip:1001@{walled.tls_address};transport=tls")
        here = (await secured.hear(ChannelEntered)).channel_id
        await telephony.answer(here)
        await telephony.make_bridge("n1-9-b")
        await telephony.dial(offer(here, "n1-9-o1"))
        await secured.hear(ChannelEntered, lambda event: event.channel_id == "n1-9-o1")
        assert await telephony.connect("n1-9-b", [here, "n1-9-o1"]) == "done"
        rung = await callee.next_call()
        await call.hears(600)
        await rung.hears(440)
        await call.hang_up()
        await telephony.hang_up("n1-9-o1")
        await telephony.destroy_bridge("n1-9-b")


async def test_a_phone_in_clear_gets_no_call_where_encryption_is_required(walled: Walled, secured: Listener) -> None:
    async with SipPhones(walled.asterisk.sip_address) as phones:
        phone = await phones.register("1001", PASSWORD)
        call = await phone.call(f"sip:96100@{walled.asterisk.sip_address}")
        ended = await call.wait_for("ended")
        assert ended.code == 488
        assert secured.of(ChannelEntered) == []


async def test_a_phone_that_sends_the_call_elsewhere_costs_nothing(walled: Walled, secured: Listener) -> None:
    """302 to a premium number: no leg is made to it, the offer is refused."""
    async with SipPhones(walled.tls_address, encrypted=True) as phones:
        callee = await phones.register("1001", PASSWORD)
        caller = await phones.register("1002", PASSWORD)
        await caller.call(f"sip:1001@{walled.tls_address};transport=tls")
        here = (await secured.hear(ChannelEntered)).channel_id
        await secured.telephony.dial(offer(here, "n1-9-o2"))
        rung = await callee.next_call()
        await rung.reject(302, contact="sip:00900123456@127.0.0.1")
        left = await secured.hear(ChannelLeft, lambda event: event.channel_id == "n1-9-o2")
        assert left.cause != 16
        assert [channel.channel_id for channel in await secured.telephony.channels()] == [here]
        assert len(secured.of(ChannelEntered)) == 1
        await secured.telephony.hang_up(here)


async def test_a_guessed_password_tells_nothing_and_is_counted(stranger: Stranger, secured: Listener) -> None:
    """Also an answer to the challenge is refused alike for both; who insists is named in our log."""
    counted = refused_attempts()
    with capture_logs() as lines:
        for round_ in range(MANY // 2):
            known, unknown = (guessed(stranger, user, f"{round_}") for user in (KNOWN, UNKNOWN))
            assert known == unknown == 401
        await eventually(lambda: refused_attempts() >= counted + MANY, "Asterisk tells of each", within_s=30)
    told = [(line["event"], line["address"]) for line in lines if line["event"] == "sip_intruder"]
    assert told == [("sip_intruder", STRANGER)]
    assert KNOWN not in str([line for line in lines if line["event"] == "sip_intruder"])


@pytest.mark.parametrize("method", ["REGISTER", "INVITE", "OPTIONS"])
async def test_a_scanner_tells_nobody_apart(walled: Walled, secured: Listener, tmp_path: Path, method: str) -> None:
    """SIPVicious, the tool of those who look for extensions: the server is found, no extension is."""
    host, port = walled.sip
    said = await scanned(tmp_path, "svwar", "-e1000-1004,7777", "-m", method, "-p", str(port), "--force", host)
    assert "found nothing" in said, said
    if method == "OPTIONS":
        assert str(port) in await scanned(tmp_path, "svmap", "-p", str(port), host)


async def scanned(home: Path, tool: str, *arguments: str) -> str:
    """What the scanner says, beside our loop: Asterisk's events are read on."""
    program = Path(sys.executable).with_name(f"sipvicious_{tool}")
    ports = ["-P", str(choose_free_port())]
    process = await asyncio.create_subprocess_exec(
        program, *ports, *arguments, env={**os.environ, "HOME": str(home)}, stdout=PIPE, stderr=STDOUT
    )
    async with asyncio.timeout(90):
        said, _ = await process.communicate()
    return said.decode()


def guessed(stranger: Stranger, user: str, password: str) -> int:
    """The status of a REGISTER that answers the challenge with a wrong password."""
    target = f"sip:127.0.0.1:{stranger.server[1]}"
    identity = f"<sip:{user}@127.0.0.1>"
    _, headers = stranger.answer_to(request("REGISTER", target, stranger.port, From=f"{identity};tag=g", To=identity))
    nonce, realm, opaque = (
        re.findall(rf'{name}="([^"]*)"', headers["www-authenticate"])[0] for name in ("nonce", "realm", "opaque")
    )
    said = (
        f'Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{target}", opaque="{opaque}", '
        f'response="{password:0>32}", algorithm=MD5, qop=auth, cnonce="c", nc=00000001'
    )
    return stranger.answer_to(
        request("REGISTER", target, stranger.port, From=f"{identity};tag=g", To=identity, Authorization=said)
    )[0]


def refused_attempts() -> float:
    return sum(REGISTRY.get_sample_value("cti_sip_refused_total", {"kind": kind}) or 0.0 for kind in REFUSALS)
