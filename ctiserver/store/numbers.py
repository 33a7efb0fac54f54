"""Phone numbers in one form, E.164 ("+8613800138000"), whatever form the network or a person gave them in."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

CHINESE_MOBILE = re.compile(r"1(?:[38][0-9]|[59][0-35-9])[0-9]{8}")  # nearly every caller of a hotline in China
ANONYMOUS = frozenset({"", "anonymous", "restricted", "unavailable", "unknown"})


@lru_cache(maxsize=4096)
def parsed(number: str, region: str) -> phonenumbers.PhoneNumber | None:
    """The number as a valid one of `region` or abroad; None: anonymous, an extension, or nonsense.

    A trunk may put a 0 before mobile numbers from elsewhere (013800138000), or 86 without the plus: both are tried.
    """
    if number.strip().lower() in ANONYMOUS or len(number) > 40:
        return None
    digits = number.strip()
    attempts = [digits]
    if digits.startswith("0") and not digits.startswith("00"):
        attempts.append(digits[1:])
    if digits.startswith("00"):
        attempts.append("+" + digits[2:])
    elif not digits.startswith("+"):
        attempts.append("+" + digits)
    for attempt in attempts:
        try:
            candidate = phonenumbers.parse(attempt, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(candidate):
            return candidate
    return None


@lru_cache(maxsize=4096)
def e164(number: str, region: str) -> str | None:
    """ "+8613800138000" for 13800138000, 013800138000, 8613800138000, +86 138 0013 8000; None where it is no number."""
    if region == "CN" and CHINESE_MOBILE.fullmatch(number):
        return f"+86{number}"  # what the library says too, in a hundredth of the time
    found = parsed(number, region)
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164) if found else None


def dialled_form(number: str, region: str) -> str:
    """As people of the region dial it: 13800138000, 01085551234; numbers abroad stay "+…", others as they are."""
    found = parsed(number, region)
    if found is None:
        return number
    if phonenumbers.region_code_for_number(found) != region:
        return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.NATIONAL)
    return "".join(letter for letter in national if letter.isdigit())
