"""Whatever passes the check can be walked with any input: no exception, no endless step, every cursor can be stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from ctiserver.ivr import cursor as cursors
from ctiserver.ivr import interpreter
from ctiserver.ivr.cursor import Cursor, Step
from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.flow_error import FlowErrors
from ctiserver.ivr.flow_file import build_flow_set, load_flow_set
from ctiserver.ivr.messages import (
    AgentDone,
    DialOut,
    Digit,
    Enqueue,
    FaxDone,
    FlowInput,
    HangUp,
    Heard,
    JoinRoom,
    LegDone,
    LegOutcome,
    Listen,
    LookUp,
    LookupDone,
    MessageRecorded,
    NoInput,
    Play,
    PromptsDone,
    PromptsFailed,
    QueueLeft,
    ReceiveFax,
    RecordMessage,
    RoomLeft,
    SendFax,
)
from ctiserver.ivr.nodes import NODE_TYPES
from ctiserver.ivr.spoken.clips import needed
from tests.unit.ivr.flow_texts import LINES

EXAMPLES = load_flow_set(Path(__file__).parents[3] / "ivr_flows")
NAMES = ("a", "b", "c", "d", "e")

turns = st.sampled_from([0, 0, 0, 1, 2, 3])
inputs: st.SearchStrategy[FlowInput] = st.one_of(
    st.builds(Digit, key=st.sampled_from("0123456789*#")),
    st.builds(Digit, key=st.text(max_size=2)),
    st.builds(PromptsDone, turn=turns),
    st.builds(PromptsFailed, turn=turns),
    st.builds(NoInput, turn=turns),
    st.builds(QueueLeft, reason=st.sampled_from(["timeout", "no_agents", "closed", "refused"])),
    st.builds(QueueLeft, reason=st.just("key"), key=st.sampled_from(["1", "7", ""])),
    st.just(AgentDone()),
    st.builds(LookupDone, outcome=st.sampled_from(["ok", "not_found", "failed", "?"]), value=st.just({"a": [1, None]})),
    st.builds(MessageRecorded, outcome=st.sampled_from(["recorded", "empty", "failed"]), recording=st.just("r1")),
    st.builds(LegDone, outcome=st.sampled_from(get_args(LegOutcome))),
    st.just(RoomLeft()),
    st.builds(FaxDone, ok=st.booleans()),
    st.builds(Heard, text=st.sampled_from(["", "水费", "x"]), turn=turns),
)
Variables = dict[str, object]


@st.composite
def some_variables(draw: st.DrawFn) -> Variables:
    customer: Variables = {"vip": draw(st.booleans()), "name": draw(st.text(max_size=5))}
    caller: Variables = {"number": draw(st.text(max_size=5))}
    return {"customer": customer if draw(st.booleans()) else None, "caller": caller}


variables = some_variables()
moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.timezones())  # noqa: DTZ001 - hypothesis adds the zone

SPOKEN = ("x", "{v|money}", "{customer.name}", "{w + 1|number}", "{caller.number|digits}")


def say(text: str, onwards: str, anywhere: str) -> str:
    return f"{{say: '{text}', next: {onwards}}}"


def menu(text: str, onwards: str, anywhere: str) -> str:
    choices = f"{{'1': {anywhere}, '12': {onwards}, '*': back, '9': again}}"
    return f"{{menu: {{say: '{text}', choices: {choices}, no_input: {onwards}, invalid: {anywhere}, retries: 1}}}}"


def collect(text: str, onwards: str, anywhere: str) -> str:
    return f"{{collect: {{say: x, into: v, digits: 2, end: '#', next: {anywhere}, no_input: {onwards}}}}}"


def secret(text: str, onwards: str, anywhere: str) -> str:
    return (
        f"{{collect: {{say: '{text}', into: pin, max_digits: 3, secret: true, next: {onwards}, no_input: {onwards}}}}}"
    )


def hours(text: str, onwards: str, anywhere: str) -> str:
    return f"{{hours: {{calendar: office, open: {onwards}, closed: {onwards}}}}}"


def branch(text: str, onwards: str, anywhere: str) -> str:
    return f"{{branch: {{cases: [{{if: w > 2, go: {onwards}}}], else: {onwards}}}}}"


def assign(text: str, onwards: str, anywhere: str) -> str:
    return f"{{set: {{w: '{{w * w + 1}}', v: '{{v}}{{v}}'}}, next: {onwards}}}"


def language(text: str, onwards: str, anywhere: str) -> str:
    return f"{{set_language: en, next: {onwards}}}"


def queue(text: str, onwards: str, anywhere: str) -> str:
    exits = f"on_timeout: {anywhere}, closed: {onwards}, keys: {{'1': {anywhere}}}, after: {anywhere}"
    return f"{{queue: {{queue: s, priority: '{{w}}', timeout: 5s, {exits}}}}}"


def goto(text: str, onwards: str, anywhere: str) -> str:
    return f"{{goto: {{flow: other, then: {onwards}}}}}"


def lookup(text: str, onwards: str, anywhere: str) -> str:
    take = "into: found, take: {got: 'a[0]'}"
    return f"{{lookup: {{source: s, path: '/x/{{w}}', {take}, ok: {onwards}, failed: {onwards}}}}}"


def transfer(text: str, onwards: str, anywhere: str) -> str:
    return f"{{transfer: {{extension: '100', failed: {onwards}, busy: {onwards}, after: {onwards}}}}}"


def voicemail(text: str, onwards: str, anywhere: str) -> str:
    return f"{{voicemail: {{box: b, say: '{text}', review: true, next: {onwards}}}}}"


def record(text: str, onwards: str, anywhere: str) -> str:
    return f"{{record: {{into: said, next: {onwards}}}}}"


def callback(text: str, onwards: str, anywhere: str) -> str:
    return f"{{callback: {{queue: s, next: {onwards}, no_input: {onwards}}}}}"


def survey(text: str, onwards: str, anywhere: str) -> str:
    questions = f"[{{name: q1, say: '{text}'}}, {{name: q2, say: x, lowest: 0, highest: 1}}]"
    return f"{{survey: {{name: visit, questions: {questions}, next: {onwards}}}}}"


def send_sms(text: str, onwards: str, anywhere: str) -> str:
    return f"{{send_sms: {{text: '{text}'}}, next: {onwards}}}"


def create_work_order(text: str, onwards: str, anywhere: str) -> str:
    return f"{{create_work_order: {{category: c, subject: '{text}', fields: {{a: '{{w}}'}}}}, next: {onwards}}}"


def conference(text: str, onwards: str, anywhere: str) -> str:
    return f"{{conference: {{room: '1', leave: '*', next: {onwards}}}}}"


def fax(text: str, onwards: str, anywhere: str) -> str:
    return f"{{fax: {{mode: receive, box: b, next: {onwards}}}}}"


def play(text: str, onwards: str, anywhere: str) -> str:
    return f"{{play: {{prompts: [jingle]}}, next: {onwards}}}"


def prompt_or_text(text: str, onwards: str, anywhere: str) -> str:
    return f"{{say: [{{prompt: not_yet, zh-CN: '{text}'}}, '{{w|money}}'], next: {onwards}}}"


ENDS = ("{return: }", "{hang_up: bye}", "{hang_up: }", "{queue: s}")
KINDS = (
    *(say, menu, collect, secret, hours, branch, assign, language, queue, lookup, transfer, voicemail, record),
    *(callback, survey, send_sms, create_work_order, conference, fax, play, prompt_or_text),
)
RECORDINGS = {"": frozenset({"jingle", *needed("money", "zh-CN")})}
anywhere = st.sampled_from(NAMES)
last = st.sampled_from(ENDS)


@st.composite
def sound_bodies(draw: st.DrawFn, *, may_go: bool) -> list[str]:
    """Edges without input lead onwards only; each node leads to the next, the last one ends."""
    kinds = st.sampled_from((*KINDS, goto) if may_go else KINDS)
    bodies = [
        draw(kinds)(draw(st.sampled_from(SPOKEN)), NAMES[place + 1], draw(anywhere)) for place in range(len(NAMES) - 1)
    ]
    return [*bodies, draw(last)]


@st.composite
def wild_bodies(draw: st.DrawFn) -> list[str]:
    """Edges lead anywhere."""
    bodies: list[str] = []
    for _ in NAMES:
        kind = draw(st.sampled_from((*KINDS, goto)))
        body = kind(draw(st.sampled_from(SPOKEN)), draw(anywhere), draw(anywhere))
        bodies.append(draw(last) if draw(st.integers(0, 3)) == 0 else body)
    return bodies


def flow_text(name: str, bodies: list[str]) -> str:
    lines = [f"flow: {name}", "entry: a", "vars: {v: 7, w: 2}", "keys: {'0': e, '*': back, '#': again}", "on_error: e"]
    return "\n".join([*lines, "nodes:", *(f"  {node}: {body}" for node, body in zip(NAMES, bodies, strict=True))])


def walk(flows: FlowSet, flow_id: str, given_vars: Variables, now: datetime, told: list[FlowInput]) -> None:
    step = interpreter.start(flows, flow_id, given_vars, now)
    check(step, None)
    for number, message in enumerate(told):
        now += timedelta(seconds=number % 7)
        before = step.cursor
        step = interpreter.step(flows, before, message, now)
        check(step, before)
        if number % 5 == 4 and not step.cursor.secrets:
            stored = cursors.decode(cursors.encode(step.cursor))
            step = interpreter.resume(flows, stored, now)
            check(step, stored)


PHASES: dict[type, str] = {
    Play: "playing",
    Listen: "listening",
    Enqueue: "queue",
    HangUp: "ended",
    LookUp: "lookup",
    RecordMessage: "recording",
    DialOut: "outside",
    JoinRoom: "room",
    ReceiveFax: "fax",
    SendFax: "fax",
}
LASTING = tuple(PHASES)


def check(step: Step, before: Cursor | None) -> None:
    after = step.cursor
    assert after.fault in ("", "flow_nesting")
    cursors.encode(after)
    assert len(cursors.new_visits(before, after)) < interpreter.MAX_TRANSITIONS
    lasting = [action for action in step.actions if isinstance(action, LASTING)]
    assert len(lasting) <= 1, "a step asks for one thing at most"
    for action in lasting:
        assert after.phase == PHASES[type(action)]
        if isinstance(action, Play | Listen):
            assert action.turn == after.turn
    if before is None or after != before:
        assert after.phase != "idle", "the call waits for something"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(EXAMPLES.flows)), variables, moments, st.lists(inputs, max_size=60))
def test_the_example_flows(flow_id: str, given_vars: Variables, now: datetime, told: list[FlowInput]) -> None:
    walk(EXAMPLES, flow_id, given_vars, now, told)


@settings(max_examples=200, deadline=None)
@given(sound_bodies(may_go=True), sound_bodies(may_go=False), variables, moments, st.lists(inputs, max_size=40))
def test_flows_that_lead_onwards_pass_the_check_and_take_any_input(
    main: list[str], other: list[str], given_vars: Variables, now: datetime, told: list[FlowInput]
) -> None:
    walk(flows_of(main, other), "main", given_vars, now, told)


@settings(max_examples=300, deadline=None)
@given(wild_bodies(), wild_bodies(), variables, moments, st.lists(inputs, max_size=40))
def test_of_flows_that_lead_anywhere_those_that_pass_the_check_take_any_input(
    main: list[str], other: list[str], given_vars: Variables, now: datetime, told: list[FlowInput]
) -> None:
    try:
        flows = flows_of(main, other)
    except FlowErrors:
        return  # refused, as most are; the walk below is for those that are not
    walk(flows, "main", given_vars, now, told)


def flows_of(main: list[str], other: list[str]) -> FlowSet:
    sources = {"main.yaml": flow_text("main", main), "other.yaml": flow_text("other", other), "lines.yaml": LINES}
    return build_flow_set(sources, recordings=RECORDINGS)


def test_every_type_of_node_takes_part() -> None:
    main = [kind("x", "e", "e") for kind in (*KINDS, goto)] + list(ENDS)
    written = {node.split(":")[0].strip("{ ") for node in main}
    assert written >= set(NODE_TYPES)
