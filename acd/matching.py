"""Skill requirements: what a contact asks of an agent, written as levels or as an expression.

A requirement is a small immutable tree. Levels run from 1 to 10 and 10 is best.

    {"bills": 3, "english": 5}                       both, at these levels or better
    "bills >= 3 and (english or cantonese >= 6)"     a bare name means level 1 or better
    "water and not trainee"                          nobody who has that skill at all
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from acd.errors import ConfigError

LOWEST_LEVEL = 1
BEST_LEVEL = 10
MAX_EXPRESSION_CHARS = 1000
MAX_NESTING = 20
MAX_ALTERNATIVES = 512


@dataclass(frozen=True, slots=True)
class Level:
    """At least `minimum` in `skill`."""

    skill: str
    minimum: int = LOWEST_LEVEL


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part; without parts, everybody."""

    parts: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part."""

    parts: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Not this part."""

    part: Requirement


Requirement = Level | AllOf | AnyOf | NoneOf
EVERYBODY = AllOf()


def build(wanted: Mapping[str, int] | str, evaluation: str = "all", field: str = "skills") -> Requirement:
    """A requirement from levels by skill (joined as `evaluation` says) or from an expression."""
    if isinstance(wanted, str):
        return parse(wanted, field)
    parts = tuple(Level(skill, minimum) for skill, minimum in sorted(wanted.items()))
    if not parts:
        return EVERYBODY
    if len(parts) == 1:
        return parts[0]
    return AnyOf(parts) if evaluation == "any" else AllOf(parts)


def matches(requirement: Requirement, skills: Mapping[str, int]) -> bool:
    """Whether an agent with these skill levels meets the requirement."""
    match requirement:
        case Level(skill, minimum):
            return skills.get(skill, 0) >= minimum
        case AllOf(parts):
            return all(matches(part, skills) for part in parts)
        case AnyOf(parts):
            return any(matches(part, skills) for part in parts)
        case NoneOf(part):
            return not matches(part, skills)


def proficiency(requirement: Requirement, skills: Mapping[str, int]) -> int:
    """How good an agent is at this: the sum of the levels in the wanted skills."""
    return sum(skills.get(level.skill, 0) for level in wanted_levels(requirement))


def wanted_levels(requirement: Requirement) -> Iterator[Level]:
    """Every skill asked for; those under a `not` are left out."""
    match requirement:
        case Level():
            yield requirement
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from wanted_levels(part)
        case NoneOf():
            return


def all_levels(requirement: Requirement) -> Iterator[Level]:
    """Every skill that is named at all."""
    match requirement:
        case Level():
            yield requirement
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from all_levels(part)
        case NoneOf(part):
            yield from all_levels(part)


def index_skills(requirement: Requirement) -> frozenset[str] | None:
    """Skills of which a matching agent surely has at least one; None if that cannot be said."""
    match requirement:
        case Level(skill):
            return frozenset((skill,))
        case AllOf(parts):
            known = [found for part in parts if (found := index_skills(part)) is not None]
            return min(known, key=lambda found: (len(found), sorted(found))) if known else None
        case AnyOf(parts):
            together: frozenset[str] = frozenset()
            for part in parts:
                found = index_skills(part)
                if found is None:
                    return None
                together |= found
            return together
        case NoneOf():
            return None


def relax(requirement: Requirement, levels: Mapping[str, int], drop: frozenset[str]) -> Requirement:
    """The requirement with lower levels (never raised) and without the dropped skills."""
    return _relaxed(requirement, levels, drop) or EVERYBODY


def _relaxed(requirement: Requirement, levels: Mapping[str, int], drop: frozenset[str]) -> Requirement | None:
    match requirement:
        case Level(skill, minimum):
            if skill in drop:
                return None
            return Level(skill, min(minimum, levels.get(skill, minimum)))
        case AllOf(parts):
            still_asked = _relaxed_parts(parts, levels, drop)
            return AllOf(still_asked) if still_asked or not parts else None
        case AnyOf(parts):
            alternatives = _relaxed_parts(parts, levels, drop)
            return AnyOf(alternatives) if alternatives else None
        case NoneOf(part):
            # Lowering a level inside a `not` would tighten it, so only dropping applies there.
            kept = _relaxed(part, {}, drop)
            return NoneOf(kept) if kept is not None else None


