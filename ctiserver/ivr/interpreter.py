"""Runs a flow, one input at a time: `step(flow_set, cursor, input, now) -> Step`. Pure, resumable, and it never raises.

        start ──▶ enter node ──▶ enter next … until a node waits ──▶ Step(cursor, actions)
                      ▲                                                    │  the session performs the actions
                      └──── node.react(input) names the next node ◀── step ◀┘  and reports what happened

`now` is an aware datetime: opening hours and the path need the wall clock. Inputs that don't fit what the call is doing
(a late timer, the end of a prompt that was cut off) change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ctiserver.ivr.cursor import Cursor, Phase, Step
from ctiserver.ivr.fields import KEYS
from ctiserver.ivr.flow import AGAIN, BACK, Flow, FlowSet
from ctiserver.ivr.messages import (
    AgentDone,
    Digit,
    FaxDone,
    FlowInput,
    HangUp,
    Heard,
    LegDone,
    LookupDone,
    MessageRecorded,
    NoInput,
    PromptsDone,
    PromptsFailed,
    QueueLeft,
    RoomLeft,
)
from ctiserver.ivr.turn import Turn

MAX_TRANSITIONS = 200
"""Nodes entered in one step; a checked flow stays far below."""

RESUMED = "resume"
"""The edge by which a caller comes to the same node once more, after a restart."""

_FITS: dict[type[FlowInput], frozenset[Phase]] = {
    PromptsDone: frozenset({"playing"}),
    PromptsFailed: frozenset({"playing"}),
    Digit: frozenset({"playing", "listening", "queue", "lookup", "recording", "room"}),
    NoInput: frozenset({"listening"}),
    QueueLeft: frozenset({"queue"}),
    AgentDone: frozenset({"queue"}),
    LookupDone: frozenset({"lookup"}),
    MessageRecorded: frozenset({"recording"}),
    LegDone: frozenset({"outside"}),
    RoomLeft: frozenset({"room"}),
    FaxDone: frozenset({"fax"}),
    Heard: frozenset({"listening"}),
}
_KEYS_ARE_COMMANDS: frozenset[Phase] = frozenset({"playing", "listening", "lookup"})
"""Where global keys count: not while the caller waits, talks or is recorded."""


def start(flow_set: FlowSet, flow_id: str, variables: Mapping[str, object], now: datetime) -> Step:
    """The first step of a call. An unknown flow gives HangUp("flow_error")."""
    flow = flow_set.find(flow_id)
    if flow is None:
        return _no_such_flow(flow_id)
    cursor = Cursor(
        flow_id=str(flow.id),
        version=flow.version,
        content_hash=flow.content_hash,
        flow_set=flow_set.digest,
        node=str(flow.entry),
        language=str(flow.language),
        vars={**flow.vars, **variables, "language": str(flow.language)},
    )
    return _guarded(flow_set, flow, cursor, None, now)


def step(flow_set: FlowSet, cursor: Cursor, message: FlowInput, now: datetime) -> Step:
    """What to do about `message`. Without any effect the step has no actions."""
    if cursor.phase not in _FITS[type(message)] or _is_stale(message, cursor):
        return Step(cursor, ())
    if isinstance(message, Digit) and (len(message.key) != 1 or message.key not in KEYS):
        return Step(cursor, ())
    flow_set = flow_set.as_of(cursor.flow_set)
    flow = flow_set.find(cursor.flow_id, cursor.content_hash)
    if flow is None:
        return _no_such_flow(cursor.flow_id)
    return _guarded(flow_set, flow, cursor, message, now)


def resume(flow_set: FlowSet, cursor: Cursor, now: datetime) -> Step:
    """Go on after a restart, from a stored cursor: the node where the call stood begins afresh, so that a prompt which
    was cut off is heard. A caller in a queue is put into it again; a secret that was forgotten is asked for again.
    """
    if cursor.phase == "ended":
        return Step(cursor, ())
    flow_set = flow_set.as_of(cursor.flow_set)
    flow = flow_set.find(cursor.flow_id, cursor.content_hash)
    if flow is None:
        return _no_such_flow(cursor.flow_id)
    return _guarded(flow_set, flow, cursor, None, now)


def inform(cursor: Cursor, variables: Mapping[str, object]) -> Cursor:
    """The cursor of a call about which something became known meanwhile, such as the `customer`.

    Only values as JSON knows them; the flow sees them from its next step on.
    """
    return msgspec.structs.replace(cursor, vars={**cursor.vars, **variables})


def _guarded(flow_set: FlowSet, flow: Flow, cursor: Cursor, message: FlowInput | None, now: datetime) -> Step:
    turn = Turn(flow_set, flow, cursor, now)
    try:
        _advance(turn, cursor, message)
    except MemoryError:  # no fault of the flow: the caller's place in it is kept by whoever starts anew
        raise
    except Exception as error:  # whatever a defect here may be, the caller must reach people and not a dead line
        return _after_fault(flow_set, flow, cursor, type(error).__name__, now)
    return turn.step()


def _advance(turn: Turn, cursor: Cursor, message: FlowInput | None) -> None:
    if message is None:
        target = turn.lost_secret() or cursor.node
        if target not in turn.flow.nodes:
            raise LookupError("the flow has changed so that the caller's node is gone")
        _go(turn, target, RESUMED if cursor.path_count else "")
    else:
        _go(turn, *_react(turn, message))


def _react(turn: Turn, message: FlowInput) -> tuple[str | None, str]:
    """The next node, or None to wait, and the edge that leads there."""
    flow, name = turn.flow, turn.node_name
    node = flow.nodes[name]
    if isinstance(message, Digit):
        if turn.swallows(message.key):
            return None, ""
        if turn.phase in _KEYS_ARE_COMMANDS and node.takes_global_keys and not node.claims(turn, message.key):
            target = _global_target(turn, message.key)
            if target is not None:
                turn.stop_playing()
                return target, f"keys.{message.key}"
    target = node.react(turn, message)
    return _resolve(turn, target), _edge(turn, flow, name, target)


def _edge(turn: Turn, flow: Flow, name: str, target: str | None) -> str:
    """The edge of node `name` that leads to `target`; into another flow and back it is the node's type."""
    if target is None:
        return ""
    return flow.edge(name, target) if turn.flow is flow else flow.nodes[name].type_name


