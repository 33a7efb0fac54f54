"""Taking a call over: one that waits or rings at a colleague (代答), or a conversation (拦截)."""

from __future__ import annotations

from ctiserver.call.commands import AdoptOffer, HangUp, LeaveQueue
from ctiserver.call.decide import legs, queueing, transfer
from ctiserver.call.decide.ending import drop_offer, end_consult, end_talk
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import OfferMade, TakeOverRequested, TransferEnded
from ctiserver.call.parties import Party


def from_queue(turn: Turn, event: TakeOverRequested) -> None:
    """The colleague is rung as if the queue had chosen so; the caller keeps the place if nobody answers."""
    stay, by = turn.call.queue, event.by
    if stay is None:
        return
    turn.stop_playing()
    drop_offer(turn, "withdrawn", hang_up_reason="answered_elsewhere")
    turn.enter("waiting")
    turn.do(LeaveQueue(reason="picked_up"))
    leg = legs.next_leg(turn)
    turn.do(
        AdoptOffer(
            offer_id=leg,
            agent_id=by.agent_id,
            queue_id=stay.queue_id,
            entered_at=stay.entered_at,
            answered=False,
            customer_id=turn.call.customer.id if turn.call.customer else None,
        )
    )
    queueing.ring(
        turn,
        OfferMade(
            offer_id=leg,
            agent_id=by.agent_id,
            agent_number=by.number,
            agent_name=by.name,
            endpoint=by.endpoint,
            ring_timeout_s=by.ring_timeout_s,
            auto_answer=by.auto_answer,
            why="picked_up",
        ),
    )


def from_talk(turn: Turn, event: TakeOverRequested) -> None:
    """The phone of whoever takes over rings while the conversation goes on; it changes hands with the answer."""
    call = turn.call
    is_in_it = any(party.agent_id == event.by.agent_id for party in call.parties)
    if call.talk is None or call.talk.agent_id == event.by.agent_id or is_in_it or call.caller_gone:
        return
    legs.invite(turn, event.by, "target", call.talk.queue_id)


def taken(turn: Turn, party: Party) -> None:
    """Answered: the agent is let go, with whoever was being consulted."""
    talk = turn.call.talk
    if talk is None:
        return
    turn.stop_playing()
    party = legs.joined(turn, party)
    transfer.note_started(turn, transfer.as_target(party), "pickup")
    turn.do(HangUp(channel_id=talk.offer_id))
    end_talk(turn, keep_recording=True)
    if turn.call.consult is not None and (asked := turn.call.party(turn.call.consult.party_id)) is not None:
        legs.remove(turn, asked, "cancelled")
    end_consult(turn)
    turn.note(TransferEnded(outcome="answered"))
    transfer.hand_to(turn, party, talk.entered_queue_at)
