"""Kinds of fields in what comes in at the desk's routes: lengths, forms, what Postgres can keep."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field, StringConstraints

from ctiserver.api.schemas import NO_CONTROL_CHARACTERS, NO_NUL

Line = Annotated[str, StringConstraints(max_length=200, pattern=NO_CONTROL_CHARACTERS)]
Needed = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_CONTROL_CHARACTERS)]
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=NO_NUL)]
Key = Annotated[str, StringConstraints(max_length=80, pattern=r"^[A-Za-z0-9_.:-]*$")]
Path = Annotated[str, StringConstraints(max_length=100, pattern=r"^([a-z0-9_]+(\.[a-z0-9_]+){0,2})?$")]
AreaCode = Annotated[str, StringConstraints(max_length=6, pattern=r"^[A-Z0-9]*$")]
Version = Annotated[int, Field(ge=0, le=2_147_483_647, description="of the row as it was read; 0: whatever it is now")]
Names = dict[Literal["zh-CN", "en"], Needed]
Words = Annotated[list[Line], Field(max_length=50)]
Page = Annotated[int, Field(ge=1, le=200)]
PageSize = Annotated[int, Field(ge=1, le=200)]


def _plain_values(values: dict[str, object]) -> dict[str, object]:
    """What Postgres can keep: short names, no NUL, no deep nesting."""
    if len(values) > 60:
        raise ValueError("at most 60 values")
    for name, value in values.items():
        listed = cast("list[object]", value) if isinstance(value, list) else [value]
        for each in listed:
            if isinstance(each, dict | list):
                raise ValueError(f"{name[:40]}: only texts, numbers, yes or no, and lists of these")
            if isinstance(each, str) and ("\x00" in each or len(each) > 10_000):
                raise ValueError(f"{name[:40]}: too long, or with a NUL")
            if isinstance(each, int | float) and abs(each) > 1e15:
                raise ValueError(f"{name[:40]}: too large")
        if "\x00" in name or len(name) > 80:
            raise ValueError("a name is too long, or has a NUL")
    return values


def _a_date(value: str) -> str:
    if value:
        date.fromisoformat(value)
    return value


Values = Annotated[dict[str, Any], AfterValidator(_plain_values)]
DateText = Annotated[str, StringConstraints(max_length=10, pattern=r"^(\d{4}-\d{2}-\d{2})?$"), AfterValidator(_a_date)]
