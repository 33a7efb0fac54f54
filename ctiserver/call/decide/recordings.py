"""What became of a recording, during the call or after it."""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import CollectRecording
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import (
    RecordingCollected,
    RecordingFailed,
    RecordingLost,
    RecordingResumed,
    RecordingStored,
)
from ctiserver.call.states import RunningRecording


def collected(turn: Turn, event: RecordingCollected) -> None:
    if (recording := _forget(turn, event.recording_id)) is None:
        return
    turn.note(
        RecordingStored(
            recording_id=event.recording_id,
            agent_id=recording.agent_id,
            started_at=recording.started_at,
            path=event.path,
            duration_ms=event.duration_ms,
            size_bytes=event.size_bytes,
            sha256=event.sha256,
            ok=event.ok,
        )
    )


def lost(turn: Turn, event: RecordingLost) -> None:
    if _forget(turn, event.recording_id) is not None:
        turn.note(RecordingFailed(recording_id=event.recording_id, reason=event.reason))


def _forget(turn: Turn, recording_id: str) -> RunningRecording | None:
    found = next((r for r in turn.call.recording if r.recording_id == recording_id), None)
    if found is not None:
        turn.change(recording=tuple(r for r in turn.call.recording if r is not found))
    return found


def collect(turn: Turn, recording: RunningRecording) -> None:
    """Asks for the file; a second time (after a restart) with the same expectations as the first."""
    if recording.paused_at is not None:
        turn.note(RecordingResumed(recording_id=recording.recording_id, paused_at=recording.paused_at))
        recording = msgspec.structs.replace(recording, paused_at=None)
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
