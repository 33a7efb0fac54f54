"""Refused attempts at the SIP port: counted by kind, told once for each address that insists, never whom they named."""

from __future__ import annotations

import re

from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from ctiserver.asterisk.intruders import MANY, QUIET_S, REMEMBERED, WINDOW_S, Intruders
from ctiserver.parts_folders import CHECKOUT

VICTIM = "13800138000"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def attempt(address: str = "203.0.113.9", kind: str = "ChallengeResponseFailed") -> dict[str, str]:
    return {"event": kind, "accountid": VICTIM, "remoteaddress": f"IPV4/UDP/{address}/5060"}


def counted(kind: str) -> float:
    return REGISTRY.get_sample_value("cti_sip_refused_total", {"kind": kind}) or 0.0


def test_who_insists_is_told_once_in_ten_minutes() -> None:
    clock = Clock()
    intruders, before = Intruders(clock), counted("ChallengeResponseFailed")
    with capture_logs() as lines:
        for _ in range(3 * MANY):
            assert intruders.event(attempt())
        for number in range(10):
            intruders.event(attempt(f"198.51.100.{number}"))
    assert [(line["event"], line["address"], line["times"]) for line in lines] == [
        ("sip_intruder", "203.0.113.9", MANY)
    ]
    assert VICTIM not in str(lines)
    assert counted("ChallengeResponseFailed") == before + 3 * MANY + 10
    clock.now += QUIET_S + 1
    with capture_logs() as lines:
        for _ in range(MANY):
            intruders.event(attempt())
    assert len(lines) == 1


def test_a_phone_with_a_wrong_password_now_and_then_is_no_attack() -> None:
    clock = Clock()
    intruders = Intruders(clock)
    with capture_logs() as lines:
        for _ in range(10 * MANY):
            intruders.event(attempt())
            clock.now += WINDOW_S / (MANY - 2)
    assert lines == []


def test_a_million_addresses_do_not_fill_the_memory() -> None:
    intruders = Intruders(Clock())
    for number in range(3 * REMEMBERED):
        intruders.event(attempt(f"10.0.{number // 256}.{number % 256}"))
    assert len(intruders._seen) == REMEMBERED  # pyright: ignore[reportPrivateUsage] - what this story is about


def test_other_events_are_not_its_business() -> None:
    intruders = Intruders(Clock())
    assert not intruders.event({"event": "DeviceStateChange", "device": "PJSIP/1001"})
    assert intruders.event({"event": "FailedACL"}), "also without an address"


def test_the_filter_for_fail2ban_finds_the_address() -> None:
    """Lines as Asterisk 22 writes them."""
    text = (CHECKOUT / "docs" / "firewall" / "filter.conf").read_text(encoding="utf-8")
    [rule] = re.findall(r"^failregex = (.*)$", text, re.MULTILINE)
    found = re.compile(rule.replace("<HOST>", r"(?P<host>[0-9a-fA-F.:]+)"))
    line = (
        '[2026-11-22 11:54:53.949] SECURITY[15836] res_security_log.c: SecurityEvent="{kind}",'
        'EventTV="2026-11-22T11:54:53.949+0000",Severity="Error",Service="{service}",EventVersion="1",'
        'AccountID="7777",SessionID="x@y",LocalAddress="IPV4/UDP/127.0.0.1/5060",'
        'RemoteAddress="IPV4/UDP/203.0.113.9/34910",ACLName="x"'
    )
    for kind in ("FailedACL", "InvalidAccountID", "InvalidPassword", "ChallengeResponseFailed"):
        match = found.search(line.format(kind=kind, service="PJSIP"))
        assert match is not None
        assert match["host"] == "203.0.113.9"
    assert not found.search(line.format(kind="ChallengeSent", service="PJSIP")), "every phone begins so"
    assert not found.search(line.format(kind="InvalidPassword", service="AMI"))
