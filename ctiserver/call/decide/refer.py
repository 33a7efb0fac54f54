"""A transfer that the agent's own phone asked for by REFER: the same as one asked for on the page."""

from __future__ import annotations

from ctiserver.call.commands import AnswerRefer
from ctiserver.call.decide import transfer
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import ReferReceived
from ctiserver.call.parties import FlowTarget, QueueTarget


def received(turn: Turn, event: ReferReceived) -> None:
    """The phone is told at once: from then on the caller is ours, and comes back to the agent if nobody answers."""
    call, target = turn.call, event.target
    may = call.phase == "talking" and call.talk is not None and event.leg == call.talk.offer_id
    if target is None or not may or call.consult is not None or call.caller_gone:
        turn.do(AnswerRefer(channel_id=event.leg, state="channel_declined"))
        return
    turn.do(AnswerRefer(channel_id=event.leg, state="channel_answered"))
    match target:
        case QueueTarget():
            transfer.to_queue(turn, target)
        case FlowTarget():
            pass  # no phone can name a flow
        case _:
            transfer.to_person(turn, target, "blind")
