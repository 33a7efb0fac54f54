"""The one error that the routing engine raises: a configuration that cannot work."""

from __future__ import annotations


class ConfigError(ValueError):
    """A configuration was refused. `field` is its dotted path, such as `queues[bills].steps[1].after_s`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
