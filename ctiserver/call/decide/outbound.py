"""Calls that agents make: the agent's phone first, then the other side, who sees the number that was chosen.

    OutboundRequested ─▶ dialling: the agent's phone rings ── answered ─▶ the other side's rings, the agent hears it
                                                                             │ answered
                                                                             ▼
                                                                          talking

A colleague, or nobody yet, makes it a conference from the beginning: a conversation without a caller.
"""

from __future__ import annotations

from ctiserver.call.commands import AdoptOffer, DialAgent, HangUp, IdentifyCaller, MakeBridge, ReportOffer, ReserveAgent
from ctiserver.call.decide import legs, talking
from ctiserver.call.decide.causes import refusal_cause
from ctiserver.call.decide.ending import end
from ctiserver.call.decide.placing import arrange
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import CallerHungUp, CallStarted, OutboundRequested, PartyInvited, TalkStarted
from ctiserver.call.parties import Dialling, NumberTarget
from ctiserver.call.states import Call, Talk

LONGEST = "longest_call"


def begin(event: OutboundRequested, now: float) -> Call:
    """Legs: the agent's is CALL.l1, the other side's CALL.l2, which stands where the caller's channel stands else."""
    target, outside = event.target, isinstance(event.target, NumberTarget)
    return Call(
        id=event.call_id,
        channel_id=f"{event.call_id}.l2" if outside else "",
        dialled=event.shown,
        caller_number=target.number if target is not None else "",
        caller_name="",
        started_at=now,
        phase="dialling",
        phase_since=now,
        direction=event.direction,
        caller_gone=not outside,
        legs=2 if outside else 1,
        dialling=Dialling(
            agent=event.agent,
            leg=f"{event.call_id}.l1",
            target=target,
            longest_s=event.longest_s,
            record=event.record,
        ),
        callback=event.callback,
    )


def ring_agent(turn: Turn) -> None:
    call, dialling = turn.call, turn.call.dialling
    if dialling is None:
        return
    agent = dialling.agent
    turn.note(
        CallStarted(
            call_id=call.id,
            dialled=call.dialled,
            caller_number=call.caller_number,
            caller_name="",
            flow="",
            direction=call.direction,
            agent_id=agent.agent_id,
        ),
        PartyInvited(
            party_id=dialling.leg, role="agent", number=agent.number, agent_id=agent.agent_id, endpoint=agent.endpoint
        ),
    )
    if isinstance(dialling.target, NumberTarget):
        turn.do(IdentifyCaller(number=call.caller_number))
    turn.do(
        ReserveAgent(offer_id=dialling.leg, contact_id=call.id, agent_id=agent.agent_id, queue_id=""),
        DialAgent(
            offer_id=dialling.leg,
            endpoint=agent.endpoint,
            originator="",
            caller_number=call.caller_number,
            caller_name="",
            timeout_s=agent.ring_timeout_s,
            auto_answer=agent.auto_answer,
        ),
        MakeBridge(bridge_id=turn.next_bridge()),
    )


def leg_answered(turn: Turn, leg: str) -> bool:
    """False: none of the two."""
    call, dialling = turn.call, turn.call.dialling
    if dialling is None:
        return False
    if leg == dialling.leg and dialling.stage == "agent":
        turn.do(ReportOffer(offer_id=leg, result="answered"))
        if isinstance(dialling.target, NumberTarget):
            _ring_number(turn, dialling, dialling.target)
        else:
            _confer(turn, dialling)
        return True
    if leg == call.channel_id and dialling.stage == "target":
        _talk(turn, dialling)
        return True
    return False


def _ring_number(turn: Turn, dialling: Dialling, target: NumberTarget) -> None:
    turn.change(dialling=_reached(dialling))
    turn.do(
        DialAgent(
            offer_id=turn.call.channel_id,
            endpoint=target.endpoint,
            originator=dialling.leg,
            caller_number=target.shown or turn.call.dialled,
            caller_name="",
            timeout_s=target.ring_timeout_s,
        )
    )
    turn.note(
        PartyInvited(party_id=turn.call.channel_id, role="outside", number=target.number, endpoint=target.endpoint)
    )
    turn.ring_back(f"channel:{dialling.leg}")


def _reached(dialling: Dialling) -> Dialling:
    return Dialling(
        agent=dialling.agent,
        leg=dialling.leg,
        target=dialling.target,
        stage="target",
        longest_s=dialling.longest_s,
        record=dialling.record,
    )


def _confer(turn: Turn, dialling: Dialling) -> None:
    """Only agents: a conversation that is not recorded, in which whoever joins is a party."""
    _begin_talk(turn, dialling)
    if dialling.target is not None:
        legs.invite(turn, dialling.target, "conference")
    arrange(turn)


def _talk(turn: Turn, dialling: Dialling) -> None:
    turn.stop_playing()
    _begin_talk(turn, dialling)
    if dialling.record:
        talking.record_talk(turn)
    arrange(turn)


def _begin_talk(turn: Turn, dialling: Dialling) -> None:
    agent = dialling.agent
    turn.change(
        dialling=None,
        was_answered=True,
        talk=Talk(
            agent_id=agent.agent_id,
            agent_number=agent.number,
            agent_name=agent.name,
            endpoint=agent.endpoint,
            offer_id=dialling.leg,
            queue_id="",
            entered_queue_at=turn.now,
            started_at=turn.now,
        ),
    )
    turn.enter("talking")
    turn.note(TalkStarted(agent_id=agent.agent_id, queue_id=""))
    if dialling.longest_s > 0:
        turn.set_deadline(LONGEST, dialling.longest_s)


def leg_ended(turn: Turn, leg: str, cause: int, tech_cause: int) -> None:
    """The agent's phone: not answered, or put down while the other side was being rung."""
    dialling = turn.call.dialling
    if dialling is None or leg != dialling.leg:
        return
    if dialling.stage == "target":
        turn.do(HangUp(channel_id=turn.call.channel_id))
        end(turn, by="agent", reason="hung_up", cause=cause)
    else:
        end(turn, by="agent", reason=f"agent_{refusal_cause(cause, tech_cause)}", cause=cause)


def withdrawn(turn: Turn, leg: str, reason: str) -> None:
    """The agent is taken by something else."""
    dialling = turn.call.dialling
    if dialling is not None and leg == dialling.leg:
        if dialling.stage == "target":
            turn.do(HangUp(channel_id=turn.call.channel_id))
        end(turn, by="system", reason=reason)


def other_side_ended(turn: Turn, event: CallerHungUp) -> None:
    """Not reached: busy, rejected, no answer, or no such number."""
    reason = refusal_cause(event.cause, event.tech_cause)
    end(turn, by="caller", reason=reason, cause=event.cause, outcome="failed")


def too_long(turn: Turn) -> None:
    if not turn.call.caller_gone:
        turn.do(HangUp(channel_id=turn.call.channel_id))
    end(turn, by="system", reason="too_long")


def resume(turn: Turn) -> None:
    """After a restart: whoever rings goes on ringing; a leg that was never dialled is missed by the comparison."""
    if (dialling := turn.call.dialling) is not None:
        turn.do(
            AdoptOffer(
                offer_id=dialling.leg,
                agent_id=dialling.agent.agent_id,
                queue_id="",
                entered_at=turn.call.started_at,
                answered=dialling.stage == "target",
            )
        )
