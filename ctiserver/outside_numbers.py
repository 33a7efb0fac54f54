"""Which outside numbers may be rung, and how: pure, the same for flows and for people.

A pattern is a number with `x` for any digit and `*` at its end for any further digits: `1xxxxxxxxxx`, `010*`, `+8610*`.
Nothing is allowed unless a pattern says so, and what is blocked stays blocked: a call centre that rings premium numbers
at night is the oldest fraud there is.
"""

from __future__ import annotations

import re

import msgspec

PATTERN = re.compile(r"\+?[0-9xX]+\*?|\*")
_NUMBER = re.compile(r"\+?[0-9]{2,20}")
_PUNCTUATION = re.compile(r"[\s()./-]")


class OutsideNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """`endpoint` is Asterisk's way out, with `{number}` in it: `PJSIP/{number}@trunk`. Empty: there is none."""

    allowed: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    endpoint: str = ""

    def endpoint_for(self, number: str) -> str:
        """What to dial; empty where the number may not be rung."""
        dialled = plain_number(number)
        if not dialled or not self.endpoint or not self.allows(dialled):
            return ""
        return self.endpoint.replace("{number}", dialled)

    def allows(self, number: str) -> bool:
        return not _matches(number, self.blocked) and _matches(number, self.allowed)


def plain_number(number: str) -> str:
    """Digits and a leading +; empty for what is no number."""
    plain = _PUNCTUATION.sub("", number)
    return plain if _NUMBER.fullmatch(plain) else ""


def _matches(number: str, patterns: tuple[str, ...]) -> bool:
    return any(re.fullmatch(_expression(pattern), number) for pattern in patterns)


def _expression(pattern: str) -> str:
    digits = pattern.removesuffix("*").replace("+", r"\+").replace("x", "[0-9]").replace("X", "[0-9]")
    return digits + ("[0-9]*" if pattern.endswith("*") else "")
