"""YAML text to a tree that remembers line and column of every key and value, within strict limits.

Read from the parser's events, so that a hostile file is refused before anything is built from it:
no anchors, aliases, tags or second documents, bounded size, depth and number of values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_VALUES = 20_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written; `quoted` values are always text."""

    text: str
    quoted: bool
    mark: Mark

    def value(self) -> bool | int | float | str | None:
        """The value by YAML 1.2's core schema (so `no` and `12:30` are text)."""
        if self.quoted:
            return self.text
        return _core_schema(self.text)


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Tree, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Entry:
    key: Scalar
    value: Tree


@dataclass(frozen=True, slots=True)
class Mapping:
    entries: tuple[Entry, ...]
    mark: Mark

    def get(self, key: str) -> Tree | None:
        return next((entry.value for entry in self.entries if entry.key.text == key), None)


Tree: TypeAlias = Scalar | Sequence | Mapping


class YamlRefused(Exception):
    """The text isn't YAML that we accept: `message` says why, `mark` where."""

    def __init__(self, message: str, mark: Mark, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mark = mark
        self.hint = hint


def parse(text: str) -> Tree:
    """The one document in `text`. Raises YamlRefused."""
    if len(text.encode()) > MAX_BYTES:
        raise YamlRefused(f"the file is larger than {MAX_BYTES // 1024} kB", Mark(1, 1), "split it into several flows")
    events = _events(text)
    try:
        for event in events:
            if isinstance(event, DocumentStartEvent):
                tree = _Builder(events).read(next(events), depth=0)
                for rest in events:
                    if isinstance(rest, DocumentStartEvent):
                        raise YamlRefused("a second document begins here", _mark(rest), "one flow per file")
                return tree
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = Mark(mark.line + 1, mark.column + 1) if mark is not None else Mark(1, 1)
        raise YamlRefused(f"not valid YAML: {error.problem or error.context}", where) from error
    except YAMLError as error:  # characters that YAML forbids come without a mark
        raise YamlRefused(f"not valid YAML: {str(error).splitlines()[0]}", Mark(1, 1)) from error
    except (ValueError, OverflowError) as error:  # escapes beyond Unicode, such as "\UFFFFFFFF"
        raise YamlRefused(f"not valid YAML: {error}", Mark(1, 1)) from error
    raise YamlRefused("the file is empty", Mark(1, 1))


def _events(text: str) -> Iterator[Event]:
    yaml = YAML(typ="safe", pure=True)
    yield from yaml.parse(text)  # pyright: ignore[reportUnknownMemberType] - ruamel leaves its stream untyped


class _Builder:
    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._count = 0

    def read(self, event: Event, depth: int) -> Tree:
        mark = self._admit(event, depth)
        if isinstance(event, ScalarEvent):
            text = event.value if isinstance(event.value, str) else ""
            return Scalar(text, quoted=event.style in ("'", '"', "|", ">"), mark=mark)
        if isinstance(event, SequenceStartEvent):
            return Sequence(self._items(depth), mark)
        if isinstance(event, MappingStartEvent):
            return Mapping(self._entries(depth), mark)
        raise YamlRefused("something is missing here", mark)

    def _admit(self, event: Event, depth: int) -> Mark:
        mark = _mark(event)
        self._count += 1
        if self._count > MAX_VALUES:
            raise YamlRefused(f"more than {MAX_VALUES} values", mark, "split the file into several flows")
        if depth > MAX_DEPTH:
            raise YamlRefused(f"nested deeper than {MAX_DEPTH} levels", mark)
        if isinstance(event, AliasEvent):
            raise YamlRefused("aliases (*name) are not accepted", mark, "write the value out")
        if isinstance(event, NodeEvent) and event.anchor is not None:
            raise YamlRefused("anchors (&name) are not accepted", mark, "write the value out")
        if getattr(event, "tag", None) is not None and not isinstance(event, ScalarEvent | AliasEvent):
            raise YamlRefused("tags (!name) are not accepted", mark)
        if isinstance(event, ScalarEvent) and event.tag is not None:
            raise YamlRefused("tags (!name) are not accepted", mark)
        return mark

    def _items(self, depth: int) -> tuple[Tree, ...]:
        items: list[Tree] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self.read(event, depth + 1))
        return tuple(items)

    def _entries(self, depth: int) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        first_seen: dict[str, Mark] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self.read(event, depth + 1)
            if not isinstance(key, Scalar):
                raise YamlRefused("a key must be a single word or number", key.mark, 'quote it: "{…}"')
            if key.text in first_seen:
                raise YamlRefused(
                    f'the key "{key.text}" stands here a second time',
                    key.mark,
                    f"first in line {first_seen[key.text].line}",
                )
            first_seen[key.text] = key.mark
            entries.append(Entry(key, self.read(next(self._events), depth + 1)))
        return tuple(entries)


def _mark(event: Event) -> Mark:
    start = event.start_mark
    return Mark(start.line + 1, start.column + 1) if start is not None else Mark(1, 1)


def _core_schema(text: str) -> bool | int | float | str | None:
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    digits = text.lstrip("+-")
    if digits.isascii() and digits.isdigit() and len(text) - len(digits) <= 1 and len(digits) <= 18:
        return int(text)
    whole, point, fraction = digits.partition(".")
    if point and len(text) - len(digits) <= 1 and (whole + fraction).isascii() and (whole + fraction).isdigit():
        return float(text)
    return text
