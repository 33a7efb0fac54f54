"""Every kind of input for a call as it is, and what makes two calls different for `decide`.

The drawing of the states and the tests of the whole matrix try the same things.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctiserver.call.errands import AskedLookup, OutsideLeg, RoomStay, RunningFax, RunningMessage
from ctiserver.call.events import (
    AgentLegAnswered,
    AgentLegEnded,
    AgentLegRinging,
    AsteriskRestarted,
    CallerHungUp,
    CallerIdentified,
    CallInput,
    CallRecovered,
    ConnectFailed,
    ConsultChosen,
    ConsultDialled,
    ConsultRequested,
    DeadlinePassed,
    DigitReceived,
    DigitsRequested,
    FaxFinished,
    HangUpRequested,
    HoldChanged,
    HoldRequested,
    InviteRequested,
    LeaveRequested,
    LookupFinished,
    MessageCollected,
    MessageFinished,
    MessageLost,
    MuteRequested,
    OfferMade,
    OfferWithdrawn,
    PartiesConnected,
    PieceRequested,
    PlaceResumed,
    PriorityRequested,
    PromptFinished,
    QueueMoved,
    QueueMoveRequested,
    QueuePositionChanged,
    QueueRefused,
    RecordingBegan,
    RecordingCollected,
    RecordingLost,
    RecordingPauseFailed,
    RecordingPauseRequested,
    ReferReceived,
    RemoveRequested,
    RoomRefused,
    TakeOverRequested,
    TransferRequested,
    WordsUnderstood,
)
from ctiserver.call.parties import AgentTarget, FlowTarget, NumberTarget, QueueTarget
from ctiserver.call.states import Call

KEYS = "12349"
STALE = "stale"
SECOND_LINE = "1700000000.77"  # of the agent's phone
MOST_PARTIES = 2  # more differ from these in nothing but their number
COLLEAGUE = AgentTarget(agent_id=2, number="1002", name="", endpoint="PJSIP/1002")
SUPERVISOR = AgentTarget(agent_id=3, number="1003", name="", endpoint="PJSIP/1003")
OUTSIDE = NumberTarget(number="10010", endpoint="PJSIP/10010@trunk")
SERVICE = QueueTarget(queue_id="service")
ERRAND = FlowTarget(flow="drawn", come_back=True)
SURVEY = FlowTarget(flow="drawn")


def situation(call: Call) -> tuple[object, ...]:
    """Without counters, ids and instants; in a conversation also without where the flow stands behind it."""
    if call.phase in ("talking", "dialling", "transferring", "forwarded"):
        return _spoken(call)
    cursor = call.cursor
    return (
        call.phase,
        bool(call.playing),
        call.leaving,
        len(call.offers),
        bool(call.bridge_id),
        _errand(call),
        bool(call.kept) and call.phase in ("menu", "ended"),
        frozenset(call.deadlines),
        bool(call.recording),
        call.was_queued,
        (cursor.node, cursor.phase, cursor.attempts, cursor.silences) if cursor is not None else None,
        call.returning is not None,
        call.callback and (call.callback.stage, call.callback.agent_told, bool(call.callback.permit)),
    )


def _spoken(call: Call) -> tuple[object, ...]:
    consult, transfer, dialling = call.consult, call.transfer, call.dialling
    return (
        call.phase,
        call.talk is not None and "agent" in call.talk.holds,
        tuple(sorted((p.role, p.state, p.agent_id is None, p.queue_chosen) for p in call.parties)),
        consult is not None and (consult.active, bool(consult.via)),
        transfer is not None and (transfer.recalled, transfer.back_to is None, bool(transfer.queue_id)),
        dialling is not None and dialling.stage,
        (call.caller_gone, call.direction, call.cursor is None),
    )


def inputs(call: Call) -> Iterator[CallInput]:
    """One of each kind that fits the call as it is, and some that come too late."""
    yield from _of_errands(call)
    yield from _of_telephony(call)
    yield from _of_routing(call)
    yield from _of_legs(call)
    yield from _of_people(call)


def _of_telephony(call: Call) -> Iterator[CallInput]:
    recording_id = call.recording[-1].recording_id if call.recording else STALE
    yield CallerIdentified(card=None, matches=0)
    yield PromptFinished(playback_id=call.playing or STALE, ok=True)
    yield from (DigitReceived(digit=key) for key in KEYS)
    yield from (DeadlinePassed(name=name) for name in call.deadlines)
    yield DeadlinePassed(name=STALE)
    for bridge_id in {call.bridge_id, call.errand.bridge_id if isinstance(call.errand, OutsideLeg) else call.bridge_id}:
        yield PartiesConnected(bridge_id=bridge_id)
        yield ConnectFailed(bridge_id=bridge_id)
    yield CallerHungUp()
    yield HangUpRequested(by="supervisor")
    holds = call.talk.holds if call.talk is not None else ()
    yield HoldChanged(held="agent_phone" not in holds, by="agent")
    yield RecordingBegan(recording_id=recording_id)
    yield RecordingCollected(recording_id=recording_id, path="", duration_ms=0, size_bytes=0, sha256="", ok=True)
    yield RecordingLost(recording_id=recording_id, reason="")
    yield RecordingPauseFailed(recording_id=recording_id)
    yield CallRecovered()
    yield AsteriskRestarted()


def _of_errands(call: Call) -> Iterator[CallInput]:
    errand = call.errand
    message_id = errand.message_id if isinstance(errand, RunningMessage) else STALE
    kept_id = call.kept[-1].message_id if call.kept else STALE
    yield LookupFinished(lookup_id=errand.lookup_id if isinstance(errand, AskedLookup) else STALE, outcome="ok")
    yield MessageFinished(message_id=message_id, ok=True, seconds=9.0)
    yield MessageFinished(message_id=message_id, ok=True, seconds=0.0)
    yield WordsUnderstood(message_id=message_id, text="bill")
    yield MessageCollected(message_id=kept_id, path="", duration_ms=0, size_bytes=0, sha256="", ok=True)
    yield MessageLost(message_id=kept_id, reason="")
    yield RoomRefused(room=errand.room if isinstance(errand, RoomStay) else STALE)
    yield FaxFinished(fax_id=errand.fax_id if isinstance(errand, RunningFax) else STALE, ok=True)


def _errand(call: Call) -> tuple[object, ...]:
    errand = call.errand
    talking = isinstance(errand, OutsideLeg) and (errand.picked_up, errand.talking_since is not None)
    return type(errand), talking, isinstance(errand, RunningMessage) and errand.purpose


def _of_routing(call: Call) -> Iterator[CallInput]:
    queued = next((party.id for party in call.parties if party.queue_chosen), call.id)
    for contact in {call.id, queued}:
        yield OfferMade(
            offer_id=f"{contact}.o{call.bridges + call.legs + 1}",
            agent_id=4,
            agent_number="1004",
            agent_name="",
            endpoint="PJSIP/1004",
            ring_timeout_s=20.0,
        )
    yield QueuePositionChanged(position=1)
    yield from (QueueRefused(reason=reason) for reason in ("closed", "max_waiting"))
    yield QueueMoved(queue_id="other", reason="max_wait")
    yield PlaceResumed(place_at=1.0)


def _of_legs(call: Call) -> Iterator[CallInput]:
    legs = [part.offer_id for part in (*call.offers, call.talk, call.returning) if part is not None]
    legs += [party.leg for party in call.parties]
    if isinstance(call.errand, OutsideLeg):
        legs.append(call.errand.leg_id)
    if call.consult is not None and call.consult.via:
        legs.append(call.consult.via)
    if call.dialling is not None:
        legs += [call.dialling.leg, call.channel_id]
    if call.callback is not None:
        legs += [call.channel_id, call.callback.permit or STALE]
    for leg in (*legs, STALE):
        yield OfferWithdrawn(offer_id=leg, reason="lease_expired")
        yield AgentLegRinging(offer_id=leg)
        yield AgentLegAnswered(offer_id=leg)
        yield AgentLegEnded(offer_id=leg)


def _of_people(call: Call) -> Iterator[CallInput]:
    talk = call.talk
    yield HoldRequested(held=talk is None or "agent" not in talk.holds)
    yield MuteRequested(party_id="agent", muted=talk is None or not talk.muted)
    yield DigitsRequested(digits="1")
    yield PieceRequested(prompt="notice")
    yield RecordingPauseRequested(paused=not any(recording.paused_at for recording in call.recording))
    yield from (TransferRequested(target=target) for target in (COLLEAGUE, OUTSIDE, SERVICE, ERRAND, SURVEY))
    if len(call.parties) < MOST_PARTIES:
        yield from (ConsultRequested(target=target) for target in (COLLEAGUE, OUTSIDE, SERVICE))
        yield from (InviteRequested(target=target) for target in (COLLEAGUE, OUTSIDE))
        yield TakeOverRequested(by=SUPERVISOR)
        has_two = call.consult is not None and bool(call.consult.via)
        yield ConsultDialled(channel_id=STALE if has_two else SECOND_LINE, target=COLLEAGUE)
    yield ConsultDialled(channel_id=f"{SECOND_LINE}0", target=None)
    yield ConsultChosen(choice="swap")
    yield ConsultChosen(choice="merge")
    yield ConsultChosen(choice="complete")
    yield ConsultChosen(choice="cancel")
    yield from (RemoveRequested(party_id=party.id) for party in call.parties)
    yield RemoveRequested(party_id=STALE)
    yield LeaveRequested(agent_id=talk.agent_id if talk is not None else 1)
    yield QueueMoveRequested(queue_id="other")
    yield PriorityRequested(priority_s=60.0)
    yield from (
        ReferReceived(leg=talk.offer_id if talk is not None else STALE, target=target)
        for target in (COLLEAGUE, SERVICE, None)
    )
    lines = (talk.offer_id if talk is not None else STALE, SECOND_LINE)
    yield from (ReferReceived(leg=leg, other=other, target=None, attended=True) for leg, other in (lines, lines[::-1]))
