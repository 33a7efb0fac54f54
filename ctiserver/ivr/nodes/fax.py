"""fax: take a document, or send one on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ctiserver.ivr.fields import DocumentId, Target
from ctiserver.ivr.messages import FaxDone, FlowInput, ReceiveFax, SendFax
from ctiserver.ivr.nodes.base import Node

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class Fax(Node, frozen=True, kw_only=True):
    """`receive` keeps what the caller's machine sends for `box`; `send` plays `document` to it (`documents/ID.tif`)."""

    type_name: ClassVar[str] = "fax"
    short: ClassVar[str | None] = "mode"
    ends_call: ClassVar[bool] = True
    takes_global_keys: ClassVar[bool] = False

    mode: Literal["receive", "send"] = "receive"
    box: str = ""
    document: DocumentId | None = None
    next: Target | None = None
    failed: Target | None = None

    def problem(self) -> str | None:
        """What the field types cannot express."""
        if (self.mode == "send") != (self.document is not None):
            return "document goes with mode: send, and only with it"
        return None

    def enter(self, turn: Turn) -> str | None:
        if self.document is not None:
            turn.send_for(SendFax(document=str(self.document)))
        else:
            turn.send_for(ReceiveFax(box=self.box))
        return None

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        if not isinstance(message, FaxDone):
            return None
        target = self.next if message.ok else (self.failed or self.next)
        if target is None:
            turn.hang_up("normal")
        return target
