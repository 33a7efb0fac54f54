"""Whether what the caller keys in at this moment is nobody's business."""

from __future__ import annotations

from ctiserver.ivr.cursor import Cursor
from ctiserver.ivr.flow import Flow, FlowSet
from ctiserver.ivr.graph import edges, reachable
from ctiserver.ivr.nodes.collect import Collect


def keys_are_secret(flow_set: FlowSet, cursor: Cursor) -> bool:
    """True in a `collect` that is marked `secret`, and in what comes before it: keys pressed there count for it."""
    flow = flow_set.as_of(cursor.flow_set).find(cursor.flow_id, cursor.content_hash)
    if flow is None or cursor.node not in flow.nodes:
        return False
    if not flow.nodes[cursor.node].types_ahead:
        return _asks_in_secret(flow, cursor.node)
    onwards = {name: {e.target for e in edges(name, node) if not e.active} for name, node in flow.nodes.items()}
    return any(_asks_in_secret(flow, name) for name in reachable([cursor.node], onwards))


def _asks_in_secret(flow: Flow, name: str) -> bool:
    node = flow.nodes[name]
    return isinstance(node, Collect) and node.secret
