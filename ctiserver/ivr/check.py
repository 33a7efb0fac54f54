"""What can only be seen once all files are read: names that lead nowhere, loops, variables that may be missing."""

from __future__ import annotations

from collections.abc import Mapping

from ctiserver.ivr import check_loops, check_variables
from ctiserver.ivr.fields import CalendarId, DocumentId, FlowId, LookupId, PromptId, QueueId, Target
from ctiserver.ivr.flow import AGAIN, BACK, DialledLine, Flow, FlowSet, is_happening
from ctiserver.ivr.flow_error import nearest
from ctiserver.ivr.graph import edges, parts, reachable
from ctiserver.ivr.nodes.menu import Menu
from ctiserver.ivr.reader import FieldPath, Reader
from ctiserver.ivr.yaml_tree import Mark

LINES_FILE = "lines.yaml"


class Checker:
    """Notes what it finds in each file's reader. Names that an unread file may define are not reported as missing."""

    def __init__(
        self,
        flow_set: FlowSet,
        readers: Mapping[str, Reader],
        queues: frozenset[str] | None,
        unread: set[str],
        lookups: frozenset[str] | None = None,
    ) -> None:
        self._set = flow_set
        self._readers = readers
        self._queues = queues
        self._lookups = lookups
        self._all_flows_read = not unread - {LINES_FILE}
        self._lines_read = LINES_FILE not in unread
        self._prompts = flow_set.prompts

    def run(self) -> None:
        whole = True
        for flow in self._set.flows.values():
            whole = self._names(flow) and whole
            self._resources(flow)
            self._tests(flow)
        self._lines()
        if not whole or not self._all_flows_read:
            return  # with names missing, whatever else is said of the graph would mislead
        for flow in self._set.flows.values():
            self._unreachable(flow)
            for name, path, message, hint in check_variables.problems(self._set, flow):
                self._refuse(flow, name, path, message, hint)
        for flow, name, message, hint in check_loops.problems(self._set):
            self._refuse(flow, name, (), message, hint)

    def _names(self, flow: Flow) -> bool:
        """Whether all targets exist."""
        before = len(self._readers[flow.file].errors)
        for name, node in flow.nodes.items():
            if name in (BACK, AGAIN):
                self._refuse(flow, name, (), f'"{name}" has a meaning of its own', "choose another name for the node")
            for path, value in parts(node):
                relative = isinstance(node, Menu) and path[0] == "choices"
                if isinstance(value, Target) and not self._leads(flow, value, relative=relative):
                    self._refuse(flow, name, path, f'there is no node "{value}"', nearest(value, flow.nodes))
        outside: dict[FieldPath, tuple[str, bool]] = {("entry",): (flow.entry, False)}
        if flow.on_error is not None:
            outside["on_error",] = (flow.on_error, False)
        outside.update({("keys", key): (target, True) for key, target in flow.keys.items()})
        for path, (target, relative) in outside.items():
            if not self._leads(flow, target, relative=relative):
                self._refuse_at(flow.file, path, f'there is no node "{target}"', nearest(target, flow.nodes))
        for key in flow.keys:
            if len(key) != 1:
                self._refuse_at(flow.file, ("keys", key), "a global key is a single key")
        return len(self._readers[flow.file].errors) == before

    def _leads(self, flow: Flow, target: str, *, relative: bool) -> bool:
        return target in flow.nodes or (relative and target in (BACK, AGAIN))

    def _resources(self, flow: Flow) -> None:
        for name, node in flow.nodes.items():
            for path, value in parts(node):
                if isinstance(value, PromptId) and value not in self._prompts:
                    way_out = f"record it, expected prompts/{value}.wav; or give a text beside it"
                    hint = nearest(value, self._prompts) or way_out
                    self._refuse(flow, name, path, f'there is no recorded prompt "{value}"', hint)
                elif isinstance(value, QueueId) and self._queues is not None and value not in self._queues:
                    self._refuse(flow, name, path, f'there is no queue "{value}"', nearest(value, self._queues))
                elif isinstance(value, LookupId) and self._lookups is not None and value not in self._lookups:
                    hint = nearest(value, self._lookups)
                    self._refuse(flow, name, path, f'there is no outside system "{value}"', hint)
                elif isinstance(value, DocumentId) and value not in self._set.documents:
                    hint = nearest(value, self._set.documents) or f"expected documents/{value}.tif"
                    self._refuse(flow, name, path, f'there is no document "{value}"', hint)
                elif isinstance(value, CalendarId) and self._lines_read and value not in self._set.calendars:
                    hint = nearest(value, self._set.calendars) or f"calendars stand in {LINES_FILE}"
                    self._refuse(flow, name, path, f'there is no calendar "{value}"', hint)
                elif isinstance(value, FlowId) and self._all_flows_read and value not in self._set.flows:
                    self._refuse(flow, name, path, f'there is no flow "{value}"', nearest(value, self._set.flows))

    def _tests(self, flow: Flow) -> None:
        known = {name for each in self._set.flows.values() for name in each.nodes}
        for index, test in enumerate(flow.tests):
            for expected in test.expect:
                if expected not in known and not is_happening(expected):
                    path = ("tests", str(index), "expect")
                    message = f'the test "{test.name}" expects "{expected}", which is no node'
                    self._refuse_at(flow.file, path, message, nearest(expected, known))

    def _lines(self) -> None:
        if not self._all_flows_read:
            return
        lines: dict[FieldPath, DialledLine] = {("lines", dialled): line for dialled, line in self._set.lines.items()}
        if self._set.default_line is not None:
            lines["default",] = self._set.default_line
        for path, line in lines.items():
            if line.flow not in self._set.flows:
                hint = nearest(line.flow, self._set.flows)
                self._refuse_at(LINES_FILE, path, f'there is no flow "{line.flow}"', hint)

    def _unreachable(self, flow: Flow) -> None:
        successors = {name: {edge.target for edge in edges(name, node)} for name, node in flow.nodes.items()}
        starts = {flow.entry, *flow.keys.values(), *((flow.on_error,) if flow.on_error is not None else ())}
        for name in sorted(flow.nodes.keys() - reachable(starts, successors)):
            self._refuse(flow, name, (), "nothing leads to this node", "remove it, or lead to it")

    def _refuse(self, flow: Flow, name: str, path: FieldPath, message: str, hint: str = "") -> None:
        self._refuse_at(flow.file, ("nodes", name, flow.nodes[name].type_name, *path), message, hint)

    def _refuse_at(self, file: str, path: FieldPath, message: str, hint: str = "") -> None:
        reader = self._readers[file]
        reader.refuse(_nearest_position(reader, path), path, message, hint)


def _nearest_position(reader: Reader, path: FieldPath) -> Mark:
    for length in range(len(path), -1, -1):
        if path[:length] in reader.positions:
            return reader.positions[path[:length]]
    return Mark(1, 1)
