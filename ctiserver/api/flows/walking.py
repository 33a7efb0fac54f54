"""A caller who is nobody: walks flows by a list of deeds, each time from the beginning, so that nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ctiserver.api.flows.schemas import WalkedCall, WalkStep
from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.simulate import Caller


def walk(flows: FlowSet, start: str, deeds: Sequence[str], at: datetime) -> WalkedCall | None:
    """`start` is a flow or a dialled number; None if there is neither."""
    line = flows.lines.get(start)
    flow_id = str(line.flow) if line is not None else start
    if flows.find(flow_id) is None:
        return None
    caller = Caller(flows, at)
    watch = _Watch(caller)
    caller.ring(flow_id, {**(line.vars if line is not None else {}), "dialled": start})
    caller.listen_to_the_end()
    steps = [watch.step("", "")]
    for deed in deeds:
        if caller.ended:
            break
        problem = caller.do(deed)
        caller.listen_to_the_end()
        steps.append(watch.step(deed, problem))
    cursor = caller.cursor
    return WalkedCall(
        steps=tuple(steps),
        flow=cursor.flow_id if cursor else "",
        node=cursor.node if cursor else "",
        ended=caller.ended,
        queue=caller.queue.queue if caller.queue is not None and not caller.ended else "",
        waits=caller.waits,
    )


class _Watch:
    """Tells what is new since it was last asked."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._heard = self._visited = 0

    def step(self, did: str, problem: str) -> WalkStep:
        heard, visited = self._caller.heard[self._heard :], self._caller.visited[self._visited :]
        self._heard, self._visited = len(self._caller.heard), len(self._caller.visited)
        return WalkStep(did=did, visited=tuple(visited), heard=tuple(heard), problem=problem)
