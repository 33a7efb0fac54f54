"""The caller's way through the flow as facts: each node entered and left, by which edge, after how long."""

from __future__ import annotations

from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import InputCollected, NodeEntered, NodeLeft
from ctiserver.call.words import EndedBy, WayOut
from ctiserver.ivr.cursor import Cursor, Visit, new_visits, newly_entered
from ctiserver.ivr.interpreter import RESUMED


def note_progress(turn: Turn, before: Cursor | None, after: Cursor) -> None:
    """What happened between two cursors of the call."""
    last = before.path[-1] if before is not None and before.path else None
    for visit in new_visits(before, after):
        if last is not None and visit.by != RESUMED:
            turn.note(_left(last, visit))
        turn.note(NodeEntered(flow=visit.flow, node=visit.node))
        last = visit
    entered = newly_entered(before, after)
    turn.note(*(InputCollected(node=e.node, variable=e.name, value=e.value) for e in entered))


def note_end(turn: Turn, by: EndedBy) -> None:
    """The call ends in the node in which it stands; before the phase changes."""
    cursor = turn.call.cursor
    if cursor is None or not cursor.path or turn.call.phase == "ended":
        return
    last = cursor.path[-1]
    spent_s = max(0.0, turn.now - last.at.timestamp())
    turn.note(NodeLeft(flow=last.flow, node=last.node, way=_way_out(turn, by), spent_s=spent_s))


def _left(node: Visit, following: Visit) -> NodeLeft:
    return NodeLeft(
        flow=node.flow,
        node=node.node,
        way="edge",
        edge=following.by,
        to_flow=following.flow,
        to_node=following.node,
        spent_s=max(0.0, (following.at - node.at).total_seconds()),
    )


def _way_out(turn: Turn, by: EndedBy) -> WayOut:
    if turn.call.talk is not None or by == "agent":
        return "answered"
    if by == "caller":
        return "hung_up"
    return "ended" if by == "flow" else "cut"
