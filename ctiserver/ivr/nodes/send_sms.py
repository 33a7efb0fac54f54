"""send_sms: write to the caller's telephone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.computed import Computed
from ctiserver.ivr.fields import Target
from ctiserver.ivr.messages import SendSms
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.speech import Speech
from ctiserver.ivr.template import parse

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn

_NUMBER = re.compile(r"\+?[0-9]{5,20}")


class SendSmsNode(Node, frozen=True, kw_only=True):
    """Queued and sent beside the call. `to` is a number, the caller's own unless it says otherwise; without one it is
    left out and the flow goes on.
    """

    type_name: ClassVar[str] = "send_sms"
    short: ClassVar[str | None] = "text"

    text: Speech
    next: Target
    to: Computed | None = None

    def enter(self, turn: Turn) -> str | None:
        number = (self.to or _CALLER).text(turn.variables)
        text = turn.words(self.text)
        if _NUMBER.fullmatch(number) and text:
            turn.report(SendSms(number=number, text=text))
        return self.next


_CALLER = Computed(template=parse("{caller.number}"))
