"""From a step of the journal to the rows that it changes: a pure function, no database.

Most follows from facts; legs, holds and dispositions follow from the inputs that tell of them. A statement names what
it depends on (`about`), so that many steps can be written together without changing the order that matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from ctiserver.call import events as ev
from ctiserver.clock import to_datetime
from ctiserver.kpi.intervals import quarter_of, split_by_quarters
from ctiserver.store import control_models
from ctiserver.store import read_model_sql as sql
from ctiserver.store.numbers import e164
from ctiserver.store.request_models import statements_of
from ctiserver.store.statement import Statement

DECISIONS = {
    "Offer": "offered",
    "OfferAnswered": "answered",
    "OfferRefused": "refused",
    "OfferWithdrawn": "withdrawn",
    "OfferAdopted": "adopted",
}
"""Words of the engine → codes of the decision log."""


def statements(step: ev.Step, *, node: str, region: str) -> list[Statement]:
    """All changes of the read models because of one step, in order.

    `region` (ISO 3166, "CN") completes numbers without a country code.
    """
    writer = _Writer(step, node, region)
    found = [*writer.of_input()]
    for fact in step.facts:
        found += writer.of_fact(fact)
    return found


class _Writer:
    def __init__(self, step: ev.Step, node: str, region: str) -> None:
        self._step = step
        self._call = step.subject
        self._at = to_datetime(step.at)
        self._node = node
        self._region = region

    def of_input(self) -> Iterator[Statement]:
        at = self._at
        match self._step.input:
            case ev.AgentLegRinging() as it:
                yield self._write(sql.LEG_RINGING, it.offer_id, at)
            case ev.AgentLegAnswered() as it:
                yield self._write(sql.LEG_ANSWERED, it.offer_id, at)
            case ev.AgentLegEnded() as it:
                yield self._write(sql.LEG_ENDED, it.offer_id, at, it.cause, it.tech_cause)
            case ev.CallerHungUp() as it:
                yield self._write(sql.CALLER_LEG_ENDED, self._call, at, it.cause, it.tech_cause)
            case ev.RoutingDecided() | ev.QueueMoved() | ev.QueueRefused() as it:
                yield from self._of_decision(it)
            case ev.DispositionChosen() as it:
                yield Statement(sql.DISPOSITION_CHOSEN, (it.call_id, it.code, it.note), (it.call_id,))
            case _:
                pass

    def _of_decision(self, it: ev.RoutingDecided | ev.QueueMoved | ev.QueueRefused) -> Iterator[Statement]:
        """The decision log keeps what happened to a caller; agents' own states are in their spans."""
        at = self._at
        match it:
            case ev.RoutingDecided():
                code = DECISIONS.get(it.decision)
                if code is None or not it.call_id:
                    return
                queue_id = str(it.params["queue_id"]) if "queue_id" in it.params else None
                reason = "" if code == "offered" else it.why
                params = {name: value for name, value in it.params.items() if name != "queue_id"}
                values = (it.call_id, at, code, it.agent_id, queue_id, it.offer_id, reason, _json(**params))
                yield Statement(sql.DECIDED, values, (it.call_id,))
            case ev.QueueMoved():
                yield self._write(sql.DECIDED, self._call, at, "overflowed", None, it.queue_id, "", it.reason, "{}")
            case ev.QueueRefused():
                yield self._write(sql.DECIDED, self._call, at, "let_go", None, None, "", it.reason, "{}")

    def of_fact(self, fact: ev.Fact) -> Iterator[Statement]:
        match fact:
            case ev.CallStarted() | ev.CustomerKnown() | ev.NodeEntered() | ev.InputCollected():
                yield from self._of_beginning(fact)
            case ev.NodeLeft():
                way = (fact.flow, fact.node, fact.way, fact.edge, fact.to_flow, fact.to_node)
                booked = (_interval(self._step.at), *way, _ms(fact.spent_s))
                yield Statement(sql.FLOW_PASSAGE, booked, ())
            case ev.QueueEntered() | ev.QueueLeft():
                yield from self._of_queue(fact)
            case ev.OfferStarted() | ev.OfferEnded():
                yield from self._of_offer(fact)
            case ev.TalkStarted() | ev.TalkEnded():
                yield from self._of_talk(fact)
            case ev.RecordingStored() | ev.RecordingFailed():
                yield from self._of_recording(fact)
            case ev.CallEnded() | ev.CallCrashed():
                yield from self._of_end(fact)
            case ev.LookupEnded() | ev.ConferenceEntered() | ev.ConferenceLeft():
                pass  # in the journal, counted in metrics
            case ev.AgentStateChanged():
                yield from self._of_agent(fact)
            case ev.VoicemailLeft() | ev.VoicemailLost() | ev.FaxReceived() | ev.FaxSent() | ev.CallbackRequested():
                yield from statements_of(self._step, fact, self._region)
            case ev.CallbackTried() | ev.NoticeTried() | ev.MessageHeard():
                yield from statements_of(self._step, fact, self._region)
            case ev.SurveyAnswered() | ev.SmsRequested() | ev.WorkOrderRequested():
                yield from statements_of(self._step, fact, self._region)
            case ev.ForwardStarted() | ev.ForwardAnswered() | ev.ForwardEnded():
                yield from statements_of(self._step, fact, self._region)
            case ev.AnnouncementHeard() | ev.CustomerTreated():
                pass  # stands in the journal
            case _:
                for text, values in control_models.rows(fact, self._call, self._at, to_datetime, _json):
                    yield self._write(text, *values)

    def _of_beginning(
        self, fact: ev.CallStarted | ev.CustomerKnown | ev.NodeEntered | ev.InputCollected
    ) -> Iterator[Statement]:
        call, at = self._call, self._at
        match fact:
            case ev.CallStarted():
                normalised = e164(fact.caller_number, self._region) or ""
                caller = (fact.caller_number, normalised, fact.caller_name)
                yield self._write(sql.CALL_STARTED, call, self._node, at, fact.dialled, *caller, fact.flow)
                if fact.direction != "inbound":
                    yield self._write(control_models.CALL_OF_AGENT, call, fact.direction, fact.agent_id)
                if isinstance(self._step.input, ev.CallbackDue):
                    yield self._write(sql.CALL_QUEUED, call, self._step.input.queue_id, at)
                if isinstance(self._step.input, ev.CallArrived):
                    yield self._write(sql.CALLER_LEG, self._step.input.channel_id, call, at)
            case ev.CustomerKnown():
                yield self._write(sql.CUSTOMER_KNOWN, call, fact.customer_id, fact.matches)
            case ev.NodeEntered():
                yield self._write(sql.NODE_ENTERED, call, fact.flow, fact.node, at)
            case ev.InputCollected():
                yield self._write(sql.INPUT_COLLECTED, call, fact.node, fact.variable, fact.value, at)

    def _of_queue(self, fact: ev.QueueEntered | ev.QueueLeft) -> Iterator[Statement]:
        call, at = self._call, self._at
        if isinstance(fact, ev.QueueEntered):
            yield self._write(sql.CALL_QUEUED, call, fact.queue_id, at)
            yield self._write(sql.IVR_SEGMENT, call, at)
            yield Statement(sql.INTERVAL_OFFERED, (fact.queue_id, _interval(self._step.at)), ())
            return
        waited_ms = _ms(fact.waited_s)
        yield self._write(sql.CALL_LEFT_QUEUE, call, waited_ms)
        yield self._segment("queue", fact.entered_at, fact.queue_id, None, fact.outcome, _json(reason=fact.reason))
        booked = (fact.queue_id, _interval(fact.entered_at), fact.outcome, waited_ms)
        yield Statement(sql.INTERVAL_LEFT, booked, ())

    def _of_offer(self, fact: ev.OfferStarted | ev.OfferEnded) -> Iterator[Statement]:
        call, at = self._call, self._at
        if isinstance(fact, ev.OfferStarted):
            made = self._step.input
            endpoint = made.endpoint if isinstance(made, ev.OfferMade) and made.offer_id == fact.offer_id else ""
            yield self._write(sql.OFFER_STARTED, fact.offer_id, call, fact.queue_id, fact.agent_id, at, fact.why)
            yield self._write(sql.AGENT_LEG, fact.offer_id, call, fact.agent_id, endpoint, at)
            return
        yield self._write(sql.OFFER_ENDED, fact.offer_id, at, fact.outcome, fact.cause)
        if fact.outcome != "answered":
            yield self._write(sql.LEG_GIVEN_UP, fact.offer_id, at)
        yield self._write(sql.CALL_RANG, call, _ms(self._step.at - fact.started_at))
        booked = (_interval(self._step.at), fact.agent_id, fact.queue_id, fact.outcome)
        yield Statement(sql.AGENT_OFFERED, booked, ())
        detail = _json(cause=fact.cause)
        yield self._segment("ring", fact.started_at, fact.queue_id, fact.agent_id, fact.outcome, detail)

    def _of_talk(self, fact: ev.TalkStarted | ev.TalkEnded) -> Iterator[Statement]:
        call, at = self._call, self._at
        if isinstance(fact, ev.TalkStarted):
            yield self._write(sql.TALK_STARTED, call, fact.agent_id, at)
            if fact.recording_id:
                made_of = (fact.queue_id, fact.agent_id, at)
                yield self._write(sql.RECORDING_PENDING, fact.recording_id, call, *made_of)
            return
        talk_ms, hold_ms = _ms(fact.talk_s), _ms(fact.hold_s)
        yield self._write(sql.TALK_ENDED, call, talk_ms, hold_ms)
        yield self._write(sql.HOLD_ENDED, call, at)
        booked = (_interval(self._step.at), fact.agent_id, fact.queue_id, talk_ms, hold_ms)
        yield Statement(sql.AGENT_HANDLED, booked, ())
        detail = _json(talk_ms=talk_ms, hold_ms=hold_ms)
        yield self._segment("talk", fact.started_at, fact.queue_id, fact.agent_id, None, detail)

    def _of_recording(self, fact: ev.RecordingStored | ev.RecordingFailed) -> Iterator[Statement]:
        if isinstance(fact, ev.RecordingFailed):
            yield self._write(sql.RECORDING_LOST, fact.recording_id, self._call, self._at, fact.reason)
            return
        status = "stored" if fact.ok else "mismatch"
        file = (fact.path, fact.duration_ms, fact.size_bytes, fact.sha256)
        started = to_datetime(fact.started_at)
        yield self._write(sql.RECORDING_STORED, fact.recording_id, self._call, fact.agent_id, started, status, *file)

    def _of_end(self, fact: ev.CallEnded | ev.CallCrashed) -> Iterator[Statement]:
        call, at = self._call, self._at
        if isinstance(fact, ev.CallCrashed):
            yield self._write(sql.CALL_CRASHED, call, fact.error, at)
        else:
            yield self._write(sql.IVR_SEGMENT, call, at)
            yield self._write(sql.CALL_ENDED, call, at, fact.ended_by, fact.reason, fact.outcome, fact.cause)
        yield self._write(sql.HOLD_ENDED, call, at)
        yield self._write(sql.ALL_LEGS_ENDED, call, at)

    def _of_agent(self, fact: ev.AgentStateChanged) -> Iterator[Statement]:
        at = self._at
        state = (fact.old_presence, fact.old_reason, fact.old_activity)
        changed = state != (fact.presence, fact.reason, fact.activity)  # not only the phone or the call
        if changed and fact.old_since is not None and (since := to_datetime(fact.old_since)) < at:
            yield Statement(sql.STATE_SPAN, (fact.agent_id, *state, since, at), ())
            if (fact.old_presence, fact.old_activity) != ("signed_out", "idle"):
                for quarter, ms in split_by_quarters(round(fact.old_since * 1000), round(self._step.at * 1000)):
                    if ms <= 0:  # a state of less than half a millisecond is a span, and no time
                        continue
                    yield Statement(sql.AGENT_TIME, (to_datetime(quarter), fact.agent_id, *state, ms), ())
        if fact.old_activity == fact.activity:
            return
        if fact.old_activity == "wrap_up":
            yield Statement(sql.WRAP_UP_ENDED, (fact.agent_id, at, _interval(self._step.at)), (), late=True)
        if fact.activity == "wrap_up" and fact.call_id:
            yield Statement(sql.WRAP_UP_STARTED, (fact.call_id, at, fact.agent_id), (fact.call_id,))

    def _segment(
        self, kind: str, started_at: float, queue_id: str, agent_id: int | None, outcome: str | None, detail: str
    ) -> Statement:
        started = min(to_datetime(started_at), self._at)
        return self._write(sql.SEGMENT, self._call, kind, started, self._at, queue_id, agent_id, outcome, detail)

    def _write(self, text: str, *values: object) -> Statement:
        return Statement(text, values, (self._call,))


