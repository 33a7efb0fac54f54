"""menu: the caller chooses by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ctiserver.ivr.fields import Keys, Target
from ctiserver.ivr.nodes.question import Question

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class Menu(Question, frozen=True, kw_only=True):
    """Choices may be longer than one key; where one begins another (`1` and `12`), a pause of `inter_digit` decides."""

    type_name: ClassVar[str] = "menu"
    active_edges: ClassVar[frozenset[str]] = frozenset({"invalid", "choices"})

    choices: dict[Keys, Target]

    def claims(self, turn: Turn, key: str) -> bool:
        return any(choice.startswith(turn.digits + key) for choice in self.choices)

    def on_key(self, turn: Turn, key: str) -> str | None:
        typed = turn.digits + key
        longer = any(choice != typed and choice.startswith(typed) for choice in self.choices)
        if longer:
            turn.digits = typed
            return None
        return self._choose(turn, typed)

    def on_pause(self, turn: Turn) -> str | None:
        return self._choose(turn, turn.digits)

    def _choose(self, turn: Turn, typed: str) -> str | None:
        target = self.choices.get(Keys(typed))
        if target is None:
            return self.refuse(turn)
        turn.digits = ""
        turn.note_input(turn.node_name, typed)
        return target
