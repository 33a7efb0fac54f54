"""Sending the caller elsewhere: the agent is free at once, the caller hears music until somebody answers.

TransferRequested ─▶ transferring ── answered ──────────────▶ talking (an agent) or forwarded (a number outside)
                         │ not answered
                         ├─▶ the one who sent the caller is rung again ── answered ─▶ talking
                         └─▶ then the queue from which the caller came, or the flow
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.call.commands import HangUp, MakeBridge
from ctiserver.call.decide import conference, legs, queueing, talking
from ctiserver.call.decide.ending import end_talk
from ctiserver.call.decide.placing import arrange
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import TransferEnded, TransferStarted
from ctiserver.call.parties import (
    AgentTarget,
    Dialled,
    FlowTarget,
    NumberTarget,
    Party,
    QueueTarget,
    Target,
    Transfer,
)
from ctiserver.call.states import Talk
from ctiserver.call.words import RefusalCause
from ctiserver.ivr.messages import QueueRequest

RETURN_PRIORITY_S = 300.0  # ahead of those who came later: this caller has been waiting for somebody before


def to_person(turn: Turn, target: Dialled, kind: Literal["blind", "flow"], on_failure: str = "") -> None:
    """Rings the target for the caller. `on_failure`: the queue, if there was no agent from whose the caller came."""
    talk = turn.call.talk
    turn.stop_playing()
    note_started(turn, target, kind)
    if talk is not None:
        turn.do(HangUp(channel_id=talk.offer_id))
        end_talk(turn, keep_recording=True)
    if not turn.call.bridge_id:
        turn.do(MakeBridge(bridge_id=turn.next_bridge()))
    party = legs.invite(turn, target, "target", talk.queue_id if talk else on_failure)
    _ring(turn, kind, party, talk, on_failure)


def to_ringing(turn: Turn, party: Party) -> None:
    """The agent hangs up while the one to be consulted is still being rung: it is rung for the caller now."""
    talk = turn.call.talk
    legs.update(turn, msgspec.structs.replace(party, role="target"))
    end_talk(turn, keep_recording=True)
    _ring(turn, "consult", party, talk, "")


def _ring(turn: Turn, kind: Literal["blind", "consult", "flow"], party: Party, talk: Talk | None, queue: str) -> None:
    turn.change(
        transfer=Transfer(
            kind=kind,
            party_id=party.id,
            queue_id=talk.queue_id if talk else queue,
            since=turn.now,
            back_to=sender(talk),
            language=turn.call.cursor.language if turn.call.cursor else "zh-CN",
            entered_queue_at=talk.entered_queue_at if talk else turn.now,
        )
    )
    turn.enter("transferring")
    arrange(turn)


def sender(talk: Talk | None) -> AgentTarget | None:
    """Who is rung again if nobody answers; None where the phone is not known (a call begun by an older version)."""
    if talk is None or not talk.endpoint:
        return None
    return AgentTarget(agent_id=talk.agent_id, number=talk.agent_number, name=talk.agent_name, endpoint=talk.endpoint)


def answered(turn: Turn, party: Party) -> None:
    transfer = turn.call.transfer
    if transfer is None:
        return
    turn.stop_playing()
    party = legs.joined(turn, party)
    turn.note(TransferEnded(outcome="returned" if transfer.recalled else "answered"))
    turn.change(transfer=None)
    hand_to(turn, party, transfer.entered_queue_at)


def hand_to(turn: Turn, party: Party, entered_queue_at: float) -> None:
    """Caller and party are in conversation now."""
    if party.agent_id is not None:
        before = turn.call.last_talk
        legs.put_in_charge(turn, party, before)
        if before is None and turn.call.talk is not None:
            turn.change(talk=msgspec.structs.replace(turn.call.talk, entered_queue_at=entered_queue_at))
        turn.enter("talking")
        if not any(recording.ended_at is None for recording in turn.call.recording):
            talking.record_talk(turn)
    else:
        legs.update(turn, msgspec.structs.replace(party, role="outside"))
        conference.forward(turn)
    arrange(turn)


def not_answered(turn: Turn, party: Party, cause: RefusalCause, *, hang_up: bool = False) -> bool:
    """The sender is rung, or the caller waits in the queue again. True: neither is there, the flow has the caller."""
    transfer = turn.call.transfer
    if transfer is None:
        return False
    legs.remove(turn, party, cause, hang_up=hang_up)
    if transfer.back_to is not None and not transfer.recalled:
        party = legs.invite(turn, transfer.back_to, "target", transfer.queue_id)
        turn.change(transfer=msgspec.structs.replace(transfer, party_id=party.id, recalled=True))
        return False
    turn.change(transfer=None)
    if transfer.queue_id in turn.rules.queues:
        turn.note(TransferEnded(outcome="queued", reason=cause))
        into_queue(turn, QueueTarget(queue_id=transfer.queue_id, priority_s=RETURN_PRIORITY_S), transfer.language)
        return False
    turn.note(TransferEnded(outcome="failed", reason=cause))
    talking.back_to_flow(turn)
    return True


def to_queue(turn: Turn, target: QueueTarget) -> None:
    """The agent is rid of the caller, who keeps what is known and the priority."""
    talk = turn.call.talk
    note_started(turn, target, "blind")
    if talk is not None:
        turn.do(HangUp(channel_id=talk.offer_id))
    turn.note(TransferEnded(outcome="queued"))
    into_queue(turn, target, turn.call.cursor.language if turn.call.cursor else "zh-CN")


def into_queue(turn: Turn, target: QueueTarget, language: str) -> None:
    talking.back_to_flow(turn)
    priority = target.priority_s if target.priority_s is not None else turn.call.priority_s
    queueing.enter(turn, QueueRequest(queue=target.queue_id, language=language, priority=int(priority)))


def note_started(turn: Turn, target: Target, kind: str) -> None:
    talk = turn.call.talk
    agent_id = target.agent_id if isinstance(target, AgentTarget) else None
    where: Literal["agent", "number", "queue", "flow"]
    match target:
        case AgentTarget():
            where, what = "agent", target.number
        case NumberTarget():
            where, what = "number", target.number
        case QueueTarget():
            where, what = "queue", target.queue_id
        case FlowTarget():
            where, what = "flow", target.flow
    turn.note(
        TransferStarted(
            kind=kind,
            target_kind=where,
            target=what,
            agent_id=talk.agent_id if talk else None,
            target_agent_id=agent_id,
        )
    )


def as_target(party: Party) -> AgentTarget | NumberTarget | QueueTarget:
    if party.agent_id is not None:
        return AgentTarget(agent_id=party.agent_id, number=party.number, name=party.name, endpoint=party.endpoint)
    if party.queue_chosen:
        return QueueTarget(queue_id=party.queue_id)
    return NumberTarget(number=party.number, endpoint=party.endpoint)
