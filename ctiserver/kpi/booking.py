"""Into which interval a contact is booked: three conventions, whose totals of a whole day differ only at its edges.

    event       each where it happened: offered on entering the queue, the outcome on leaving it
    cohort      all of a contact where it entered the queue: what became of those who came then
    completion  all of a contact where it left the queue: what was finished then

Only under `event` can offered and outcomes of one interval differ. The reconciliation shows that nobody is lost:

    waiting before + offered = answered + abandoned + overflowed + waiting after
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Booking = Literal["event", "cohort", "completion"]
BOOKINGS: Final[tuple[Booking, ...]] = ("event", "cohort", "completion")
DEFAULT_BOOKING: Final[Booking] = "cohort"


def booking_of(*words: object) -> Booking:
    """The first word that names a convention; otherwise the default."""
    named: list[Booking] = [booking for word in words for booking in BOOKINGS if word == booking]
    return named[0] if named else DEFAULT_BOOKING


class Reconciliation(msgspec.Struct, frozen=True, kw_only=True):
    """`waiting_before` entered before the span and left in it; `waiting_after` entered in it and left later or wait
    still. `difference` is 0, or records are missing."""

    waiting_before: int
    offered: int
    answered: int
    abandoned: int
    overflowed: int
    waiting_after: int

    @property
    def difference(self) -> int:
        left = self.answered + self.abandoned + self.overflowed
        return self.waiting_before + self.offered - left - self.waiting_after
