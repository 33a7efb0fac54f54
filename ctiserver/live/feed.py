"""What happens, told to pages: numbered streams, replay after a gap, and no page ever slows the centre.

                      publish(type, data, audience)
                                │  encoded once
              ┌─────────────────┼──────────────────┐
        Stream(staff)     Stream(agent 7)    Stream(agent 8)      one per Viewer: its own numbering, a ring to replay
          │       │              │                 │
      Subscription …        Subscription      Subscription        one per page: a bounded queue

Numbers count per stream without gaps, so a gap always means that something was lost.
Objects are sent whole; therefore `totals` and `queue` may be thinned out: the newest wins.
A page whose queue overflows gets a fresh snapshot instead of what it missed. Nothing here awaits a page.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import msgspec
from prometheus_client import Counter, Gauge

from ctiserver.clock import Clock
from ctiserver.live.audience import Audience, OnBoard, Shown, Viewer, supervises, visible_snapshot
from ctiserver.live.views import CentreSnapshot

SPACING_S = {"totals": 1.0, "queue": 0.2}  # shortest time between two messages about the same object
KEEP_UNWATCHED_S = 60.0  # a stream without pages is kept this long for those that reconnect

CLIENTS = Gauge("cti_feed_clients", "Pages connected to the feed.")
MESSAGES = Counter("cti_feed_messages_total", "Messages published, by type.", ["type"])
RESYNCS = Counter("cti_feed_resyncs_total", "Fresh snapshots sent because a page was too slow.")
LONGEST_QUEUE = Gauge("cti_feed_longest_queue", "Messages waiting for the slowest page.")

Make = Callable[[], object]


@cache
def _messages(type: str) -> Counter:
    """A label's child is looked up under a lock: it is remembered."""
    return MESSAGES.labels(type)


_encode = msgspec.json.Encoder().encode


class Message(NamedTuple):
    """One numbered message; `data` is JSON and shared by all streams that carry it."""

    seq: int
    ts: float
    type: str
    data: bytes


class Feed:
    """Publisher's side. All methods belong to the event loop's thread and return at once."""

    def __init__(self, clock: Clock, *, ring: int = 512, queue: int = 256) -> None:
        self.epoch = secrets.token_hex(8)  # another process, another numbering
        self._clock = clock
        self._ring = ring
        self._queue = queue
        self._streams: dict[Viewer, Stream] = {}
        self._published = 0  # never less than any stream's number, so that a stream born again repeats none
        self._call_agents: dict[str, frozenset[int]] = {}  # call id → agents who were shown the call
        self._sent_at: dict[str, float] = {}  # thinned object → loop time of its last message
        self._shown: dict[str, OnBoard] = {}
        self._held_back: dict[str, tuple[Make, Audience]] = {}  # thinned object → who gives its newest state

    def publish(self, type: str, data: object, audience: Audience) -> None:
        """Tells the audience. `data` is a view (or a dict of JSON values) and is not kept.

        An agent who was shown a call and is no longer in the audience of its next "call" gets "call_removed".
        """
        if type in SPACING_S:
            self.publish_newest(type, str(getattr(data, "id", "")), lambda: data, audience)
            return
        if type == "call":
            self._track_call(str(getattr(data, "id", "")), audience)
        elif type == "call_removed":
            audience = self._forget_call(data, audience)
        self._send(type, lambda: data, audience)

    def publish_made(self, type: str, make: Make, audience: Audience) -> None:
        """As `publish`, of what is only worth building if somebody watches: `make` is called now or not at all.

        Not for types in SPACING_S, nor for "call" and "call_removed", whose audience has to be remembered.
        """
        self._send(type, make, audience)

    def publish_newest(self, type: str, id: str, make: Make, audience: Audience) -> None:
        """Tells the audience about an object of a type in SPACING_S, now or as soon as its spacing is over.

        `make` gives the object's state; it is only called when that is sent, and only if somebody watches. Where
        building a view costs more than the view is worth, this is the way.
        """
        key, loop = f"{type}:{id}", asyncio.get_running_loop()
        waiting = key in self._held_back
        due = self._sent_at.get(key, float("-inf")) + SPACING_S[type]
        if not waiting and loop.time() >= due:
            self._sent_at[key] = loop.time()
            self._send(type, make, audience)
            return
        self._held_back[key] = (make, audience)
        if not waiting:
            loop.call_at(due, self._send_held_back, type, key)

    def subscribe(
        self, viewer: Viewer, snapshot: Callable[[], CentreSnapshot], *, epoch: str = "", after: int | None = None
    ) -> Subscription:
        """A page begins to watch: with the messages after `after` where they are all still there, else a snapshot.

        `snapshot` gives the centre's present state; it is cut down to what the viewer may see.
        """
        self._drop_unwatched()
        stream = self._streams.get(viewer)
        if stream is None:
            stream = self._streams[viewer] = Stream(self._published, self._ring)
        missed = stream.after(after) if epoch == self.epoch and after is not None else None

        def encoded_snapshot() -> Message:
            state = visible_snapshot(snapshot(), viewer, self._shown)
            return Message(stream.seq, self._clock.now(), "snapshot", _encode(state))

        subscription = Subscription(self.epoch, stream, encoded_snapshot, missed, self._queue)
        CLIENTS.inc()
        return subscription

    @property
    def shown(self) -> Shown:
        return self._shown

    def show(self, shown: Mapping[str, OnBoard]) -> None:
        """What boards are about from now on. Screens on which something comes or goes get a fresh snapshot."""
        changed = {board for board in {*shown, *self._shown} if shown.get(board) != self._shown.get(board)}
        if not changed:
            return
        self._shown = dict(shown)
        for viewer, stream in list(self._streams.items()):
            if viewer.of_boards is None or changed.isdisjoint(viewer.of_boards):
                continue
            for subscription in stream.subscriptions:
                subscription.begin_anew()
            if not stream.subscriptions:  # what it kept for screens that come back is of before
                del self._streams[viewer]

    def measure(self) -> None:
        """Sets the gauges that are only worth computing when somebody asks."""
        LONGEST_QUEUE.set(
            max((s.waiting for stream in self._streams.values() for s in stream.subscriptions), default=0)
        )

    def _send(self, type: str, make: Make, audience: Audience) -> None:
        _messages(type).inc()
        self._published += 1
        streams = [stream for viewer, stream in self._streams.items() if audience.includes(viewer, self._shown)]
        if not streams:
            return
        encoded, now = _encode(make()), self._clock.now()
        for stream in streams:
            stream.add(now, type, encoded)

    def _send_held_back(self, type: str, key: str) -> None:
        make, audience = self._held_back.pop(key)
        self._sent_at[key] = asyncio.get_running_loop().time()
        self._send(type, make, audience)

    def _track_call(self, call_id: str, audience: Audience) -> None:
        before = self._call_agents.get(call_id, frozenset())
        for agent_id in before - audience.agents:
            self._send_to_agent_alone(agent_id, call_id)
        for viewer, stream in self._streams.items():
            left_the_team = viewer.scope is not None and supervises(viewer, before) and not audience.includes(viewer)
            if left_the_team:
                self._published += 1
                stream.add(self._clock.now(), "call_removed", _encode({"id": call_id}))
        if audience.agents:
            self._call_agents[call_id] = audience.agents
        else:
            self._call_agents.pop(call_id, None)

    def _send_to_agent_alone(self, agent_id: int, call_id: str) -> None:
        """Takes a call off an agent's page, but not off the page of an agent who supervises."""
        stream = self._streams.get(Viewer(staff=False, agent_id=agent_id))
        if stream is not None:
            self._published += 1
            stream.add(self._clock.now(), "call_removed", _encode({"id": call_id}))

    def _forget_call(self, data: object, audience: Audience) -> Audience:
        call_id = str(msgspec.to_builtins(data).get("id", ""))
        shown_to = self._call_agents.pop(call_id, frozenset())
        return msgspec.structs.replace(audience, agents=audience.agents | shown_to)

    def _drop_unwatched(self) -> None:
        oldest = asyncio.get_running_loop().time() - KEEP_UNWATCHED_S
        for viewer in [v for v, s in self._streams.items() if s.unwatched_since < oldest]:
            del self._streams[viewer]


