"""A checked flow, and the set of flows, lines and calendars that are in force together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
    "on_duty": "how many people are on duty by the roster; nothing where none was planned",
    "agents_signed_in": "how many agents were signed in when the call began",
}
"""What a flow may use without setting it."""

HAPPENINGS = (
    "queue",
    "lookup",
    "voicemail",
    "record",
    "callback",
    "survey",
    "sms",
    "work_order",
    "transfer",
    "conference",
    "fax",
)
"""First words of what a test may expect besides nodes: `queue service`, `survey service=5`, `work_order 报修`."""


def is_happening(expected: str) -> bool:
    word, space, what = expected.partition(" ")
    return expected == "hang_up" or (word in HAPPENINGS and bool(space and what))


class FlowTest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A story that the flow must tell; run by `ctiserver flows test`.

    `keys`: what the caller does: keys (`"1"`, `"12345678#"`), `silence`, `say WORDS`, or what comes of what was begun:
    in the queue `timeout`, `no_agents`, `closed`, `refused`, `agent_done`; of a recording `message`; of a transfer
    `completed`, `busy`, `no_answer` …; of a fax `fax`; where it went wrong `failed`. `lookups`: path to answer; a path
    that is not listed isn't found, `failed` fails. `expect`: nodes entered in this order, others may lie between;
    `hang_up` and words such as `queue NAME` (see `HAPPENINGS`) stand for what happens there. `hears`: texts, parts of
    what is said in this order.
    """

    name: str
    at: datetime | None = None
    vars: dict[str, object] = {}
    lookups: dict[str, object] = {}
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
    lines: dict[str, int] = {}
    """Node → the line of the file in which its settings begin."""
    labels: dict[str, tuple[tuple[Target, str], ...]] = {}
    """Node → its targets, each with the way to the field in which it stands: see `edge`."""

    def edge(self, node: str, target: str) -> str:
        """By which edge of `node` the node `target` was named, such as `choices.1`; "" where no field names it.

        Two edges may lead to one node: nodes hand back the very object that was read from the file, which tells them
        apart.
        """
        known = self.labels.get(node, ())
        same = next((label for named, label in known if named is target), None)
        return same if same is not None else next((label for named, label in known if named == target), "")


class DialledLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What answers a dialled number. `vars` are set before the flow begins; `name` is for people."""

    flow: FlowId
    name: str = ""
    vars: dict[str, object] = {}


def no_holidays(day: object) -> DayKind | None:
    return None


@dataclass(frozen=True)
class FlowSet:
    """`digest` tells one content of all files together from another; `former` holds earlier sets by their digest.
    `recordings`: language → ids of the prompts recorded in it, "" for those of every language.

    A call goes on in the set with which it began (`as_of`): what was checked together is used together.
    """

    flows: Mapping[str, Flow]
    lines: Mapping[str, DialledLine] = field(default_factory=dict[str, DialledLine])
    default_line: DialledLine | None = None
    calendars: Mapping[str, Calendar] = field(default_factory=dict[str, Calendar])
    recordings: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    documents: frozenset[str] = frozenset()
    holidays: HolidayTable = no_holidays
    digest: str = ""
    former: Mapping[str, FlowSet] = field(default_factory=dict[str, "FlowSet"])

    @property
    def prompts(self) -> frozenset[str]:
        """Ids of all recorded prompts, in whichever language."""
        return frozenset[str]().union(*self.recordings.values())

    def with_recordings(self, recordings: Mapping[str, frozenset[str]]) -> FlowSet:
        """The same flows, also of calls under way, with other recordings to play."""
        former = {digest: replace(flows, recordings=recordings) for digest, flows in self.former.items()}
        return replace(self, recordings=recordings, former=former)

    def line(self, dialled: str) -> DialledLine | None:
        """What answers `dialled`; None if nothing does."""
        return self.lines.get(dialled, self.default_line)

    def find(self, flow_id: str, content_hash: str = "") -> Flow | None:
        """The flow in the version that a call began with, or the one in force."""
        current = self.flows.get(flow_id)
        if current is not None and content_hash in ("", current.content_hash):
            return current
        earlier = (flows.flows.get(flow_id) for flows in self.former.values())
        return next((flow for flow in earlier if flow is not None and flow.content_hash == content_hash), current)

    def as_of(self, digest: str) -> FlowSet:
        """The set in which a call began; this one if that is not known any more."""
        return self if digest in ("", self.digest) else self.former.get(digest, self)

    def language_of(self, flow_id: str) -> str:
        """What a flow speaks first."""
        flow = self.find(flow_id)
        return str(flow.language) if flow is not None else "zh-CN"

    def titles(self) -> dict[str, dict[str, dict[str, str]]]:
        """Flow → node → title by language, for the nodes that have one."""
        return {
            flow.id: {name: dict(node.title) for name, node in flow.nodes.items() if node.title is not None}
            for flow in self.flows.values()
        }

    def following(self, former: FlowSet, in_use: Collection[str] | None = None) -> FlowSet:
        """This set, keeping `former` and what it kept for the calls under way: all, or only the digests `in_use`."""
        kept = {**former.former, former.digest: replace(former, former={})}
        kept.pop(self.digest, None)
        if in_use is not None:
            kept = {digest: flows for digest, flows in kept.items() if digest in in_use}
        return replace(self, former=kept)

    def remembering(self, *earlier: FlowSet) -> FlowSet:
        """This set with earlier ones that were read again, for calls that a restart has interrupted."""
        found = {flows.digest: replace(flows, former={}) for flows in earlier if flows.digest != self.digest}
        return replace(self, former={**self.former, **found})
