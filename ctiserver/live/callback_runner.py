"""Has those who asked for it rung back: what is due becomes a call that waits in its queue, or that its agent makes.

The requests stand in Postgres, a call under way in the journal: a restart loses and repeats nothing. One attempt at a
time for each number. What became of an attempt comes back with the journal's shipping; until the row shows it, the
request is left alone.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import structlog

from acd.model import CallbackRule
from ctiserver.call.events import CallbackDue, CallbackTried, OutboundRequested, Step
from ctiserver.call.parties import Callback
from ctiserver.call.states import Call
from ctiserver.clock import Clock
from ctiserver.directory import Queue
from ctiserver.errors import DatabaseAwayError, Refused
from ctiserver.live.controls import Controls
from ctiserver.live.dispatcher import Dispatcher
from ctiserver.live.registry import CallRegistry
from ctiserver.routing.options import read_queue_options
from ctiserver.store.callers.rows import CallbackRow

log = structlog.get_logger()

EVERY_S = 2.0
MOST_WAITING = 500
CALLING = ("ready", "outbound_only")
Told = Callable[[str], None]


class CallbackRequests(Protocol):
    """Both raise DatabaseAwayError."""

    async def due(self, now: float) -> list[CallbackRow]: ...

    async def end(
        self, callback_id: str, status: str, user_id: int | None, now: float, *, outcome: str = ""
    ) -> bool: ...


class CallbackRunner:
    """`told(request id)`: pages read it again."""

    def __init__(
        self,
        requests: CallbackRequests,
        registry: CallRegistry,
        dispatcher: Dispatcher,
        controls: Controls,
        clock: Clock,
        node: str,
        told: Told,
    ) -> None:
        self._requests = requests
        self._registry = registry
        self._dispatcher = dispatcher
        self._controls = controls
        self._clock = clock
        self._node = node
        self._told = told
        self._settling: dict[str, str] = {}  # request → the call of its last attempt, whose outcome is on its way
        self._numbers = itertools.count(1)
        self._no_line_told = False

    def on_durable(self, steps: Sequence[Step]) -> None:
        for step in steps:
            for fact in step.facts:
                if isinstance(fact, CallbackTried):
                    self._settling[fact.request_id] = step.subject
                    log.info("callback_tried", call_id=step.subject, request=fact.request_id, outcome=fact.outcome)
                    self._told(fact.request_id)

    async def run(self, ready: Awaitable[object]) -> None:
        """Until it is cancelled. `ready`: what the last run left has arrived in Postgres."""
        await ready
        while True:
            try:
                await self.once()
            except DatabaseAwayError as error:
                log.warning("callbacks_wait", error=str(error))
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        """Raises DatabaseAwayError."""
        now = self._clock.now()
        rows = await self._requests.due(now)
        under_way = self._under_way()
        requests = {callback.request_id for callback in under_way}
        numbers = {callback.target.number for callback in under_way}
        for row in rows:
            if row.id in requests or self._is_settling(row):
                continue
            if len(numbers) >= MOST_WAITING:
                return
            await self._begin(row, now, numbers)

    def _under_way(self) -> list[Callback]:
        calls: list[Call] = [session.call for session in self._registry if session.call is not None]
        return [call.callback for call in calls if call.callback is not None]

    def _is_settling(self, row: CallbackRow) -> bool:
        """The row does not know of the last attempt yet."""
        expected = self._settling.get(row.id)
        if expected is None:
            return False
        if row.last_call_id != expected:
            return True
        del self._settling[row.id]
        return False

    async def _begin(self, row: CallbackRow, now: float, numbers: set[str]) -> None:
        """If it can be now, or ever."""
        queue = next((each for each in self._dispatcher.directory.queues if each.id == row.queue_id), None)
        rule = _rule(queue)
        expires_at = row.expires_at if row.expires_at is not None else row.waiting_since + rule.expires_s
        if now >= expires_at:
            await self._end(row, "expired", "", now)
            return
        if row.agent is None and queue is None:
            await self._end(row, "failed", "no_such_queue", now)
            return
        try:
            target = self._controls.number(row.number)
        except Refused as refusal:
            if refusal.error_id == "no_outside_line":
                self._tell_no_line()
            else:
                await self._end(row, "failed", refusal.error_id, now)
            return
        if target.number in numbers:
            return
        callback = Callback(
            request_id=row.id,
            target=target,
            attempt=row.attempts + 1,
            max_attempts=rule.max_attempts,
            pause_s=rule.quarantine_s,
            first=rule.first,
        )
        call_id = f"{self._node}-c{int(now * 1000)}-{next(self._numbers)}"
        if row.agent is not None:
            self._have_agent_call(row.agent.id, call_id, callback)
            return
        numbers.add(target.number)
        self._registry.open_callback(
            CallbackDue(
                call_id=call_id,
                queue_id=row.queue_id,
                callback=callback,
                waiting_since=row.waiting_since,
                shown=target.shown,
            )
        )
        log.info("callback_begun", call_id=call_id, request=row.id, queue=row.queue_id, attempt=callback.attempt)

    def _have_agent_call(self, agent_id: int, call_id: str, callback: Callback) -> None:
        """Asked for by this agent: as soon as the agent is free and takes calls, or makes some."""
        record = self._dispatcher.record(agent_id)
        if record.presence not in CALLING or record.activity != "idle" or not self._dispatcher.is_free(agent_id):
            return
        self._registry.open_outbound(
            OutboundRequested(
                call_id=call_id,
                agent=self._controls.agent(agent_id),
                target=callback.target,
                direction="outbound",
                shown=callback.target.shown,
                callback=callback,
            )
        )
        log.info("callback_begun", call_id=call_id, request=callback.request_id, agent=agent_id)

    def _tell_no_line(self) -> None:
        """The requests stay open: people may ring back by other means, or a line is set up."""
        if not self._no_line_told:
            self._no_line_told = True
            log.warning("callbacks_not_dialled", problem="no line to the outside", hint="set outside.endpoint")

    async def _end(self, row: CallbackRow, status: str, outcome: str, now: float) -> None:
        await self._requests.end(row.id, status, None, now, outcome=outcome)
        log.info("callback_over", request=row.id, status=status, outcome=outcome)
        self._told(row.id)


def _rule(queue: Queue | None) -> CallbackRule:
    return read_queue_options(queue.options).callback if queue is not None else CallbackRule()
