"""The caller alone is recorded: a message for a voicemail box, something for the call's record, words to understand.

    StartMessage ─▶ recording ── key, silence, length: MessageFinished ─▶ kept ─▶ CollectMessage ─▶ MessageCollected
                        └─────── hang-up ────────────────────────────────▶ kept ─┘      (VoicemailLeft)

A hang-up is how most messages end: it keeps what was said.
"""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import CollectMessage, DeleteMessage, StartMessage, StopMessage, UnderstandWords
from ctiserver.call.decide.turn import Turn
from ctiserver.call.errands import KeptSound, RunningMessage
from ctiserver.call.events import (
    FaxReceived,
    MessageCollected,
    MessageFinished,
    MessageLost,
    RecordingStored,
    VoicemailLeft,
    VoicemailLost,
    WordsUnderstood,
)
from ctiserver.ivr.messages import FlowInput, Heard, Listen, MessageRecorded, RecordMessage

GRACE_S = 20.0  # Asterisk owes us the end of every recording
WORDS_MAX_S, WORDS_SILENCE_S = 8.0, 1.0
UNDERSTAND_S = 10.0


def begin(turn: Turn, asked: RecordMessage) -> FlowInput | None:
    message_id = turn.next_id("m")
    _start(
        turn,
        RunningMessage(
            message_id=message_id,
            since=turn.now,
            purpose="voicemail" if asked.box else "record",
            box=asked.box,
            node=asked.name,
            min_s=asked.min_s,
        ),
        StartMessage(
            message_id=message_id,
            channel_id=turn.call.channel_id,
            max_s=asked.max_s,
            silence_s=asked.silence_s,
            beep=asked.beep,
            end=asked.end,
        ),
    )
    return None


def listen_for_words(turn: Turn, asked: Listen) -> None:
    """Beside the keys: what the caller says is recorded until a pause, and then recognised."""
    message_id = turn.next_id("m")
    running = RunningMessage(
        message_id=message_id, since=turn.now, purpose="words", words=asked.words, language=asked.language
    )
    begun = StartMessage(
        message_id=message_id,
        channel_id=turn.call.channel_id,
        max_s=WORDS_MAX_S,
        silence_s=WORDS_SILENCE_S,
        beep=False,
        end="any",
    )
    _start(turn, running, begun)


def _start(turn: Turn, running: RunningMessage, command: StartMessage) -> None:
    turn.stop_playing()
    turn.leave_music()
    turn.change(errand=running)
    turn.set_deadline("errand", command.max_s + GRACE_S)
    turn.do(command)


def finished(turn: Turn, event: MessageFinished) -> FlowInput | None:
    running = turn.call.errand
    if not isinstance(running, RunningMessage) or running.message_id != event.message_id:
        return None
    if running.purpose == "words":
        return _said(turn, running, event)
    turn.change(errand=None)
    turn.clear_deadlines("errand")
    if not event.ok:
        turn.note(VoicemailLost(message_id=running.message_id, box=running.box, reason="not_recorded"))
        return MessageRecorded(outcome="failed", recording=running.message_id)
    sound_s = event.seconds if event.sound_s is None else event.sound_s
    if sound_s < running.min_s:
        turn.do(DeleteMessage(message_id=running.message_id))
        return MessageRecorded(outcome="empty", recording=running.message_id, seconds=event.seconds)
    _add(turn, running, event.seconds)
    return MessageRecorded(outcome="recorded", recording=running.message_id, seconds=event.seconds)


def _said(turn: Turn, running: RunningMessage, event: MessageFinished) -> FlowInput | None:
    turn.set_deadline("errand", UNDERSTAND_S)
    if not event.ok or event.sound_s == 0:
        return understood(turn, WordsUnderstood(message_id=running.message_id, text=""))
    turn.do(UnderstandWords(message_id=running.message_id, words=running.words, language=running.language))
    return None


