"""create_work_order: have something done."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from ctiserver.ivr.computed import Computed
from ctiserver.ivr.fields import Target
from ctiserver.ivr.messages import CreateWorkOrder
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.speech import Speech

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class CreateWorkOrderNode(Node, frozen=True, kw_only=True):
    """The desk makes a work order of it, with the call and its customer. `fields` are further values by name."""

    type_name: ClassVar[str] = "create_work_order"

    category: Computed
    next: Target
    subject: Speech | None = None
    text: Speech | None = None
    area: Computed | None = None
    fields: dict[str, Computed] = msgspec.field(default_factory=dict[str, Computed])

    def enter(self, turn: Turn) -> str | None:
        known = turn.variables
        turn.report(
            CreateWorkOrder(
                category=self.category.text(known),
                title=turn.words(self.subject),
                text=turn.words(self.text),
                area=self.area.text(known) if self.area is not None else "",
                fields={str(name): value.of(known) for name, value in self.fields.items()},
            )
        )
        return self.next
