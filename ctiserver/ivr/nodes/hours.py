"""hours: are we open?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.fields import CalendarId, Target
from ctiserver.ivr.nodes.base import Node

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class Hours(Node, frozen=True, kw_only=True):
    """Branches by a calendar of `lines.yaml`; `holiday` is where public holidays go unless that is `closed` too.

    Sets `hours.opens` (when it opens next, for `{hours.opens|when}`) and `hours.closes`.
    """

    type_name: ClassVar[str] = "hours"
    assigns: ClassVar[tuple[str, ...]] = ("hours",)

    calendar: CalendarId
    open: Target
    closed: Target
    holiday: Target | None = None

    def enter(self, turn: Turn) -> str | None:
        opening = turn.opening(self.calendar)
        turn.assign(
            "hours",
            {
                "state": opening.state,
                "opens": opening.opens.isoformat() if opening.opens is not None else None,
                "closes": opening.closes.isoformat() if opening.closes is not None else None,
            },
        )
        if opening.state == "open":
            return self.open
        return self.holiday if opening.state == "holiday" and self.holiday is not None else self.closed
