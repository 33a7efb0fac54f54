"""lookup: ask an outside system."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal
from urllib.parse import quote

import msgspec

from ctiserver.ivr.computed import Sealed, bounded
from ctiserver.ivr.expressions import ExpressionFailed
from ctiserver.ivr.fields import LookupId, Seconds, Target, VariableName
from ctiserver.ivr.json_path import JsonPath
from ctiserver.ivr.messages import Digit, FlowInput, LookUp, LookupDone
from ctiserver.ivr.nodes.base import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctiserver.ivr.turn import Turn

MAX_ANSWER = 16_000
"""Bytes of an answer that may become a variable: it is stored with every step of the call."""


class Lookup(Node, frozen=True, kw_only=True):
    """`into` takes the whole answer, `take` parts of it by their ways (`bills[0].amount`); both are set on `ok` only.

    `body` makes it a POST. Values in `path` are quoted. What was entered in secret may be sent here and nowhere else.
    """

    type_name: ClassVar[str] = "lookup"
    assigns_on: ClassVar[frozenset[str] | None] = frozenset({"ok"})
    types_ahead: ClassVar[bool] = True

    source: LookupId
    path: Sealed
    ok: Target
    failed: Target
    not_found: Target | None = None
    method: Literal["GET", "POST"] | None = None
    body: dict[str, Sealed] = msgspec.field(default_factory=dict[str, Sealed])
    into: VariableName | None = None
    take: dict[VariableName, JsonPath] = msgspec.field(default_factory=dict[VariableName, JsonPath])
    timeout: Seconds = Seconds(3)

    def problem(self) -> str | None:
        """What the field types cannot express."""
        if not 0.2 <= self.timeout <= 15:
            return "timeout lies between 200ms and 15s: the caller waits in silence"
        if self.method == "GET" and self.body:
            return "a GET has no body; leave method out or write POST"
        written = self.path.template.source if self.path.template is not None else str(self.path.plain or "")
        return None if written.startswith("/") else 'path begins with "/"'

    def enter(self, turn: Turn) -> str | None:
        try:
            path = self._path({**turn.variables, **turn.secrets})
        except ExpressionFailed:
            return self.failed
        used = self.path.names().union(*(value.names() for value in self.body.values()))
        everything = {**turn.variables, **turn.secrets}
        turn.send_for(
            LookUp(
                source=str(self.source),
                path=path,
                method=self.method or ("POST" if self.body else "GET"),
                body={name: value.of(everything) for name, value in self.body.items()} or None,
                timeout_s=float(self.timeout),
                secret=not used.isdisjoint(turn.secrets),
            )
        )
        return None

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        match message:
            case Digit():
                turn.type_ahead(message.key)
                return None
            case LookupDone(outcome="ok"):
                return self.ok if self._keep(turn, message.value) else self.failed
            case LookupDone(outcome="not_found"):
                return self.not_found or self.failed
            case LookupDone():
                return self.failed
            case _:
                return None

    def _path(self, variables: Mapping[str, object]) -> str:
        if self.path.template is None:
            return str(self.path.plain)
        return self.path.template.filled(variables, lambda text: quote(text, safe=""))

    def _keep(self, turn: Turn, value: object) -> bool:
        """False: more than a call can carry."""
        kept = {str(name): bounded(way.within(value)) for name, way in self.take.items()}
        if self.into is not None:
            kept[str(self.into)] = value
        if len(msgspec.json.encode(kept)) > MAX_ANSWER:
            return False
        for name, found in kept.items():
            turn.assign(name, found)
        return True
