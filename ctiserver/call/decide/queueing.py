"""Waiting for an agent: the place in the queue, the offers, what the caller hears meanwhile."""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import (
    AdoptOffer,
    ChangePriority,
    ConnectParties,
    DialAgent,
    EnterQueue,
    HangUp,
    HoldWithMusic,
    LeaveQueue,
    MakeBridge,
    PreferAgent,
    ReportOffer,
)
from ctiserver.call.decide.ending import drop_offer, leave_queue, offer_over
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import OfferMade, OfferStarted, QueueEntered, QueuePositionChanged
from ctiserver.call.states import LiveOffer, QueueStay
from ctiserver.call.words import RefusalCause
from ctiserver.ivr import announcements
from ctiserver.ivr.messages import QueueRequest

ANNOUNCE, TIMEOUT, MUSIC = "announce", "queue_timeout", "music"
FIRST_ANNOUNCEMENT_S = 2.0  # nobody is told a position who is connected in the next moment anyway
POSTPONED_S = 5.0
RINGS_UNHEARD_S = 0.7  # an agent who answers at once is joined without a moment of music, which costs Asterisk most
EXIT_REASONS = {"max_wait": "timeout", "max_waiting": "full"}
"""The engine's limits in the words of records and flows; the others are called alike."""


def enter(turn: Turn, request: QueueRequest) -> None:
    """Into the queue that the flow names. Music begins at once, unless an agent is free in this very instant."""
    priority_s = float(request.priority) + turn.treatment().priority_s
    stay = QueueStay(queue_id=request.queue, entered_at=turn.now, priority_s=priority_s, request=request)
    turn.stop_playing()
    turn.change(queue=stay, was_queued=True)
    turn.enter("waiting")
    turn.note(QueueEntered(queue_id=stay.queue_id, priority_s=stay.priority_s))
    turn.do(_entry(turn, stay))
    turn.set_deadline(MUSIC, 0.0)  # an offer that comes with this moment puts it off
    if request.announce is not None:
        turn.set_deadline(ANNOUNCE, FIRST_ANNOUNCEMENT_S)
    if request.timeout_s is not None:
        turn.set_deadline(TIMEOUT, request.timeout_s)


def _entry(turn: Turn, stay: QueueStay) -> EnterQueue:
    return EnterQueue(
        queue_id=stay.queue_id,
        skills=stay.request.skills,
        priority_s=stay.priority_s,
        entered_at=stay.entered_at,
        customer_id=turn.call.customer.id if turn.call.customer else None,
        caller_number=turn.call.caller_number,
        place_at=stay.place_at,
        last_agent_id=turn.call.last_agent_id,
        callback=turn.call.caller_number if turn.call.caller_gone else "",
        offers_before=turn.call.last_offer,
    )


def number_of_offer(offer_id: str) -> int:
    """7 for CALL.o7 and CALL.l1.o7; 0 for a leg that no engine named."""
    digits = offer_id.rpartition(".o")[2]
    return int(digits) if digits.isdigit() else 0


def add_priority(turn: Turn, more_s: float) -> None:
    """Who waits already turns out to be somebody with a head start, or without."""
    if more_s and turn.call.queue is not None and turn.call.phase in ("waiting", "ringing"):
        priority_s = turn.call.queue.priority_s + more_s
        set_priority(turn, priority_s)
        turn.do(ChangePriority(priority_s=priority_s))


def prefer_last_agent(turn: Turn) -> None:
    """The customer was identified while the caller waits already."""
    if turn.call.phase == "waiting" and turn.call.last_agent_id is not None:
        turn.do(PreferAgent(agent_id=turn.call.last_agent_id))


def resume(turn: Turn) -> None:
    """After a restart: the same place in the rebuilt engine, with the phone that rings if one does."""
    if (stay := turn.call.queue) is None:
        return
    if (offer := turn.call.offer) is None:
        turn.stop_playing()  # Asterisk would bring no music before the announcement's end, nor anything after it
        begin_music(turn)
        turn.do(_entry(turn, stay))
        return
    for asked in turn.call.offers:
        turn.do(adopted(turn, asked, stay, answered=False))
    if turn.call.phase == "connecting":
        turn.do(ConnectParties(bridge_id=turn.call.bridge_id, channel_ids=(turn.call.channel_id, offer.offer_id)))


