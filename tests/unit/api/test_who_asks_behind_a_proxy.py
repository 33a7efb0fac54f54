"""X-Forwarded-For: believed from proxies that are trusted, and from nobody else."""

from __future__ import annotations

from ipaddress import ip_network
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from ctiserver.api.client_address import client_address
from ctiserver.api.context import CONTEXT
from ctiserver.api.route import Ask
from ctiserver.config import load_settings

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "headers", "address"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # a stranger's word
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, 10.0.0.2"], "198.51.100.1"),  # two proxies of ours
        ("10.0.0.1", ["198.51.100.1", "10.0.0.2"], "198.51.100.1"),  # in two headers
        ("10.0.0.1", ["192.0.2.66, 198.51.100.1"], "198.51.100.1"),  # the first is what the visitor made up
        ("10.0.0.1", ["10.0.0.7"], "10.0.0.7"),  # from inside
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, nonsense, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("unknown", ["198.51.100.1"], "unknown"),
    ],
)
def test_whose_word_counts(peer: str, headers: list[str], address: str) -> None:
    assert client_address(peer, headers, PROXIES) == address


def test_without_trusted_proxies_the_header_is_nothing() -> None:
    assert client_address("10.0.0.1", ["198.51.100.1"], ()) == "10.0.0.1"


def test_limits_and_the_audit_log_have_the_visitors_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(remote: str) -> str:
        app = web.Application()
        context: Any = SimpleNamespace(settings=load_settings(None))
        app[CONTEXT] = context
        request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": "198.51.100.1"}, app=app)
        return Ask(request.clone(remote=remote), None).address

    assert asked("10.0.0.1") == "10.0.0.1"
    monkeypatch.setenv("CTI_HTTP__TRUSTED_PROXIES", '["10.0.0.0/8"]')
    assert asked("10.0.0.1") == "198.51.100.1"
    assert asked("203.0.113.9") == "203.0.113.9"


@given(st.lists(st.text(max_size=200), max_size=5), st.sampled_from(["10.0.0.1", "203.0.113.9", "", "fd00::1"]))
def test_whatever_is_sent_never_breaks_it_nor_gets_through(headers: list[str], peer: str) -> None:
    address = client_address(peer, headers, PROXIES)
    assert address == peer or all(char in "0123456789abcdef.:%" or char.isalnum() for char in address)
    assert "\n" not in address
