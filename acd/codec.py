"""Dataclasses to JSON-able values and back, driven by their annotations. For snapshots and scenario files."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from acd.errors import ConfigError

T = TypeVar("T")


def to_json(value: object) -> object:
    """Dataclasses become objects, sets sorted lists, tuples lists; anything else passes as it is."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in cast("Mapping[str, object]", value).items()}
    if isinstance(value, AbstractSet):
        return sorted(cast("AbstractSet[str]", value))
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in cast("Sequence[object]", value)]
    return value


def from_json(kind: type[T], value: object, field: str = "") -> T:
    """The value as `kind`. Raises ConfigError naming the field that does not fit."""
    return cast("T", _read(kind, value, field))


def _read(kind: Any, value: object, field: str) -> object:
    if isinstance(kind, type) and is_dataclass(kind):
        return _read_dataclass(kind, value, field)
    origin = get_origin(kind)
    arguments = get_args(kind)
    if origin in (Union, types.UnionType):
        return _read_union(arguments, value, field)
    if origin is Literal:
        if value not in arguments:
            raise ConfigError(field, f"must be one of {', '.join(map(str, arguments))}, not {value!r}")
        return value
    if origin is tuple:
        items = _items(value, field)
        if arguments[-1] is ...:
            return tuple(_read(arguments[0], item, f"{field}[{number}]") for number, item in enumerate(items))
        pairs = zip(arguments, items, strict=True)
        return tuple(_read(each, item, f"{field}[{number}]") for number, (each, item) in enumerate(pairs))
    if origin is list:
        return [_read(arguments[0], item, f"{field}[{number}]") for number, item in enumerate(_items(value, field))]
    if origin is frozenset:
        return frozenset(_read(arguments[0], item, field) for item in _items(value, field))
    if origin in (dict, Mapping):
        if not isinstance(value, Mapping):
            raise ConfigError(field, f"must be a mapping, not {value!r}")
        pairs_of = cast("Mapping[str, object]", value).items()
        return {
            _read(arguments[0], key, f"{field}.{key}"): _read(arguments[1], item, f"{field}.{key}")
            for key, item in pairs_of
        }
    return _read_plain(kind, value, field)


def _read_dataclass(kind: type, value: object, field: str) -> object:
    if not isinstance(value, Mapping):
        raise ConfigError(field or kind.__name__, f"must be a mapping, not {value!r}")
    given = dict(cast("Mapping[str, object]", value))
    hints = _hints(kind)
    arguments: dict[str, object] = {}
    for each in fields(kind):
        where = f"{field}.{each.name}" if field else each.name
        if each.name in given:
            arguments[each.name] = _read(hints[each.name], given.pop(each.name), where)
        elif each.default is MISSING and each.default_factory is MISSING:
            raise ConfigError(where, "is missing")
    if given:
        unknown = next(iter(given))
        raise ConfigError(f"{field}.{unknown}" if field else str(unknown), f"unknown; known: {', '.join(hints)}")
    return kind(**arguments)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return {name: hint for name, hint in get_type_hints(kind).items() if name in {each.name for each in fields(kind)}}


def _read_union(kinds: tuple[Any, ...], value: object, field: str) -> object:
    if value is None and type(None) in kinds:
        return None
    # Of several refusals the one about the innermost field says most.
    refusal = ConfigError(field, f"does not fit: {value!r}")
    for kind in kinds:
        if kind is type(None):
            continue
        try:
            return _read(kind, value, field)
        except ConfigError as error:
            if len(error.field) >= len(refusal.field):
                refusal = error
    raise refusal


def _items(value: object, field: str) -> Sequence[object]:
    if isinstance(value, (list, tuple)):
        return cast("Sequence[object]", value)
    raise ConfigError(field, f"must be a list, not {value!r}")


def _read_plain(kind: Any, value: object, field: str) -> object:
    if kind is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind in (str, bool) and isinstance(value, kind):
        return value
    if kind is object:
        return value
    raise ConfigError(field, f"must be {_NAMES.get(kind, str(kind))}, not {value!r}")


_NAMES: dict[Any, str] = {float: "a number", int: "a whole number", str: "a text", bool: "true or false"}
