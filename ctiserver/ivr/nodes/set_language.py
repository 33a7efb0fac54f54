"""set_language: speak another language from here on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.fields import Language, Target
from ctiserver.ivr.nodes.base import Node

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class SetLanguage(Node, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "set_language"
    short: ClassVar[str | None] = "language"

    language: Language
    next: Target

    def enter(self, turn: Turn) -> str | None:
        turn.speak(str(self.language))
        return self.next
