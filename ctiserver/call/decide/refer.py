"""A transfer that the agent's own phone asked for by REFER: the same as one asked for on the page.

Attended: the phone rings somebody by itself on a second line (`ConsultDialled`), which is a consult as any other; its
REFER with Replaces completes it. The phone holds the caller, who hears music meanwhile.
"""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import AnswerCaller, AnswerRefer, HangUp, MakeBridge
from ctiserver.call.decide import consult, legs, transfer
from ctiserver.call.decide.ending import end_consult
from ctiserver.call.decide.placing import arrange
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import ConsultDialled, ReferReceived
from ctiserver.call.parties import Consult, FlowTarget, QueueTarget


def received(turn: Turn, event: ReferReceived) -> None:
    """The phone is told at once: from then on the caller is ours, and comes back to the agent if nobody answers."""
    if event.attended:
        _attended(turn, event)
        return
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


def _attended(turn: Turn, event: ReferReceived) -> None:
    """Caller and consulted go on without the agent; one who still rings is rung for the caller."""
    call, asked = turn.call, turn.call.consult
    party = call.party(asked.party_id) if asked is not None else None
    lines = {call.talk.offer_id, asked.via} if call.talk is not None and asked is not None and asked.via else set[str]()
    if party is None or lines != {event.leg, event.other} or call.caller_gone:
        turn.do(AnswerRefer(channel_id=event.leg, state="channel_declined"))
        return
    turn.do(AnswerRefer(channel_id=event.leg, state="channel_answered"))
    consult.complete(turn, party, hang_up=True)


def dialled(turn: Turn, event: ConsultDialled) -> None:
    """A second line of the phone: whom it rings is asked aside. The phone hears busy where that can't be."""
    call, talk, target = turn.call, turn.call.talk, event.target
    if call.phase != "talking" or talk is None or target is None or call.consult is not None or call.caller_gone:
        turn.do(HangUp(channel_id=event.channel_id, reason="busy"))
        return
    turn.stop_playing()
    beside = turn.bridge_beside()
    turn.do(AnswerCaller(channel_id=event.channel_id), MakeBridge(bridge_id=beside))
    party = legs.invite(turn, target, "consulted", talk.queue_id)
    turn.change(consult=Consult(party_id=party.id, bridge_id=beside, via=event.channel_id))
    arrange(turn)
    turn.ring_back(f"bridge:{beside}")


def line_ended(turn: Turn, channel_id: str) -> bool:
    """The phone put its second line down: nobody is consulted any more. False: it is no line of this call."""
    asked = turn.call.consult
    if asked is None or not channel_id or channel_id != asked.via:
        return False
    turn.change(consult=msgspec.structs.replace(asked, via=""))
    party = turn.call.party(asked.party_id)
    if party is not None:
        consult.over(turn, party, "cancelled", hang_up=True)
    else:
        end_consult(turn)
    return True
