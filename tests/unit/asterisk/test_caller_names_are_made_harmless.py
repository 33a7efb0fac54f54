"""Whatever a caller's network sends as a name: what reaches the dialplan and the phone can do no harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctiserver.asterisk.ari_commands import caller_id, dial, safe_token
from ctiserver.ports import DialRequest

HOSTILE = {
    "${SHELL(id)}": '"SHELL(id)" <123>',
    '"><sip:x@y>': '"sip:x@y" <123>',
    "a\r\nX-Evil: 1": '"a X-Evil: 1" <123>',
    "back\\slash": '"backslash" <123>',
    "\u202egnp.exe": '"gnp.exe" <123>',  # right-to-left override
    "  张  伟\t": '"张 伟" <123>',
    "王小明 & Söhne/GmbH": '"王小明 & Söhne/GmbH" <123>',
    "\x00\x07": "<123>",
    "": "<123>",
}


@pytest.mark.parametrize(("name", "expected"), HOSTILE.items())
def test_a_hostile_name(name: str, expected: str) -> None:
    assert caller_id(name, "123") == expected


@given(st.text(), st.text())
def test_nothing_ends_the_quotes_or_begins_a_substitution(name: str, number: str) -> None:
    header = caller_id(name, number)
    assert header.count('"') in (0, 2)
    assert header.count("<") == header.count(">") <= 1
    assert not set(header) & set("${}\\\r\n\x00")


def test_an_anonymous_caller_with_a_name() -> None:
    assert caller_id("张伟", "") == '"张伟" <anonymous>'
    assert caller_id("", "") == ""


def test_a_long_name_is_cut() -> None:
    assert caller_id("张" * 500, "1") == f'"{"张" * 64}" <1>'


def test_a_dial_says_who_calls_and_for_which_call() -> None:
    request = DialRequest(
        channel_id="n1-7-o1",
        endpoint="PJSIP/1001",
        originator="180.1",
        caller_number="13800138000",
        caller_name="张伟",
        timeout_s=0.4,
        call_id="n1-7",
    )
    command = dial(request, "cti")
    query = dict(command.query)
    assert query["timeout"] == "1", "0 would ring for ever"
    assert (query["channelId"], query["appArgs"]) == ("n1-7-o1", "leg,n1-7-o1")
    assert command.body is not None
    assert b'"PJSIP_HEADER(add,X-CTI-Call-Id)":"n1-7"' in command.body
    assert b'"PJSIP_TRANSFER_HANDLING()":"ari-only"' in command.body
    assert b"Call-Info" not in command.body


def test_an_id_can_not_end_a_header() -> None:
    assert safe_token("n1-7\r\nX: y") == "n1-7X:y"
