"""The end of a call, from whatever phase: everything that was begun for it is undone, and one CallEnded is noted."""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.call.commands import CollectRecording, HangUp, LeaveQueue, ReportTalkEnded, StopPrompt
from ctiserver.call.decide.progress import note_end
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import CallEnded, OfferEnded, QueueLeft, TalkEnded
from ctiserver.call.states import RunningRecording, Talk
from ctiserver.call.words import EndedBy

Outcome = Literal["answered", "abandoned", "self_service", "refused", "failed"]


def end(turn: Turn, *, by: EndedBy, reason: str, cause: int = 0, outcome: Outcome | None = None) -> None:
    """The caller's channel is gone or has been told to go."""
    call = turn.call
    note_end(turn, by)
    outcome = outcome or _outcome(turn, by)
    drop_offer(turn, "caller_gone", hang_up_reason="normal")
    if call.queue is not None and call.phase in ("waiting", "ringing", "connecting"):
        turn.do(LeaveQueue(reason="abandoned"))
        leave_queue(turn, "abandoned", reason)
    if call.talk is not None:
        turn.do(HangUp(channel_id=call.talk.offer_id))
        end_talk(turn)
    if call.playing:  # it ends with its channel; on a bridge it would go on to nobody
        turn.do(StopPrompt(playback_id=call.playing))
    turn.drop_bridge()
    turn.clear_deadlines()
    turn.change(playing="", queue=None, offer=None, ended_by=by)
    turn.enter("ended")
    turn.note(
        CallEnded(call_id=call.id, started_at=call.started_at, ended_by=by, reason=reason, outcome=outcome, cause=cause)
    )


def _outcome(turn: Turn, by: EndedBy) -> Outcome:
    if turn.call.was_answered or turn.call.talk is not None:
        return "answered"
    if by in ("system", "asterisk"):
        return "failed"
    return "abandoned" if turn.call.was_queued and turn.call.queue is not None else "self_service"


def drop_offer(
    turn: Turn, outcome: Literal["refused", "withdrawn", "caller_gone"], *, hang_up_reason: str = ""
) -> None:
    """Forgets the agent who was being rung; with `hang_up_reason` the phone is told to stop."""
    if (offer := turn.call.offer) is None or (queue := turn.call.queue) is None:
        return
    if hang_up_reason:
        turn.do(HangUp(channel_id=offer.offer_id, reason=hang_up_reason))
    turn.note(
        OfferEnded(
            offer_id=offer.offer_id,
            agent_id=offer.agent_id,
            queue_id=queue.queue_id,
            started_at=offer.started_at,
            outcome=outcome,
        )
    )
    turn.change(offer=None)


def leave_queue(turn: Turn, outcome: Literal["answered", "abandoned", "overflowed"], reason: str) -> None:
    """Notes how the stay in the queue ended; the place itself is given up by the caller of this function."""
    if (queue := turn.call.queue) is None:
        return
    turn.note(
        QueueLeft(
            queue_id=queue.queue_id,
            outcome=outcome,
            reason=reason,
            entered_at=queue.entered_at,
            waited_s=turn.now - queue.entered_at,
        )
    )


def end_talk(turn: Turn) -> None:
    """The conversation is over: measured, its recording collected, the agent handed to wrap-up."""
    if (talk := turn.call.talk) is None:
        return
    hold_s = _held(talk, turn.now)
    turn.note(
        TalkEnded(
            agent_id=talk.agent_id,
            queue_id=talk.queue_id,
            started_at=talk.started_at,
            talk_s=max(0.0, turn.now - talk.started_at - hold_s),
            hold_s=hold_s,
        )
    )
    turn.do(ReportTalkEnded(offer_id=talk.offer_id, agent_id=talk.agent_id))
    for recording in turn.call.recording:
        if recording.ended_at is None:
            collect(turn, recording)
    turn.change(talk=None, last_talk=talk)


def _held(talk: Talk, now: float) -> float:
    return talk.hold_s + (now - talk.held_since if talk.held_since is not None else 0.0)


def collect(turn: Turn, recording: RunningRecording) -> None:
    """Asks for the file; a second time (after a restart) with the same expectations as the first."""
    recording = recording if recording.ended_at is not None else msgspec.structs.replace(recording, ended_at=turn.now)
    turn.change(
        recording=tuple(recording if r.recording_id == recording.recording_id else r for r in turn.call.recording)
    )
    turn.do(
        CollectRecording(
            recording_id=recording.recording_id,
            channel_id=turn.call.channel_id,
            started_at=recording.started_at,
            expected_s=(recording.ended_at or turn.now) - recording.started_at,
            agent_number=recording.agent_number,
            queue_id=recording.queue_id,
        )
    )
