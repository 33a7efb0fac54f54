"""Ringing somebody back: a call that waits in a queue without a caller, in the place of the one who asked for it.

    CallbackDue ─▶ waiting ── OfferMade ─▶ ringing ── the agent picks up ─▶ connecting: the customer's phone rings,
                      ▲                       │                             the agent hears it ── picks up ─▶ talking
                      └──── not taken ────────┘

    customer first: OfferMade is the permit to ring the customer, who then waits with music like any other caller

There is a free agent for each phone that rings, since the routing engine gives each contact one. The customer's leg is
CALL.l1 and stands where the caller's channel stands else.
"""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import (
    ConnectParties,
    DialAgent,
    HangUp,
    IdentifyCaller,
    LeaveQueue,
    ReleaseAgent,
    ReportOffer,
)
from ctiserver.call.decide import queueing
from ctiserver.call.decide.causes import refusal_cause
from ctiserver.call.decide.ending import drop_offer, end, offer_over
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import (
    AgentLegAnswered,
    AgentLegEnded,
    CallbackDue,
    CallerHungUp,
    CallStarted,
    OfferMade,
    OfferWithdrawn,
    QueueRefused,
)
from ctiserver.call.states import Call, LiveOffer, QueueStay
from ctiserver.ivr.messages import QueueRequest


def begin(event: CallbackDue, now: float) -> Call:
    target = event.callback.target
    request = QueueRequest(queue=event.queue_id, language=event.language)
    stay = QueueStay(queue_id=event.queue_id, entered_at=event.waiting_since, priority_s=0.0, request=request)
    return Call(
        id=event.call_id,
        channel_id=f"{event.call_id}.l1",
        dialled=event.shown,
        caller_number=target.number,
        caller_name="",
        started_at=now,
        phase="waiting",
        phase_since=now,
        direction="outbound",
        caller_gone=True,
        legs=1,
        queue=stay,
        callback=event.callback,
    )


def seek_agent(turn: Turn) -> None:
    call = turn.call
    turn.note(
        CallStarted(
            call_id=call.id,
            dialled=call.dialled,
            caller_number=call.caller_number,
            caller_name="",
            flow="",
            direction=call.direction,
        )
    )
    if call.queue is not None:
        turn.do(IdentifyCaller(number=call.caller_number), queueing.entry_since(turn, call.queue.entered_at))


def is_sought(turn: Turn) -> bool:
    """Nobody has picked up yet on the customer's side."""
    return turn.call.callback is not None and turn.call.callback.stage != "joined"


def offered(turn: Turn, event: OfferMade) -> bool:
    """True: it is the customer who is rung now. With ring-all one agent is reserved, the others are let go."""
    callback = turn.call.callback
    if callback is None or callback.stage == "joined":
        return False
    if callback.stage == "customer":
        if not callback.permit:
            turn.change(callback=msgspec.structs.replace(callback, permit=event.offer_id))
        elif event.offer_id != callback.permit:
            turn.do(ReportOffer(offer_id=event.offer_id, result="released"))
        return True
    if callback.first == "agent":
        return False
    turn.change(callback=msgspec.structs.replace(callback, stage="customer", permit=event.offer_id), caller_gone=False)
    _ring_customer(turn, originator="", timeout_s=event.ring_timeout_s)
    return True


def withdrawn(turn: Turn, event: OfferWithdrawn) -> None:
    """The agent is needed elsewhere; a customer whose phone rings already waits for the next one."""
    callback = turn.call.callback
    if callback is not None and callback.permit == event.offer_id:
        turn.change(callback=msgspec.structs.replace(callback, permit=""))


def leg_answered(turn: Turn, event: AgentLegAnswered) -> bool:
    """False: an ordinary agent of a queue has picked up, for a customer who is there."""
    callback = turn.call.callback
    if callback is None:
        return False
    if event.offer_id == turn.call.channel_id:
        if callback.stage == "customer":
            _customer_answered(turn)
        return True  # or told again
    if callback.stage == "joined":
        return False
    offer = turn.call.offer_named(event.offer_id)
    if offer is None:
        return False
    if callback.stage == "agent":
        _agent_answered(turn, offer)
    return True


