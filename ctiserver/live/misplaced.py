"""Who is not where the call has put them: in no bridge, or in another one than those they speak with."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence

from ctiserver.call.decide import queueing
from ctiserver.call.decide.placing import MUSIC, placement
from ctiserver.call.events import CallRecovered
from ctiserver.call.states import Call
from ctiserver.live.differences import Difference
from ctiserver.live.session import CallSession
from ctiserver.ports import BridgeSeen, ChannelSeen, Outcome, Telephony


def misplaced(
    sessions: Iterable[CallSession],
    channels: Mapping[str, ChannelSeen],
    bridges: Sequence[BridgeSeen],
    telephony: Telephony,
) -> Iterator[Difference]:
    """A command that was lost on its way leaves somebody in silence. Whoever is not in our application is left out."""
    bridge_of = {channel_id: bridge.bridge_id for bridge in bridges for channel_id in bridge.channels}
    for session in sessions:
        call = session.call
        if call is None or call.phase == "ended":
            continue
        for channel_id, place in wanted(call).items():
            seen = channels.get(channel_id)
            if seen is None or not (seen.ours and seen.up) or _is_there(place, bridge_of.get(channel_id), call):
                continue
            move = _mover(telephony, session, call, channel_id, place)
            yield Difference("misplaced", f"{channel_id} to {place}", move)


def wanted(call: Call) -> dict[str, str]:
    """Channel → bridge id, or MUSIC for any bridge with music."""
    if call.phase == "waiting":
        hears_music = queueing.MUSIC not in call.deadlines and not call.playing and call.errand is None
        return {call.channel_id: MUSIC} if hears_music else {}
    return placement(call)


def _is_there(place: str, bridge_id: str | None, call: Call) -> bool:
    if place == MUSIC:  # the holding bridges belong to nobody's call
        return bridge_id is not None and not bridge_id.startswith(f"{call.id}.")
    return bridge_id == place


def _mover(
    telephony: Telephony, session: CallSession, call: Call, channel_id: str, place: str
) -> Callable[[], Awaitable[Outcome] | None]:
    if call.phase == "waiting":  # into the queue's own music
        return functools.partial(session.post, CallRecovered())
    if place == MUSIC:
        return functools.partial(telephony.hold_with_music, channel_id, "default")
    return functools.partial(_join, telephony, channel_id, place)


async def _join(telephony: Telephony, channel_id: str, bridge_id: str) -> Outcome:
    """Making a bridge that exists is refused and does no harm."""
    await telephony.make_bridge(bridge_id)
    return await telephony.connect(bridge_id, (channel_id,))
