"""Which queues are shut now by their calendar or by the roster, and when to look again.

A queue that is shut lets nobody new in (limit `closed`); who waits is served.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

import structlog

from ctiserver.clock import to_datetime
from ctiserver.directory import Queue
from ctiserver.hotline_settings import HotlineSettings
from ctiserver.ivr.opening_hours import Calendar, HolidayTable, Opening, opening_at
from ctiserver.ivr.staffing import on_duty
from ctiserver.routing.options import read_queue_options

log = structlog.get_logger()

ROSTER_LOOKED_AT_S = 15.0
LOOKED_AT_AGAIN_S = 3_600.0
"""At the latest, whatever the calendars say: the public holidays may have been published meanwhile."""

Calendars = Callable[[], tuple[Mapping[str, Calendar], HolidayTable]]


class QueueHours:
    """`calendars` tells those in force by name, and the public holidays; `servers` the agents who could serve a queue,
    signed in or not."""

    def __init__(self, calendars: Calendars, servers: Callable[[str], Collection[int]], timezone: str) -> None:
        self._calendars = calendars
        self._servers = servers
        self._timezone = timezone
        self._missed: set[tuple[str, str]] = set()  # queues whose calendar is gone, told once
        self.settings = HotlineSettings()
        self.look_again_at = 0.0
        """The instant of the next change, or before it."""

    def shut(self, queues: Iterable[Queue], now: float) -> frozenset[str]:
        """Ids of those that are shut at `now`. Options that cannot be read count as not set."""
        self.look_again_at = now + LOOKED_AT_AGAIN_S
        at = to_datetime(now)
        return frozenset(queue.id for queue in queues if self._is_shut(queue, at))

    def _is_shut(self, queue: Queue, at: datetime) -> bool:
        options = read_queue_options(queue.options)
        by_calendar = options.hours is not None and self._outside_hours(queue.id, options.hours, at)
        return by_calendar or (options.roster and self._nobody_on_duty(queue.id, at))

    def _outside_hours(self, queue_id: str, name: str, at: datetime) -> bool:
        calendars, holidays = self._calendars()
        calendar = calendars.get(name)
        if calendar is None:
            if (queue_id, name) not in self._missed:
                self._missed.add((queue_id, name))
                log.error("calendar_missed", queue=queue_id, calendar=name, instead="the queue is open")
            return False
        self._missed.discard((queue_id, name))
        opening = opening_at(calendar, at, holidays)
        self._note_change(opening)
        return opening.state != "open"

    def _note_change(self, opening: Opening) -> None:
        change = opening.closes if opening.state == "open" else opening.opens
        if change is not None:
            self.look_again_at = min(self.look_again_at, change.timestamp())

    def _nobody_on_duty(self, queue_id: str, at: datetime) -> bool:
        """False where nobody planned anything for today: a roster that is not kept must not shut the hotline."""
        self.look_again_at = min(self.look_again_at, at.timestamp() + ROSTER_LOOKED_AT_S)
        duty = on_duty(self.settings, at, self._timezone)
        return duty is not None and duty.isdisjoint(self._servers(queue_id))
