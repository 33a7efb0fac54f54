"""Loops: a caller must never go round without being asked, and every way must end somewhere.

An edge is *passive* if it can be taken without a key and without waiting in a queue: after a text, by a condition, by
staying silent. A cycle of passive edges would go on for ever with nobody on the line. The graph spans all flows; a flow
that is entered and returned from counts as one passive edge if it can be passed through passively.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ctiserver.ivr.flow import Flow, FlowSet
from ctiserver.ivr.graph import edges, reachable
from ctiserver.ivr.nodes.goto import Goto, Return

Place: TypeAlias = tuple[str, str]
"""Flow and node."""
Graph: TypeAlias = dict[Place, set[Place]]


def problems(flow_set: FlowSet) -> Iterator[tuple[Flow, str, str, str]]:
    """Flow, node, message, hint. All targets must exist."""
    for loop in _cycles(_passive_graph(flow_set)):
        flow_id, node = loop[0]
        way = " → ".join(name if flow == flow_id else f"{flow}.{name}" for flow, name in (*loop, loop[0]))
        yield flow_set.flows[flow_id], node, f"a loop without input: {way}", "lead somewhere else, or ask the caller"
    for flow_id, node in _without_end(flow_set):
        yield flow_set.flows[flow_id], node, "no way leads from here to people or to the end of the call", ""


def _passive_graph(flow_set: FlowSet) -> Graph:
    passing: set[str] = set()
    while True:
        graph = _graph_given(flow_set, passing)
        found = {str(flow.id) for flow in flow_set.flows.values() if _passes(flow, graph)}
        if found == passing:
            return graph
        passing = found


def _graph_given(flow_set: FlowSet, passing: set[str]) -> Graph:
    """`passing`: the flows that can be entered and returned from without input."""
    graph: Graph = {}
    for flow in flow_set.flows.values():
        for name, node in flow.nodes.items():
            targets = {(flow.id, edge.target) for edge in edges(name, node) if not edge.active}
            if isinstance(node, Goto):
                targets = {(node.flow, flow_set.flows[node.flow].entry)}
                if node.then is not None and node.flow in passing:
                    targets.add((flow.id, node.then))
            graph[str(flow.id), name] = {(str(target_flow), str(target)) for target_flow, target in targets}
    return graph


def _passes(flow: Flow, graph: Graph) -> bool:
    inside = {
        place: {to for to in targets if to[0] == flow.id} for place, targets in graph.items() if place[0] == flow.id
    }
    seen = reachable([(str(flow.id), str(flow.entry))], inside)
    return any(isinstance(flow.nodes[name], Return) for _, name in seen)


def _without_end(flow_set: FlowSet) -> list[Place]:
    backwards: Graph = {}
    ends: list[Place] = []
    for flow in flow_set.flows.values():
        for name, node in flow.nodes.items():
            place = (str(flow.id), name)
            if node.ends_call:
                ends.append(place)
            targets = {(str(flow.id), str(edge.target)) for edge in edges(name, node)}
            if isinstance(node, Goto):
                targets.add((str(node.flow), str(flow_set.flows[node.flow].entry)))
            for target in targets:
                backwards.setdefault(target, set()).add(place)
    ending = reachable(ends, backwards)
    return [
        (str(flow.id), name) for flow in flow_set.flows.values() for name in flow.nodes if (flow.id, name) not in ending
    ]


def _cycles(graph: Graph) -> Iterator[list[Place]]:
    """At least one cycle of each knot of the graph."""
    done: set[Place] = set()
    for start in graph:
        if start not in done:
            yield from _cycles_from(start, graph, done)


def _cycles_from(start: Place, graph: Graph, done: set[Place]) -> Iterator[list[Place]]:
    """Depth first, without recursion: flows may be long."""
    way, on_way = [start], {start}
    open_edges = [iter(sorted(graph.get(start, ())))]
    while way:
        target = next(open_edges[-1], None)
        if target is None:
            open_edges.pop()
            on_way.discard(way[-1])
            done.add(way.pop())
        elif target in on_way:
            yield way[way.index(target) :]
        elif target not in done:
            way.append(target)
            on_way.add(target)
            open_edges.append(iter(sorted(graph.get(target, ()))))
