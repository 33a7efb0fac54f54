"""menu: the caller chooses by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from ctiserver.ivr.fields import Keys, Target
from ctiserver.ivr.nodes.question import Asking

if TYPE_CHECKING:
    from ctiserver.ivr.turn import Turn


class Menu(Asking, frozen=True, kw_only=True):
    """Choices may be longer than one key; where one begins another (`1` and `12`), a pause of `inter_digit` decides.

    `words` are what may be said instead of pressing a choice's keys, where a recogniser is configured.
    """

    type_name: ClassVar[str] = "menu"
    active_edges: ClassVar[frozenset[str]] = frozenset({"invalid", "choices"})

    choices: dict[Keys, Target]
    words_by_choice: dict[Keys, tuple[str, ...]] = msgspec.field(
        name="words", default_factory=dict[Keys, tuple[str, ...]]
    )

    def problem(self) -> str | None:
        """What the field types cannot express."""
        strange = [str(keys) for keys in self.words_by_choice if keys not in self.choices]
        if strange:
            return f"words are given for {', '.join(strange)}, which is no choice"
        if any(not word.strip() for words in self.words_by_choice.values() for word in words):
            return "a word is empty"
        return super().problem()

    def words(self) -> tuple[str, ...]:
        return tuple(word for words in self.words_by_choice.values() for word in words)

    def on_words(self, turn: Turn, text: str) -> str | None:
        """The choice whose longest word occurs in what was said."""
        said = text.casefold()
        found = [
            (len(word), keys)
            for keys, words in self.words_by_choice.items()
            for word in words
            if word.casefold() in said
        ]
        return self._choose(turn, str(max(found)[1])) if found else self.refuse(turn)

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
