"""conference: into a room with others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.computed import Computed
from ctiserver.ivr.fields import Keys, Target
from ctiserver.ivr.messages import Digit, FlowInput, JoinRoom, RoomLeft
from ctiserver.ivr.nodes.base import Node

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn

_ROOM = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Conference(Node, frozen=True, kw_only=True):
    """All who give the same `room` hear each other. `leave` is the key that leads out, to `next`, or to the end.

    `failed` is for a room that can't be entered, such as a name with signs other than letters, digits, - and _.
    """

    type_name: ClassVar[str] = "conference"
    short: ClassVar[str | None] = "room"
    ends_call: ClassVar[bool] = True
    takes_global_keys: ClassVar[bool] = False

    room: Computed
    leave: Keys | None = None
    next: Target | None = None
    failed: Target | None = None

    def problem(self) -> str | None:
        """What the field types cannot express."""
        return "leave is a single key" if self.leave is not None and len(self.leave) != 1 else None

    def enter(self, turn: Turn) -> str | None:
        room = self.room.text(turn.variables)
        if _ROOM.fullmatch(room) is None:
            return self._go(turn, self.failed or self.next)
        turn.send_for(JoinRoom(room=room))
        return None

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        match message:
            case Digit() if message.key == self.leave:
                turn.leave_room()
                return None
            case RoomLeft():
                return self._go(turn, (self.failed if message.failed else None) or self.next)
            case _:
                return None

    def _go(self, turn: Turn, target: Target | None) -> Target | None:
        if target is None:
            turn.hang_up("normal")
        return target
