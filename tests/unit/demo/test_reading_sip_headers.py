"""What a phone reads out of SIP messages."""

import pytest

from ctiserver.demo.sip_text import CallerId, caller_id, caller_uri, headers_of, q850_cause

INVITE = (
    "INVITE sip:1001@127.0.0.1 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 127.0.0.1:5060\r\n"
    "Via: SIP/2.0/UDP 10.0.0.1:5060\r\n"
    'f: "张伟" <sip:13800138000@127.0.0.1>;tag=1\r\n'
    "X-CTI-Call-Id: n1-7\r\n"
    "Subject: a long\r\n line\r\n"
    "\r\n"
    "v=0\r\nX-Not: a header\r\n"
)


def test_headers_end_with_the_empty_line_and_compact_names_are_spelt_out() -> None:
    headers = headers_of(INVITE)
    assert headers["From"].startswith('"张伟"')
    assert headers["X-CTI-Call-Id"] == "n1-7"
    assert headers["Subject"] == "a long line"
    assert headers["Via"].endswith("127.0.0.1:5060")
    assert "X-Not" not in headers


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"张伟" <sip:13800138000@127.0.0.1>;tag=1', CallerId("13800138000", "张伟")),
        ('"a \\"b\\" \\\\c" <sip:1@h>', CallerId("1", 'a "b" \\c')),
        ("Bob <sips:bob@h>", CallerId("bob", "Bob")),
        ("<sip:+8613800138000@h;user=phone>", CallerId("+8613800138000", "")),
        ("sip:1001@h;tag=3", CallerId("1001", "")),
        ("<tel:96100>", CallerId("96100", "")),
        ('"Anonymous" <sip:anonymous@anonymous.invalid>', CallerId("anonymous", "Anonymous")),
        ("", CallerId("", "")),
    ],
)
def test_who_calls(header: str, expected: CallerId) -> None:
    assert caller_id(header) == expected


@pytest.mark.parametrize("name", ["", "张伟", 'say "hi"', "back\\slash", "<b>"])
def test_what_is_written_can_be_read(name: str) -> None:
    assert caller_id(caller_uri("13800138000", name, "127.0.0.1")) == CallerId("13800138000", name)


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("Reason: Q.850;cause=16", 16),
        ('Reason: Q.850 ;text="x"; cause=19', 19),
        ("Reason: SIP;cause=200", 0),
        ("Subject: none", 0),
    ],
)
def test_why_it_ended(reason: str, cause: int) -> None:
    assert q850_cause(f"BYE sip:x SIP/2.0\r\n{reason}\r\n\r\n") == cause
