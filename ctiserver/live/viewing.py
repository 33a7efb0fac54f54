"""What pages see, composed from calls, agents' records, the engine and today's figures. Reads, never changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal

from acd.router import Router
from acd.views import QueueView as RoutedQueue
from ctiserver.call.parties import Party
from ctiserver.call.states import Call
from ctiserver.clock import Clock
from ctiserver.directory import Agent, Queue
from ctiserver.kpi.service_level import Counts, Formula, formula_of, service_level
from ctiserver.live.agent_records import AgentRecord
from ctiserver.live.dispatcher import Dispatcher
from ctiserver.live.statistics import TodayStatistics
from ctiserver.live.views import AgentView, LiveCallView, PartyView, QueueView, TotalsView
from ctiserver.staffing import Advice


class Viewing:
    def __init__(
        self, dispatcher: Dispatcher, statistics: TodayStatistics, clock: Clock, calls: Callable[[], Iterable[Call]]
    ) -> None:
        self._dispatcher = dispatcher
        self._statistics = statistics
        self._clock = clock
        self._calls = calls
        self.advice: Callable[[str], Advice | None] = lambda queue_id: None  # of the staffing adviser, once it runs

    @property
    def _router(self) -> Router:
        return self._dispatcher.router

    def agents(self) -> list[AgentView]:
        return [self.agent(agent) for agent in self._dispatcher.directory.agents]

    def agent(self, agent: Agent) -> AgentView:
        record = self._dispatcher.record(agent.id)
        self._statistics.begin_day(self._clock.now())
        figures = self._statistics.agent(agent.id)
        return AgentView(
            id=agent.id,
            number=agent.number,
            name=agent.name,
            extension=agent.extension,
            team=agent.team,
            skills=agent.skills,
            presence=record.presence,
            reason=record.reason,
            presence_since=record.presence_since,
            pending_presence=record.pending,
            activity=record.activity,
            activity_since=record.activity_since,
            phone=self._phone(record),
            call_id=record.call_id,
            queue_id=record.queue_id,
            wrap_up_until=record.wrap_up_until,
            wrap_up_mode=record.wrap_up_mode if record.activity == "wrap_up" else "",
            answered_today=figures.answered,
            missed_today=figures.missed,
            talk_s_today=figures.talk_s,
        )

    def _phone(self, record: AgentRecord) -> Literal["reachable", "in_use", "unreachable"]:
        if not record.reachable:
            return "unreachable"
        return "in_use" if self._dispatcher.phone_in_use(record.agent_id) else "reachable"

    def queues(self) -> list[QueueView]:
        return [self.queue(queue) for queue in self._dispatcher.directory.queues]

    def queue(self, queue: Queue) -> QueueView:
        now = self._clock.now()
        routed = self._router.queue(queue.id, now)
        self._statistics.begin_day(self._clock.now())
        figures = self._statistics.queue(queue.id)
        advice = self.advice(queue.id)
        return QueueView(
            id=queue.id,
            name=queue.name,
            open=routed is None or routed.open,
            waiting=len(routed.waiting) if routed else 0,
            longest_wait_since=now - routed.longest_wait_s if routed and routed.waiting else None,
            offered=figures.offered,
            answered=figures.answered,
            abandoned=figures.abandoned,
            abandoned_short=figures.abandoned_short,
            overflowed=figures.overflowed,
            answered_within=figures.answered_within,
            abandoned_within=figures.abandoned_within,
            service_level=service_level(self._formula(queue), figures.counts),
            service_level_s=queue.service_level_s,
            service_level_target=queue.service_level_target,
            average_answer_s=figures.average_answer_s,
            agents_signed_in=routed.staffed if routed else 0,
            agents_ready=routed.free if routed else 0,
            expected_wait_s=self._expected_wait(routed),
            agents_needed=advice.agents_now if advice is not None else None,
            agents_needed_next_hour=advice.agents_next_hour if advice is not None else None,
        )

    def _formula(self, queue: Queue | None) -> Formula:
        """Of the queue's contract; else, and for all queues together, the centre's."""
        word = queue.options.get("service_level_formula") if queue is not None else None
        return formula_of(word, self._dispatcher.directory.routing.get("service_level_formula"))

    def _expected_wait(self, routed: RoutedQueue | None) -> float | None:
        """Of the last in the queue; None while nobody waits or nothing can be said."""
        if routed is None or not routed.waiting:
            return None
        forecast = self._router.forecast(routed.waiting[-1].contact_id)
        return forecast.p50_s if forecast is not None else None

    def calls(self) -> list[LiveCallView]:
        return [self.call(call) for call in self._calls() if call.phase != "ended"]

    def call(self, call: Call) -> LiveCallView:
        talk = call.talk or call.returning
        queue_id = call.queue.queue_id if call.queue else talk.queue_id if talk else ""
        return LiveCallView(
            id=call.id,
            dialled=call.dialled,
            caller_number=call.caller_number,
            caller_name=call.caller_name,
            customer_name=call.customer.name if call.customer else "",
            direction=call.direction,
            phase=call.phase,
            phase_since=call.phase_since,
            started_at=call.started_at,
            flow=call.cursor.flow_id if call.cursor else "",
            node=call.cursor.node if call.cursor else "",
            queue_id=queue_id,
            queued_at=call.queue.entered_at if call.queue else None,
            position=self._router.position(call.id),
            agent_id=agent_of(call),
            held=talk is not None and talk.held_since is not None,
            held_by=talk.holds if talk else (),
            agent_muted=talk is not None and talk.muted,
            caller_muted=call.caller_muted,
            caller_present=not call.caller_gone,
            priority_s=call.queue.priority_s if call.queue else call.priority_s,
            parties=tuple(party_view(call, party) for party in call.parties),
            consult=call.consult.active if call.consult else None,
            recording=_recording(call),
            recording_paused_at=next((r.paused_at for r in call.recording if r.paused_at is not None), None),
            transfer_to=next((party.number for party in call.parties if party.role == "target"), ""),
        )

    def totals(self) -> TotalsView:
        now = self._clock.now()
        queues = self.queues()
        answered, abandoned = sum(q.answered for q in queues), sum(q.abandoned for q in queues)
        counts = sum((self._statistics.queue(q.id).counts for q in queues), Counts())
        answer_wait_s = sum((q.average_answer_s or 0.0) * q.answered for q in queues)
        since = [q.longest_wait_since for q in queues if q.longest_wait_since is not None]
        return TotalsView(
            waiting=sum(q.waiting for q in queues),
            longest_wait_since=min(since, default=None),
            live_calls=sum(call.phase != "ended" for call in self._calls()),
            offered=sum(q.offered for q in queues),
            answered=answered,
            abandoned=abandoned,
            service_level=service_level(self._formula(None), counts),
            average_answer_s=answer_wait_s / answered if answered else None,
            agents=dict(Counter(shown_state(self._dispatcher.record(a.id)) for a in self._dispatcher.directory.agents)),
            traffic=self._statistics.traffic_points(now),
        )


def agent_of(call: Call) -> int | None:
    """The agent in charge, or the one who is being rung for the caller."""
    if call.offer is not None:
        return call.offer.agent_id
    if (talk := call.talk or call.returning) is not None:
        return talk.agent_id
    if call.dialling is not None:
        return call.dialling.agent.agent_id
    return next((party.agent_id for party in call.parties if party.role == "target"), None)


def party_view(call: Call, party: Party) -> PartyView:
    return PartyView(
        id=party.id,
        role=party.role,
        number=party.number,
        name=party.name,
        agent_id=party.agent_id,
        state=party.state,
        since=party.joined_at or party.since,
        muted=party.muted,
        held=party.role == "consulted" and call.consult is not None and call.consult.active == "caller",
    )


def _recording(call: Call) -> Literal["off", "on", "paused"]:
    running = [recording for recording in call.recording if recording.ended_at is None]
    if not running:
        return "off"
    return "paused" if running[-1].paused_at is not None else "on"


def shown_state(record: AgentRecord) -> str:
    """One word for two axes: what the agent does, or else what the agent chose, or why a ready one gets no calls."""
    if record.presence == "signed_out":
        return "signed_out"
    if record.activity != "idle":
        return {"offered": "ringing", "hold": "talking"}.get(record.activity, record.activity)
    if not record.reachable:
        return "unreachable"
    return record.presence
