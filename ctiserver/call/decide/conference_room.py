"""The caller in a conference room: a bridge that belongs to nobody's call."""

from __future__ import annotations

from ctiserver.call.commands import EnterRoom, ExitRoom
from ctiserver.call.decide.turn import Turn
from ctiserver.call.errands import RoomStay
from ctiserver.call.events import ConferenceEntered, ConferenceLeft, RoomRefused
from ctiserver.ivr.messages import FlowInput, JoinRoom, RoomLeft


def begin(turn: Turn, asked: JoinRoom) -> FlowInput | None:
    turn.stop_playing()
    turn.leave_music()
    turn.change(errand=RoomStay(room=asked.room, since=turn.now))
    turn.note(ConferenceEntered(room=asked.room))
    turn.do(EnterRoom(channel_id=turn.call.channel_id, room=asked.room))
    return None


def leave(turn: Turn) -> FlowInput | None:
    """By key."""
    if not isinstance(turn.call.errand, RoomStay):
        return None
    give_up(turn)
    turn.change(errand=None)
    return RoomLeft()


def refused(turn: Turn, event: RoomRefused) -> FlowInput | None:
    stay = turn.call.errand
    if not isinstance(stay, RoomStay) or stay.room != event.room:
        return None
    turn.note(ConferenceLeft(room=stay.room, seconds=0.0))
    turn.change(errand=None)
    return RoomLeft(failed=True)


def give_up(turn: Turn) -> None:
    if isinstance(stay := turn.call.errand, RoomStay):
        turn.note(ConferenceLeft(room=stay.room, seconds=turn.now - stay.since))
        turn.do(ExitRoom(channel_id=turn.call.channel_id, room=stay.room))
