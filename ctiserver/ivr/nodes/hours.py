"""hours: are we open?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.fields import CalendarId, Target
from ctiserver.ivr.nodes.base import Node

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class Hours(Node, frozen=True, kw_only=True):
    """Branches by a calendar of `lines.yaml`; `holiday` is where public holidays go unless that is `closed` too.

    `nobody` is where callers go within the hours while nobody is there: nobody on duty by the roster, or, where there
    is no roster, nobody signed in when the call began. Sets `hours.opens` (when it opens next, for
    `{hours.opens|when}`) and `hours.closes`.
    """

    type_name: ClassVar[str] = "hours"
    assigns: ClassVar[tuple[str, ...]] = ("hours",)

    calendar: CalendarId
    open: Target
    closed: Target
    holiday: Target | None = None
    nobody: Target | None = None

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
            return self.nobody if self.nobody is not None and not is_staffed(turn.variables) else self.open
        return self.holiday if opening.state == "holiday" and self.holiday is not None else self.closed


def is_staffed(variables: Mapping[str, object]) -> bool:
    """By the roster if there is one, else by who was signed in; yes where neither is known."""
    on_duty, signed_in = variables.get("on_duty"), variables.get("agents_signed_in")
    known = on_duty if on_duty is not None else signed_in
    return known != 0
