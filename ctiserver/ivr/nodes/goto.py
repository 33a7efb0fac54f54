"""goto: go on in another flow, and perhaps come back; return: come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.fields import FlowId, Target
from ctiserver.ivr.nodes.base import Node

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class Goto(Node, frozen=True, kw_only=True):
    """`then` is where to go on when the other flow returns; without it there is no way back."""

    type_name: ClassVar[str] = "goto"
    short: ClassVar[str | None] = "flow"

    flow: FlowId
    then: Target | None = None

    def enter(self, turn: Turn) -> str | None:
        first = turn.enter_flow(self.flow, self.then)
        if first is None:
            turn.fault = "flow_nesting"
            return self.then or turn.flow.on_error or _give_up(turn)
        return first


class Return(Node, frozen=True, kw_only=True):
    """Go on where the flow that led here says; a flow that wasn't entered from another ends the call."""

    type_name: ClassVar[str] = "return"
    ends_call: ClassVar[bool] = True

    def enter(self, turn: Turn) -> str | None:
        node = turn.leave_flow()
        if node is None:
            turn.hang_up("flow_ended")
        return node


def _give_up(turn: Turn) -> None:
    turn.hang_up("flow_error")
