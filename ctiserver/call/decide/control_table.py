"""What people do with a call, and what becomes of all its parties: the rows of the table beyond menu and queue.

A leg's input belongs to whoever has that leg: the agent in charge, a party, or an agent whom the queue rings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ctiserver.call.commands import ChangePriority, HangUp, HoldWithMusic, LeaveQueue, ReportOffer
from ctiserver.call.decide import (
    conference,
    consult,
    conversing,
    flow,
    hold,
    legs,
    outbound,
    pickup,
    queueing,
    talking,
    transfer,
    voice_message,
)
from ctiserver.call.decide import refer as by_phone
from ctiserver.call.decide.causes import refusal_cause
from ctiserver.call.decide.ending import drop_offer, end_consult, end_holds
from ctiserver.call.decide.placing import hold_music
from ctiserver.call.decide.progress import note_end
from ctiserver.call.decide.turn import PROMPT_DEADLINE, Turn
from ctiserver.call.events import (
    AgentLegAnswered,
    AgentLegEnded,
    AgentLegRinging,
    CallbackDue,
    CallerHungUp,
    CallRecovered,
    ConsultChosen,
    ConsultDialled,
    ConsultRequested,
    DeadlinePassed,
    DigitsRequested,
    HoldChanged,
    HoldRequested,
    InviteRequested,
    LeaveRequested,
    MessagesTaken,
    MuteRequested,
    NoticeDue,
    OfferMade,
    OfferWithdrawn,
    OutboundRequested,
    PieceRequested,
    PriorityRequested,
    PromptFinished,
    QueueMoveRequested,
    RecordingPauseFailed,
    RecordingPauseRequested,
    ReferReceived,
    RemoveRequested,
    TakeOverRequested,
    TransferEnded,
    TransferRequested,
)
from ctiserver.call.parties import FlowTarget, Party, QueueTarget
from ctiserver.call.states import Phase

Handler = Callable[[Turn, Any], None]
Rows = dict[tuple[Phase, type[Any]], Handler]
Reasons = dict[type[Any], tuple[tuple[Phase, ...], str]]
BESIDE: tuple[Phase, ...] = ("dialling", "transferring", "forwarded")
CONTROLLED: tuple[Phase, ...] = ("talking", *BESIDE)


# ── legs of parties ─────────────────────────────────────────────────────────────────────────────────────────────────


def _answered(turn: Turn, event: AgentLegAnswered) -> None:
    party = turn.call.party(event.offer_id)
    if party is None or party.state != "ringing":
        if not _has_leg(turn, event.offer_id) and not outbound.leg_answered(turn, event.offer_id):
            turn.do(HangUp(channel_id=event.offer_id))  # picked up in the instant in which we let go
        return
    match party.role:
        case "consulted":
            consult.answered(turn, party)
        case "target" if turn.call.phase == "transferring":
            transfer.answered(turn, party)
        case "target":
            pickup.taken(turn, party)
        case _:
            conference.joined(turn, party)


def _has_leg(turn: Turn, leg: str) -> bool:
    """Told again of one who is in the conversation."""
    call = turn.call
    talk = call.talk or call.returning
    in_charge = leg == (talk.offer_id if talk else call.dialling.leg if call.dialling else "")
    if in_charge and call.dialling is not None and call.dialling.stage == "agent":
        return False  # this is the news that its call waits for
    is_caller = leg == call.channel_id and call.dialling is None and not call.caller_gone
    is_second_line = call.consult is not None and leg == call.consult.via
    return in_charge or is_caller or is_second_line or call.party(leg) is not None


def _ended(turn: Turn, event: AgentLegEnded) -> None:
    call = turn.call
    if call.talk is not None and event.offer_id == call.talk.offer_id:
        _agent_gone(turn)
    elif (party := call.party(event.offer_id)) is not None:
        _party_gone(turn, party, event)
    elif not by_phone.line_ended(turn, event.offer_id):
        outbound.leg_ended(turn, event.offer_id, event.cause, event.tech_cause)


def _agent_gone(turn: Turn) -> None:
    """The agent in charge hung up: who was consulted gets the caller."""
    asked = turn.call.party(turn.call.consult.party_id) if turn.call.consult else None
    for party in turn.call.parties:
        if party.role == "target":  # somebody was about to take over, and gets the caller
            turn.stop_playing()
            if asked is not None:
                legs.remove(turn, asked, "cancelled")
            end_consult(turn)
            transfer.note_started(turn, transfer.as_target(party), "pickup")
            transfer.to_ringing(turn, party)
            return
    if asked is not None:
        consult.complete(turn, asked, hang_up=False)
    else:
        conference.agent_left(turn)


def _party_gone(turn: Turn, party: Party, event: AgentLegEnded) -> None:
    cause = refusal_cause(event.cause, event.tech_cause)
    _lost(turn, party, cause, reason="hung_up" if party.joined else cause, hang_up=False)


def _lost(turn: Turn, party: Party, cause: Any, *, reason: str, hang_up: bool) -> None:
    match party.role:
        case "consulted" if party.joined:
            consult.over(turn, party, reason, hang_up=hang_up)
        case "consulted":
            consult.not_answered(turn, party, cause, hang_up=hang_up)
        case "target" if turn.call.phase == "transferring":
            if transfer.not_answered(turn, party, cause, hang_up=hang_up):
                flow.after_talk(turn)
        case _:
            if hang_up:
                turn.do(HangUp(channel_id=party.leg))
            conference.party_left(turn, party, reason)


def _withdrawn(turn: Turn, event: OfferWithdrawn) -> None:
    """The routing engine: this agent is not to be had, or the queue has nobody."""
    party = turn.call.party(event.offer_id)
    if party is None:
        outbound.withdrawn(turn, event.offer_id, event.reason)
    elif party.state == "queued":
        consult.over(turn, party, event.reason, hang_up=False)
    elif not party.joined:
        if party.queue_chosen:
            turn.do(HangUp(channel_id=party.leg))
            consult.back_to_queue(turn, party)
        else:
            _lost(turn, party, "failed", reason=event.reason, hang_up=True)


def _offer(turn: Turn, event: OfferMade) -> None:
    known = turn.call.talk is not None and turn.call.talk.offer_id == event.offer_id
    if known or turn.call.party(event.offer_id) is not None or consult.offered(turn, event):
        return
    turn.do(ReportOffer(offer_id=event.offer_id, result="refused", cause="failed"))


def _leg_ringing(turn: Turn, event: AgentLegRinging) -> None:
    party = turn.call.party(event.offer_id)
    if party is not None and party.queue_chosen:
        turn.do(ReportOffer(offer_id=event.offer_id, result="ringing"))


def _leave(turn: Turn, event: LeaveRequested) -> None:
    """On the page: as if the phone had been hung up."""
    talk = turn.call.talk
    if talk is not None and talk.agent_id == event.agent_id:
        turn.do(HangUp(channel_id=talk.offer_id))
        _agent_gone(turn)
    else:
        conference.leave(turn, event)


# ── the caller ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _caller_gone(turn: Turn, event: CallerHungUp) -> None:
    if turn.call.caller_gone:
        return
    if turn.call.phase == "dialling":
        outbound.other_side_ended(turn, event)
    else:
        conference.caller_left(turn, event)


# ── what the agent asks for ─────────────────────────────────────────────────────────────────────────────────────────


def _transfer(turn: Turn, event: TransferRequested) -> None:
    target = event.target
    if turn.call.consult is not None or turn.call.caller_gone:
        return
    match target:
        case QueueTarget():
            transfer.to_queue(turn, target)
        case FlowTarget():
            _to_flow(turn, target)
        case _:
            transfer.to_person(turn, target, "blind")


def _to_flow(turn: Turn, target: FlowTarget) -> None:
    """A survey, or an errand (verify) after which the same agent has the caller again."""
    talk = turn.call.talk
    if talk is None:
        return
    turn.stop_playing()
    transfer.note_started(turn, target, "flow")
    turn.note(TransferEnded(outcome="answered"))
    known: dict[str, object] = {"agent": {"id": talk.agent_id, "number": talk.agent_number, "name": talk.agent_name}}
    if target.come_back:
        end_holds(turn)
        legs.remove_all(turn, "cancelled")
        turn.do(HoldWithMusic(channel_id=talk.offer_id, music=hold_music(turn)))
        turn.change(returning=turn.call.talk, talk=None, places={})
        turn.enter("menu")
    else:
        turn.do(HangUp(channel_id=talk.offer_id))
        talking.back_to_flow(turn)
    note_end(turn, "agent")
    former = turn.call.cursor
    turn.change(cursor=None)
    flow.begin(turn, target.flow, known)
    if former is not None and turn.call.cursor is not None:  # whoever has the caller next sees the whole way
        turn.change(cursor=turn.call.cursor.after(former))


def _returning_agent_gone(turn: Turn, event: AgentLegEnded) -> None:
    """The agent did not wait for the caller's return: the flow goes on, and has the caller to its end."""
    if turn.call.returning is not None and event.offer_id == turn.call.returning.offer_id:
        flow.let_go_of_agent(turn)


