"""Asking somebody while the caller waits: then swap, merge, complete or cancel.

    consult.active     agent speaks with      caller hears         the consulted hears
    consulted          the consulted          music                the agent
    caller             the caller             the agent            music

Whoever hangs up, the others go on: the agent → the caller goes to the consulted (who may still be being rung);
the consulted → the agent has the caller again; the caller → the call is over.
"""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import DialAgent, EnterQueue, HangUp, MakeBridge, ReportOffer
from ctiserver.call.decide import legs, transfer
from ctiserver.call.decide.ending import end_consult, end_talk
from ctiserver.call.decide.placing import arrange
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import ConsultChosen, ConsultRequested, OfferMade, PartyInvited, TransferEnded
from ctiserver.call.parties import Consult, FlowTarget, Party, QueueTarget
from ctiserver.call.words import RefusalCause


def requested(turn: Turn, event: ConsultRequested) -> None:
    call, target = turn.call, event.target
    if call.talk is None or call.consult is not None or call.caller_gone or isinstance(target, FlowTarget):
        return
    turn.stop_playing()
    beside = turn.bridge_beside()
    turn.do(MakeBridge(bridge_id=beside))
    if isinstance(target, QueueTarget):
        party = _ask_queue(turn, target)
    else:
        party = legs.invite(turn, target, "consulted", call.talk.queue_id)
    turn.change(consult=Consult(party_id=party.id, bridge_id=beside))
    arrange(turn)
    turn.ring_back(f"bridge:{beside}")


def _ask_queue(turn: Turn, target: QueueTarget) -> Party:
    """Some agent of that queue, chosen as for a caller, while this call stays with its agent."""
    leg = legs.next_leg(turn)
    party = Party(
        id=leg,
        leg=leg,
        role="consulted",
        number=target.queue_id,
        state="queued",
        since=turn.now,
        queue_id=target.queue_id,
        queue_chosen=True,
    )
    turn.change(parties=(*turn.call.parties, party))
    turn.note(PartyInvited(party_id=leg, role="consulted", number=target.queue_id))
    turn.do(
        EnterQueue(
            queue_id=target.queue_id,
            skills={},
            priority_s=target.priority_s or 0.0,
            entered_at=turn.now,
            contact_id=party.id,
        )
    )
    return party


def offered(turn: Turn, event: OfferMade) -> bool:
    """The queue found somebody to consult; False: the offer is for nobody here."""
    contact_id = event.offer_id.rpartition(".")[0]
    party = next((each for each in turn.call.parties if each.id == contact_id and each.queue_chosen), None)
    if party is None or party.state != "queued":
        return False
    legs.update(
        turn,
        msgspec.structs.replace(
            party,
            leg=event.offer_id,
            state="ringing",
            agent_id=event.agent_id,
            number=event.agent_number,
            name=event.agent_name,
            endpoint=event.endpoint,
        ),
    )
    turn.do(
        DialAgent(
            offer_id=event.offer_id,
            endpoint=event.endpoint,
            originator=turn.call.channel_id,
            caller_number=turn.call.caller_number,
            caller_name=turn.call.caller_name,
            timeout_s=event.ring_timeout_s,
            auto_answer=event.auto_answer,
        )
    )
    return True


def answered(turn: Turn, party: Party) -> None:
    turn.stop_playing()
    legs.joined(turn, party)
    arrange(turn)


def not_answered(turn: Turn, party: Party, cause: RefusalCause, *, hang_up: bool = False) -> None:
    """An agent whom the queue chose is followed by the next; otherwise the agent has the caller again."""
    if party.queue_chosen and party.state == "ringing":
        if hang_up:
            turn.do(HangUp(channel_id=party.leg))
        turn.do(ReportOffer(offer_id=party.leg, result="refused", cause=cause))
        back_to_queue(turn, party)
        return
    over(turn, party, cause, hang_up=hang_up)


def back_to_queue(turn: Turn, party: Party) -> None:
    """The agent whom the queue chose is out of it; the queue goes on looking."""
    queued = msgspec.structs.replace(
        party, leg=party.id, state="queued", agent_id=None, number=party.queue_id, name="", endpoint=""
    )
    legs.update(turn, queued)


def over(turn: Turn, party: Party, reason: str, *, hang_up: bool) -> None:
    """Agent and caller are together again."""
    turn.stop_playing()
    legs.remove(turn, party, reason, hang_up=hang_up)
    drop_bridge(turn)
    arrange(turn)


def chosen(turn: Turn, event: ConsultChosen) -> None:
    call = turn.call
    party = call.party(call.consult.party_id) if call.consult else None
    if call.consult is None or party is None:
        return
    match event.choice:
        case "swap" if party.joined and not call.consult.via:  # with two lines the phone itself swaps
            turn.stop_playing()
            active = "caller" if call.consult.active == "consulted" else "consulted"
            turn.change(consult=msgspec.structs.replace(call.consult, active=active))
            arrange(turn)
        case "merge" if party.joined:
            turn.stop_playing()
            legs.update(turn, msgspec.structs.replace(party, role="conference"))
            drop_bridge(turn, first=True)
        case "complete":
            complete(turn, party, hang_up=True)
        case "cancel":
            over(turn, party, "cancelled", hang_up=True)
        case _:
            pass


def drop_bridge(turn: Turn, *, first: bool = False) -> None:
    """`first`: everybody leaves it before it is destroyed, so that nobody hears silence in between."""
    if first and (consult := turn.call.consult) is not None:
        turn.change(consult=None)
        arrange(turn)
        turn.change(consult=consult)
    end_consult(turn)


def complete(turn: Turn, party: Party, *, hang_up: bool) -> None:
    """The agent leaves the caller to the consulted. `hang_up` False: the agent's phone has gone already."""
    talk = turn.call.talk
    if talk is None:
        return
    turn.stop_playing()
    transfer.note_started(turn, transfer.as_target(party), "consult")
    if hang_up:
        turn.do(HangUp(channel_id=talk.offer_id))
    if party.joined:
        end_talk(turn, keep_recording=True)
        turn.note(TransferEnded(outcome="answered"))
        beside = turn.call.consult
        turn.change(consult=None)
        transfer.hand_to(turn, party, talk.entered_queue_at)
        turn.change(consult=beside)
        end_consult(turn)
    elif party.queue_chosen:
        _queue_instead(turn, party)
    else:
        end_consult(turn)
        transfer.to_ringing(turn, party)


def _queue_instead(turn: Turn, party: Party) -> None:
    """The queue has not found anybody yet: the caller waits there, with the place that the agent's question had."""
    legs.remove(turn, party, "cancelled")
    turn.note(TransferEnded(outcome="queued"))
    language = turn.call.cursor.language if turn.call.cursor else "zh-CN"
    transfer.into_queue(turn, QueueTarget(queue_id=party.queue_id), language)
