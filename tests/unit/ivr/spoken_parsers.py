"""Words back into values, written apart from the speaking so that the two check each other."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal

_ZH = {"零": 0, "一": 1, "幺": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_EN_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_EN_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_EN_GROUPS = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def zh_digits(words: str) -> str:
    return "".join(str(_ZH[char]) if char in _ZH else char for char in words)


def zh_number(words: str) -> Decimal:
    if words.startswith("负"):
        return -zh_number(words[1:])
    whole, _, fraction = words.partition("点")
    value = Decimal(_zh_whole(whole))
    return value + Decimal(f"0.{zh_digits(fraction)}") if fraction else value


def _zh_whole(words: str) -> int:
    for unit, factor in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            high, _, low = words.rpartition(unit)
            return _zh_whole(high) * factor + _zh_whole(low)
    total = digit = 0
    for char in words:
        if char in _ZH:
            digit = _ZH[char]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
    return total + digit


def zh_money(words: str) -> Decimal:
    if words.startswith("负"):
        return -zh_money(words[1:])
    match = re.fullmatch(r"(?:(.+?)元)?(?:零?(.)角)?(?:零?(.)分)?", words)
    assert match, words
    yuan, jiao, fen = match.groups()
    value = Decimal(_zh_whole(yuan)) if yuan else Decimal(0)
    return value + Decimal(_ZH[jiao] if jiao else 0) / 10 + Decimal(_ZH[fen] if fen else 0) / 100


def zh_date(words: str) -> date:
    match = re.fullmatch(r"(.{4})年(.+)月(.+)日", words)
    assert match, words
    return date(int(zh_digits(match.group(1))), _zh_whole(match.group(2)), _zh_whole(match.group(3)))


def zh_time(words: str) -> time:
    match = re.fullmatch(r"(凌晨|上午|中午|下午|晚上)(.+)点(?:零?(.+)分)?", words)
    assert match, words
    part, hour, minute = match.group(1), _zh_whole(match.group(2)), match.group(3)
    return time(hour + 12 if part in ("下午", "晚上") else hour, _zh_whole(minute) if minute else 0)


def zh_duration(words: str) -> int:
    match = re.fullmatch(r"(?:(.+)小时)?(?:(.+)分钟)?(?:(.+)秒)?", words)
    assert match, words
    hours, minutes, seconds = (_zh_whole(part) if part else 0 for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def en_digits(words: str) -> str:
    return "".join(str(_EN_SMALL.index(word)) for word in words.split())


def en_number(words: str) -> Decimal:
    if words.startswith("minus "):
        return -en_number(words.removeprefix("minus "))
    whole, _, fraction = words.partition(" point ")
    value = Decimal(_en_whole(whole))
    return value + Decimal(f"0.{en_digits(fraction)}") if fraction else value


def _en_whole(words: str) -> int:
    total = group = 0
    for word in words.replace("-", " ").split():
        if word == "hundred":
            group *= 100
        elif word in _EN_GROUPS:
            total += group * _EN_GROUPS[word]
            group = 0
        elif word != "and":
            group += _EN_SMALL.index(word) if word in _EN_SMALL else _EN_TENS[word]
    return total + group


def en_money(words: str) -> Decimal:
    if words.startswith("minus "):
        return -en_money(words.removeprefix("minus "))
    match = re.fullmatch(r"(?:(.+) yuan)?(?: and )?(?:(.+) fen)?", words)
    assert match, words
    yuan, fen = (Decimal(_en_whole(part)) if part else Decimal(0) for part in match.groups())
    return yuan + fen / 100


def en_date(words: str) -> date:
    match = re.fullmatch(r"(\w+) ([\w-]+), (.+)", words)
    assert match, words
    month, day, year = match.groups()
    return date(_en_year(year), _MONTHS.index(month) + 1, _en_ordinal(day))


def _en_year(words: str) -> int:
    if "thousand" in words or words.endswith("hundred"):
        return _en_whole(words)
    for split in range(1, len(words.split())):
        century, rest = words.split()[:split], words.split()[split:]
        if _en_whole(" ".join(century)) >= 10:
            return _en_whole(" ".join(century)) * 100 + _en_whole(" ".join(rest).removeprefix("oh "))
    return _en_whole(words)


def _en_ordinal(words: str) -> int:
    irregular = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
    tens, _, last = words.rpartition("-")
    base = _EN_TENS[tens] if tens else 0
    if last in irregular:
        return base + irregular[last]
    if last.endswith("ieth"):
        return _EN_TENS[last.removesuffix("ieth") + "y"]
    return base + _EN_SMALL.index(last.removesuffix("th"))


def en_time(words: str) -> time:
    *parts, half = words.split()
    hour = _EN_SMALL.index(parts[0]) % 12 + (12 if half == "p.m." else 0)
    return time(hour, _en_whole(" ".join(parts[1:]).removeprefix("oh ")) if len(parts) > 1 else 0)


def en_duration(words: str) -> int:
    factors = {"hour": 3600, "minute": 60, "second": 1}
    amounts = re.findall(r"([a-z -]+?) (hour|minute|second)s?", words.replace(",", "").replace(" and ", " "))
    return sum(_en_whole(amount) * factors[unit] for amount, unit in amounts)
