"""What a caller keys in as a secret stands in no recording: an agent may have sent the caller into the flow for just
that, and the recording of their conversation goes on meanwhile."""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import PauseRecording
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import RecordingPaused, RecordingResumed
from ctiserver.call.states import RunningRecording
from ctiserver.ivr.secrecy import keys_are_secret


def keep(turn: Turn) -> None:
    """After each step of the flow: pauses what is recorded while a secret is asked for, and lets it go on afterwards.

    A pause that the agent asked for stays until the agent ends it.
    """
    call = turn.call
    if not call.recording or call.cursor is None:
        return
    secret = call.phase == "menu" and keys_are_secret(turn.rules.flows, call.cursor)
    turn.change(recording=tuple(_as_wished(turn, recording, secret) for recording in call.recording))


def _as_wished(turn: Turn, recording: RunningRecording, secret: bool) -> RunningRecording:
    if recording.ended_at is not None or secret == recording.for_secret:
        return recording
    if secret and recording.paused_at is not None:
        return recording
    ident = recording.recording_id
    if secret:
        turn.note(RecordingPaused(recording_id=ident))
    elif recording.paused_at is not None:
        turn.note(RecordingResumed(recording_id=ident, paused_at=recording.paused_at))
    turn.do(PauseRecording(recording_id=ident, channel_id=turn.call.channel_id, paused=secret))
    return msgspec.structs.replace(recording, for_secret=secret, paused_at=turn.now if secret else None)
