"""New callers are taken no faster than Asterisk answers what it is asked: whoever comes meanwhile rings on.

Where more callers come than the machine can connect, each moment of delay makes work: who is answered and has to wait
is sent sound, which costs more than connecting, so that still more have to wait, until nobody is connected any more.
Who rings costs next to nothing. What has begun goes on before anything new: legs, keys, hang-ups are never held.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import structlog

from ctiserver.errors import LinkDownError
from ctiserver.live import metrics
from ctiserver.ports import ChannelEntered, Telephony

log = structlog.get_logger()

# Some six commands connect a caller, and Asterisk answers each within 5 ms while it is on time: at 60 calls a second
# two are unanswered. So many are there only when it has fallen behind by a multiple of that.
UNANSWERED_COMMANDS = 40
LOOK_S = 0.01
RINGBACK_S = 1.0  # silence until then is what callers know from any network


class _Ringing(NamedTuple):
    caller: ChannelEntered
    since: float  # the loop's time


class Admission:
    """`enter` for each new caller; `take` makes a call of one. First come, first taken."""

    def __init__(self, telephony: Telephony, take: Callable[[ChannelEntered], None]) -> None:
        self._telephony = telephony
        self._take = take
        self._ringing: dict[str, _Ringing] = {}  # by channel, in the order in which they came
        self._timer: asyncio.TimerHandle | None = None
        self._stopped = False
        self._behind_since: float | None = None  # somebody rings for so long that people should know

    def enter(self, caller: ChannelEntered) -> None:
        """Takes the caller at once, or behind those who ring already as soon as there is room."""
        if self._stopped:
            return
        if not self._ringing and self._there_is_room():
            self._take(caller)
            return
        loop = asyncio.get_running_loop()
        self._ringing[caller.channel_id] = _Ringing(caller, loop.time())
        metrics.callers_ringing.set(len(self._ringing))
        loop.call_later(RINGBACK_S, self._rings_for_long, caller.channel_id)
        self._look_later()

    def holds(self, channel_id: str) -> bool:
        return channel_id in self._ringing

    def gives_up(self, channel_id: str) -> ChannelEntered | None:
        """A channel has left: the caller, if it is one who rang here."""
        return self._next(channel_id) if channel_id in self._ringing else None

    def __len__(self) -> int:
        """How many ring on."""
        return len(self._ringing)

    def stop(self) -> None:
        """Nobody is taken any more: those who ring are found in Asterisk by the next start."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
        self._ringing.clear()

    def _next(self, channel_id: str) -> ChannelEntered:
        ringing = self._ringing.pop(channel_id)
        metrics.callers_ringing.set(len(self._ringing))
        metrics.admission_seconds.observe(_now() - ringing.since)
        return ringing.caller

    def _there_is_room(self) -> bool:
        return self._telephony.unanswered() < UNANSWERED_COMMANDS

    def _look_later(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LOOK_S, self._look)

    def _look(self) -> None:
        self._timer = None
        try:
            while self._ringing and self._there_is_room():
                self._take(self._next(next(iter(self._ringing))))
        finally:  # whatever became of one caller: the others are not forgotten
            if self._ringing:
                self._look_later()
            elif self._behind_since is not None:
                log.warning("callers_are_taken_at_once_again", after_s=round(_now() - self._behind_since, 1))
                self._behind_since = None

    def _rings_for_long(self, channel_id: str) -> None:
        if channel_id not in self._ringing:
            return
        if self._behind_since is None:
            self._behind_since = _now()
            log.warning("callers_ring_for_long", ringing=len(self._ringing), unanswered=self._telephony.unanswered())
        try:
            self._telephony.ring(channel_id)
        except LinkDownError:  # commands of calls wait for the link; this one will be out of date
            log.debug("caller_hears_no_ringing", channel=channel_id)


def _now() -> float:
    return asyncio.get_running_loop().time()