def _agent_answered(turn: Turn, offer: LiveOffer) -> None:
    losers = queueing.choose(turn, offer)
    turn.enter("connecting")
    turn.do(ReportOffer(offer_id=offer.offer_id, result="answered"))
    queueing.let_go(turn, losers)
    callback = turn.call.callback
    if callback is not None:
        rung = msgspec.structs.replace(callback, stage="customer", agent_told=True)
        turn.change(callback=rung, caller_gone=False)
        _ring_customer(turn, originator=offer.offer_id, timeout_s=callback.target.ring_timeout_s)
    turn.ring_back(f"channel:{offer.offer_id}")


def _ring_customer(turn: Turn, *, originator: str, timeout_s: float) -> None:
    callback = turn.call.callback
    if callback is None:
        return
    turn.do(
        DialAgent(
            offer_id=turn.call.channel_id,
            endpoint=callback.target.endpoint,
            originator=originator,
            caller_number=callback.target.shown or turn.call.dialled,
            caller_name="",
            timeout_s=timeout_s,
        )
    )


def _customer_answered(turn: Turn) -> None:
    """Joined with the agent who waits; rung first, the customer waits for one, who has the whole time to pick up."""
    callback, offer = turn.call.callback, turn.call.offer
    if callback is None:
        return
    turn.stop_playing()
    turn.change(callback=msgspec.structs.replace(callback, stage="joined", permit=""))
    if offer is not None:
        turn.do(ConnectParties(bridge_id=turn.call.bridge_id, channel_ids=(turn.call.channel_id, offer.offer_id)))
        return
    queueing.begin_music(turn)
    if callback.permit:
        turn.do(ReportOffer(offer_id=callback.permit, result="released"))


def customer_gone(turn: Turn, event: CallerHungUp) -> bool:
    """Not reached. The agent is free at once: there was nothing to wrap up."""
    callback = turn.call.callback
    if callback is None or callback.stage != "customer":
        return False
    _let_agent_go(turn)
    reason = refusal_cause(event.cause, event.tech_cause)
    end(turn, by="caller", reason=reason, cause=event.cause, outcome="failed")
    return True


def agent_gone(turn: Turn, event: AgentLegEnded) -> bool:
    """The agent has picked up, and down again while the customer's phone rang."""
    offer, callback = turn.call.offer_named(event.offer_id), turn.call.callback
    if offer is None or callback is None:
        return False
    if callback.stage != "customer":
        return agent_lost(turn, offer, hang_up=False)
    turn.do(HangUp(channel_id=turn.call.channel_id))
    _let_agent_go(turn)
    end(turn, by="agent", reason="agent_hung_up", outcome="failed")
    return True


def agent_lost(turn: Turn, offer: LiveOffer, *, hang_up: bool) -> bool:
    """The customer is there, the agent went in that instant: back into the line, at the same place.

    False: an agent who has not been told of as answered, which is nothing special.
    """
    callback, stay = turn.call.callback, turn.call.queue
    if callback is None or stay is None or not callback.agent_told or turn.call.phase != "connecting":
        return False
    if hang_up:
        turn.do(HangUp(channel_id=offer.offer_id))
    offer_over(turn, offer, "refused", "failed")
    turn.do(_release(turn, offer))
    turn.change(callback=msgspec.structs.replace(callback, agent_told=False))
    queueing.back_to_waiting(turn)
    turn.do(queueing.entry_since(turn, stay.entered_at))
    return True


def _let_agent_go(turn: Turn) -> None:
    turn.stop_playing()
    offer = turn.call.offer
    drop_offer(turn, "caller_gone", hang_up_reason="normal")
    turn.do(_release(turn, offer) if offer is not None else LeaveQueue(reason="unreached"))
    turn.change(queue=None)


def _release(turn: Turn, offer: LiveOffer) -> ReleaseAgent:
    return ReleaseAgent(
        offer_id=offer.offer_id, contact_id=turn.call.id, agent_id=offer.agent_id, talked=False, unreached=True
    )


def queue_refused(turn: Turn, event: QueueRefused) -> bool:
    """The queue is closed, or gone: tried again later."""
    if turn.call.callback is None:
        return False
    if not turn.call.caller_gone:
        turn.do(HangUp(channel_id=turn.call.channel_id))
    end(turn, by="system", reason=event.reason)
    return True


def resume(turn: Turn) -> bool:
    """After a restart. True: the customer's phone rings, and an agent hears it."""
    callback, offer = turn.call.callback, turn.call.offer
    if callback is None or callback.stage != "customer":
        return False
    turn.change(callback=msgspec.structs.replace(callback, permit=""))
    if offer is None or turn.call.queue is None:
        return False
    turn.do(queueing.adopted(turn, offer, turn.call.queue, answered=True))
    return True
