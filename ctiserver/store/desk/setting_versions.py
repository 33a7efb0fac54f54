"""Which state of a setting somebody has looked at: a digest of what stood there, so that nobody overwrites unseen."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import msgspec

from ctiserver.errors import Rejected

LENGTH = 16


class ChangedMeanwhile(Rejected):
    """It is not as it was read. `current` is what stands there now; None: nothing any more."""

    def __init__(self, what: str, current: object | None) -> None:
        super().__init__(f"{what} was changed meanwhile")
        self.current = current


class StillNeeded(Rejected):
    """Others refer to it: (kind, id) each, some of them."""

    def __init__(self, what: str, uses: Mapping[str, list[str]]) -> None:
        super().__init__(f"{what} is still used")
        self.uses = [(kind, key) for kind, keys in uses.items() for key in keys]


def version_of(value: object) -> str:
    """The same for the same content; `value` without its own version."""
    return sha256(msgspec.json.encode(value)).hexdigest()[:LENGTH]


def check_version(what: str, current: object | None, stands: str, seen: str | None) -> None:
    """`seen`: the version that was read, "" for a new one; None asks nothing. Raises ChangedMeanwhile."""
    if seen is not None and seen != stands:
        raise ChangedMeanwhile(what, current)
