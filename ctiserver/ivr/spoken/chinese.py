"""Mandarin words for numbers, money, dates and times.

两 stands before 千, 万, 亿 and measure words, 二 everywhere else; 零 bridges skipped places once; a leading 一十 is 十.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
_WEEKDAYS = "一二三四五六日"


def digits(text: str, *, yao: bool = False) -> str:
    """Digits one by one; 1 is 幺 if `yao`; other characters stay as they are."""
    spoken = "".join(_DIGITS[int(char)] if char.isascii() and char.isdigit() else char for char in text)
    return spoken.replace("一", "幺") if yao else spoken


def number(value: Decimal) -> str:
    sign = "负" if value < 0 else ""
    whole, _, fraction = f"{abs(value):f}".partition(".")
    fraction = fraction.rstrip("0")
    return sign + _whole(int(whole)) + ("点" + digits(fraction) if fraction else "")


def count(value: int) -> str:
    """A number before a measure word: 两位, 十二位."""
    return "两" if value == 2 else number(Decimal(value))


def money(value: Decimal) -> str:
    """`value` in yuan with two decimals."""
    fen = int(abs(value) * 100)
    yuan, jiao, fen = fen // 100, fen // 10 % 10, fen % 10
    words = ""
    if yuan or not (jiao or fen):
        words = count(yuan) + "元"
    if jiao:
        words += (_DIGITS[jiao] if words else count(jiao)) + "角"
    if fen:
        skipped = "零" if yuan and not jiao else ""
        words += skipped + (_DIGITS[fen] if words else count(fen)) + "分"
    return ("负" if value < 0 else "") + words


def date_words(day: date, *, with_year: bool) -> str:
    year = digits(f"{day.year:04d}") + "年" if with_year else ""
    return f"{year}{_whole(day.month)}月{_whole(day.day)}日"


def time_words(clock: time) -> str:
    hour = clock.hour - 12 if clock.hour > 12 else clock.hour
    minutes = "" if clock.minute == 0 else _minutes(clock.minute) + "分"
    return f"{_part_of_day(clock.hour)}{count(hour)}点{minutes}"


def when_words(moment: datetime, today: date) -> str:
    ahead = (moment.date() - today).days
    if 0 <= ahead <= 2:
        day = ("今天", "明天", "后天")[ahead]
    elif 2 < ahead < 7:
        day = "星期" + _WEEKDAYS[moment.weekday()]
    else:
        day = date_words(moment.date(), with_year=moment.year != today.year)
    return day + time_words(moment.time())


def duration(seconds: int) -> str:
    sign = "负" if seconds < 0 else ""
    hours, rest = divmod(abs(seconds), 3600)
    minutes, secs = divmod(rest, 60)
    words = (count(hours) + "小时" if hours else "") + (count(minutes) + "分钟" if minutes else "")
    if secs or not words:
        words += count(secs) + "秒"
    return sign + words


def _minutes(minute: int) -> str:
    return ("零" if minute < 10 else "") + _whole(minute)


def _part_of_day(hour: int) -> str:
    if hour < 5:
        return "凌晨"
    if hour < 12:
        return "上午"
    if hour == 12:
        return "中午"
    return "下午" if hour < 18 else "晚上"


def _whole(value: int) -> str:
    """0 ≤ value < 10^16."""
    if value == 0:
        return "零"
    groups = _in_fours(value)
    words = ""
    skipped = False
    for power in range(len(groups) - 1, -1, -1):
        group = groups[power]
        if group == 0:
            skipped = True
            continue
        if words and (skipped or group < 1000):
            words += "零"
        words += _group(group, before_unit=power > 0) + _group_unit(power, groups)
        skipped = False
    return words.removeprefix("一") if words.startswith("一十") else words


def _in_fours(value: int) -> list[int]:
    groups: list[int] = []
    while value:
        value, group = divmod(value, 10_000)
        groups.append(group)
    return groups


def _group_unit(power: int, groups: list[int]) -> str:
    """万亿 is said as 万 when 亿 follows anyway: 三万五千亿, but 三万亿."""
    return "万" if power == 3 and groups[2] else _GROUPS[power]


def _group(value: int, *, before_unit: bool) -> str:
    """1 ≤ value < 10000."""
    if value == 2 and before_unit:
        return "两"
    words = ""
    skipped = False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit == 0:
            skipped = bool(words)
            continue
        words += "零" if skipped else ""
        words += ("两" if digit == 2 and place == 3 else _DIGITS[digit]) + _PLACES[place]
        skipped = False
    return words