def understood(turn: Turn, event: WordsUnderstood) -> FlowInput | None:
    running = turn.call.errand
    if not isinstance(running, RunningMessage) or running.message_id != event.message_id:
        return None
    turn.change(errand=None)
    turn.clear_deadlines("errand")
    turn.do(DeleteMessage(message_id=running.message_id))
    return Heard(text=event.text, turn=turn.call.turn)


def overdue(turn: Turn) -> FlowInput | None:
    """The end was never told: what there is, is taken."""
    running = turn.call.errand
    if not isinstance(running, RunningMessage):
        return None
    turn.do(StopMessage(message_id=running.message_id))
    if running.purpose == "words":
        return understood(turn, WordsUnderstood(message_id=running.message_id, text=""))
    seconds = turn.now - running.since
    return finished(turn, MessageFinished(message_id=running.message_id, ok=True, seconds=seconds))


def give_up(turn: Turn) -> None:
    """The caller hung up in the middle, or was led elsewhere."""
    running = turn.call.errand
    if not isinstance(running, RunningMessage):
        return
    turn.do(StopMessage(message_id=running.message_id))
    if running.purpose == "words":
        turn.do(DeleteMessage(message_id=running.message_id))
        return
    _add(turn, running, None)
    keep(turn, running.message_id)


def _add(turn: Turn, running: RunningMessage, seconds: float | None) -> None:
    kept = KeptSound(
        message_id=running.message_id,
        purpose=running.purpose,
        box=running.box,
        node=running.node,
        since=running.since,
        seconds=seconds,
        min_s=running.min_s,
    )
    turn.change(kept=(*turn.call.kept, kept))


def keep(turn: Turn, message_id: str) -> None:
    """It is to be stored. Asked for a second time (after a restart) with the same expectations as the first."""
    sound = _find(turn, message_id)
    if sound is None:
        return
    asked = msgspec.structs.replace(sound, asked=True)
    turn.change(kept=tuple(asked if other is sound else other for other in turn.call.kept))
    turn.do(
        CollectMessage(
            message_id=sound.message_id,
            purpose=sound.purpose,
            box=sound.box,
            started_at=sound.since,
            expected_s=sound.seconds,
            min_s=sound.min_s,
        )
    )


def keep_all(turn: Turn, *, again: bool = False) -> None:
    """At the end of the call nothing is asked any more: what was said is kept."""
    for sound in turn.call.kept:
        if again or not sound.asked:
            keep(turn, sound.message_id)


def collected(turn: Turn, event: MessageCollected) -> None:
    if (sound := forget(turn, event.message_id)) is None:
        return
    if sound.purpose == "voicemail":
        turn.note(
            VoicemailLeft(
                message_id=event.message_id,
                box=sound.box,
                started_at=sound.since,
                path=event.path,
                duration_ms=event.duration_ms,
                size_bytes=event.size_bytes,
                sha256=event.sha256,
                ok=event.ok,
            )
        )
    elif sound.purpose == "fax":
        turn.note(
            FaxReceived(
                fax_id=event.message_id,
                box=sound.box,
                started_at=sound.since,
                path=event.path,
                pages=event.pages,
                size_bytes=event.size_bytes,
                sha256=event.sha256,
            )
        )
    else:
        turn.note(
            RecordingStored(
                recording_id=event.message_id,
                agent_id=0,
                started_at=sound.since,
                path=event.path,
                duration_ms=event.duration_ms,
                size_bytes=event.size_bytes,
                sha256=event.sha256,
                ok=event.ok,
            )
        )


def lost(turn: Turn, event: MessageLost) -> None:
    sound = forget(turn, event.message_id)
    if sound is not None and event.reason != "too_short":
        turn.note(VoicemailLost(message_id=event.message_id, box=sound.box, reason=event.reason))


def forget(turn: Turn, message_id: str) -> KeptSound | None:
    found = _find(turn, message_id)
    if found is not None:
        turn.change(kept=tuple(sound for sound in turn.call.kept if sound is not found))
    return found


def _find(turn: Turn, message_id: str) -> KeptSound | None:
    return next((sound for sound in turn.call.kept if sound.message_id == message_id), None)
