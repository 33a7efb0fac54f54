"""Going on after a restart of the daemon or a gap in the link: our state against what Asterisk has, repaired.

    spool ─▶ last state of each call and agent ─┐
    Asterisk ─▶ channels and bridges now ───────┴─▶ the differences, fed to the calls as ordinary events

Nothing here decides what a difference means; the calls do.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
    RecordingLost,
    Step,
)
from ctiserver.call.states import Call
from ctiserver.errors import LinkDownError
from ctiserver.live import metrics
from ctiserver.live.agent_records import AgentRecord
from ctiserver.live.differences import Difference
from ctiserver.live.misplaced import misplaced
from ctiserver.live.registry import LEG, CallRegistry
from ctiserver.live.resumable_places import PLACES, KeptPlace, KeptPlaces
from ctiserver.live.session import CallSession
from ctiserver.ports import ChannelEntered, ChannelSeen, Telephony

log = structlog.get_logger()

AGENT_SUBJECT = "agent:"
RECORDING_OVERDUE_S = 3 * 3600.0
UNKNOWN_TO_US = 41  # ITU-T Q.850, temporary failure: perhaps answered while nobody served it, so nobody has missed it
OURS = re.compile(r"\.[a-z][0-9]+$")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the spool still knows of calls that are not over, of agents, which calls ended not long ago, and of places
    that were given up.

    `unreadable`: calls of which this version can't read the state, such as after going back to an older version.
    """

    calls: tuple[Call, ...]
    agents: tuple[AgentRecord, ...]
    over: tuple[str, ...] = ()
    places: tuple[KeptPlace, ...] = ()
    unreadable: tuple[str, ...] = ()