class Stream:
    """The messages for one kind of viewer, numbered without gaps; the last ones are kept for replay."""

    def __init__(self, seq: int, ring: int) -> None:
        self.seq = seq
        self.subscriptions: set[Subscription] = set()
        self.unwatched_since = float("inf")  # loop time
        self._ring: deque[Message] = deque(maxlen=ring)

    def add(self, ts: float, type: str, data: bytes) -> None:
        self.seq += 1
        message = Message(self.seq, ts, type, data)
        self._ring.append(message)
        for subscription in self.subscriptions:
            subscription.offer(message)

    def after(self, seq: int) -> list[Message] | None:
        """All messages after `seq`; None where some are gone, or where `seq` is none of ours."""
        if seq > self.seq or seq < self.seq - len(self._ring):
            return None
        return [message for message in self._ring if message.seq > seq]


class Subscription:
    """One page's side: `next_message()` until the page is gone, then `close()`."""

    def __init__(
        self, epoch: str, stream: Stream, snapshot: Callable[[], Message], missed: list[Message] | None, limit: int
    ) -> None:
        self._epoch = epoch
        self._stream = stream
        self._snapshot = snapshot
        self._limit = limit
        self._queue: deque[Message] = deque(missed or ())
        self._resync = missed is None or len(missed) > limit
        self._news = asyncio.Event()
        self._last_seq = stream.seq - len(self._queue)
        if self._resync or self._queue:
            self._news.set()
        stream.unwatched_since = float("inf")
        stream.subscriptions.add(self)

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def offer(self, message: Message) -> None:
        """Queues a message; where the page is too slow, drops all of them in favour of one snapshot."""
        if self._resync:
            return  # the coming snapshot holds it
        if len(self._queue) >= self._limit:
            self._queue.clear()
            self._resync = True
            RESYNCS.inc()
        else:
            self._queue.append(message)
        self._news.set()

    def begin_anew(self) -> None:
        """The page gets a snapshot next, instead of what waits for it."""
        self._queue.clear()
        self._resync = True
        self._news.set()

    async def next_message(self) -> bytes:
        """Waits for the next message and gives it as the JSON text of {epoch, seq, ts, type, data}."""
        await self._news.wait()
        if self._resync:
            self._queue.clear()
            self._resync = False
            message = self._snapshot()
        else:
            message = self._queue.popleft()
        if not self._queue:
            self._news.clear()
        self._last_seq = message.seq
        return self._envelope(message)

    def ping(self, now: float) -> bytes:
        """A sign of life; it repeats the last number and takes none of its own."""
        return self._envelope(Message(self._last_seq, now, "ping", b"{}"))

    def close(self) -> None:
        if self not in self._stream.subscriptions:
            return
        self._stream.subscriptions.discard(self)
        if not self._stream.subscriptions:
            self._stream.unwatched_since = asyncio.get_running_loop().time()
        CLIENTS.dec()

    def _envelope(self, message: Message) -> bytes:
        head = f'{{"epoch":"{self._epoch}","seq":{message.seq},"ts":{message.ts!r},"type":"{message.type}","data":'
        return b"".join((head.encode(), message.data, b"}"))
