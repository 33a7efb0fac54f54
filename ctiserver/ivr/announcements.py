"""What a waiting caller is told, and who is about to speak: pure texts from figures."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from ctiserver.ivr import phrases
from ctiserver.ivr.messages import Announce, Utterance
from ctiserver.ivr.speech import Speech

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def waiting(
    announce: Announce, language: str, *, position: int | None, wait_s: float | None, wait_p90_s: float | None = None
) -> tuple[Utterance, ...]:
    """`position` counts from 1; `wait_s` and `wait_p90_s` are the forecast in seconds: half wait less than the one,
    nine in ten less than the other. None where it isn't known.
    """
    parts: list[tuple[Speech, dict[str, object]]] = []
    if announce.position and position is not None:
        parts.append(_place(position - 1))
    if announce.wait and wait_s is not None:
        parts.append(_wait(round(wait_s / 60), math.ceil((wait_p90_s or 0.0) / 60)))
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


def _wait(minutes: int, most: int) -> tuple[Speech, dict[str, object]]:
    """A range where the two differ: a single figure would be wrong for half of the callers."""
    if minutes <= 0:
        return (phrases.AT_MOST, {"most": most}) if most > 1 else (phrases.SHORT_WAIT, {})
    if most > minutes:
        return phrases.WAIT_RANGE, {"least": minutes, "most": most}
    return (phrases.ONE_MINUTE, {}) if minutes == 1 else (phrases.WAIT, {"minutes": minutes})


def agent_number(number: str, language: str) -> tuple[Utterance, ...]:
    """工号八零零幺号客服代表为您服务: said to the caller at connect."""
    return phrases.AGENT_NUMBER.utterances({"agent": number}, language, "zh-CN", _ANY_TIME)
