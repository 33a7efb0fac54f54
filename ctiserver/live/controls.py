"""What people do with live calls: who may be reached, and the event in the right mailbox.

Targets are resolved here, once: an agent who is free, a queue, a flow, a number outside that is allowed.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable

import structlog

from ctiserver.call.events import CallInput, OutboundRequested
from ctiserver.call.parties import AgentTarget, Dialled, FlowTarget, NumberTarget, QueueTarget
from ctiserver.call.words import Direction
from ctiserver.clock import Clock
from ctiserver.config import OutboundSettings
from ctiserver.errors import Refused
from ctiserver.live.dispatcher import Dispatcher
from ctiserver.live.registry import CallRegistry
from ctiserver.log import mask_number
from ctiserver.outside_numbers import OutsideNumbers, plain_number

log = structlog.get_logger()

HOUR_S = 3600.0


class Controls:
    def __init__(
        self,
        registry: CallRegistry,
        dispatcher: Dispatcher,
        clock: Clock,
        settings: OutboundSettings,
        outside: OutsideNumbers,
        node: str,
        has_flow: Callable[[str], bool],
    ) -> None:
        self._registry = registry
        self._dispatcher = dispatcher
        self._clock = clock
        self._settings = settings
        self._outside = outside
        self._node = node
        self._has_flow = has_flow
        self._numbers = itertools.count(1)
        self._dialled: dict[int, deque[float]] = {}  # agent → instants of the own calls of the last hour
        self._draining = False

    def give(self, call_id: str, event: CallInput, *, always: bool = False) -> None:
        """Raises Refused where the call is over, or where it changed nothing: not in that state (any more).

        `always`: an event that leaves no trace in the call, such as keys that are sent on.
        """
        session = self._registry.find(call_id)
        if session is None or session.call is None or session.call.phase == "ended":
            raise Refused("call_over", f"call {call_id} is over")
        before = session.call
        session.post(event)
        if session.call is before and not always:
            raise Refused("not_now", f"{type(event).__name__} means nothing for a call in phase {before.phase}")

    # targets

    def agent(self, agent_id: int, *, free: bool = True) -> AgentTarget:
        """Raises Refused: no such agent, or not to be had now."""
        agent = next((each for each in self._dispatcher.directory.agents if each.id == agent_id), None)
        if agent is None:
            raise Refused("no_such_agent", f"there is no agent {agent_id}")
        if free and not self._dispatcher.is_free(agent_id):
            raise Refused("agent_not_free", f"agent {agent.number} is not to be had now")
        return AgentTarget(
            agent_id=agent.id,
            number=agent.number,
            name=agent.name,
            endpoint=f"PJSIP/{agent.extension}",
            auto_answer=agent.auto_answer,
        )

    def queue(self, queue_id: str, priority_s: float | None) -> QueueTarget:
        if not any(queue.id == queue_id for queue in self._dispatcher.directory.queues):
            raise Refused("no_such_queue", f"there is no queue {queue_id!r}")
        return QueueTarget(queue_id=queue_id, priority_s=priority_s)

    def flow(self, flow: str, *, come_back: bool) -> FlowTarget:
        if not self._has_flow(flow):
            raise Refused("no_such_flow", f"there is no flow {flow!r}")
        return FlowTarget(flow=flow, come_back=come_back)

    def number(self, number: str, *, shown: str = "") -> NumberTarget:
        """Raises Refused for what is no number, or none that may be rung (`outside` of the settings)."""
        ours = self._settings.shown_numbers
        wanted = plain_number(number)
        if not wanted:
            raise Refused("bad_number", "that is no number that can be dialled")
        if not self._outside.endpoint:
            raise Refused("no_outside_line", "no line to the outside is set up here (`outside.endpoint`)")
        endpoint = self._outside.endpoint_for(wanted)
        if not endpoint:
            raise Refused("number_not_allowed", "this number may not be rung from here")
        if shown and shown not in ours:
            raise Refused("shown_number_not_ours", "this number is not ours to be shown")
        return NumberTarget(number=wanted, endpoint=endpoint, shown=shown or next(iter(ours), ""))

    def dialled(self, text: str) -> AgentTarget | NumberTarget | None:
        """What a phone dialled: a colleague's extension or number, or a number outside; None: nowhere."""
        for agent in self._dispatcher.directory.agents:
            if text in (agent.extension, agent.number):
                return self.agent(agent.id) if self._dispatcher.is_free(agent.id) else None
        try:
            return self.number(text)
        except Refused:
            return None

    # calls that agents make

    def refuse_new_calls(self) -> None:
        """From now on nobody begins a call; what is done with those under way goes on."""
        self._draining = True

    def dial(self, agent_id: int, target: Dialled | None, user_id: int | None) -> str:
        """Returns the call's id. Raises Refused: the agent is busy, has made too many calls within the hour, or this
        daemon is being drained."""
        if self._draining:
            raise Refused("draining", "no new calls: this server is about to stop")
        agent = self.agent(agent_id)
        outside = isinstance(target, NumberTarget)
        if outside:
            self._count(agent_id)
        direction: Direction = "outbound" if outside else "internal" if target is not None else "conference"
        call_id = f"{self._node}-a{int(self._clock.now() * 1000)}-{next(self._numbers)}"
        log.info("call_made", call_id=call_id, agent=agent_id, to=mask_number(target.number) if target else "")
        self._registry.open_outbound(
            OutboundRequested(
                call_id=call_id,
                agent=agent,
                target=target,
                direction=direction,
                shown=target.shown if isinstance(target, NumberTarget) else "",
                longest_s=self._settings.longest_s if outside else 0.0,
                user_id=user_id,
            )
        )
        return call_id

    def _count(self, agent_id: int) -> None:
        now = self._clock.now()
        made = self._dialled.setdefault(agent_id, deque())
        while made and made[0] <= now - HOUR_S:
            made.popleft()
        if len(made) >= self._settings.calls_per_hour:
            log.warning("outbound_cap_reached", agent=agent_id, calls=len(made))
            raise Refused("too_many_calls", "this agent has made as many calls as one may within an hour")
        made.append(now)
