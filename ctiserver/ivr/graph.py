"""A flow seen as a graph: the parts of its nodes, and the edges between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

import msgspec

from ctiserver.ivr.computed import Computed
from ctiserver.ivr.fields import PromptId, Target
from ctiserver.ivr.flow import AGAIN, BACK
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.reader import FieldPath, fields_of
from ctiserver.ivr.speech import Line, Speech
from ctiserver.ivr.template import Template

T = TypeVar("T")
_WHOLE = (Template, Computed)


@dataclass(frozen=True, slots=True)
class Edge:
    """`label` is the way to the field, such as `choices.1`; `active` edges need a key or real time in a queue."""

    source: str
    target: str
    label: str
    active: bool

    @property
    def field(self) -> str:
        return self.label.partition(".")[0]


def parts(node: Node) -> Iterator[tuple[FieldPath, object]]:
    """Every value in a node with the way to it. A mapping's key follows its value: a variable is set once computed."""
    return _struct_parts(node, ())


def parts_of(node: Node, kind: type[T]) -> Iterator[tuple[FieldPath, T]]:
    return ((path, value) for path, value in parts(node) if isinstance(value, kind))


def edges(name: str, node: Node) -> Iterator[Edge]:
    """The edges to other nodes of the same flow, without `back` and `again`."""
    for path, target in parts_of(node, Target):
        if target not in (BACK, AGAIN):
            yield Edge(name, target, ".".join(path), active=path[0] in node.active_edges)


def labels(nodes: Mapping[str, Node]) -> dict[str, tuple[tuple[Target, str], ...]]:
    """Each node's targets with the way to their field, `back` and `again` among them: see `Flow.edge`."""
    return {
        name: tuple((target, ".".join(path)) for path, target in parts_of(node, Target)) for name, node in nodes.items()
    }


def prompts_needed(node: Node) -> frozenset[str]:
    """Recordings without which the node has nothing to say."""
    return frozenset(str(prompt) for _, prompt in parts_of(node, PromptId))


def prompts_played(node: Node) -> frozenset[str]:
    """All recordings that the node may play, also those that have a text beside them."""
    lines = (line for _, speech in parts_of(node, Speech) for line in speech.lines)
    return prompts_needed(node) | {str(line.prompt) for line in lines if line.prompt is not None}


def reachable(starts: Iterable[T], successors: Mapping[T, Iterable[T]]) -> set[T]:
    seen: set[T] = set()
    waiting = list(starts)
    while waiting:
        item = waiting.pop()
        if item not in seen:
            seen.add(item)
            waiting.extend(successors.get(item, ()))
    return seen


def _needed_prompt(line: Line) -> tuple[PromptId, ...]:
    """The recording without which the line can't be said: with a text beside it, it may be missing."""
    return (line.prompt,) if line.prompt is not None and not line.texts else ()


def _struct_parts(struct: msgspec.Struct, path: FieldPath) -> Iterator[tuple[FieldPath, object]]:
    for field in fields_of(type(struct)):
        yield from _value_parts(getattr(struct, field.name), (*path, field.encode_name))


def _value_parts(value: object, path: FieldPath) -> Iterator[tuple[FieldPath, object]]:
    if isinstance(value, dict):
        for key, inside in cast(dict[str, object], value).items():
            yield from _value_parts(inside, (*path, key))
            yield (*path, key), key
    elif isinstance(value, tuple):
        for index, inside in enumerate(cast(tuple[object, ...], value)):
            yield from _value_parts(inside, (*path, str(index)))
    elif isinstance(value, Speech):
        yield path, value
        yield from ((path, part) for line in value.lines for part in (*_needed_prompt(line), *line.texts.values()))
    elif isinstance(value, msgspec.Struct) and not isinstance(value, _WHOLE):
        yield from _struct_parts(value, path)
    else:
        yield path, value