def _move(turn: Turn, event: QueueMoveRequested) -> None:
    """A supervisor sends who waits into another queue, with the time waited so far."""
    stay = turn.call.queue
    if stay is None or event.queue_id == stay.queue_id or event.queue_id not in turn.rules.queues:
        return
    turn.stop_playing()
    drop_offer(turn, "withdrawn", hang_up_reason="normal")
    turn.enter("waiting")
    turn.do(LeaveQueue(reason="moved"))
    entered_at = stay.entered_at
    queueing.move(turn, event.queue_id, "moved")
    turn.do(queueing.entry_since(turn, entered_at))


def _priority(turn: Turn, event: PriorityRequested) -> None:
    if turn.call.queue is not None:
        queueing.set_priority(turn, event.priority_s)
        turn.do(ChangePriority(priority_s=event.priority_s))


# ── time and restarts ───────────────────────────────────────────────────────────────────────────────────────────────


def _deadline(turn: Turn, event: DeadlinePassed) -> None:
    turn.clear_deadlines(event.name)
    if event.name == PROMPT_DEADLINE:
        turn.stop_playing()
    elif event.name == outbound.LONGEST:
        outbound.too_long(turn)


def _prompt_finished(turn: Turn, event: PromptFinished) -> None:
    if event.playback_id == turn.call.playing:
        turn.prompt_over()


