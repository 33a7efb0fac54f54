"""Emergency announcements: what callers hear before anything else, switched without touching a flow. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from ctiserver.ivr.messages import Recorded, Spoken, Utterance
from ctiserver.ivr.speech import voice_for

ENDLESS = float("inf")


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """For callers who dialled one of `dialled` and live in or call from one of `areas`; an empty list is everybody.

    Instants are UTC seconds. `prompt` is a recording, spoken texts stand in for it where it is empty.
    """

    id: int
    title: str
    texts: dict[str, str] = {}  # by language
    prompt: str = ""
    dialled: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    active_from: float | None = None
    active_until: float | None = None
    enabled: bool = True
    hang_up: bool = False  # the call ends after it; otherwise the flow begins
    version: int = 1

    def is_active(self, now: float) -> bool:
        """From its beginning on, and up to but not including its end."""
        begins, ends = self.active_from or 0.0, self.active_until if self.active_until is not None else ENDLESS
        return self.enabled and begins <= now < ends

    def is_for_number(self, dialled: str) -> bool:
        return not self.dialled or dialled in self.dialled

    def is_for_place(self, places: Sequence[str]) -> bool:
        """An area is meant where a place bears its name, or has it as a part (阳光花园 in 阳光花园 3 期)."""
        return not self.areas or any(area in place for area in self.areas for place in places)

    def utterances(self, language: str) -> tuple[Utterance, ...]:
        if self.prompt:
            return (Recorded(prompt=self.prompt, language=language),)
        text = self.texts.get(language) or next((text for text in self.texts.values() if text), "")
        return (Spoken(text=text, language=str(voice_for(text, language)), static=True),) if text else ()


def to_be_heard(
    announcements: Iterable[Announcement], now: float, dialled: str, places: Sequence[str]
) -> tuple[Announcement, ...]:
    """Those for this caller, in the order in which they were made; those that end the call come last."""
    meant = [one for one in announcements if one.is_active(now) and one.is_for_number(dialled)]
    found = [one for one in meant if one.is_for_place(places)]
    return tuple(sorted(found, key=lambda one: (one.hang_up, one.id)))


def depend_on_place(announcements: Iterable[Announcement], now: float, dialled: str) -> bool:
    """Whether it matters where this caller lives."""
    return any(one.areas and one.is_active(now) and one.is_for_number(dialled) for one in announcements)
