"""What all tables share: names of constraints, types of columns, checks for words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        str: Text(),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(),
        dict[str, str]: JSONB(),
        dict[str, int]: JSONB(),
        int: BigInteger(),
    }


def one_of(column: str, *words: str) -> CheckConstraint:
    """The column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def not_negative(*columns: str) -> CheckConstraint:
    return CheckConstraint(" AND ".join(f"{column} >= 0" for column in columns), name="not_negative")


def ends_after_start() -> CheckConstraint:
    return CheckConstraint("ended_at >= started_at", name="ends_after_start")
