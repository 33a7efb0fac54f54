"""The flow has somebody rung outside of the queues: an extension, an agent directly, an outside number.

    DialLeg ─▶ rings, the caller hears music ─ AgentLegAnswered ─▶ ConnectParties ─ PartiesConnected ─▶ they talk
                  └─ AgentLegEnded: busy, no answer, unreachable …              └─ AgentLegEnded: completed

Whoever hangs up first: a caller who does ends the call and with it the leg; the other side gives the caller back to the
flow.
"""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import (
    ConnectParties,
    DestroyBridge,
    DialLeg,
    HangUp,
    HoldWithMusic,
    MakeBridge,
    StartRecording,
)
from ctiserver.call.decide.causes import refusal_cause
from ctiserver.call.decide.recordings import collect
from ctiserver.call.decide.turn import Turn
from ctiserver.call.errands import OutsideLeg
from ctiserver.call.events import (
    AgentLegAnswered,
    AgentLegEnded,
    ConnectFailed,
    ForwardAnswered,
    ForwardEnded,
    ForwardStarted,
    PartiesConnected,
)
from ctiserver.call.states import RunningRecording
from ctiserver.ivr.messages import DialOut, FlowInput, LegDone, LegOutcome

RING_GRACE_S = 10.0


def begin(turn: Turn, asked: DialOut) -> FlowInput | None:
    endpoint = _endpoint(turn, asked)
    if not endpoint:
        return LegDone(outcome="not_allowed" if asked.kind == "outside" else "unreachable")
    call = turn.call
    leg_id, bridge_id = turn.next_id("t"), turn.bridge_beside()
    turn.stop_playing()
    turn.change(
        errand=OutsideLeg(
            leg_id=leg_id,
            target=asked.target,
            kind=asked.kind,
            since=turn.now,
            bridge_id=bridge_id,
            limit_s=asked.limit_s,
            record=asked.record,
        )
    )
    turn.set_deadline("errand", asked.ring_s + RING_GRACE_S)
    turn.note(ForwardStarted(leg_id=leg_id, kind=asked.kind, target=asked.target, endpoint=endpoint))
    turn.do(
        HoldWithMusic(channel_id=call.channel_id, music=asked.music),
        DialLeg(
            leg_id=leg_id,
            endpoint=endpoint,
            originator=call.channel_id,
            caller_number=call.caller_number,
            caller_name=call.caller_name,
            timeout_s=asked.ring_s,
        ),
        MakeBridge(bridge_id=bridge_id),
    )
    return None


def _endpoint(turn: Turn, asked: DialOut) -> str:
    """Empty: it may not be rung, or is unknown."""
    if asked.kind == "outside":
        return turn.rules.outside.endpoint_for(asked.target)
    extension = turn.rules.extensions.get(f"{asked.kind}:{asked.target}", "")
    return f"PJSIP/{extension}" if extension else ""


def is_leg(turn: Turn, leg_id: str) -> bool:
    errand = turn.call.errand
    return isinstance(errand, OutsideLeg) and errand.leg_id == leg_id


def answered(turn: Turn, event: AgentLegAnswered) -> None:
    errand = turn.call.errand
    if not isinstance(errand, OutsideLeg) or errand.picked_up:
        return
    turn.clear_deadlines("errand")
    turn.change(errand=msgspec.structs.replace(errand, picked_up=True))
    turn.do(ConnectParties(bridge_id=errand.bridge_id, channel_ids=(turn.call.channel_id, event.offer_id)))


def connected(turn: Turn, event: PartiesConnected) -> None:
    errand = turn.call.errand
    if not isinstance(errand, OutsideLeg) or event.bridge_id != errand.bridge_id or errand.talking_since:
        return
    already = any(recording.ended_at is None for recording in turn.call.recording)  # of an agent who waits
    recording_id = f"{turn.call.id}.r{turn.call.recordings + 1}" if errand.record and not already else ""
    turn.change(errand=msgspec.structs.replace(errand, talking_since=turn.now, recording_id=recording_id))
    turn.note(ForwardAnswered(leg_id=errand.leg_id, recording_id=recording_id))
    if errand.limit_s is not None:
        turn.set_deadline("errand", errand.limit_s)
    if recording_id:
        running = RunningRecording(
            recording_id=recording_id, agent_id=0, agent_number="", queue_id="", started_at=turn.now
        )
        turn.change(recordings=turn.call.recordings + 1, recording=(*turn.call.recording, running))
        turn.do(StartRecording(recording_id=recording_id, channel_id=turn.call.channel_id))


def connect_failed(turn: Turn, event: ConnectFailed) -> FlowInput | None:
    """One of the two had gone in that instant."""
    errand = turn.call.errand
    if not isinstance(errand, OutsideLeg) or event.bridge_id != errand.bridge_id:
        return None
    return _over(turn, "failed", hang_up=True)


def ended(turn: Turn, event: AgentLegEnded) -> FlowInput | None:
    errand = turn.call.errand
    if not isinstance(errand, OutsideLeg) or errand.leg_id != event.offer_id:
        return None
    if errand.talking_since is not None:
        return _over(turn, "completed", hang_up=False)
    if errand.picked_up:
        return _over(turn, "failed", hang_up=False)
    return _over(turn, refusal_cause(event.cause, event.tech_cause), hang_up=False)


def overdue(turn: Turn) -> FlowInput | None:
    """Rung for too long, or talked for as long as was allowed."""
    errand = turn.call.errand
    if not isinstance(errand, OutsideLeg):
        return None
    return _over(turn, "no_answer" if errand.talking_since is None else "completed", hang_up=True)


def give_up(turn: Turn) -> None:
    if isinstance(turn.call.errand, OutsideLeg):
        _end(turn, turn.call.errand, "caller_gone", hang_up=True)


def resume(turn: Turn) -> None:
    """After a restart: it rings or they talk on. What was commanded and perhaps not carried out is commanded again."""
    errand = turn.call.errand
    if isinstance(errand, OutsideLeg) and errand.picked_up and errand.talking_since is None:
        turn.do(ConnectParties(bridge_id=errand.bridge_id, channel_ids=(turn.call.channel_id, errand.leg_id)))


def _over(turn: Turn, outcome: LegOutcome, *, hang_up: bool) -> FlowInput:
    if isinstance(turn.call.errand, OutsideLeg):
        _end(turn, turn.call.errand, outcome, hang_up=hang_up)
    turn.change(errand=None)
    turn.clear_deadlines("errand")
    return LegDone(outcome=outcome)


def _end(turn: Turn, errand: OutsideLeg, outcome: str, *, hang_up: bool) -> None:
    if hang_up:
        turn.do(HangUp(channel_id=errand.leg_id))
    talk_s = turn.now - errand.talking_since if errand.talking_since is not None else 0.0
    turn.note(
        ForwardEnded(
            leg_id=errand.leg_id,
            kind=errand.kind,
            outcome="completed" if errand.talking_since is not None else outcome,
            started_at=errand.since,
            talk_s=talk_s,
        )
    )
    for recording in turn.call.recording:
        if recording.recording_id == errand.recording_id and recording.ended_at is None:
            collect(turn, recording)
    turn.stop_playing()
    turn.do(DestroyBridge(bridge_id=errand.bridge_id))
