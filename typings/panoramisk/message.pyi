from collections.abc import ItemsView

class Message:
    """Keys as received; a header that comes several times is a list."""

    content: str
    @property
    def success(self) -> bool: ...
    def items(self) -> ItemsView[str, str | list[str]]: ...
