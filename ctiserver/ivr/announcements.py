"""What a waiting caller is told, and who is about to speak: pure texts from figures."""

from __future__ import annotations

from datetime import UTC, datetime

from ctiserver.ivr import phrases
from ctiserver.ivr.messages import Announce, Utterance
from ctiserver.ivr.speech import Speech

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def waiting(announce: Announce, language: str, *, position: int | None, wait_s: float | None) -> tuple[Utterance, ...]:
    """`position` counts from 1, `wait_s` is the forecast in seconds; None where it isn't known."""
    parts: list[tuple[Speech, dict[str, object]]] = []
    if announce.position and position is not None:
        parts.append(_place(position - 1))
    if announce.wait and wait_s is not None:
        parts.append(_wait(round(wait_s / 60)))
    if not parts:
        parts.append((phrases.STILL_BUSY, {}))
    return tuple(
        utterance
        for speech, variables in parts
        for utterance in speech.utterances(variables, language, "zh-CN", _ANY_TIME)
    )


def _place(ahead: int) -> tuple[Speech, dict[str, object]]:
    if ahead <= 0:
        return phrases.FIRST_IN_LINE, {}
    return (phrases.ONE_AHEAD, {}) if ahead == 1 else (phrases.POSITION, {"ahead": ahead})


def _wait(minutes: int) -> tuple[Speech, dict[str, object]]:
    if minutes <= 0:
        return phrases.SHORT_WAIT, {}
    return (phrases.ONE_MINUTE, {}) if minutes == 1 else (phrases.WAIT, {"minutes": minutes})


def agent_number(number: str, language: str) -> tuple[Utterance, ...]:
    """工号八零零幺号客服代表为您服务: said to the caller at connect."""
    return phrases.AGENT_NUMBER.utterances({"agent": number}, language, "zh-CN", _ANY_TIME)
