"""Supervisors who listen to agents: one `Watch` each, carried out in order, told by Asterisk and by the calls.

A restart of the daemon ends what it interrupts: the legs are hung up as nobody's, and the supervisor asks again.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable

import structlog

from ctiserver.call import watching
from ctiserver.call.states import Call
from ctiserver.call.watching import Begin, Drop, Finish, Join, MakeSnoop, Mode, Order, Turned, Watch
from ctiserver.clock import Clock
from ctiserver.errors import LinkDownError, Refused
from ctiserver.live.contacts import call_of_contact
from ctiserver.ports import ChannelEntered, ChannelLeft, DialRequest, Telephony, TelephonyEvent
from ctiserver.tasks import TaskOwner

log = structlog.get_logger()

RING_S = 30.0


class Supervision:
    def __init__(
        self,
        telephony: Telephony,
        clock: Clock,
        node: str,
        tasks: TaskOwner,
        calls: Callable[[], Iterable[Call]],
    ) -> None:
        self._telephony = telephony
        self._clock = clock
        self._node = node
        self._tasks = tasks
        self._calls = calls
        self._numbers = itertools.count(1)
        self._watches: dict[str, Watch] = {}
        self._orders: dict[str, asyncio.Queue[Order]] = {}
        self.changed: Callable[[Watch], None] = lambda watch: None  # tells the pages

    def __len__(self) -> int:
        return len(self._watches)

    def knows(self, made_id: str) -> bool:
        return call_of_contact(made_id) in self._watches

    def watches(self) -> list[Watch]:
        return list(self._watches.values())

    # ── what supervisors ask for ────────────────────────────────────────────────────────────────────────────────────

    def begin(self, agent_id: int, endpoint: str, supervisor: str, mode: Mode) -> str:
        """Rings the supervisor's phone; returns the watch's id. Raises Refused."""
        if any(watch.endpoint == endpoint for watch in self._watches.values()):
            raise Refused("already_supervising", "this phone listens already: change the mode, or end it first")
        self._check_whisperer(agent_id, mode, "")
        ident = f"{self._node}-w{int(self._clock.now() * 1000)}-{next(self._numbers)}"
        watch = Watch(
            id=ident, agent_id=agent_id, endpoint=endpoint, supervisor=supervisor, mode=mode, since=self._clock.now()
        )
        self._watches[ident] = watch
        self._orders[ident] = asyncio.Queue()
        self._tasks.start(ident, self._run(ident))
        self._orders[ident].put_nowait(Begin())
        self._turn(ident, watching.agent_talks(watch, *self._conversation(agent_id)))
        log.info("supervision_began", watch=ident, agent=agent_id, mode=mode)
        return ident

    def change(self, ident: str, mode: Mode) -> None:
        watch = self._known(ident)
        self._check_whisperer(watch.agent_id, mode, ident)
        self._turn(ident, watching.change_mode(watch, mode))

    def end(self, ident: str) -> None:
        self._turn(ident, watching.stop(self._known(ident)))

    def _known(self, ident: str) -> Watch:
        if (watch := self._watches.get(ident)) is None:
            raise Refused("supervision_over", "nobody listens there any more")
        return watch

    def _check_whisperer(self, agent_id: int, mode: Mode, but: str) -> None:
        """Two voices at once in an agent's ear help nobody."""
        others = (watch for watch in self._watches.values() if watch.agent_id == agent_id and watch.id != but)
        if mode != "listen" and any(other.mode != "listen" for other in others):
            raise Refused("whisperer_present", "somebody else speaks to this agent already")

    # ── what happens ────────────────────────────────────────────────────────────────────────────────────────────────

    def call_changed(self, call: Call) -> None:
        """Follows the agents who are listened to, from one conversation to the next."""
        if not self._watches:
            return
        for watch in self.watches():
            mine = leg_of(call, watch.agent_id)
            if mine:
                self._turn(watch.id, watching.agent_talks(watch, mine, call.id))
            elif watch.call_id == call.id:
                self._turn(watch.id, watching.agent_talks(watch, *self._conversation(watch.agent_id, but=call.id)))

    def _conversation(self, agent_id: int, but: str = "") -> tuple[str, str]:
        """The agent's channel and call, if there is something to hear."""
        for call in self._calls():
            if call.id != but and (leg := leg_of(call, agent_id)):
                return leg, call.id
        return "", ""

    def on_event(self, event: TelephonyEvent) -> bool:
        """False: it belongs to somebody else."""
        if not self._watches or not isinstance(event, ChannelEntered | ChannelLeft):
            return False
        watch = self._watches.get(call_of_contact(event.channel_id))
        if watch is None:
            return False
        turn = watching.answered if isinstance(event, ChannelEntered) else watching.left
        self._turn(watch.id, turn(watch, event.channel_id))
        return True

    def lose_all(self) -> None:
        """Asterisk was restarted: nothing is left to hang up."""
        for ident in list(self._watches):
            self._turn(ident, watching.stop(self._watches[ident]))

    def _turn(self, ident: str, turned: Turned) -> None:
        watch, orders = turned
        queue = self._orders[ident]
        for order in orders:
            queue.put_nowait(order)
        if watch.state == "ended":
            self._watches.pop(ident, None)
            log.info("supervision_ended", watch=ident, agent=watch.agent_id)
        else:
            self._watches[ident] = watch
        self.changed(watch)

    # ── carrying out ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _run(self, ident: str) -> None:
        orders = self._orders[ident]
        first = self._watches[ident]
        finished = False
        while not finished:
            order = await orders.get()
            finished = isinstance(order, Finish)
            try:
                await self._do(first, order)
            except LinkDownError as error:
                log.warning("supervision_cut", watch=ident, problem=str(error))
                if not finished and (watch := self._watches.get(ident)) is not None:
                    self._turn(ident, watching.stop(watch))
        self._orders.pop(ident, None)

    async def _do(self, first: Watch, order: Order) -> None:
        telephony = self._telephony
        match order:
            case Begin():
                await telephony.make_bridge(first.bridge)
                request = DialRequest(
                    channel_id=first.leg,
                    endpoint=first.endpoint,
                    originator="",
                    caller_number="",
                    caller_name="",
                    timeout_s=RING_S,
                    call_id=first.id,
                    auto_answer=False,
                )
                if await telephony.dial(request) != "done" and (watch := self._watches.get(first.id)) is not None:
                    self._turn(first.id, watching.left(watch, first.leg))
            case MakeSnoop(snoop_id, channel_id, whisper):
                made = await telephony.snoop(snoop_id, channel_id, whisper)
                if made != "done" and (watch := self._watches.get(first.id)) is not None:
                    self._turn(first.id, watching.not_made(watch, snoop_id))
            case Join(channel_id):
                await telephony.connect(first.bridge, (channel_id,))
            case Drop(channel_id):
                await telephony.hang_up(channel_id)
            case Finish(channels):
                for channel_id in channels:
                    await telephony.hang_up(channel_id)
                await telephony.destroy_bridge(first.bridge)


def leg_of(call: Call, agent_id: int) -> str:
    """The agent's channel, where the agent is in conversation and it may be heard."""
    if call.phase not in ("talking", "transferring", "forwarded"):
        return ""
    if any(recording.paused_at is not None and recording.ended_at is None for recording in call.recording):
        return ""
    if call.talk is not None and call.talk.agent_id == agent_id:
        return call.talk.offer_id
    return next((party.leg for party in call.parties if party.joined and party.agent_id == agent_id), "")