def _global_target(turn: Turn, key: str) -> str | None:
    """Where a global key leads from here; None if it is not one, or prompts may not be interrupted now."""
    action = next((target for keys, target in turn.flow.keys.items() if keys == key), None)
    if action is None or (turn.phase == "playing" and not turn.interruptible):
        return None
    turn.note_input("", key)
    return _resolve(turn, action)


def _resolve(turn: Turn, target: str | None) -> str | None:
    """`back` and `again` as the nodes that they mean here."""
    if target == BACK:
        return turn.go_back()
    return turn.node_name if target == AGAIN else target


def _go(turn: Turn, target: str | None, edge: str) -> None:
    for _ in range(MAX_TRANSITIONS):
        if target is None:
            return
        flow, name = turn.flow, target
        node = flow.nodes[name]
        turn.enter(name, asks=node.asks, by=edge)
        target = node.enter(turn)
        edge = _edge(turn, flow, name, target)
    raise RecursionError("the flow goes round without taking input")


def _after_fault(flow_set: FlowSet, flow: Flow, cursor: Cursor, fault: str, now: datetime) -> Step:
    """To `on_error` if the flow has it and we don't come from there; else the end."""
    if flow.on_error is not None and not cursor.fault:
        turn = Turn(flow_set, flow, cursor, now)
        turn.fault = fault
        turn.stop_playing()
        try:
            _go(turn, flow.on_error, "on_error")
        except Exception:  # noqa: S110 - on_error is broken as well: nothing is left but to end the flow, below
            pass
        else:
            return turn.step()
    turn = Turn(flow_set, flow, cursor, now)
    turn.fault = cursor.fault or fault
    turn.stop_playing()
    turn.hang_up("flow_error")
    return turn.step()


def _is_stale(message: FlowInput, cursor: Cursor) -> bool:
    return isinstance(message, PromptsDone | PromptsFailed | NoInput | Heard) and message.turn not in (0, cursor.turn)


def _no_such_flow(flow_id: str) -> Step:
    cursor = Cursor(
        flow_id=flow_id, version=0, content_hash="", node="", language="zh-CN", phase="ended", fault="no_such_flow"
    )
    return Step(cursor, (HangUp(reason="flow_error"),))
