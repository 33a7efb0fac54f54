"""What became of a recording, during the call or after it."""

from __future__ import annotations

from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import RecordingCollected, RecordingFailed, RecordingLost, RecordingStored
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
