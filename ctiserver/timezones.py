"""Time zones by name, from the system's database."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ctiserver.errors import ConfigurationError


def load_timezone(name: str) -> ZoneInfo:
    """Raises ConfigurationError for a name that the system doesn't know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigurationError(
            f"timezone: {name!r} is unknown here", hint="use a name such as Asia/Shanghai; is tzdata installed?"
        ) from None