class Batch(NamedTuple):
    text: str
    rows: list[tuple[object, ...]]


def batches(found: Sequence[Statement]) -> list[Batch]:
    """Groups equal statements, so that each group is one round trip, without reordering any that share an `about`."""
    if late := [statement for statement in found if statement.late]:
        early = [statement for statement in found if not statement.late]
        return batches(early) + batches([statement._replace(late=False) for statement in late])
    groups: list[Batch] = []
    places: dict[str, list[int]] = {}  # statement → its groups
    last: dict[str, int] = {}  # what it is about → the last group that touches it
    for statement in found:
        earliest = max((last.get(thing, 0) for thing in statement.about), default=0)
        place = next((index for index in places.get(statement.text, ()) if index >= earliest), None)
        if place is None:
            place = len(groups)
            groups.append(Batch(statement.text, []))
            places.setdefault(statement.text, []).append(place)
        groups[place].rows.append(statement.values)
        for thing in statement.about:
            last[thing] = place
    return groups


def _interval(instant: float) -> datetime:
    """Start of the quarter of an hour in UTC that holds the instant."""
    return to_datetime(quarter_of(instant))


def _ms(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def _json(**values: object) -> str:
    """The values that say something, as a JSON object."""
    return msgspec.json.encode({name: value for name, value in values.items() if value != ""}).decode()
