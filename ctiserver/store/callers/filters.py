"""From what is wanted to a WHERE: fixed fragments, values only as parameters."""

from __future__ import annotations

from collections.abc import Collection

from ctiserver.clock import to_datetime
from ctiserver.store.callers.rows import Span


class Wanted:
    """Collects conditions; a value of None or "" asks for nothing."""

    def __init__(self, *always: str) -> None:
        self._clauses = list(always)
        self.values: dict[str, object] = {}

    def add(self, clause: str, **named: object) -> None:
        if all(value not in (None, "") for value in named.values()):
            self._clauses.append(clause)
            self.values.update(named)

    def of_agents(self, column: str, scope: Collection[int] | None) -> None:
        """Rows of these agents, and of nobody yet; None: of all."""
        if scope is not None:
            self.add(f"({column} IS NULL OR {column} = ANY(:scope))", scope=list(scope))

    def within(self, column: str, span: Span) -> None:
        if span.since is not None:
            self.add(f"{column} >= :since", since=to_datetime(span.since))
        if span.until is not None:
            self.add(f"{column} < :until", until=to_datetime(span.until))

    @property
    def where(self) -> str:
        return "WHERE " + " AND ".join(self._clauses) if self._clauses else ""
