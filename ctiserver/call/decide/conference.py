"""Several in one conversation: invited, removed, gone. Whoever is left goes on together, or the call is over."""

from __future__ import annotations

from ctiserver.call.decide import flow, legs, talking
from ctiserver.call.decide.ending import end, end_consult, end_talk
from ctiserver.call.decide.placing import arrange
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import CallerHungUp, InviteRequested, LeaveRequested, RemoveRequested
from ctiserver.call.parties import Party
from ctiserver.call.states import Call
from ctiserver.call.words import EndedBy

LARGEST = 64  # parties: what one bridge of this size costs is measured, more is not


def invite(turn: Turn, event: InviteRequested) -> None:
    if len(turn.call.parties) >= LARGEST or turn.call.consult is not None:
        return
    legs.invite(turn, event.target, "conference", turn.call.talk.queue_id if turn.call.talk else "")


def joined(turn: Turn, party: Party) -> None:
    turn.stop_playing()
    legs.joined(turn, party)
    arrange(turn)


def remove(turn: Turn, event: RemoveRequested) -> None:
    """The one whose name is clicked, or who is still being rung."""
    party = turn.call.party(event.party_id)
    if party is not None and party.role in ("conference", "outside"):
        legs.remove(turn, party, "removed")
        go_on(turn, "agent")


def leave(turn: Turn, event: LeaveRequested) -> None:
    """A member who is not in charge leaves."""
    party = next((each for each in turn.call.parties if each.agent_id == event.agent_id), None)
    if party is not None and party.role == "conference":
        legs.remove(turn, party, "left")
        go_on(turn, "agent")


def party_left(turn: Turn, party: Party, reason: str) -> None:
    """By hanging up, or without ever having answered."""
    legs.remove(turn, party, reason, hang_up=False)
    go_on(turn, "agent" if party.agent_id is not None else "caller")


def agent_left(turn: Turn) -> None:
    """The agent in charge is gone; nobody is consulted."""
    turn.stop_playing()
    if not turn.call.parties and not turn.call.caller_gone:
        talking.agent_left(turn)
        flow.after_talk(turn)
        return
    end_talk(turn, keep_recording=True)
    go_on(turn, "agent")


def caller_left(turn: Turn, event: CallerHungUp) -> None:
    """With two or more others in the conversation it goes on without the caller."""
    call = turn.call
    others = (call.talk is not None) + sum(party.joined and party.role != "consulted" for party in call.parties)
    if others < 2 or call.consult is not None or call.phase != "talking":
        end(turn, by="caller", reason="hung_up", cause=event.cause)
        return
    for party in call.parties:
        if party.role == "target":  # was about to take over the caller
            legs.remove(turn, party, "cancelled")
    turn.change(caller_gone=True)
    talking.collect_all(turn)
    go_on(turn, "caller")


def go_on(turn: Turn, by: EndedBy) -> None:
    """Somebody has left. An agent among the others takes charge; nobody stays alone."""
    call = turn.call
    if call.phase == "talking" and call.talk is None:
        heir = next((party for party in call.parties if party.joined and party.agent_id is not None), None)
        if heir is not None:
            legs.put_in_charge(turn, heir, call.last_talk)
        elif not _outside(call):
            _without_agent(turn, by)
            return
        elif call.caller_gone:
            end(turn, by=by, reason="no_agent_left")
            return
        else:
            forward(turn)
    elif call.phase == "forwarded" and not _outside(call):
        _without_agent(turn, by)
        return
    if _is_alone(turn.call):
        end(turn, by=by, reason="nobody_left")
        return
    arrange(turn)


def forward(turn: Turn) -> None:
    """Caller and somebody outside, without any of ours; who is still being rung is let go."""
    for party in turn.call.parties:
        if not party.joined:
            legs.remove(turn, party, "cancelled")
    turn.change(was_answered=True)
    turn.enter("forwarded")


def _outside(call: Call) -> list[Party]:
    return [party for party in call.parties if party.joined]


def _without_agent(turn: Turn, by: EndedBy) -> None:
    """Only the caller is there: back into the flow, or the end."""
    if turn.call.caller_gone:
        end(turn, by=by, reason="hung_up")
        return
    legs.remove_all(turn, "cancelled")
    end_consult(turn)
    talking.back_to_flow(turn)
    flow.after_talk(turn)


def _is_alone(call: Call) -> bool:
    """The agent in charge of a conversation without caller and without anybody to come."""
    return call.phase == "talking" and call.caller_gone and not call.parties and call.direction != "conference"
