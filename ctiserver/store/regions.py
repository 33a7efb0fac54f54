"""Where a number is from, in words, as far as its prefix tells.

The tables of prefixes take a second and a hundred megabytes to load, so a daemon does that beside its work: a restart
must be quick, and until then a screen pop is without the region.
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from types import ModuleType

from ctiserver.store.numbers import CHINESE_MOBILE, parsed

LANGUAGES = {"zh-CN": "zh", "en": "en"}  # ours → the geocoder's


class Regions:
    """`load` is slow and may run in a thread; `names` is quick and says nothing before that."""

    def __init__(self, region: str = "CN") -> None:
        self._region = region
        self._geocoder: ModuleType | None = None
        self._cached = lru_cache(maxsize=4096)(self._look_up)

    def load(self) -> None:
        self._geocoder = importlib.import_module("phonenumbers.geocoder")

    def names(self, number: str) -> dict[str, str]:
        """By language: {"zh-CN": "北京市", "en": "Beijing"}; empty where the number says nothing. Don't change it."""
        if self._geocoder is None:
            return {}
        if self._region == "CN" and CHINESE_MOBILE.fullmatch(number):
            number = number[:7] + "0000"  # mobiles belong to a place by their first seven digits
        return self._cached(number)

    def _look_up(self, number: str) -> dict[str, str]:
        found = parsed(number, self._region)
        if found is None or self._geocoder is None:
            return {}
        names = {ours: self._geocoder.description_for_number(found, theirs) for ours, theirs in LANGUAGES.items()}
        return {language: name for language, name in names.items() if name}
