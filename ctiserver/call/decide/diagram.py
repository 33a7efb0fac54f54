"""The state machine of a call, drawn: what each input can lead to in each phase, found by trying.

From the arrival of a call on, every kind of input is given to `decide` in every situation that can be reached, on a
small flow that has one of everything. So the picture shows what the table does and not what somebody remembers of it.
`docs/draw_call_states.py` writes it into docs/how_a_call_flows.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Literal, get_args

from ctiserver.call.decide import Rules, decide
from ctiserver.call.decide.table import EVERY, IGNORED, LIVE, TABLE
from ctiserver.call.decide.trials import inputs, situation
from ctiserver.call.events import CallArrived, CallbackDue, CallInput, OutboundRequested
from ctiserver.call.parties import AgentTarget, Callback, NumberTarget
from ctiserver.call.states import Call, Phase
from ctiserver.directory import Queue
from ctiserver.ivr.flow import no_holidays
from ctiserver.ivr.flow_file import build_flow_set

Outcomes = Mapping[tuple[Phase, str], frozenset[Phase]]
"""(phase, name of the input) → the phases in which the call then may be."""

FLOW = """
flow: drawn
entry: welcome
nodes:
  welcome: {menu: {say: hello, choices: {"1": people, "2": notice, "3": bye, "4": more}, no_input: others, retries: 1}}
  notice: {say: please wait, next: others}
  people:
    queue:
      queue: service
      announce: {position: true, every: 30s}
      timeout: 60s
      on_timeout: welcome
      closed: welcome
      keys: {"9": welcome}
      after: bye
  others: {queue: {queue: service, timeout: 60s}}
  more:
    menu:
      say: more
      choices: {"1": ask, "2": message, "3": extension, "9": room, "4": document}
      words: {"1": [bill]}
      no_input: bye
      retries: 0
  ask: {lookup: {source: billing, path: /bill, ok: bye, failed: others}}
  message: {voicemail: {box: service, review: true, next: others}}
  extension: {transfer: {extension: "9", record: true, limit: 60s, failed: others, after: bye}}
  room: {conference: {room: r, leave: "1", next: bye}}
  document: {fax: {mode: receive, next: bye}}
  bye: {hang_up: goodbye}
"""
BEGIN = "<!-- drawn from ctiserver/call/decide/table.py by docs/draw_call_states.py -->"
END = "<!-- end of the drawing -->"


def outcomes() -> Outcomes:
    """Every pair that the table handles, with what came of it. Raises LookupError for a pair that nobody decided."""
    waiting, rules = beginnings()
    now = 0.0
    found: defaultdict[tuple[Phase, str], set[Phase]] = defaultdict(set)
    seen = {situation(begun) for begun in waiting}
    while waiting:
        call = waiting.pop()
        now += 1.0
        for event in inputs(call):
            after = decide(call, event, now, rules).call
            if (call.phase, type(event)) in TABLE:
                found[call.phase, type(event).__name__].add(after.phase)
            if (reached := situation(after)) not in seen:
                seen.add(reached)
                waiting.append(after)
    return {pair: frozenset(phases) for pair, phases in found.items()}


def beginnings() -> tuple[list[Call], Rules]:
    """Calls as they begin, and the rules for them: a caller, and the calls that an agent makes."""
    rules = Rules(
        flows=build_flow_set({"drawn.yaml": FLOW}, holidays=no_holidays),
        queues={name: Queue(id=name, name={}, skills={}) for name in ("service", "other")},
        timezone=UTC,
        extensions={"extension:9": "9"},
        hears_words=True,
    )
    arrival = CallArrived(call_id="c", channel_id="c", dialled="1", caller_number="1", flow="drawn")
    events = (arrival, *_own_calls(), *_callbacks())
    return [decide(None, event, 0.0, rules).call for event in events], rules


def _callbacks() -> Iterator[CallbackDue]:
    """The agent's phone first, or the customer's."""
    number = NumberTarget(number="10086", endpoint="PJSIP/10086@trunk")
    firsts: tuple[Literal["agent", "customer"], ...] = ("agent", "customer")
    for first in firsts:
        callback = Callback(request_id="w", target=number, first=first)
        yield CallbackDue(call_id="c", queue_id="service", callback=callback, waiting_since=0.0)


def _own_calls() -> tuple[OutboundRequested, OutboundRequested]:
    """An agent rings a number, or a colleague."""
    agent = AgentTarget(agent_id=1, number="1001", name="", endpoint="PJSIP/1001")
    colleague = AgentTarget(agent_id=2, number="1002", name="", endpoint="PJSIP/1002")
    number = NumberTarget(number="10086", endpoint="PJSIP/10086@trunk")
    return (
        OutboundRequested(call_id="c", agent=agent, target=number, direction="outbound", longest_s=60.0),
        OutboundRequested(call_id="c", agent=agent, target=colleague, direction="internal"),
    )


def mermaid(results: Outcomes) -> str:
    """The changes of phase as a Mermaid state diagram; what ends a call in every live phase is drawn once."""
    ending: frozenset[Phase] = frozenset(("ended",))
    always = [name for name in _input_names() if all(results.get((phase, name)) == ending for phase in LIVE)]
    edges: defaultdict[tuple[Phase, Phase], list[str]] = defaultdict(list)
    for name in _input_names():
        for before in EVERY:
            for after in EVERY:
                if before != after and name not in always and after in results.get((before, name), frozenset()):
                    edges[before, after].append(name)
    inner = [edge for edge in edges if "ended" not in edge]
    outer = [edge for edge in edges if "ended" in edge]
    return "\n".join(
        [
            "stateDiagram-v2",
            "    [*] --> live: CallArrived",
            "    state live {",
            "        [*] --> menu",
            *(f"        {before} --> {after}: {'<br/>'.join(edges[before, after])}" for before, after in sorted(inner)),
            "    }",
            *(f"    {before} --> {after}: {'<br/>'.join(edges[before, after])}" for before, after in sorted(outer)),
            f"    live --> ended: {'<br/>'.join(always)}",
            "    ended --> [*]",
        ]
    )


def matrix(results: Outcomes) -> str:
    """Every input in every phase as a Markdown table, with the reason where it has no effect."""
    lines = [
        f"| input | {' | '.join(EVERY)} | an empty field: without effect, because |",
        f"|---|{'---|' * (len(EVERY) + 1)}",
    ]
    kinds = {kind.__name__: kind for kind in get_args(CallInput)}
    for name in _input_names():
        cells = [_cell(phase, results.get((phase, name))) for phase in EVERY]
        reason = IGNORED.get(kinds[name], ((), ""))[1]
        lines.append(f"| {name} | {' | '.join(cells)} | {reason} |")
    return "\n".join(lines)


def document() -> str:
    """Both, as they stand in the page."""
    results = outcomes()
    return f"```mermaid\n{mermaid(results)}\n```\n\n{matrix(results)}"


def replaced(page: str, drawn: str) -> str:
    """The page with what is drawn between its marks. Raises ValueError for a page without them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the marks {BEGIN} and {END}")
    return f"{before}{begin}\n\n{drawn}\n\n{end}{after}"


def _cell(phase: Phase, results: frozenset[Phase] | None) -> str:
    if results is None:
        return ""
    return ", ".join("stays" if after == phase else after for after in EVERY if after in results)


def _input_names() -> list[str]:
    """All inputs but the one with which a call begins."""
    return [kind.__name__ for kind in get_args(CallInput) if kind is not CallArrived]
