"""A checked flow, and the set of flows, lines and calendars that are in force together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from ctiserver.ivr.fields import FlowId, Keys, Language, Target
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.opening_hours import Calendar, DayKind, HolidayTable

BACK = "back"
AGAIN = "again"

GIVEN_VARIABLES: dict[str, str] = {
    "caller": "number, name, region of whoever rings",
    "customer": "id, name, vip, language … of the customer with that number; nothing if unknown",
    "dialled": "the number that was dialled",
    "call": "id of the call",
    "language": "what is spoken now",
}
"""What a flow may use without setting it."""


class FlowTest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A story that the flow must tell; run by `ctiserver flows test`.

    `keys`: what the caller does: keys (`"1"`, `"12345678#"`), `silence`, or an outcome in the queue (`timeout`,
    `no_agents`, `closed`, `refused`, `agent_done`). `expect`: nodes entered in this order, others may lie between;
    `hang_up` and `queue NAME` stand for what happens there. `hears`: texts, parts of what is said in this order.
    """

    name: str
    at: datetime | None = None
    vars: dict[str, object] = {}
    keys: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    hears: tuple[str, ...] = ()
    never_hears: tuple[str, ...] = ()


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """`keys` are the global keys: a node, or `back` or `again`. `on_error` is where to go when a step fails."""

    id: FlowId
    version: int
    content_hash: str
    file: str
    language: Language
    entry: Target
    nodes: dict[str, Node]
    vars: dict[str, object] = {}
    keys: dict[Keys, Target] = {}
    on_error: Target | None = None
    tests: tuple[FlowTest, ...] = ()


class DialledLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What answers a dialled number. `vars` are set before the flow begins; `name` is for people."""

    flow: FlowId
    name: str = ""
    vars: dict[str, object] = {}


def no_holidays(day: object) -> DayKind | None:
    return None


@dataclass(frozen=True)
class FlowSet:
    """`earlier` holds flows of former sets, by content hash, for the calls that began with them."""

    flows: Mapping[str, Flow]
    lines: Mapping[str, DialledLine] = field(default_factory=dict[str, DialledLine])
    default_line: DialledLine | None = None
    calendars: Mapping[str, Calendar] = field(default_factory=dict[str, Calendar])
    prompts: frozenset[str] = frozenset()
    holidays: HolidayTable = no_holidays
    earlier: Mapping[str, Flow] = field(default_factory=dict[str, Flow])

    def line(self, dialled: str) -> DialledLine | None:
        """What answers `dialled`; None if nothing does."""
        return self.lines.get(dialled, self.default_line)

    def find(self, flow_id: str, content_hash: str = "") -> Flow | None:
        """The flow in the version that a call began with, or the one in force."""
        current = self.flows.get(flow_id)
        if current is not None and content_hash in ("", current.content_hash):
            return current
        return self.earlier.get(content_hash, current)

    def titles(self) -> dict[str, dict[str, dict[str, str]]]:
        """Flow → node → title by language, for the nodes that have one."""
        return {
            flow.id: {name: dict(node.title) for name, node in flow.nodes.items() if node.title is not None}
            for flow in self.flows.values()
        }

    def following(self, former: FlowSet) -> FlowSet:
        """This set, keeping the flows of `former` for the calls that are under way."""
        kept = {flow.content_hash: flow for flow in former.flows.values()}
        return replace(self, earlier={**former.earlier, **kept})
