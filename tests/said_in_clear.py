"""Looks through what programs wrote: no caller's number and no secret may stand there in clear."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONG_NUMBER = re.compile(r"(?<![\w.:/-])\+?\d{9,15}(?![\w.:-])")
"""Digits standing alone, as a phone number does; instants, ids and paths have something around them."""


def told_in_clear(text: str, *, numbers: Iterable[str], secrets: Iterable[str]) -> list[str]:
    """One line for each number or secret found, itself not repeated; an empty list is as it should be."""
    found: list[str] = []
    hidden = {number: "number" for number in numbers if len(number) > 5} | {
        secret: "secret" for secret in secrets if len(secret) > 5
    }
    for row, line in enumerate(text.splitlines(), start=1):
        for word, kind in hidden.items():
            if word in line:
                found.append(f"line {row} tells a {kind}: {line.replace(word, '***')[:200]}")
        found += [f"line {row} tells what looks like a number: {line[:60]}…" for _ in LONG_NUMBER.finditer(line)]
    return found
