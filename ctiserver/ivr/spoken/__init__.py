"""Values turned into words that a voice can read: `say("money", 128.5, "zh-CN", now)` is 一百二十八元五角.

A value arrives as it stands in the call's variables (number, text, ISO date) and is brought into shape here;
the two languages only put words to it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from types import ModuleType

from ctiserver.ivr.spoken import chinese, english

FORMATS: dict[str, str] = {
    "text": "as it stands",
    "digits": "one by one: 一二三四",
    "digits_yao": "one by one, 1 as 幺, as telephone and room numbers are read in Chinese",
    "number": "as one number: 一千二百三十四",
    "count": "as a number of things: 两 rather than 二",
    "money": "yuan, jiao, fen: 一百二十八元五角",
    "date": "十二月一日, with the year if it is not this year",
    "time": "上午八点三十分",
    "when": "a moment seen from now: 明天上午八点三十分",
    "duration": "from seconds: 两分钟三十秒",
}


def say(form: str, value: object, language: str, now: datetime) -> str:
    """`value` in words. A value that doesn't fit the form is said as it stands, nothing (None) as the empty text."""
    if value is None:
        return ""
    words = chinese if language.startswith("zh") else english
    try:
        return _SAYERS[form](words, value, now)
    except (KeyError, ValueError, ArithmeticError):
        return as_text(value)


def as_text(value: object) -> str:
    """A value as plain text: 5.0 is "5", lists and mappings are nothing."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value) if isinstance(value, int | float | str) else ""


def _text(words: ModuleType, value: object, now: datetime) -> str:
    return as_text(value)


def _digits(words: ModuleType, value: object, now: datetime) -> str:
    return words.digits(as_text(value))


def _digits_yao(words: ModuleType, value: object, now: datetime) -> str:
    return words.digits(as_text(value), yao=True)


def _number(words: ModuleType, value: object, now: datetime) -> str:
    return words.number(decimal(value))


def _count(words: ModuleType, value: object, now: datetime) -> str:
    return words.count(int(decimal(value)))


def _money(words: ModuleType, value: object, now: datetime) -> str:
    return words.money(decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _date(words: ModuleType, value: object, now: datetime) -> str:
    day = _moment(value, now).date()
    return words.date_words(day, with_year=day.year != now.year)


def _time(words: ModuleType, value: object, now: datetime) -> str:
    return words.time_words(_clock(value, now))


def _when(words: ModuleType, value: object, now: datetime) -> str:
    moment = _moment(value, now)
    today = now.astimezone(moment.tzinfo).date() if moment.tzinfo and now.tzinfo else now.date()
    return words.when_words(moment, today)


def _duration(words: ModuleType, value: object, now: datetime) -> str:
    return words.duration(int(decimal(value).to_integral_value(ROUND_HALF_UP)))


_SAYERS: dict[str, Callable[[ModuleType, object, datetime], str]] = {
    "text": _text,
    "digits": _digits,
    "digits_yao": _digits_yao,
    "number": _number,
    "count": _count,
    "money": _money,
    "date": _date,
    "time": _time,
    "when": _when,
    "duration": _duration,
}


def decimal(value: object) -> Decimal:
    """A finite number below 10^15 in size, to nine decimals. Raises ValueError or ArithmeticError."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError("not a number")
    number = Decimal(str(value).strip())
    if not number.is_finite() or number.adjusted() > 14:
        raise ValueError("not a number that can be said")
    exponent = number.as_tuple().exponent
    return number if isinstance(exponent, int) and exponent >= -9 else number.quantize(Decimal("1e-9"))


def _moment(value: object, now: datetime) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(), now.tzinfo)
    return datetime.fromisoformat(str(value).strip())


def _clock(value: object, now: datetime) -> time:
    if isinstance(value, time):
        return value
    if isinstance(value, str) and "T" not in value and "-" not in value:
        return time.fromisoformat(value.strip())
    return _moment(value, now).time()