def _relaxed_parts(
    parts: tuple[Requirement, ...], levels: Mapping[str, int], drop: frozenset[str]
) -> tuple[Requirement, ...]:
    relaxed = (_relaxed(part, levels, drop) for part in parts)
    return tuple(part for part in relaxed if part is not None)


def satisfiable(requirement: Requirement) -> bool:
    """Whether any agent at all could meet the requirement."""
    named: dict[str, set[int]] = {}
    for level in all_levels(requirement):
        named.setdefault(level.skill, {0}).add(level.minimum)
    size = 1
    for choices in named.values():
        size *= len(choices)
    if size > MAX_ALTERNATIVES:
        return True  # too large to try out; a person can still read it
    return any(
        matches(requirement, dict(zip(named, levels, strict=True)))
        for levels in product(*(sorted(choices) for choices in named.values()))
    )


def describe(requirement: Requirement) -> str:
    """The requirement as an expression that `parse` would accept; empty for everybody."""
    match requirement:
        case Level(skill, minimum):
            return f"{skill} >= {minimum}"
        case AllOf(parts):
            return " and ".join(f"({describe(part)})" if isinstance(part, AnyOf) else describe(part) for part in parts)
        case AnyOf(parts):
            return " or ".join(f"({describe(part)})" if isinstance(part, AllOf) else describe(part) for part in parts)
        case NoneOf(part):
            return f"not ({describe(part)})"


_TOKEN = re.compile(r"\s*(>=|>|\(|\)|[\w.\-]+)")


def parse(text: str, field: str = "skills") -> Requirement:
    """Read an expression: names, `>=`/`>` and a level, `and`, `or`, `not`, brackets. Raises ConfigError."""
    if len(text) > MAX_EXPRESSION_CHARS:
        raise ConfigError(field, f"the expression is longer than {MAX_EXPRESSION_CHARS} characters")
    tokens: list[str] = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        found = _TOKEN.match(stripped, position)
        if found is None:
            raise ConfigError(field, f"cannot read {stripped[position:].lstrip()[:20]!r} in {text!r}")
        tokens.append(found.group(1))
        position = found.end()
    if not tokens:
        return EVERYBODY
    return _Parser(tokens, text, field).whole()


class _Parser:
    """Recursive descent, one method per grammar rule; nesting is bounded."""

    def __init__(self, tokens: list[str], text: str, field: str) -> None:
        self.tokens = tokens
        self.text = text
        self.field = field
        self.position = 0
        self.depth = 0

    def whole(self) -> Requirement:
        requirement = self.either()
        if (rest := self.peek()) is not None:
            raise self.error(f"unexpected {rest!r}")
        return requirement

    def either(self) -> Requirement:
        parts = [self.both()]
        while self.peek() == "or":
            self.position += 1
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def both(self) -> Requirement:
        parts = [self.single()]
        while self.peek() == "and":
            self.position += 1
            parts.append(self.single())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def single(self) -> Requirement:
        word = self.take()
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.error(f"nested deeper than {MAX_NESTING}")
        if word == "not":
            requirement: Requirement = NoneOf(self.single())
        elif word == "(":
            requirement = self.either()
            if self.take() != ")":
                raise self.error("a bracket is not closed")
        elif word in (")", ">", ">=", "and", "or"):
            raise self.error(f"a skill is missing before {word!r}")
        else:
            requirement = Level(word, self.minimum())
        self.depth -= 1
        return requirement

    def minimum(self) -> int:
        sign = self.peek()
        if sign not in (">", ">="):
            return LOWEST_LEVEL
        self.position += 1
        number = self.take()
        if not number.isascii() or not number.isdigit():
            raise self.error(f"a level is missing after {sign!r}")
        return int(number) + (sign == ">")

    def peek(self) -> str | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            raise self.error("the expression ends too early")
        self.position += 1
        return token

    def error(self, message: str) -> ConfigError:
        return ConfigError(self.field, f"{message} in {self.text!r}")
