"""English words for numbers, money, dates and times."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_GROUPS = ("", " thousand", " million", " billion", " trillion")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def digits(text: str, *, yao: bool = False) -> str:
    """Digits one by one, separated by spaces; `yao` matters in Chinese only."""
    return " ".join(_SMALL[int(char)] if char.isascii() and char.isdigit() else char for char in text)


def number(value: Decimal) -> str:
    sign = "minus " if value < 0 else ""
    whole, _, fraction = f"{abs(value):f}".partition(".")
    fraction = fraction.rstrip("0")
    return sign + _whole(int(whole)) + (" point " + digits(fraction) if fraction else "")


def count(value: int) -> str:
    return number(Decimal(value))


def money(value: Decimal) -> str:
    """`value` in yuan with two decimals."""
    yuan, fen = divmod(int(abs(value) * 100), 100)
    parts = [f"{_whole(yuan)} yuan"] if yuan or not fen else []
    if fen:
        parts.append(f"{_whole(fen)} fen")
    return ("minus " if value < 0 else "") + " and ".join(parts)


def date_words(day: date, *, with_year: bool) -> str:
    year = ", " + _year(day.year) if with_year else ""
    return f"{_MONTHS[day.month - 1]} {_ordinal(day.day)}{year}"


def time_words(clock: time) -> str:
    hour = _SMALL[clock.hour % 12 or 12]
    half = "a.m." if clock.hour < 12 else "p.m."
    if clock.minute == 0:
        return f"{hour} {half}"
    minute = f"oh {_whole(clock.minute)}" if clock.minute < 10 else _whole(clock.minute)
    return f"{hour} {minute} {half}"


def when_words(moment: datetime, today: date) -> str:
    ahead = (moment.date() - today).days
    if 0 <= ahead <= 1:
        day = ("today", "tomorrow")[ahead]
    elif 1 < ahead < 7:
        day = "on " + _WEEKDAYS[moment.weekday()]
    else:
        day = "on " + date_words(moment.date(), with_year=moment.year != today.year)
    return f"{day} at {time_words(moment.time())}"


def duration(seconds: int) -> str:
    hours, rest = divmod(abs(seconds), 3600)
    minutes, secs = divmod(rest, 60)
    parts = [
        _plural(amount, unit) for amount, unit in ((hours, "hour"), (minutes, "minute"), (secs, "second")) if amount
    ]
    words = _listed(parts or [_plural(0, "second")])
    return ("minus " if seconds < 0 else "") + words


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _plural(amount: int, unit: str) -> str:
    return f"{_whole(amount)} {unit}{'' if amount == 1 else 's'}"


def _year(year: int) -> str:
    century, rest = divmod(year, 100)
    if century < 10 or (century % 10 == 0 and rest < 10):
        return _whole(year)
    if rest == 0:
        return f"{_whole(century)} hundred"
    return f"{_whole(century)} {'oh ' if rest < 10 else ''}{_whole(rest)}"


def _ordinal(value: int) -> str:
    words = _whole(value)
    head, hyphen, last = words.rpartition("-")
    if last in _ORDINALS:
        return head + hyphen + _ORDINALS[last]
    return words[:-1] + "ieth" if words.endswith("y") else words + "th"


def _whole(value: int) -> str:
    """0 ≤ value < 10^15."""
    if value == 0:
        return "zero"
    parts: list[str] = []
    for power in range(len(_GROUPS) - 1, -1, -1):
        group = value // 1000**power % 1000
        if group:
            joint = "and " if power == 0 and group < 100 and parts else ""
            parts.append(joint + _group(group) + _GROUPS[power])
    return " ".join(parts)


def _group(value: int) -> str:
    """1 ≤ value < 1000."""
    hundreds, rest = divmod(value, 100)
    words = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest:
        words.append(_SMALL[rest] if rest < 20 else _TENS[rest // 10] + (f"-{_SMALL[rest % 10]}" if rest % 10 else ""))
    return " and ".join(words)
