"""Parties of a call: rung, joined, gone. Agents among them are known to the routing engine by the party's id."""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import DialAgent, HangUp, LeaveQueue, Mute, ReleaseAgent, ReportOffer, ReserveAgent
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import PartyInvited, PartyJoined, PartyLeft, TalkStarted
from ctiserver.call.parties import AgentTarget, Dialled, Party, Role
from ctiserver.call.states import Call, Talk


def next_leg(turn: Turn) -> str:
    number = turn.call.legs + 1
    turn.change(legs=number)
    return f"{turn.call.id}.l{number}"


def invite(turn: Turn, target: Dialled, role: Role, queue_id: str = "") -> Party:
    """Rings somebody; the answer comes as AgentLegAnswered or AgentLegEnded of the leg."""
    leg = next_leg(turn)
    agent = target if isinstance(target, AgentTarget) else None
    party = Party(
        id=leg,
        leg=leg,
        role=role,
        number=target.number,
        name=agent.name if agent else "",
        agent_id=agent.agent_id if agent else None,
        since=turn.now,
        queue_id=queue_id,
        endpoint=target.endpoint,
    )
    turn.change(parties=(*turn.call.parties, party))
    turn.note(
        PartyInvited(party_id=leg, role=role, number=party.number, agent_id=party.agent_id, endpoint=target.endpoint)
    )
    if agent is not None:
        turn.do(ReserveAgent(offer_id=leg, contact_id=leg, agent_id=agent.agent_id, queue_id=queue_id))
    turn.do(dial(turn.call, leg, target))
    return party


def dial(call: Call, leg: str, target: Dialled) -> DialAgent:
    """A colleague sees who is calling; somebody outside sees the number that is to be shown."""
    shown = call.caller_number
    if not isinstance(target, AgentTarget):
        shown = target.shown or call.dialled
    return DialAgent(
        offer_id=leg,
        endpoint=target.endpoint,
        originator=_anchor(call),
        caller_number=shown,
        caller_name=call.caller_name if isinstance(target, AgentTarget) else "",
        timeout_s=target.ring_timeout_s,
        auto_answer=isinstance(target, AgentTarget) and target.auto_answer,
    )


def _anchor(call: Call) -> str:
    """A channel that is there for certain: the new leg is refused once it has gone."""
    if not call.caller_gone and call.dialling is None:
        return call.channel_id
    return call.talk.offer_id if call.talk else ""


def joined(turn: Turn, party: Party) -> Party:
    """The party has picked up."""
    now_joined = msgspec.structs.replace(party, state="joined", joined_at=turn.now)
    update(turn, now_joined)
    turn.note(PartyJoined(party_id=party.id, role=party.role))
    if party.agent_id is not None:
        turn.do(ReportOffer(offer_id=party.leg, result="answered"))
    return now_joined


def update(turn: Turn, party: Party) -> None:
    turn.change(parties=tuple(party if each.id == party.id else each for each in turn.call.parties))


def remove(turn: Turn, party: Party, reason: str, *, hang_up: bool = True) -> None:
    """Off the call, and free again."""
    if hang_up and party.state != "queued":
        turn.do(HangUp(channel_id=party.leg))
    if party.agent_id is not None and (party.joined or not party.queue_chosen):
        turn.do(ReleaseAgent(offer_id=party.leg, contact_id=party.id, agent_id=party.agent_id, talked=party.joined))
    elif party.queue_chosen:
        turn.do(LeaveQueue(reason="ended", contact_id=party.id))
    _forget(turn, party, reason)


def remove_all(turn: Turn, reason: str) -> None:
    for party in turn.call.parties:
        remove(turn, party, reason)


def _forget(turn: Turn, party: Party, reason: str) -> None:
    turn.change(parties=tuple(each for each in turn.call.parties if each.id != party.id))
    turn.note(
        PartyLeft(
            party_id=party.id,
            role=party.role,
            number=party.number,
            reason=reason,
            since=party.since,
            agent_id=party.agent_id,
            joined_at=party.joined_at,
        )
    )


def put_in_charge(turn: Turn, party: Party, before: Talk | None) -> None:
    """A party becomes the agent of the call. `before`: whose conversation it continues."""
    if party.agent_id is None:
        raise ValueError(f"{party.id} is no agent")
    if party.muted:
        turn.do(Mute(channel_id=party.leg, muted=False))
    _forget(turn, party, "in_charge")
    queue_id = before.queue_id if before else party.queue_id
    turn.change(
        was_answered=True,
        talk=Talk(
            agent_id=party.agent_id,
            agent_number=party.number,
            agent_name=party.name,
            endpoint=party.endpoint,
            offer_id=party.leg,
            contact_id=party.id,
            queue_id=queue_id,
            entered_queue_at=before.entered_queue_at if before else turn.now,
            started_at=turn.now,
            recording_id=before.recording_id if before else "",
        ),
    )
    turn.note(TalkStarted(agent_id=party.agent_id, queue_id=queue_id))
