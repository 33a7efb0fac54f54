"""The base of all that is journaled: see events.py."""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Base of all inputs and facts; `type` is the class name."""
