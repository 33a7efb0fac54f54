"""New callers are taken no faster than Asterisk answers what it is asked: whoever comes meanwhile rings on.

Where more callers come than the machine can connect, each moment of delay makes work: who is answered and has to wait
is sent sound, which costs more than connecting, so that still more have to wait, until nobody is connected any more.
Who rings costs next to nothing. What has begun goes on before anything new: legs, keys, hang-ups are never held.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

import structlog

from ctiserver.errors import LinkDownError
from ctiserver.live import metrics
from ctiserver.ports import ChannelEntered, Telephony

log = structlog.get_logger()

# On one lane. Some eight commands connect a caller, and Asterisk answers each within 5 ms while it is on time: of 60
# calls a second one is unanswered on each of three lanes. So many are there only where it has fallen far behind.
UNANSWERED_COMMANDS = 15
LOOK_S = 0.01
RINGBACK_S = 1.0  # silence until then is what callers know from any network


class _Ringing(NamedTuple):
    caller: ChannelEntered
    since: float  # the loop's time


class Admission:
    """`enter` for each new caller; `take` makes a call of one.

    First come, first taken, among those whose commands take the same lane: where one lane hangs, the others go on.
    """

    def __init__(self, telephony: Telephony, take: Callable[[ChannelEntered], None]) -> None:
        self._telephony = telephony
        self._take = take
        self._lanes: defaultdict[int, dict[str, _Ringing]] = defaultdict(dict)  # who rings, by lane and channel
        self._timer: asyncio.TimerHandle | None = None
        self._stopped = False
        self._behind_since: float | None = None  # somebody rings for so long that people should know

    def __len__(self) -> int:
        """How many ring on."""
        return sum(map(len, self._lanes.values()))

    def __iter__(self) -> Iterator[str]:
        """Their channels."""
        return iter([channel_id for ringing in self._lanes.values() for channel_id in ringing])

    def enter(self, caller: ChannelEntered) -> None:
        """Takes the caller at once, or behind those who ring already as soon as there is room."""
        if self._stopped:
            return
        lane = self._telephony.lane_of(caller.channel_id)
        if not self._lanes[lane] and self._has_room(lane):
            self._take(caller)
            return
        loop = asyncio.get_running_loop()
        self._lanes[lane][caller.channel_id] = _Ringing(caller, loop.time())
        metrics.callers_ringing.set(len(self))
        loop.call_later(RINGBACK_S, self._rings_for_long, caller)
        self._look_later()

    def holds(self, channel_id: str) -> bool:
        return channel_id in self._lanes[self._telephony.lane_of(channel_id)]

    def gives_up(self, channel_id: str) -> ChannelEntered | None:
        """A channel has left: the caller, if it is one who rang here."""
        lane = self._telephony.lane_of(channel_id)
        return self._leaves(lane, channel_id) if channel_id in self._lanes[lane] else None

    def stop(self) -> None:
        """Nobody is taken any more: those who ring are found in Asterisk by the next start."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
        self._lanes.clear()

    def _leaves(self, lane: int, channel_id: str) -> ChannelEntered:
        ringing = self._lanes[lane].pop(channel_id)
        metrics.callers_ringing.set(len(self))
        metrics.admission_seconds.observe(_now() - ringing.since)
        return ringing.caller

    def _has_room(self, lane: int) -> bool:
        """Without a link there is none: all who ring would be answered in the moment in which it returns."""
        try:
            return self._telephony.unanswered(lane) < UNANSWERED_COMMANDS
        except LinkDownError:
            return False

    def _look_later(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LOOK_S, self._look)

    def _look(self) -> None:
        self._timer = None
        try:
            for lane, ringing in list(self._lanes.items()):
                while ringing and self._has_room(lane):
                    self._take(self._leaves(lane, next(iter(ringing))))
        finally:  # whatever became of one caller: the others are not forgotten
            if len(self):
                self._look_later()
            elif self._behind_since is not None:
                log.warning("callers_are_taken_at_once_again", after_s=round(_now() - self._behind_since, 1))
                self._behind_since = None

    def _rings_for_long(self, caller: ChannelEntered) -> None:
        if not self.holds(caller.channel_id):
            return
        if self._behind_since is None:
            self._behind_since = _now()
            log.warning("callers_ring_for_long", ringing=len(self))
        if caller.answered:  # by the dialplan, while the daemon was away
            return
        try:
            self._telephony.ring(caller.channel_id)
        except LinkDownError:  # commands of calls wait for the link; this one will be out of date
            log.debug("caller_hears_no_ringing", channel=caller.channel_id)


def _now() -> float:
    return asyncio.get_running_loop().time()
