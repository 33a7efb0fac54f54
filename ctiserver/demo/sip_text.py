"""Reads the few parts of a SIP message that a phone shows: headers, who calls, why it ended."""

import re
from typing import NamedTuple

_NAME_ADDR = re.compile(r'^\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^<"]*?))\s*<(?P<uri>[^>]*)>')
_SIP_USER = re.compile(r"^(?:sips?|tel):(?P<user>[^@;>]*)")
_Q850 = re.compile(r"Q\.850\s*;(?:.*?;)?\s*cause\s*=\s*(\d+)", re.IGNORECASE)
_COMPACT_NAMES = {"f": "From", "t": "To", "i": "Call-ID", "m": "Contact", "v": "Via", "c": "Content-Type"}


class CallerId(NamedTuple):
    """Who a From or P-Asserted-Identity header names: the user part of the URI, and the display name or ""."""

    number: str
    name: str


def headers_of(message: str) -> dict[str, str]:
    """The headers of a whole SIP message, first of each name, continuation lines joined, compact names spelt out."""
    head = re.split(r"\r?\n\r?\n", message, maxsplit=1)[0]
    lines = re.sub(r"\r?\n[ \t]+", " ", head).splitlines()[1:]
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(_COMPACT_NAMES.get(name.strip(), name.strip()), value.strip())
    return headers


def caller_id(header: str) -> CallerId:
    """Number and name out of `"张伟" <sip:13800138000@host>;tag=…`, or out of a bare URI."""
    parts = _NAME_ADDR.match(header)
    uri = parts["uri"] if parts else header.strip()
    name = ""
    if parts:
        quoted: str | None = parts["quoted"]
        name = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else parts["plain"].strip()
    user = _SIP_USER.match(uri)
    return CallerId(number=user["user"] if user else "", name=name)


def caller_uri(number: str, name: str, host: str) -> str:
    """A From header's value for `number` at `host`, with the display name `name` unless it is empty."""
    address = f"<sip:{number}@{host}>"
    if not name:
        return address
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" {address}'


def q850_cause(message: str) -> int:
    """The ITU-T Q.850 cause in a message's Reason header, 0 when there is none."""
    reason = headers_of(message).get("Reason", "")
    cause = _Q850.search(reason)
    return int(cause[1]) if cause else 0
