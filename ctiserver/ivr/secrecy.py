"""Whether what the caller keys in at this moment is nobody's business."""

from __future__ import annotations

from ctiserver.ivr.cursor import Cursor
from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.nodes.collect import Collect


def keys_are_secret(flow_set: FlowSet, cursor: Cursor) -> bool:
    """True while the call stands in a `collect` that is marked `secret`."""
    flow = flow_set.find(cursor.flow_id, cursor.content_hash)
    node = flow.nodes.get(cursor.node) if flow is not None else None
    return isinstance(node, Collect) and node.secret
