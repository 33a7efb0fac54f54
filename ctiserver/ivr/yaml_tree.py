"""YAML text to a tree that remembers line and column of every key and value, within strict limits.

Read from the parser's events, so that a hostile file is refused before anything is built from it:
no anchors, aliases, tags or second documents, bounded size, depth and number of values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_VALUES = 10_000


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


@dataclass(frozen=True, slots=True)
class _Event:
    """A parser event reduced to what matters here; `kind` is the name of ruamel's class without "Event"."""

    kind: str
    mark: Mark
    text: str
    quoted: bool
    anchored: bool
    tagged: bool


def parse(text: str) -> Tree:
    """The one document in `text`. Raises YamlRefused."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise YamlRefused(f"the file is larger than {MAX_BYTES // 1024} kB", Mark(1, 1), "split it into several flows")
    events = _events(text)
    tree: Tree | None = None
    for event in events:
        if event.kind == "DocumentStart":
            if tree is not None:
                raise YamlRefused("a second document begins here", event.mark, "one flow per file")
            tree = _Builder(events).read(next(events), depth=0)
    if tree is None:
        raise YamlRefused("the file is empty", Mark(1, 1))
    return tree


def _events(text: str) -> Iterator[_Event]:
    yaml: Any = YAML(typ="safe", pure=True)
    try:
        for raw in yaml.parse(text):
            style = getattr(raw, "style", None)
            yield _Event(
                kind=type(raw).__name__.removesuffix("Event"),
                mark=_mark(raw.start_mark),
                text=str(getattr(raw, "value", "")),
                quoted=style is not None and style in "'\"|>",
                anchored=getattr(raw, "anchor", None) is not None,
                tagged=getattr(raw, "tag", None) is not None,
            )
    except MarkedYAMLError as error:
        marked: Any = error
        message = f"not valid YAML: {marked.problem or marked.context}"
        raise YamlRefused(message, _mark(marked.problem_mark or marked.context_mark)) from error
    except (YAMLError, ValueError, OverflowError) as error:  # forbidden characters and escapes come without a mark
        raise YamlRefused(f"not valid YAML: {str(error).splitlines()[0]}", Mark(1, 1)) from error


class _Builder:
    def __init__(self, events: Iterator[_Event]) -> None:
        self._events = events
        self._count = 0

    def read(self, event: _Event, depth: int) -> Tree:
        self._admit(event, depth)
        if event.kind == "Scalar":
            return Scalar(event.text, event.quoted, event.mark)
        if event.kind == "SequenceStart":
            return Sequence(self._items(depth), event.mark)
        return Mapping(self._entries(depth), event.mark)

    def _admit(self, event: _Event, depth: int) -> None:
        self._count += 1
        if self._count > MAX_VALUES:
            raise YamlRefused(f"more than {MAX_VALUES} values", event.mark, "split the file into several flows")
        if depth > MAX_DEPTH:
            raise YamlRefused(f"nested deeper than {MAX_DEPTH} levels", event.mark)
        if event.kind == "Alias":
            raise YamlRefused("aliases (*name) are not accepted", event.mark, "write the value out")
        if event.anchored:
            raise YamlRefused("anchors (&name) are not accepted", event.mark, "write the value out")
        if event.tagged:
            raise YamlRefused("tags (!name) are not accepted", event.mark)

    def _items(self, depth: int) -> tuple[Tree, ...]:
        items: list[Tree] = []
        while (event := next(self._events)).kind != "SequenceEnd":
            items.append(self.read(event, depth + 1))
        return tuple(items)

    def _entries(self, depth: int) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        first_seen: dict[str, Mark] = {}
        while (event := next(self._events)).kind != "MappingEnd":
            key = self.read(event, depth + 1)
            if not isinstance(key, Scalar):
                raise YamlRefused("a key must be a single word or number", key.mark, 'quote it: "{…}"')
            if key.text in first_seen:
                message = f'the key "{key.text}" stands here a second time'
                raise YamlRefused(message, key.mark, f"first in line {first_seen[key.text].line}")
            first_seen[key.text] = key.mark
            entries.append(Entry(key, self.read(next(self._events), depth + 1)))
        return tuple(entries)


def _mark(raw: Any) -> Mark:
    return Mark(raw.line + 1, raw.column + 1) if raw is not None else Mark(1, 1)


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
