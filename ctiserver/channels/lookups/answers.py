"""What a body may be: JSON of bounded size and depth. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import orjson


class BadAnswer(Exception):
    """`args[0]` is the reason: not_json or too_deep."""


def parse(body: bytes, max_depth: int) -> object:
    """Raises BadAnswer."""
    try:
        data: object = orjson.loads(body)
    except orjson.JSONDecodeError:  # also what nests deeper than orjson itself will follow
        raise BadAnswer("not_json") from None
    if depth(data, max_depth) > max_depth:
        raise BadAnswer("too_deep")
    return data


def depth(data: object, enough: int) -> int:
    """Levels of lists and mappings; counts no further than one beyond `enough`."""
    level, found = 0, _inside([data])
    while found and level <= enough:
        level += 1
        found = _inside(child for container in found for child in container)
    return level


def _inside(values: object) -> list[Sequence[object]]:
    found: list[Sequence[object]] = []
    for value in cast("Sequence[object]", values):
        if isinstance(value, list):
            found.append(cast("list[object]", value))
        elif isinstance(value, Mapping):
            found.append(tuple(cast("Mapping[str, object]", value).values()))
    return found


def at_path(data: object, path: str) -> object:
    """What stands at "bills.0.amount"; None where the way ends before. The empty path is all of it."""
    for step in path.split(".") if path else ():
        if isinstance(data, Mapping):
            data = cast("Mapping[str, object]", data).get(step)
        elif isinstance(data, list) and step.isascii() and step.isdigit():
            items = cast("list[object]", data)
            data = items[int(step)] if int(step) < len(items) else None
        else:
            return None
    return data
