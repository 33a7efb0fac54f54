"""The kinds of value that nodes are made of.

A node declares its fields with these types, and everything else follows from the type: how the value is read from YAML,
what the checker looks up (a Target must be a node, a QueueId a queue …), what the JSON schema says.
"""

from __future__ import annotations

import re

LANGUAGES = ("zh-CN", "en")
KEYS = "0123456789*#"


class Seconds(float):
    """A duration. Written `5s`, `2m`, `1h`, `500ms`, or a bare number of seconds."""


class Target(str):
    """The name of a node of the same flow: an edge of the graph."""

    __slots__ = ()


class FlowId(str):
    """The name of another flow of the set."""

    __slots__ = ()


class QueueId(str):
    __slots__ = ()


class CalendarId(str):
    __slots__ = ()


class LookupId(str):
    """An outside system that can be asked, as it is named in the configuration."""

    __slots__ = ()


class PromptId(str):
    """A recorded prompt: `ivr_flows/prompts/<language>/<id>.wav` or `ivr_flows/prompts/<id>.wav`."""

    __slots__ = ()


class DocumentId(str):
    """A document for faxing: `ivr_flows/documents/<id>.tif`."""

    __slots__ = ()


class VariableName(str):
    """A variable that the node writes."""

    __slots__ = ()


class Language(str):
    __slots__ = ()


class Title(dict[str, str]):
    """What people call a node: a name by language."""


class Keys(str):
    """One or more telephone keys, such as `1` or `12`."""

    __slots__ = ()


_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h)?")
_FACTORS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")


def seconds(text: str) -> Seconds:
    """Raises ValueError naming the way out."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'"{text}" is not a duration: write 5s, 500ms, 2m or 1h')
    length = float(match.group(1)) * _FACTORS[match.group(2)]
    if not 0 <= length <= 86400:
        raise ValueError("a duration lies between 0s and 24h")
    return Seconds(length)


def variable_name(text: str) -> VariableName:
    if _NAME.fullmatch(text) is None:
        raise ValueError(f'"{text}" is not a variable name: letters, digits and _, beginning with a letter')
    return VariableName(text)


def prompt_id(text: str) -> PromptId:
    if _ID.fullmatch(text) is None or ".." in text:
        raise ValueError(f'"{text}" is not a prompt id: letters, digits, "_", "-" and "." only, no folders')
    return PromptId(text)


def document_id(text: str) -> DocumentId:
    if _ID.fullmatch(text) is None or ".." in text:
        raise ValueError(f'"{text}" is not a document id: letters, digits, "_", "-" and "." only, no folders')
    return DocumentId(text)


def language(text: str) -> Language:
    if text not in LANGUAGES:
        raise ValueError(f'"{text}" is not a language spoken here: {", ".join(LANGUAGES)}')
    return Language(text)


def keys(text: str) -> Keys:
    if not 1 <= len(text) <= 6 or any(key not in KEYS for key in text):
        raise ValueError(f'"{text}" cannot be pressed: use 0-9, * and #, at most six keys')
    return Keys(text)