def adopted(turn: Turn, offer: LiveOffer, stay: QueueStay, *, answered: bool) -> AdoptOffer:
    return AdoptOffer(
        offer_id=offer.offer_id,
        agent_id=offer.agent_id,
        queue_id=stay.queue_id,
        entered_at=stay.entered_at,
        answered=answered,
        customer_id=turn.call.customer.id if turn.call.customer else None,
        caller_number=turn.call.caller_number,
        place_at=stay.place_at,
        priority_s=stay.priority_s,
        skills=stay.request.skills,
    )


def entry_since(turn: Turn, entered_at: float) -> EnterQueue:
    """Into the engine again, with the time that the caller has waited elsewhere."""
    stay = turn.call.queue
    if stay is None:
        raise ValueError(f"{turn.call.id} waits in no queue")
    return msgspec.structs.replace(_entry(turn, stay), entered_at=entered_at)


def set_priority(turn: Turn, priority_s: float) -> None:
    if (stay := turn.call.queue) is not None:
        turn.change(queue=msgspec.structs.replace(stay, priority_s=priority_s))


def move(turn: Turn, queue_id: str, reason: str) -> None:
    """The routing engine overflowed the call into another queue."""
    if (stay := turn.call.queue) is None:
        return
    leave_queue(turn, "overflowed", EXIT_REASONS.get(reason, reason))
    moved = msgspec.structs.replace(
        stay,
        queue_id=queue_id,
        entered_at=turn.now,
        place_at=stay.place_at if stay.place_at is not None else stay.entered_at,
        position=None,
        expected_wait_s=None,
        expected_wait_p90_s=None,
    )
    turn.change(queue=moved)
    turn.note(QueueEntered(queue_id=queue_id, priority_s=stay.priority_s))
    music_plays = turn.call.phase == "waiting" and MUSIC not in turn.call.deadlines
    if music_plays and _music(turn, moved) != _music(turn, stay):
        turn.stop_playing()
        begin_music(turn)


def resume_place(turn: Turn, place_at: float) -> None:
    """The caller has the place of an earlier call, which a restart must not take away."""
    if (stay := turn.call.queue) is not None:
        turn.change(queue=msgspec.structs.replace(stay, place_at=place_at))


def leave_by_key(turn: Turn) -> None:
    """The caller chose something else than to wait."""
    give_up_place(turn, "key", tell_router=True)


def give_up_place(turn: Turn, reason: str, *, tell_router: bool) -> None:
    drop_offer(turn, "caller_gone", hang_up_reason="normal")
    if tell_router:
        turn.do(LeaveQueue(reason=reason))
    leave_queue(turn, "overflowed", reason)
    turn.stop_playing()
    turn.drop_bridge()
    turn.clear_deadlines(ANNOUNCE, TIMEOUT, MUSIC)
    turn.change(queue=None, left_queue=turn.call.queue)
    turn.enter("menu")


def ring(turn: Turn, made: OfferMade) -> None:
    """An agent was reserved for us: ring the phone, and make the bridge while it rings.

    With ring-all more offers follow while the first phone rings already.
    """
    stay = turn.call.queue
    if stay is None or turn.call.offer_named(made.offer_id) is not None:
        return
    offer = LiveOffer(
        offer_id=made.offer_id,
        agent_id=made.agent_id,
        agent_number=made.agent_number,
        agent_name=made.agent_name,
        started_at=turn.now,
        why=made.why,
        endpoint=made.endpoint,
    )
    if turn.call.offer is None:
        turn.change(offer=offer)
    else:
        turn.change(also_ringing=(*turn.call.also_ringing, offer))
    turn.enter("ringing")
    turn.note(OfferStarted(offer_id=made.offer_id, agent_id=made.agent_id, queue_id=stay.queue_id, why=made.why))
    turn.do(
        DialAgent(
            offer_id=made.offer_id,
            endpoint=made.endpoint,
            originator="" if turn.call.caller_gone else turn.call.channel_id,
            caller_number=turn.call.caller_number,
            caller_name=turn.call.caller_name,
            timeout_s=made.ring_timeout_s,
            auto_answer=made.auto_answer,
        ),
    )
    if not turn.call.bridge_id:
        turn.do(MakeBridge(bridge_id=turn.next_bridge()))
    if MUSIC in turn.call.deadlines:
        turn.set_deadline(MUSIC, RINGS_UNHEARD_S)


