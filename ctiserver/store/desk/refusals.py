"""What the desk's store refuses; the API gives each its status."""

from __future__ import annotations

from collections.abc import Mapping

from ctiserver.errors import Rejected


class NotThere(Rejected):
    """No such row, or none that this user may see."""

    def __init__(self, what: str) -> None:
        super().__init__(f"no such {what}")
        self.what = what


class Stale(Rejected):
    """Somebody changed it since it was read: who, when, and by what."""

    def __init__(self, *, version: int, actor: str, at: float, action: str) -> None:
        super().__init__(f"changed by {actor} ({action}), it is at version {version}")
        self.params: Mapping[str, object] = {"version": version, "actor": actor, "at": at, "action": action}


class Unfit(Rejected):
    """Values that can't be: (field, problem word) each."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {problem}" for field, problem in problems))
        self.problems = problems


class InUse(Rejected):
    """A word or number that somebody else has."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is taken")
        self.field = field
