"""The state machine of a call as one table: (phase, input) → what to do.

Every live phase has a row for the caller hanging up. A pair that is missing has to be in IGNORED with its reason,
or it is a defect: `decide` refuses it by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ctiserver.call.commands import HangUp, ReportOffer, StopPrompt
from ctiserver.call.decide import (
    callbacks,
    control_table,
    errand_rows,
    errands,
    fax,
    flow,
    opening,
    queueing,
    recordings,
    talking,
    voice_message,
)
from ctiserver.call.decide.causes import refusal_cause
from ctiserver.call.decide.ending import end
from ctiserver.call.decide.turn import PROMPT_DEADLINE, Turn
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
    CustomerKnown,
    DeadlinePassed,
    DigitReceived,
    HangUpRequested,
    HoldChanged,
    OfferMade,
    OfferWithdrawn,
    PartiesConnected,
    PlaceResumed,
    PromptFinished,
    QueueMoved,
    QueuePositionChanged,
    QueueRefused,
    RecordingBegan,
    RecordingCollected,
    RecordingLost,
)
from ctiserver.call.states import Phase
from ctiserver.ivr.messages import Digit, LeftBecause, NoInput, PromptsDone, PromptsFailed, QueueLeft

Handler = Callable[[Turn, Any], None]
IN_QUEUE_OR_FLOW: tuple[Phase, ...] = ("menu", "waiting", "ringing", "connecting")
LIVE: tuple[Phase, ...] = (*IN_QUEUE_OR_FLOW, "talking", *control_table.BESIDE)
QUEUED: tuple[Phase, ...] = ("waiting", "ringing", "connecting")
SPEAKING: tuple[Phase, ...] = control_table.CONTROLLED
EVERY: tuple[Phase, ...] = (*LIVE, "ended")


# ── in any phase ────────────────────────────────────────────────────────────────────────────────────────────────────


def _caller_hung_up(turn: Turn, event: CallerHungUp) -> None:
    if callbacks.customer_gone(turn, event):
        return
    fax.confirmed(turn, event.fax_pages)
    end(turn, by="caller", reason="hung_up", cause=event.cause)


def _hang_up_requested(turn: Turn, event: HangUpRequested) -> None:
    turn.stop_playing()
    if not turn.call.caller_gone:
        turn.do(HangUp(channel_id=turn.call.channel_id))
    end(turn, by=event.by, reason="requested")


def _asterisk_restarted(turn: Turn, event: AsteriskRestarted) -> None:
    end(turn, by="asterisk", reason="asterisk_restarted")


def _caller_identified(turn: Turn, event: CallerIdentified) -> None:
    before_s = turn.treatment().priority_s
    turn.change(
        customer=event.card,
        matches=event.matches,
        last_agent_id=event.last_agent_id,
        identified="failed" if event.failed else "done",
    )
    flow.inform(turn, event.card)
    queueing.add_priority(turn, turn.treatment().priority_s - before_s)
    queueing.prefer_last_agent(turn)
    opening.go_on(turn)
    turn.note(CustomerKnown(customer_id=event.card.id if event.card else None, matches=event.matches))


def _stale_offer(turn: Turn, event: OfferMade) -> None:
    """We had left the queue in that instant; the engine has been told or is told now."""
    turn.do(ReportOffer(offer_id=event.offer_id, result="refused", cause="failed"))


def _recovered_in_flow(turn: Turn, event: CallRecovered) -> None:
    if turn.call.opening is not None:
        opening.resume(turn)
    else:
        flow.resume(turn)


# ── in the flow ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _prompt_finished_in_flow(turn: Turn, event: PromptFinished) -> None:
    if event.playback_id == turn.call.playing:
        turn.prompt_over()
        if turn.call.opening is not None:
            opening.go_on(turn)
            return
        if turn.call.leaving:
            flow.hang_up_now(turn, turn.call.leaving)
            return
        done = PromptsDone(turn=turn.call.turn) if event.ok else PromptsFailed(turn=turn.call.turn)
        flow.feed(turn, done)


def _digit(turn: Turn, event: DigitReceived) -> None:
    flow.feed(turn, Digit(key=event.digit))


def _deadline_in_flow(turn: Turn, event: DeadlinePassed) -> None:
    turn.clear_deadlines(event.name)
    if event.name == PROMPT_DEADLINE and turn.call.playing:
        overdue = turn.call.playing
        turn.do(StopPrompt(playback_id=overdue))  # else it would go on under whatever comes next
        _prompt_finished_in_flow(turn, PromptFinished(playback_id=overdue, ok=False))
    elif event.name == opening.IDENTIFY_DEADLINE:
        opening.waited_enough(turn)
    elif event.name == flow.INPUT_DEADLINE:
        flow.feed(turn, NoInput(turn=turn.call.turn))
    elif event.name == errands.DEADLINE:
        errand_rows.overdue(turn)


# ── in the queue ────────────────────────────────────────────────────────────────────────────────────────────────────


def _prompt_finished(turn: Turn, event: PromptFinished) -> None:
    if event.playback_id == turn.call.playing:
        turn.prompt_over()


def _deadline_in_queue(turn: Turn, event: DeadlinePassed) -> None:
    turn.clear_deadlines(event.name)
    if event.name == PROMPT_DEADLINE:
        turn.stop_playing()
    elif event.name == queueing.MUSIC:
        queueing.begin_music(turn)
    elif event.name == queueing.ANNOUNCE:
        queueing.announce(turn)
    elif event.name == queueing.TIMEOUT and queueing.timed_out(turn):
        flow.feed(turn, QueueLeft(reason="timeout"))


def _position(turn: Turn, event: QueuePositionChanged) -> None:
    queueing.note_position(turn, event)


def _queue_refused(turn: Turn, event: QueueRefused) -> None:
    if callbacks.queue_refused(turn, event):
        return
    reason = queueing.EXIT_REASONS.get(event.reason, event.reason)
    queueing.give_up_place(turn, reason, tell_router=False)
    flow.feed(turn, QueueLeft(reason=_left_because(reason), flow=event.flow))


def _left_because(reason: str) -> LeftBecause:
    known: dict[str, LeftBecause] = {
        "timeout": "timeout",
        "full": "full",
        "no_agents": "no_agents",
        "closed": "closed",
        "forecast": "forecast",
    }
    return known.get(reason, "refused")


def _queue_moved(turn: Turn, event: QueueMoved) -> None:
    queueing.move(turn, event.queue_id, event.reason)


def _place_resumed(turn: Turn, event: PlaceResumed) -> None:
    queueing.resume_place(turn, event.place_at)


def _offer(turn: Turn, event: OfferMade) -> None:
    if not callbacks.offered(turn, event):
        queueing.ring(turn, event)


def _offer_too_late(turn: Turn, event: OfferMade) -> None:
    """Asked along with others, one of whom has answered meanwhile."""
    if turn.call.offer_named(event.offer_id) is None:
        turn.do(ReportOffer(offer_id=event.offer_id, result="released"))


def _withdrawn(turn: Turn, event: OfferWithdrawn) -> None:
    if (offer := turn.call.offer_named(event.offer_id)) is not None:
        queueing.withdrawn(turn, offer, event.reason)
    else:
        callbacks.withdrawn(turn, event)


def _leg_ringing(turn: Turn, event: AgentLegRinging) -> None:
    if turn.call.offer_named(event.offer_id) is not None:
        turn.do(ReportOffer(offer_id=event.offer_id, result="ringing"))


def _leg_answered(turn: Turn, event: AgentLegAnswered) -> None:
    if callbacks.leg_answered(turn, event):
        return
    if (offer := turn.call.offer_named(event.offer_id)) is not None:
        talking.connect(turn, offer)
    else:
        _unexpected_answer(turn, event)


def _unexpected_answer(turn: Turn, event: AgentLegAnswered) -> None:
    """Picked up in the instant in which we let go: nobody is left alone on the line."""
    turn.do(HangUp(channel_id=event.offer_id))


def _leg_refused(turn: Turn, event: AgentLegEnded) -> None:
    if (offer := turn.call.offer_named(event.offer_id)) is not None:
        queueing.refused(turn, offer, refusal_cause(event.cause, event.tech_cause))


def _leg_dropped(turn: Turn, event: AgentLegEnded) -> None:
    """Answered, and gone before the two were joined."""
    if callbacks.agent_gone(turn, event):
        return
    if (offer := turn.call.offer_named(event.offer_id)) is not None:
        queueing.refused(turn, offer, "failed")


def _connected(turn: Turn, event: PartiesConnected) -> None:
    if event.bridge_id == turn.call.bridge_id and not callbacks.is_sought(turn):
        talking.connected(turn)


def _connect_failed(turn: Turn, event: ConnectFailed) -> None:
    offer = turn.call.offer
    if event.bridge_id != turn.call.bridge_id or offer is None or callbacks.is_sought(turn):
        return
    if not callbacks.agent_lost(turn, offer, hang_up=True):
        talking.connect_failed(turn)


def _recording_began(turn: Turn, event: RecordingBegan) -> None:
    talking.recording_began(turn, event.recording_id)


def _recovered_in_queue(turn: Turn, event: CallRecovered) -> None:
    voice_message.keep_all(turn, again=True)
    if not callbacks.resume(turn):
        queueing.resume(turn)


def _recovered_after_end(turn: Turn, event: CallRecovered) -> None:
    voice_message.keep_all(turn, again=True)
    for recording in turn.call.recording:
        recordings.collect(turn, recording)


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _rows(phases: tuple[Phase, ...], event: type[Any], handler: Handler) -> dict[tuple[Phase, type[Any]], Handler]:
    return {(phase, event): handler for phase in phases}


TABLE: dict[tuple[Phase, type[Any]], Handler] = {
    **control_table.TABLE,
    **_rows(IN_QUEUE_OR_FLOW, CallerHungUp, _caller_hung_up),
    **_rows(LIVE, HangUpRequested, _hang_up_requested),
    **_rows(LIVE, AsteriskRestarted, _asterisk_restarted),
    ("menu", CallRecovered): _recovered_in_flow,
    **_rows(QUEUED, CallRecovered, _recovered_in_queue),
    ("ended", CallRecovered): _recovered_after_end,
    **_rows(LIVE, CallerIdentified, _caller_identified),
    **_rows(EVERY, RecordingBegan, _recording_began),
    **_rows(EVERY, RecordingCollected, recordings.collected),
    **_rows(EVERY, RecordingLost, recordings.lost),
    **_rows(("menu", "ended"), OfferMade, _stale_offer),
    ("ended", AgentLegAnswered): _unexpected_answer,
    **{("menu", kind): handler for kind, handler in errand_rows.IN_FLOW.items()},
    **{(phase, kind): handler for phase in EVERY for kind, handler in errand_rows.ALWAYS.items()},
    ("menu", PromptFinished): _prompt_finished_in_flow,
    ("menu", DigitReceived): _digit,
    ("menu", DeadlinePassed): _deadline_in_flow,
    **_rows(QUEUED, PromptFinished, _prompt_finished),
    **_rows(("waiting", "ringing"), DigitReceived, _digit),
    **_rows(QUEUED, DeadlinePassed, _deadline_in_queue),
    **_rows(QUEUED, QueuePositionChanged, _position),
    **_rows(QUEUED, QueueRefused, _queue_refused),
    **_rows(QUEUED, QueueMoved, _queue_moved),
    **_rows(QUEUED, PlaceResumed, _place_resumed),
    **_rows(QUEUED, OfferWithdrawn, _withdrawn),
    **_rows(("waiting", "ringing"), OfferMade, _offer),
    ("connecting", OfferMade): _offer_too_late,
    **_rows(QUEUED, AgentLegRinging, _leg_ringing),
    **_rows(QUEUED, AgentLegAnswered, _leg_answered),
    ("ringing", AgentLegEnded): _leg_refused,
    ("connecting", AgentLegEnded): _leg_dropped,
    ("connecting", PartiesConnected): _connected,
    ("connecting", ConnectFailed): _connect_failed,
}

IGNORED: dict[type[Any], tuple[tuple[Phase, ...], str]] = {
    **control_table.IGNORED,
    **errand_rows.ERRANDS_IGNORED,
    CallerHungUp: (("ended",), "we hung up first"),
    HangUpRequested: (("ended",), "it is over already"),
    AsteriskRestarted: (("ended",), "nothing of it was left in Asterisk"),
    CallerIdentified: (("ended",), "the lookup was slower than the call"),
    PromptFinished: (("ended",), "ended with its channel"),
    DigitReceived: (("connecting", *SPEAKING, "ended"), "keys in a conversation are the agent's business"),
    DeadlinePassed: (("ended",), "the timer fired in the instant in which its reason went away"),
    QueuePositionChanged: (("menu", *SPEAKING, "ended"), "out of the queue in that instant"),
    QueueRefused: (("menu", *SPEAKING, "ended"), "out of the queue in that instant"),
    QueueMoved: (("menu", *SPEAKING, "ended"), "out of the queue in that instant"),
    PlaceResumed: (("menu", *SPEAKING, "ended"), "out of the queue in that instant"),
    OfferWithdrawn: (("menu", "forwarded", "ended"), "the offer was gone or taken in that instant"),
    AgentLegRinging: (("menu", *control_table.BESIDE, "ended"), "nobody waits for this news"),
    AgentLegEnded: (("waiting", "ended"), "we hung that leg up"),
    PartiesConnected: (("waiting", "ringing", *SPEAKING, "ended"), "one of the two had gone in that instant"),
    ConnectFailed: (("waiting", "ringing", *SPEAKING, "ended"), "its hang-up was told first"),
    HoldChanged: (
        ("menu", "waiting", "ringing", "connecting", *control_table.BESIDE, "ended"),
        "no conversation to hold",
    ),
}


def handler_for(phase: Phase, event: CallInput) -> Handler | None:
    """None: known to be without effect in this phase. Raises LookupError naming both for a pair nobody thought of."""
    if (handler := TABLE.get((phase, type(event)))) is not None:
        return handler
    phases, _ = IGNORED.get(type(event), ((), ""))
    if phase in phases:
        return None
    raise LookupError(f"nobody decided what {type(event).__name__} means for a call that is in phase {phase}")
