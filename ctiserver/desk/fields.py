"""Custom fields of a category, by configuration: what they are, and whether given values fit them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, cast

import msgspec

FieldKind = Literal["text", "number", "boolean", "date", "choice", "choices"]
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_TEXT = 2_000


class CustomField(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: dict[str, str]  # by language
    kind: FieldKind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


def check_definitions(fields: Iterable[CustomField]) -> list[tuple[str, str]]:
    """(field, problem word) for definitions that can't be."""
    problems: list[tuple[str, str]] = []
    seen: set[str] = set()
    for field in fields:
        if not NAME.fullmatch(field.name):
            problems.append((field.name, "bad_name"))
        if field.name in seen:
            problems.append((field.name, "twice"))
        seen.add(field.name)
        if field.kind in ("choice", "choices") and not field.choices:
            problems.append((field.name, "no_choices"))
        if field.least is not None and field.most is not None and field.least > field.most:
            problems.append((field.name, "bad_range"))
    return problems


def check_values(fields: Iterable[CustomField], values: Mapping[str, object]) -> list[tuple[str, str]]:
    """(field, problem word) for each value that does not fit: unknown, missing, wrong_type, out_of_range, no_choice."""
    known = {field.name: field for field in fields}
    problems = [(name, "unknown") for name in values if name not in known]
    for name, field in known.items():
        value = values.get(name)
        if value is None or value == "" or value == []:
            if field.required:
                problems.append((name, "missing"))
        elif problem := _problem(field, value):
            problems.append((name, problem))
    return problems


def _problem(field: CustomField, value: object) -> str:
    match field.kind, value:
        case "text", str():
            return "too_long" if len(value) > LONGEST_TEXT else ""
        case "number", bool():
            return "wrong_type"
        case "number", int() | float():
            low = -math.inf if field.least is None else field.least
            high = math.inf if field.most is None else field.most
            return "" if math.isfinite(value) and low <= value <= high else "out_of_range"
        case "boolean", bool():
            return ""
        case "date", str():
            return "" if _is_date(value) else "wrong_type"
        case "choice", str():
            return "" if value in field.choices else "no_choice"
        case "choices", list():
            chosen = cast("list[object]", value)
            return "" if all(each in field.choices for each in chosen) else "no_choice"
        case _:
            return "wrong_type"


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
