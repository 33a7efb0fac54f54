"""Going on after a restart of the daemon or a gap in the link: our state against what Asterisk has, repaired.

    spool ─▶ last state of each call and agent ─┐
    Asterisk ─▶ channels and bridges now ───────┴─▶ the differences, fed to the calls as ordinary events

Nothing here decides what a difference means; the calls do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import msgspec
import structlog

from ctiserver.call.errands import OutsideLeg, RunningMessage
from ctiserver.call.events import (
    AgentLegAnswered,
    AgentLegEnded,
    AsteriskRestarted,
    CallerHungUp,
    CallRecovered,
    MessageFinished,
    PromptFinished,
    Step,
)
from ctiserver.call.states import Call
from ctiserver.live import metrics
from ctiserver.live.agent_records import AgentRecord
from ctiserver.live.registry import LEG, CallRegistry
from ctiserver.live.session import CallSession
from ctiserver.ports import ChannelSeen, Telephony

log = structlog.get_logger()

AGENT_SUBJECT = "agent:"
OURS = re.compile(r"\.[a-z][0-9]+$")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the spool still knows of calls that are not over, of agents, and which calls ended not long ago."""

    calls: tuple[Call, ...]
    agents: tuple[AgentRecord, ...]
    over: tuple[str, ...] = ()


def remember(checkpoint: bytes | None, steps: Iterable[Step]) -> Remembered:
    """The last state of every subject. A state that this version can't read is left out, loudly."""
    states: dict[str, msgspec.Raw] = {}
    if checkpoint:
        states.update(msgspec.json.decode(checkpoint, type=dict[str, msgspec.Raw]))
    for step in steps:
        if bytes(step.state):
            states[step.subject] = step.state
    calls: list[Call] = []
    agents: list[AgentRecord] = []
    for subject, state in states.items():
        try:
            if subject.startswith(AGENT_SUBJECT):
                agents.append(msgspec.json.decode(state, type=AgentRecord))
            else:
                calls.append(msgspec.json.decode(state, type=Call))
        except msgspec.MsgspecError as error:
            log.error("state_not_readable", subject=subject, error=str(error))
    return Remembered(
        calls=tuple(call for call in calls if not call.over),
        agents=tuple(agents),
        over=tuple(call.id for call in calls if call.over),
    )


def checkpoint(states: Mapping[str, msgspec.Raw]) -> bytes:
    """What the head of a new spool segment holds."""
    return msgspec.json.encode(states)