def remember(checkpoint: bytes | None, steps: Iterable[Step]) -> Remembered:
    """The last state of every subject. A state that this version can't read is left out, loudly."""
    states: dict[str, msgspec.Raw] = {}
    if checkpoint:
        states.update(msgspec.json.decode(checkpoint, type=dict[str, msgspec.Raw]))
    places = KeptPlaces(states.pop(PLACES, None))
    for step in steps:
        places.note(step)
        if bytes(step.state):
            states[step.subject] = step.state
    calls: list[Call] = []
    agents: list[AgentRecord] = []
    unreadable: list[str] = []
    for subject, state in states.items():
        try:
            if subject.startswith(AGENT_SUBJECT):
                agents.append(msgspec.json.decode(state, type=AgentRecord))
            else:
                calls.append(msgspec.json.decode(state, type=Call))
        except msgspec.MsgspecError as error:
            log.error("state_not_readable", subject=subject, error=str(error))
            if not subject.startswith(AGENT_SUBJECT):
                unreadable.append(subject)
    return Remembered(
        calls=tuple(call for call in calls if not call.over),
        agents=tuple(agents),
        over=tuple(call.id for call in calls if call.over),
        places=places.all(),
        unreadable=tuple(unreadable),
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

    def adopt(self, calls: Iterable[Call], there: Mapping[str, ChannelSeen] | None) -> None:
        """Once, at start, before the first resync. `there`: all channels in Asterisk; None: not known yet.

        A caller who has gone meanwhile is let go in the same moment: the flow must not go on without anybody.
        """
        for call in calls:
            log.info("call_adopted", call_id=call.id, phase=call.phase)
            session = self._registry.adopt(call)
            caller = there.get(call.channel_id) if there is not None else None
            # The former process may have ended before its command to answer was carried out.
            unanswered = caller is not None and not caller.up and call.direction == "inbound"
            session.post(CallRecovered(unanswered=unanswered))
            if there is not None and call.phase != "ended" and caller_expected(call) and call.channel_id not in there:
                metrics.repairs.labels("caller_gone").inc()
                session.post(CallerHungUp())

    async def channels_there(self) -> Mapping[str, ChannelSeen] | None:
        """All channels in Asterisk, by id; None: it can't be asked now."""
        try:
            return {channel.channel_id: channel for channel in await self._telephony.channels()}
        except LinkDownError:
            return None

    def lose_all(self) -> None:
        """Asterisk was restarted: its channels are gone, and with them every conversation."""
        self._registry.take_all()
        for session in self._registry:
            metrics.repairs.labels("asterisk_restarted").inc()
            session.post(AsteriskRestarted())

    async def resync(self) -> None:
        """Puts right at once whatever differs: right after a connect nothing of ours is on its way."""
        for difference in await self.differences():
            await difference.put_right()

    async def differences(self) -> list[Difference]:
        """Compares every live call with Asterisk's own lists, and finds what is ours but nobody's.

        The lists are older than what is done while they are on their way: a leg that Asterisk had not confirmed when
        we asked may be missing in them and ring all the same. Raises LinkDownError.
        """
        confirmed = {leg for session in self._registry for leg in _confirmed_legs(session)}
        channels = {channel.channel_id: channel for channel in await self._telephony.channels()}
        bridges = await self._telephony.bridges()
        found: list[Difference] = []
        for session in self._registry:
            found.extend(await self._of_call(session, channels, confirmed))
        for channel in channels.values():
            if (channel.ours or self._is_ours(channel.channel_id)) and not self._known(channel.channel_id):
                found.extend(self._of_stranger(channel))
        for bridge in bridges:
            if self._known(bridge.bridge_id):
                continue
            if self._is_ours(bridge.bridge_id) and not self._is_needed(bridge.bridge_id):
                destroy = functools.partial(self._telephony.destroy_bridge, bridge.bridge_id)
                found.append(Difference("orphan_bridge", bridge.bridge_id, destroy))
        found.extend(misplaced(self._registry, channels, bridges, self._telephony))
        return found

    async def _of_call(
        self, session: CallSession, channels: Mapping[str, ChannelSeen], confirmed: Collection[str]
    ) -> list[Difference]:
        call = session.call
        if call is None:
            return []
        if call.phase == "ended":
            return list(_overdue_recordings(session, call))
        if caller_expected(call) and call.channel_id not in channels:
            return [Difference("caller_gone", call.id, functools.partial(session.post, CallerHungUp()))]
        found = [
            difference
            for leg_id in legs_of(call)
            if leg_id in confirmed
            and (difference := _of_leg(session, leg_id, channels, ringing=leg_id in ringing_legs(call)))
        ]
        message = call.errand if isinstance(call.errand, RunningMessage) else None
        if message is not None and await self._has_ended(session, message):
            finish = functools.partial(_finish_message, session, message)
            found.append(Difference("message_ended", message.message_id, finish))
        playing = call.playing
        if playing and not session.is_under_way(playing) and not await self._telephony.playback_exists(playing):
            finished = PromptFinished(playback_id=playing, ok=True)
            found.append(Difference("prompt_ended", playing, functools.partial(session.post, finished)))
        return found

    async def _has_ended(self, session: CallSession, message: RunningMessage) -> bool:
        ident = message.message_id
        return not session.is_under_way(ident) and not await self._telephony.message_lives(ident)

    def _of_stranger(self, channel: ChannelSeen) -> Iterable[Difference]:
        """A channel in our application that no call knows: a caller whom we missed, or a leg that outlived its call."""
        ident = channel.channel_id
        hang_up = functools.partial(self._telephony.hang_up, ident)
        if channel.arguments[:1] == (LEG,) or self._is_ours(ident):
            session = self._registry.call_of_id(ident)
            call = session.call if session is not None else None
            if call is None or ident not in (*legs_of(call), call.channel_id):
                yield Difference("orphan_leg", ident, hang_up)
            return
        if self._registry.is_second_line(ident) or self._registry.admission.holds(ident):
            return
        call_id = self._registry.call_id_for(ident)
        session = self._registry.find(call_id)
        if self._registry.is_over(call_id):
            yield Difference("orphan_caller", ident, hang_up)
        elif session is None:
            entered = ChannelEntered(
                channel_id=ident,
                arguments=channel.arguments or (channel.dialled,),
                caller_number=channel.caller_number,
                caller_name=channel.caller_name,
                channel_name=channel.name,
                answered=channel.up,
            )
            yield Difference("missed_caller", ident, functools.partial(self._registry.newcomer, entered))
        elif session.call is not None and session.call.phase == "ended":
            yield Difference("orphan_caller", ident, hang_up)

    def _is_needed(self, bridge_id: str) -> bool:
        """By a call that goes on; one that has ended may only wait for its recording."""
        session = self._registry.call_of_id(bridge_id)
        return session is not None and (session.call is None or session.call.phase != "ended")

    def _is_ours(self, made_id: str) -> bool:
        """What we make for a call is named CALL.xN. Neither callers' channels nor the holding bridges are."""
        return made_id.startswith(f"{self._node}-") and OURS.search(made_id) is not None


def legs_of(call: Call) -> tuple[str, ...]:
    """The channels that the call still needs, beside the caller's."""
    agents = [part.offer_id for part in (*call.offers, call.talk, call.returning) if part is not None]
    parties = [party.leg for party in call.parties if party.state != "queued"]
    outside = (call.errand.leg_id,) if isinstance(call.errand, OutsideLeg) else ()
    customer = (call.channel_id,) if _customer_rings(call) else ()
    second = (call.consult.via,) if call.consult is not None and call.consult.via else ()
    return (
        *agents,
        *parties,
        *second,
        *outside,
        *customer,
        *(_dialling_legs(call) if call.dialling is not None else ()),
    )


def _dialling_legs(call: Call) -> tuple[str, ...]:
    """Of an agent's own call: the second is rung once the first has answered."""
    if (dialling := call.dialling) is None:
        return ()
    return (dialling.leg,) if dialling.stage == "agent" else (dialling.leg, call.channel_id)


def _customer_rings(call: Call) -> bool:
    """Somebody who is rung back, or about messages, and has not picked up."""
    if call.notice is not None:
        return call.notice.stage == "ringing" and call.phase != "ended"
    return call.dialling is None and call.callback is not None and call.callback.stage == "customer"


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
    if _customer_rings(call):
        ringing.append(call.channel_id)
    return (*ringing, *_dialling_legs(call)[-1:])


def agents_of(call: Call) -> tuple[int, ...]:
    """The agents who are rung for the call, or talk."""
    talking = (call.talk.agent_id,) if call.talk is not None else ()
    return (*(offer.agent_id for offer in call.offers), *talking)


def _confirmed_legs(session: CallSession) -> tuple[str, ...]:
    if session.call is None:
        return ()
    return tuple(leg for leg in legs_of(session.call) if not session.is_under_way(leg))


def _of_leg(
    session: CallSession, leg_id: str, channels: Mapping[str, ChannelSeen], *, ringing: bool
) -> Difference | None:
    leg = channels.get(leg_id)
    if leg is None:
        return Difference(
            "leg_gone",
            leg_id,
            functools.partial(session.post, AgentLegEnded(offer_id=leg_id, cause=UNKNOWN_TO_US if ringing else 0)),
        )
    if ringing and leg.up:
        return Difference("leg_answered", leg_id, functools.partial(session.post, AgentLegAnswered(offer_id=leg_id)))
    return None


def _finish_message(session: CallSession, message: RunningMessage) -> None:
    """The caller spoke on while we were away, and may have finished."""
    seconds = session.now() - message.since
    session.post(MessageFinished(message_id=message.message_id, ok=True, seconds=seconds))


def _overdue_recordings(session: CallSession, call: Call) -> Iterator[Difference]:
    """The collector gives up long before: nobody is at it any more, and the call could never close."""
    for recording in call.recording:
        if recording.ended_at is not None and session.now() - recording.ended_at > RECORDING_OVERDUE_S:
            lost = RecordingLost(recording_id=recording.recording_id, reason="never collected")
            yield Difference("recording_overdue", recording.recording_id, functools.partial(session.post, lost))
