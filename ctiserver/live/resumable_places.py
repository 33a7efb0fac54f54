"""Places of callers who gave up and may ring again for them, over a restart of the daemon.

    head of the spool's segment ─▶ those kept when it was begun ─┐
    steps after it ─▶ QueueLeft, QueueEntered ───────────────────┴─▶ PlaceKept for the new engine

How long a place is kept is the queue's `return_s`, which the engine applies.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import structlog

from ctiserver.call.events import QueueEntered, QueueLeft, Step

log = structlog.get_logger()

PLACES = "places"
"""The places' key among the states at the head of a segment."""


class KeptPlace(msgspec.Struct, frozen=True, kw_only=True):
    queue_id: str
    customer: str
    place_at: float
    left_at: float


class _Customer(msgspec.Struct, frozen=True):
    id: int = 0


class _Caller(msgspec.Struct, frozen=True):
    """As much of a call's state as says who it is."""

    caller_number: str = ""
    customer: _Customer | None = None


def returning_as(caller_number: str, customer_id: int | None) -> str | None:
    """By what a caller who rings again is recognised: the number, which is known before the customer is looked up."""
    return caller_number or (str(customer_id) if customer_id else None)


class KeptPlaces:
    """Reads what the spool knows, step by step."""

    def __init__(self, head: msgspec.Raw | None) -> None:
        self._kept: dict[tuple[str, str], KeptPlace] = {}
        for place in _decoded(head):
            self._kept[place.queue_id, place.customer] = place

    def note(self, step: Step) -> None:
        for fact in step.facts:
            match fact:
                case QueueLeft(outcome="abandoned") if (customer := _customer_of(step)) is not None:
                    place_at = fact.entered_at if fact.place_at is None else fact.place_at
                    whose = (fact.queue_id, customer)
                    self._kept.pop(whose, None)
                    self._kept[whose] = KeptPlace(
                        queue_id=fact.queue_id, customer=customer, place_at=place_at, left_at=step.at
                    )
                case QueueEntered() if self._kept and (customer := _customer_of(step)) is not None:
                    self._kept.pop((fact.queue_id, customer), None)
                case _:
                    pass

    def all(self) -> tuple[KeptPlace, ...]:
        return tuple(self._kept.values())


def encoded(places: Iterable[KeptPlace]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(tuple(places)))


def _decoded(head: msgspec.Raw | None) -> tuple[KeptPlace, ...]:
    if head is None:
        return ()
    try:
        return msgspec.json.decode(head, type=tuple[KeptPlace, ...])
    except msgspec.MsgspecError as error:
        log.error("places_not_readable", error=str(error))
        return ()


def _customer_of(step: Step) -> str | None:
    try:
        caller = msgspec.json.decode(step.state, type=_Caller)
    except msgspec.MsgspecError:  # reported where the call itself is read
        return None
    return returning_as(caller.caller_number, caller.customer.id if caller.customer is not None else None)
