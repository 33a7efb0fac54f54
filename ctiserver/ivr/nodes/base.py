"""What every node type is: fields to be read from YAML, and what to do on entering and on each input."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from ctiserver.ivr.fields import Title

if TYPE_CHECKING:
    from ctiserver.ivr.messages import FlowInput
    from ctiserver.ivr.turn import Turn


class Node(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all node types. Subclasses set the class variables and define `enter`, and `react` if they wait.

    Fields of the types in `fields.py` are read, checked, documented and drawn by themselves.
    """

    type_name: ClassVar[str] = ""
    """The key under which the node stands in YAML."""
    short: ClassVar[str | None] = None
    """The field that a value which isn't a mapping of fields stands for: `say: 您好` is `say: {text: 您好}`."""
    asks: ClassVar[bool] = False
    """Whether it asks the caller for keys: `back` leads here."""
    active_edges: ClassVar[frozenset[str]] = frozenset()
    """Fields whose edges are taken only after a key or after real time in a queue; loops need such an edge."""
    ends_call: ClassVar[bool] = False
    """Whether a call can come to its end here, or reach people."""
    assigns: ClassVar[tuple[str, ...]] = ()
    """Variables it writes, in addition to the fields of type VariableName."""
    assigns_on: ClassVar[frozenset[str] | None] = None
    """The edges on which they are surely written; None: on all."""
    sets_on_entry: ClassVar[tuple[str, ...]] = ()
    """Those of `assigns` that its own texts may use already."""
    takes_global_keys: ClassVar[bool] = True
    types_ahead: ClassVar[bool] = False
    """Whether keys that are pressed here count for the next node that asks."""

    title: Title | None = None
    """For people: what agents read instead of the node's name."""

    def enter(self, turn: Turn) -> str | None:
        """Begin; the next node's name, or None to wait (or when the call has ended)."""
        raise NotImplementedError

    def react(self, turn: Turn, message: FlowInput) -> str | None:
        """Go on after `message`, which fits the phase of the call; the next node's name, or None to go on waiting."""
        return None

    def claims(self, turn: Turn, key: str) -> bool:
        """Whether `key` means something to this node now, so that it isn't a global key."""
        return False
