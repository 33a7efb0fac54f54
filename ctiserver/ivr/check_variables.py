"""Variables: used only where every way sets them, and secrets never spoken."""

from __future__ import annotations

from collections.abc import Iterator

from ctiserver.ivr.computed import Computed, Sealed
from ctiserver.ivr.expressions import Expression
from ctiserver.ivr.fields import VariableName
from ctiserver.ivr.flow import AGAIN, BACK, GIVEN_VARIABLES, Flow, FlowSet
from ctiserver.ivr.flow_error import nearest
from ctiserver.ivr.graph import edges, parts, parts_of
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.nodes.collect import Collect
from ctiserver.ivr.reader import FieldPath
from ctiserver.ivr.template import Template


def problems(flow_set: FlowSet, flow: Flow) -> Iterator[tuple[str, FieldPath, str, str]]:
    """Node, way to the value, message, hint. All targets must exist."""
    given = _known_at_the_start(flow_set, flow)
    known = _surely_set(flow, given)
    secret = {node.into for node in flow.nodes.values() if isinstance(node, Collect) and node.secret}
    ever = given.union(*(_assigned(node) for node in flow.nodes.values()))
    for name, node in flow.nodes.items():
        here = {*known.get(name, given), *node.sets_on_entry}
        for path, value in parts(node):
            for used in sorted(_names(value)):
                if used in secret and isinstance(value, Sealed):
                    continue
                if used in secret:
                    yield name, path, f'"{used}" was entered in secret and must not be spoken or copied', ""
                elif used not in ever:
                    yield name, path, f'there is no variable "{used}"', nearest(used, ever)
                elif used not in here:
                    hint = f"give {used} a first value under vars"
                    yield name, path, f'"{used}" is not set on every way that leads here', hint
            if isinstance(value, VariableName):
                here.add(value)


def _known_at_the_start(flow_set: FlowSet, flow: Flow) -> set[str]:
    lines = [*flow_set.lines.values(), *((flow_set.default_line,) if flow_set.default_line is not None else ())]
    by_line = {name for line in lines if line.flow == flow.id for name in line.vars}
    return {*GIVEN_VARIABLES, *flow.vars, *by_line}


def _surely_set(flow: Flow, given: set[str]) -> dict[str, set[str]]:
    """For each node that is reached, what is set on every way to it."""
    known: dict[str, set[str]] = {str(flow.entry): set(given)}
    anytime = [*flow.keys.values(), *((flow.on_error,) if flow.on_error is not None else ())]
    known.update({str(target): set(given) for target in anytime if target not in (BACK, AGAIN)})
    waiting = list(known)
    while waiting:
        name = waiting.pop()
        node = flow.nodes[name]
        assigned = _assigned(node)
        for edge in edges(name, node):
            sure = node.assigns_on is None or edge.field in node.assigns_on
            after = known[name] | assigned if sure else known[name]
            before = known.get(edge.target)
            merged = after if before is None else before & after
            if merged != before:
                known[edge.target] = set(merged)
                waiting.append(edge.target)
    return known


def _assigned(node: Node) -> set[str]:
    if isinstance(node, Collect) and node.secret:
        return set()
    return {*node.assigns, *(str(name) for _, name in parts_of(node, VariableName))}


def _names(value: object) -> frozenset[str]:
    if isinstance(value, Expression):
        return value.names()
    if isinstance(value, Computed):
        return value.template.names() if value.template is not None else frozenset()
    if isinstance(value, Template):
        return value.names()
    return frozenset()