def choose(turn: Turn, winner: LiveOffer) -> tuple[LiveOffer, ...]:
    """One of those who were asked has answered; returns the others, who are to be let go."""
    others = tuple(offer for offer in turn.call.offers if offer is not winner)
    turn.change(offer=winner, also_ringing=())
    return others


def let_go(turn: Turn, losers: tuple[LiveOffer, ...]) -> None:
    """A colleague was faster: their phones stop without a missed call, and they are free for others at once."""
    for offer in losers:
        turn.do(HangUp(channel_id=offer.offer_id, reason="answered_elsewhere"))
        offer_over(turn, offer, "withdrawn", "answered_elsewhere")
        turn.do(ReportOffer(offer_id=offer.offer_id, result="released"))


def refused(turn: Turn, offer: LiveOffer, cause: RefusalCause, *, hang_up: bool = False) -> None:
    """The agent didn't take it; the caller keeps the place and the music, and whoever else is rung goes on ringing."""
    if hang_up:
        turn.do(HangUp(channel_id=offer.offer_id))
    offer_over(turn, offer, "refused", cause)
    _without(turn, offer)
    turn.do(ReportOffer(offer_id=offer.offer_id, result="refused", cause=cause))


def withdrawn(turn: Turn, offer: LiveOffer, reason: str) -> None:
    turn.do(
        HangUp(channel_id=offer.offer_id, reason="answered_elsewhere" if reason == "answered_elsewhere" else "normal")
    )
    offer_over(turn, offer, "withdrawn")
    _without(turn, offer)


def _without(turn: Turn, gone: LiveOffer) -> None:
    others = tuple(offer for offer in turn.call.offers if offer is not gone)
    if others:
        turn.change(offer=others[0], also_ringing=others[1:])
    else:
        back_to_waiting(turn)


def back_to_waiting(turn: Turn) -> None:
    stay = turn.call.queue
    if stay is None:
        return
    was_joined = turn.call.phase == "connecting"
    turn.change(offer=None)
    turn.enter("waiting")
    if was_joined:
        turn.drop_bridge()
    if was_joined or MUSIC in turn.call.deadlines:  # taken out of the music, or not there yet
        begin_music(turn)


def announce(turn: Turn) -> None:
    """Tells the position; not while a phone rings, which may be answered in this moment."""
    stay = turn.call.queue
    if stay is None or stay.request.announce is None:
        return
    turn.set_deadline(ANNOUNCE, stay.request.announce.every_s)
    if turn.call.phase != "waiting" or turn.call.playing:
        return
    pieces = announcements.waiting(
        stay.request.announce,
        stay.request.language,
        position=stay.position,
        wait_s=stay.expected_wait_s,
        wait_p90_s=stay.expected_wait_p90_s,
    )
    turn.play(f"channel:{turn.call.channel_id}", pieces)


def timed_out(turn: Turn) -> bool:
    """True if the caller has now waited long enough and left the queue; a ringing phone is given its chance."""
    if turn.call.phase != "waiting":
        turn.set_deadline(TIMEOUT, POSTPONED_S)
        return False
    give_up_place(turn, "timeout", tell_router=True)
    return True


def begin_music(turn: Turn) -> None:
    """Not for a caller who is being joined with an agent in this moment."""
    turn.clear_deadlines(MUSIC)
    stay = turn.call.queue
    if stay is None or turn.call.phase == "connecting" or turn.call.caller_gone:
        return
    turn.do(HoldWithMusic(channel_id=turn.call.channel_id, music=_music(turn, stay)))


def _music(turn: Turn, stay: QueueStay) -> str:
    """What the flow asks for, or else the queue's."""
    if stay.request.music == "default" and (queue := turn.rules.queues.get(stay.queue_id)):
        return queue.music
    return stay.request.music


def note_position(turn: Turn, event: QueuePositionChanged) -> None:
    if (stay := turn.call.queue) is not None:
        turn.change(
            queue=msgspec.structs.replace(
                stay,
                position=event.position,
                expected_wait_s=event.expected_wait_s,
                expected_wait_p90_s=event.expected_wait_p90_s,
            )
        )
