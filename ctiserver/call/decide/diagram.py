"""The state machine of a call, drawn: what each input can lead to in each phase, found by trying.

From the arrival of a call on, every kind of input is given to `decide` in every situation that can be reached, on a
small flow that has one of everything. So the picture shows what the table does and not what somebody remembers of it.
`docs/draw_call_states.py` writes it into docs/how_a_call_flows.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import get_args

from ctiserver.call.decide import Rules, decide
from ctiserver.call.decide.table import EVERY, IGNORED, LIVE, TABLE
from ctiserver.call.events import (
    AgentLegAnswered,
    AgentLegEnded,
    AgentLegRinging,
    AsteriskRestarted,
    CallArrived,
    CallerHungUp,
    CallerIdentified,
    CallInput,
    CallRecovered,
    ConnectFailed,
    DeadlinePassed,
    DigitReceived,
    HangUpRequested,
    HoldChanged,
    OfferMade,
    OfferWithdrawn,
    PartiesConnected,
    PromptFinished,
    QueueMoved,
    QueuePositionChanged,
    QueueRefused,
    RecordingBegan,
    RecordingCollected,
    RecordingLost,
)
from ctiserver.call.states import Call, Phase
from ctiserver.ivr.flow import no_holidays
from ctiserver.ivr.flow_file import build_flow_set

Outcomes = Mapping[tuple[Phase, str], frozenset[Phase]]
"""(phase, name of the input) → the phases in which the call then may be."""

FLOW = """
flow: drawn
entry: welcome
nodes:
  welcome: {menu: {say: hello, choices: {"1": people, "2": notice, "3": bye}, no_input: others, retries: 1}}
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
  bye: {hang_up: goodbye}
"""
KEYS = "1239"
STALE = "stale"
BEGIN = "<!-- drawn from ctiserver/call/decide/table.py by docs/draw_call_states.py -->"
END = "<!-- end of the drawing -->"


def outcomes() -> Outcomes:
    """Every pair that the table handles, with what came of it. Raises LookupError for a pair that nobody decided."""
    rules = Rules(flows=build_flow_set({"drawn.yaml": FLOW}, holidays=no_holidays), queues={}, timezone=UTC)
    arrival = CallArrived(call_id="c", channel_id="c", dialled="1", caller_number="1", flow="drawn")
    now = 0.0
    found: defaultdict[tuple[Phase, str], set[Phase]] = defaultdict(set)
    begun = decide(None, arrival, now, rules).call
    seen, waiting = {_situation(begun)}, [begun]
    while waiting:
        call = waiting.pop()
        now += 1.0
        for event in _inputs(call):
            after = decide(call, event, now, rules).call
            if (call.phase, type(event)) in TABLE:
                found[call.phase, type(event).__name__].add(after.phase)
            if (situation := _situation(after)) not in seen:
                seen.add(situation)
                waiting.append(after)
    return {pair: frozenset(phases) for pair, phases in found.items()}


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


def _situation(call: Call) -> tuple[object, ...]:
    """What makes two calls different for `decide`, without counters and instants."""
    cursor = call.cursor
    return (
        call.phase,
        bool(call.playing),
        call.leaving,
        call.offer is not None,
        call.talk is not None and call.talk.held_since is not None,
        bool(call.bridge_id),
        frozenset(call.deadlines),
        frozenset(recording.ended_at is not None for recording in call.recording),
        call.was_queued,
        (cursor.node, cursor.phase, cursor.attempts, cursor.silences) if cursor is not None else None,
    )


def _inputs(call: Call) -> Iterator[CallInput]:
    """One of each kind that fits the call as it is, and some that come too late."""
    offer_id = call.offer.offer_id if call.offer else call.talk.offer_id if call.talk else STALE
    recording_id = call.recording[-1].recording_id if call.recording else STALE
    yield CallerIdentified(card=None, matches=0)
    yield PromptFinished(playback_id=call.playing or STALE, ok=True)
    yield from (DigitReceived(digit=key) for key in KEYS)
    yield from (DeadlinePassed(name=name) for name in call.deadlines)
    yield DeadlinePassed(name=STALE)
    yield OfferMade(
        offer_id=f"c.o{call.bridges + 1}",
        agent_id=1,
        agent_number="1001",
        agent_name="",
        endpoint="PJSIP/1001",
        ring_timeout_s=20.0,
    )
    yield OfferWithdrawn(offer_id=offer_id, reason="lease_expired")
    yield QueuePositionChanged(position=1)
    yield from (QueueRefused(reason=reason) for reason in ("closed", "max_waiting"))
    yield QueueMoved(queue_id="other", reason="max_wait")
    yield AgentLegRinging(offer_id=offer_id)
    yield AgentLegAnswered(offer_id=offer_id)
    yield AgentLegEnded(offer_id=offer_id)
    yield PartiesConnected(bridge_id=call.bridge_id)
    yield ConnectFailed(bridge_id=call.bridge_id)
    yield CallerHungUp()
    yield HangUpRequested(by="supervisor")
    yield HoldChanged(held=call.talk is not None and call.talk.held_since is None, by="agent")
    yield RecordingBegan(recording_id=recording_id)
    yield RecordingCollected(recording_id=recording_id, path="", duration_ms=0, size_bytes=0, sha256="", ok=True)
    yield RecordingLost(recording_id=recording_id, reason="")
    yield CallRecovered()
    yield AsteriskRestarted()