def _recovered(turn: Turn, event: CallRecovered) -> None:
    voice_message.keep_all(turn, again=True)
    if turn.call.phase == "dialling":
        outbound.resume(turn)
    else:
        talking.resume(turn)


def rows(phases: tuple[Phase, ...], event: type[Any], handler: Handler) -> Rows:
    return {(phase, event): handler for phase in phases}


TABLE: Rows = {
    **rows(CONTROLLED, CallerHungUp, _caller_gone),
    **rows(("menu", *CONTROLLED), AgentLegAnswered, _answered),
    **rows(CONTROLLED, AgentLegEnded, _ended),
    **rows(CONTROLLED, OfferMade, _offer),
    **rows(("talking", "dialling", "transferring"), OfferWithdrawn, _withdrawn),
    ("talking", AgentLegRinging): _leg_ringing,
    **rows(CONTROLLED, PromptFinished, _prompt_finished),
    **rows(CONTROLLED, DeadlinePassed, _deadline),
    **rows(CONTROLLED, CallRecovered, _recovered),
    ("menu", AgentLegEnded): _returning_agent_gone,
    ("talking", HoldChanged): hold.by_phone,
    ("talking", HoldRequested): hold.requested,
    **rows(("talking", "forwarded"), MuteRequested, conversing.mute),
    ("talking", DigitsRequested): conversing.send_digits,
    ("talking", PieceRequested): conversing.play_piece,
    **rows(("talking", "forwarded"), RecordingPauseRequested, conversing.pause_recording),
    **rows(CONTROLLED, RecordingPauseFailed, conversing.pause_failed),
    ("talking", TransferRequested): _transfer,
    ("talking", ConsultRequested): consult.requested,
    ("talking", ConsultChosen): consult.chosen,
    ("talking", InviteRequested): conference.invite,
    **rows(("talking", "forwarded"), RemoveRequested, conference.remove),
    ("talking", LeaveRequested): _leave,
    ("talking", TakeOverRequested): pickup.from_talk,
    **rows(("waiting", "ringing"), TakeOverRequested, pickup.from_queue),
    **rows(("waiting", "ringing"), QueueMoveRequested, _move),
    **rows(("waiting", "ringing"), PriorityRequested, _priority),
    **rows(CONTROLLED, ReferReceived, by_phone.received),
    **rows(("menu", "waiting", "ringing", "connecting", *CONTROLLED, "ended"), ConsultDialled, by_phone.dialled),
}

_NOT_TALKING: tuple[Phase, ...] = (
    "menu",
    "waiting",
    "ringing",
    "connecting",
    "dialling",
    "transferring",
    "forwarded",
    "ended",
)
_NOT_SHARED: tuple[Phase, ...] = ("menu", "waiting", "ringing", "connecting", "dialling", "transferring", "ended")
_NOT_WAITING: tuple[Phase, ...] = ("menu", "connecting", "talking", *BESIDE, "ended")

IGNORED: Reasons = {
    OutboundRequested: (("menu", "waiting", "ringing", "connecting", *CONTROLLED, "ended"), "the call has begun"),
    CallbackDue: (("menu", "waiting", "ringing", "connecting", *CONTROLLED, "ended"), "the call has begun"),
    NoticeDue: (("menu", "waiting", "ringing", "connecting", *CONTROLLED, "ended"), "the call has begun"),
    MessagesTaken: (("menu", "waiting", "ringing", "connecting", *CONTROLLED, "ended"), "no messages are heard here"),
    HoldRequested: (_NOT_TALKING, "no conversation to hold"),
    MuteRequested: (_NOT_SHARED, "no conversation to mute anybody in"),
    DigitsRequested: (_NOT_TALKING, "no conversation to press keys in"),
    PieceRequested: (_NOT_TALKING, "no conversation to play anything to"),
    RecordingPauseRequested: (_NOT_SHARED, "nothing is recorded"),
    RecordingPauseFailed: (("menu", "waiting", "ringing", "connecting", "ended"), "the recording is over"),
    TransferRequested: (_NOT_TALKING, "no conversation to hand over"),
    ConsultRequested: (_NOT_TALKING, "no agent to ask for anybody"),
    ConsultChosen: (_NOT_TALKING, "nobody is consulted any more"),
    InviteRequested: (_NOT_TALKING, "no agent to invite anybody"),
    RemoveRequested: (_NOT_SHARED, "gone in that instant"),
    LeaveRequested: (_NOT_TALKING, "no conversation to leave"),
    TakeOverRequested: (("menu", "connecting", *BESIDE, "ended"), "answered or gone in that instant"),
    QueueMoveRequested: (_NOT_WAITING, "out of the queue in that instant"),
    PriorityRequested: (_NOT_WAITING, "out of the queue in that instant"),
    ReferReceived: (("menu", "waiting", "ringing", "connecting", "ended"), "no conversation to hand over"),
}
