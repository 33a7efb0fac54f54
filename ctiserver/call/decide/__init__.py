"""`decide(call, event, now, rules) -> Decided`: what a call becomes, and what to do about it. Pure."""

from __future__ import annotations

from typing import NamedTuple

from ctiserver.call.commands import AnswerCaller, Command, HangUp, IdentifyCaller
from ctiserver.call.decide import callbacks, message_notice, opening, outbound
from ctiserver.call.decide.ending import end
from ctiserver.call.decide.queueing import number_of_offer
from ctiserver.call.decide.table import handler_for
from ctiserver.call.decide.turn import Rules, Turn
from ctiserver.call.events import (
    CallArrived,
    CallbackDue,
    CallInput,
    CallRecovered,
    CallStarted,
    Fact,
    NoticeDue,
    OfferMade,
    OutboundRequested,
)
from ctiserver.call.states import Call

__all__ = ["Decided", "Rules", "decide"]


class Decided(NamedTuple):
    """The call afterwards, what is to be done in this order, and what is now known."""

    call: Call
    commands: tuple[Command, ...]
    facts: tuple[Fact, ...]


def decide(call: Call | None, event: CallInput, now: float, rules: Rules) -> Decided:
    """`call` is None for CallArrived, OutboundRequested, CallbackDue and NoticeDue only. `now`: UTC seconds.

    Raises LookupError for a pair missing in the table.
    """
    if isinstance(event, CallArrived):
        return _arrive(event, now, rules) if call is None else Decided(call, (), ())
    if isinstance(event, OutboundRequested) and call is None:
        turn = Turn(outbound.begin(event, now), now, rules)
        outbound.ring_agent(turn)
        return Decided(turn.call, tuple(turn.commands), tuple(turn.facts))
    if isinstance(event, CallbackDue) and call is None:
        turn = Turn(callbacks.begin(event, now), now, rules)
        callbacks.seek_agent(turn)
        return Decided(turn.call, tuple(turn.commands), tuple(turn.facts))
    if isinstance(event, NoticeDue) and call is None:
        turn = Turn(message_notice.begin(event, now), now, rules)
        message_notice.ring(turn)
        return Decided(turn.call, tuple(turn.commands), tuple(turn.facts))
    if call is None:
        raise LookupError(f"{type(event).__name__} came before CallArrived")
    turn = Turn(call, now, rules)
    if isinstance(event, CallRecovered) and event.unanswered and call.phase != "ended":
        turn.do(AnswerCaller(channel_id=call.channel_id))
    if isinstance(event, OfferMade):
        turn.change(last_offer=max(call.last_offer, number_of_offer(event.offer_id)))
    handler = message_notice.handler_for(call, event) or handler_for(call.phase, event)
    if handler is not None:
        handler(turn, event)
    return Decided(turn.call, tuple(turn.commands), tuple(turn.facts))


def _arrive(event: CallArrived, now: float, rules: Rules) -> Decided:
    call = Call(
        id=event.call_id,
        channel_id=event.channel_id,
        dialled=event.dialled,
        caller_number=event.caller_number,
        caller_name=event.caller_name,
        region=event.region,
        trunk=event.trunk,
        started_at=now,
        phase="menu",
        phase_since=now,
    )
    turn = Turn(call, now, rules)
    turn.note(
        CallStarted(
            call_id=event.call_id,
            dialled=event.dialled,
            caller_number=event.caller_number,
            caller_name=event.caller_name,
            flow=event.flow,
        )
    )
    if not event.flow:
        turn.do(HangUp(channel_id=event.channel_id, reason="unallocated"))
        end(turn, by="system", reason="number_not_served", outcome="refused")
    elif event.gave_up:
        end(turn, by="caller", reason="gave_up_ringing", outcome="abandoned")
    else:
        turn.do(AnswerCaller(channel_id=event.channel_id))
        if event.caller_number:
            turn.do(IdentifyCaller(number=event.caller_number))
        opening.begin(turn, event)
    return Decided(turn.call, tuple(turn.commands), tuple(turn.facts))
