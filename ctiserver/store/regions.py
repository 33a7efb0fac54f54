"""Where a number is from, in words, as far as its prefix tells."""

from __future__ import annotations

from functools import lru_cache

from phonenumbers import geocoder

from ctiserver.store.numbers import parsed

LANGUAGES = {"zh-CN": "zh", "en": "en"}  # ours → the geocoder's


@lru_cache(maxsize=4096)
def region_names(number: str, region: str = "CN") -> dict[str, str]:
    """By language: {"zh-CN": "北京市", "en": "Beijing"}; empty where the number says nothing. Don't change it."""
    found = parsed(number, region)
    if found is None:
        return {}
    names = {ours: geocoder.description_for_number(found, theirs) for ours, theirs in LANGUAGES.items()}
    return {language: name for language, name in names.items() if name}
