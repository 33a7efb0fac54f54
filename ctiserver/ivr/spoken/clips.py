"""Values composed of recorded words: `clips("money", 128.5, "zh-CN", now)` are the recordings 一 百 二 十 八 元 五 角.

The words are those of `say`; each has a recorded prompt of its own, named `value.WORD` (`value.8`, `value.hundred`,
`value.yuan`). A form is composed only in a language in which every word that it may need has been recorded: half a
value in one voice and half in another is worse than a synthetic one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec

from ctiserver.ivr import spoken
from ctiserver.ivr.fields import LANGUAGES

PREFIX = "value."

_CHINESE_WRITTEN = (
    *("零=0", "一=1", "二=2", "三=3", "四=4", "五=5", "六=6", "七=7", "八=8", "九=9", "幺=yao", "两=liang"),
    *("十=ten", "百=hundred", "千=thousand", "万=wan", "亿=yi", "点=point", "负=minus", "元=yuan", "角=jiao", "分=fen"),
    *(
        "年=year",
        "月=month",
        "日=day",
        "凌晨=before_dawn",
        "上午=morning",
        "中午=noon",
        "下午=afternoon",
        "晚上=evening",
    ),
    *("晚上=evening", "今天=today", "明天=tomorrow", "后天=day_after_tomorrow", "星期=weekday"),
    *("小时=hours", "分钟=minutes", "秒=seconds"),
)
_CHINESE: dict[str, str] = {word: name for word, _, name in (pair.partition("=") for pair in _CHINESE_WRITTEN)}
_CHINESE_WORDS = re.compile("|".join(sorted(_CHINESE, key=len, reverse=True)))
_ENGLISH_SEPARATORS = re.compile(r"[ ,\-]+")

_ENGLISH_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENGLISH_WHOLE = (*_ENGLISH_UNITS, *_ENGLISH_TENS, "hundred", "and")
_ENGLISH_NUMBER = (*_ENGLISH_WHOLE, "thousand", "million", "billion", "trillion", "point", "minus")
_ENGLISH_DATE = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"),
    *("december", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth"),
    *("nineteenth", "twentieth", "thirtieth", "oh", "thousand", *_ENGLISH_WHOLE),
)
_ENGLISH_TIME = ("am", "pm", "oh", *_ENGLISH_UNITS, *_ENGLISH_TENS)
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_DIGITS = tuple("0123456789")
_NUMBER = (*_DIGITS, "liang", "ten", "hundred", "thousand", "wan", "yi", "point", "minus")
_DATE = (*_DIGITS, "ten", "year", "month", "day")
_TIME = (*_DIGITS, "liang", "ten", "point", "fen", "before_dawn", "morning", "noon", "afternoon", "evening")

_NEEDED: dict[str, dict[str, tuple[str, ...]]] = {
    "zh-CN": {
        "digits": _DIGITS,
        "digits_yao": ("yao", *(digit for digit in _DIGITS if digit != "1")),
        "number": _NUMBER,
        "count": _NUMBER,
        "money": (*_NUMBER, "yuan", "jiao", "fen"),
        "date": _DATE,
        "time": _TIME,
        "when": (*_TIME, *_DATE, "today", "tomorrow", "day_after_tomorrow", "weekday"),
        "duration": (*_NUMBER, "hours", "minutes", "seconds"),
    },
    "en": {
        "digits": _ENGLISH_UNITS[:10],
        "digits_yao": _ENGLISH_UNITS[:10],
        "number": _ENGLISH_NUMBER,
        "count": _ENGLISH_NUMBER,
        "money": (*_ENGLISH_NUMBER, "yuan", "fen"),
        "date": _ENGLISH_DATE,
        "time": _ENGLISH_TIME,
        "when": (*_ENGLISH_TIME, *_ENGLISH_DATE, *_ENGLISH_DAYS, "today", "tomorrow", "on", "at"),
        "duration": (*_ENGLISH_NUMBER, "hour", "hours", "minute", "minutes", "second", "seconds"),
    },
}

Recordings = Mapping[str, Collection[str]]
"""Language → ids of the prompts recorded in it; "" for those that serve every language."""


class Clip(msgspec.Struct, frozen=True):
    """One recorded word: the prompt's id, and the word as it is written."""

    prompt: str
    word: str


class ClipSet(msgspec.Struct, frozen=True, kw_only=True):
    """How far the recordings of one form in one language have come; complete when nothing is `missing`."""

    language: str
    form: str
    needed: tuple[str, ...]
    missing: tuple[str, ...]


def needed(form: str, language: str) -> tuple[str, ...]:
    """Ids of the prompts without which the form isn't composed; empty for forms that never are."""
    return tuple(dict.fromkeys(PREFIX + word for word in _NEEDED[_known(language)].get(form, ())))


def clip_sets(recordings: Recordings) -> tuple[ClipSet, ...]:
    """Every form in every language."""
    return tuple(
        ClipSet(
            language=language, form=form, needed=needed(form, language), missing=_missing(form, language, recordings)
        )
        for language in LANGUAGES
        for form in _NEEDED[language]
    )


def clips(form: str, value: object, language: str, now: datetime) -> tuple[Clip, ...]:
    """The words of the value as recordings, in order; empty where it can't be composed (letters among digits)."""
    words = _words(spoken.say(form, value, language, now), language)
    wanted = set(needed(form, language))
    return words if all(clip.prompt in wanted for clip in words) else ()


def is_complete(form: str, language: str, recordings: Recordings) -> bool:
    return bool(needed(form, language)) and not _missing(form, language, recordings)


def _missing(form: str, language: str, recordings: Recordings) -> tuple[str, ...]:
    there = recordings.get(language, ())
    anyone = recordings.get("", ())
    return tuple(prompt for prompt in needed(form, language) if prompt not in there and prompt not in anyone)


def _words(text: str, language: str) -> tuple[Clip, ...]:
    """Empty if anything of the text is no word that is ever recorded."""
    if not language.startswith("zh"):
        words = [word for word in _ENGLISH_SEPARATORS.split(text) if word]
        return tuple(Clip(PREFIX + word.lower().replace(".", ""), word) for word in words)
    found = _CHINESE_WORDS.findall(text)
    return tuple(Clip(PREFIX + _CHINESE[word], word) for word in found) if "".join(found) == text else ()


def _known(language: str) -> str:
    return "zh-CN" if language.startswith("zh") else "en"
