"""Which words may name a queue, a skill, a team or a code."""

from __future__ import annotations

import re

from ctiserver.api.problems import invalid

WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED = frozenset({"and", "or", "not", "true", "false", "null"})  # they mean something in skill expressions


def check_word(word: str) -> str:
    """The word, or ApiError 422: names are used in flows, expressions and addresses."""
    if WORD.fullmatch(word) is None:
        raise invalid((["path", "id"], "use a to z, 0 to 9 and _, beginning with a letter, 40 at most"))
    if word in RESERVED:
        raise invalid((["path", "id"], f"{word!r} has a meaning of its own in skill expressions"))
    return word
