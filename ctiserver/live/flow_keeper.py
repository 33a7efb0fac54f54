"""The flows in force. A reload takes all files or none; calls go on with the version that they began with."""

from __future__ import annotations

from pathlib import Path

import structlog

from ctiserver.errors import ConfigurationError
from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.flow_error import FlowErrors
from ctiserver.ivr.flow_file import load_flow_set
from ctiserver.ivr.nodes.queue import Queue

log = structlog.get_logger()


class FlowKeeper:
    """Loads at once; raises ConfigurationError that lists every defect with file, line and column."""

    def __init__(self, folder: Path, queues: frozenset[str]) -> None:
        self._folder = folder
        self._queues = queues
        try:
            self.flows: FlowSet = load_flow_set(folder, queues=queues)
        except FlowErrors as refused:
            raise ConfigurationError(
                f"the flows in {folder} can't be used:\n{refused}", hint="`ctiserver flows check` tells the same"
            ) from None

    def reload(self) -> FlowErrors | None:
        """Takes the files as they are now; on any error everything stays as it was and the errors are returned."""
        try:
            fresh = load_flow_set(self._folder, queues=self._queues)
        except FlowErrors as refused:
            log.error("flows_refused", errors=[str(error) for error in refused.errors], in_force="the former flows")
            return refused
        self.flows = fresh.following(self.flows)
        log.info("flows_reloaded", flows=sorted(self.flows.flows))
        return None

    def use_queues(self, queues: frozenset[str]) -> None:
        """The queues that exist from now on; the next reload checks against them."""
        self._queues = queues

    def flow_for(self, dialled: str, *, inside: bool = False) -> str:
        """The flow that answers a dialled number; "" if none does.

        The line that answers all other numbers is for the outside: an agent's phone (`inside`) gets what is listed.
        """
        line = self.flows.lines.get(dialled) if inside else self.flows.line(dialled)
        return str(line.flow) if line is not None else ""

    def nodes_into(self, queue_id: str) -> list[str]:
        """Nodes, as "flow:node", that lead into the queue."""
        return [
            f"{flow.id}:{name}"
            for flow in self.flows.flows.values()
            for name, node in flow.nodes.items()
            if isinstance(node, Queue) and str(node.queue) == queue_id
        ]

    def line_names(self) -> dict[str, str]:
        return {dialled: line.name for dialled, line in self.flows.lines.items()}

    def node_titles(self) -> dict[str, dict[str, dict[str, str]]]:
        """Flow → node → title by language, where the flow gives one."""
        return self.flows.titles()