class Recovery:
    def __init__(
        self, registry: CallRegistry, telephony: Telephony, node: str, known: Callable[[str], bool] = lambda _: False
    ) -> None:
        """`known`: legs and bridges that belong to no call and are to stay, such as a listening supervisor's."""
        self._registry = registry
        self._telephony = telephony
        self._node = node
        self._known = known

    def adopt(self, calls: Iterable[Call]) -> None:
        """Once, at start, before the first resync."""
        for call in calls:
            log.info("call_adopted", call_id=call.id, phase=call.phase)
            self._registry.adopt(call).post(CallRecovered())

    def lose_all(self) -> None:
        """Asterisk was restarted: its channels are gone, and with them every conversation."""
        for session in self._registry:
            metrics.repairs.labels("asterisk_restarted").inc()
            session.post(AsteriskRestarted())

    async def resync(self) -> None:
        """Compares every live call with Asterisk's own lists, and reaps what is ours but nobody's.

        The lists are older than what is done while they are on their way: a leg that Asterisk had not confirmed when
        we asked may be missing in them and ring all the same.
        """
        confirmed = {leg for session in self._registry for leg in _confirmed_legs(session)}
        channels = {channel.channel_id: channel for channel in await self._telephony.channels()}
        bridges = await self._telephony.bridges()
        for session in self._registry:
            await self._compare(session, channels, confirmed)
        for channel in channels.values():
            if (channel.ours or self._is_ours(channel.channel_id)) and not self._known(channel.channel_id):
                await self._place(channel)
        for bridge in bridges:
            if self._known(bridge.bridge_id):
                continue
            if self._is_ours(bridge.bridge_id) and self._registry.call_of_id(bridge.bridge_id) is None:
                _repaired("orphan_bridge", bridge.bridge_id)
                await self._telephony.destroy_bridge(bridge.bridge_id)

    async def _compare(
        self, session: CallSession, channels: Mapping[str, ChannelSeen], confirmed: Collection[str]
    ) -> None:
        call = session.call
        if call is None or call.phase == "ended":
            return
        if caller_expected(call) and call.channel_id not in channels:
            _repaired("caller_gone", call.id)
            session.post(CallerHungUp())
            return
        for leg_id in legs_of(call):
            if leg_id in confirmed:
                self._compare_leg(session, leg_id, channels, ringing=leg_id in ringing_legs(call))
        message = call.errand if isinstance(call.errand, RunningMessage) else None
        if message is not None and not session.is_under_way(message.message_id):
            await self._compare_message(session, message)
        playing = call.playing
        if playing and not session.is_under_way(playing) and not await self._telephony.playback_exists(playing):
            _repaired("prompt_ended", call.id)
            session.post(PromptFinished(playback_id=playing, ok=True))

    async def _compare_message(self, session: CallSession, message: RunningMessage) -> None:
        """The caller spoke on while we were away, and may have finished."""
        if not await self._telephony.message_lives(message.message_id):
            _repaired("message_ended", session.id)
            seconds = session.now() - message.since
            session.post(MessageFinished(message_id=message.message_id, ok=True, seconds=seconds))

    def _compare_leg(
        self, session: CallSession, leg_id: str, channels: Mapping[str, ChannelSeen], *, ringing: bool
    ) -> None:
        leg = channels.get(leg_id)
        if leg is None:
            _repaired("leg_gone", session.id)
            session.post(AgentLegEnded(offer_id=leg_id))
        elif ringing and leg.up:
            _repaired("leg_answered", session.id)
            session.post(AgentLegAnswered(offer_id=leg_id))

    async def _place(self, channel: ChannelSeen) -> None:
        """A channel in our application that no call knows: a caller whom we missed, or a leg that outlived its call."""
        is_leg = channel.arguments[:1] == (LEG,) or self._is_ours(channel.channel_id)
        if is_leg:
            session = self._registry.call_of_id(channel.channel_id)
            call = session.call if session is not None else None
            if call is None or channel.channel_id not in (*legs_of(call), call.channel_id):
                _repaired("orphan_leg", channel.channel_id)
                await self._telephony.hang_up(channel.channel_id)
            return
        call_id = self._registry.call_id_for(channel.channel_id)
        session = self._registry.find(call_id)
        if self._registry.is_over(call_id):
            _repaired("orphan_caller", channel.channel_id)
            await self._telephony.hang_up(channel.channel_id)
        elif session is None:
            _repaired("missed_caller", channel.channel_id)
            dialled = channel.arguments[0] if channel.arguments else channel.dialled
            self._registry.arrive(channel.channel_id, dialled, channel.caller_number, channel.caller_name)
        elif session.call is not None and session.call.phase == "ended":
            _repaired("orphan_caller", channel.channel_id)
            await self._telephony.hang_up(channel.channel_id)

    def _is_ours(self, made_id: str) -> bool:
        """What we make for a call is named CALL.xN. Neither callers' channels nor the holding bridges are."""
        return made_id.startswith(f"{self._node}-") and OURS.search(made_id) is not None


def legs_of(call: Call) -> tuple[str, ...]:
    """The channels that the call still needs, beside the caller's."""
    agents = [part.offer_id for part in (*call.offers, call.talk, call.returning) if part is not None]
    parties = [party.leg for party in call.parties if party.state != "queued"]
    outside = (call.errand.leg_id,) if isinstance(call.errand, OutsideLeg) else ()
    return (*agents, *parties, *outside, *(_dialling_legs(call) if call.dialling is not None else ()))


def _dialling_legs(call: Call) -> tuple[str, ...]:
    """Of an agent's own call: the second is rung once the first has answered."""
    if (dialling := call.dialling) is None:
        return ()
    return (dialling.leg,) if dialling.stage == "agent" else (dialling.leg, call.channel_id)


def caller_expected(call: Call) -> bool:
    """Whether there should be a caller's channel now."""
    return not call.caller_gone and (call.dialling is None or call.dialling.stage == "target")


def ringing_legs(call: Call) -> tuple[str, ...]:
    """Those of them that have not answered as far as we know."""
    ringing = [party.leg for party in call.parties if party.state == "ringing"]
    if call.phase == "ringing":
        ringing.extend(offer.offer_id for offer in call.offers)
    if isinstance(call.errand, OutsideLeg) and not call.errand.picked_up:
        ringing.append(call.errand.leg_id)
    return (*ringing, *_dialling_legs(call)[-1:])


def agents_of(call: Call) -> tuple[int, ...]:
    """The agents who are rung for the call, or talk."""
    talking = (call.talk.agent_id,) if call.talk is not None else ()
    return (*(offer.agent_id for offer in call.offers), *talking)


def _confirmed_legs(session: CallSession) -> tuple[str, ...]:
    if session.call is None:
        return ()
    return tuple(leg for leg in legs_of(session.call) if not session.is_under_way(leg))


def _repaired(kind: str, what: str) -> None:
    metrics.repairs.labels(kind).inc()
    log.warning("repaired", kind=kind, what=what)
