"""Small things that an agent does in a conversation: mute, keys, a recorded piece, a pause of the recording."""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import Mute, PauseRecording, SendDigits
from ctiserver.call.decide import legs
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import (
    DigitsRequested,
    MuteRequested,
    PieceRequested,
    RecordingPaused,
    RecordingPauseFailed,
    RecordingPauseRequested,
    RecordingResumed,
)
from ctiserver.call.states import RunningRecording
from ctiserver.ivr.messages import Recorded


def mute(turn: Turn, event: MuteRequested) -> None:
    call, talk = turn.call, turn.call.talk
    if event.party_id == "agent" and talk is not None and talk.muted != event.muted:
        turn.change(talk=msgspec.structs.replace(talk, muted=event.muted))
        turn.do(Mute(channel_id=talk.offer_id, muted=event.muted))
    elif event.party_id == "caller" and not call.caller_gone and call.caller_muted != event.muted:
        turn.change(caller_muted=event.muted)
        turn.do(Mute(channel_id=call.channel_id, muted=event.muted))
    elif (party := call.party(event.party_id)) is not None and party.joined and party.muted != event.muted:
        legs.update(turn, msgspec.structs.replace(party, muted=event.muted))
        turn.do(Mute(channel_id=party.leg, muted=event.muted))


def send_digits(turn: Turn, event: DigitsRequested) -> None:
    """To the other side of the agent's conversation: the one who is consulted, or else the caller."""
    call, consult = turn.call, turn.call.consult
    if consult is not None and consult.active == "consulted":
        party = call.party(consult.party_id)
        if party is not None and party.joined:
            turn.do(SendDigits(channel_id=party.leg, digits=event.digits))
    elif not call.caller_gone:
        turn.do(SendDigits(channel_id=call.channel_id, digits=event.digits))


def play_piece(turn: Turn, event: PieceRequested) -> None:
    if not event.prompt:
        turn.stop_playing()
    elif turn.call.consult is None:
        pieces = (Recorded(prompt=event.prompt, language=event.language),)
        turn.play(f"bridge:{turn.call.bridge_id}", pieces)


def pause_recording(turn: Turn, event: RecordingPauseRequested) -> None:
    set_paused(turn, paused=event.paused)


def pause_failed(turn: Turn, event: RecordingPauseFailed) -> None:
    """The voices are still written: whoever relies on the pause must see it."""
    _change_running(turn, paused=False)


def set_paused(turn: Turn, *, paused: bool) -> None:
    for recording_id in _change_running(turn, paused=paused):
        turn.do(PauseRecording(recording_id=recording_id, channel_id=turn.call.channel_id, paused=paused))


def _change_running(turn: Turn, *, paused: bool) -> list[str]:
    """Returns those that were in the other state."""
    changed: list[str] = []
    recordings: list[RunningRecording] = []
    for recording in turn.call.recording:
        if recording.ended_at is not None or (recording.paused_at is not None) == paused:
            recordings.append(recording)
            continue
        changed.append(recording.recording_id)
        if recording.paused_at is None:
            turn.note(RecordingPaused(recording_id=recording.recording_id))
        else:
            turn.note(RecordingResumed(recording_id=recording.recording_id, paused_at=recording.paused_at))
        recordings.append(msgspec.structs.replace(recording, paused_at=turn.now if paused else None))
    if changed:
        turn.change(recording=tuple(recordings))
    return changed
