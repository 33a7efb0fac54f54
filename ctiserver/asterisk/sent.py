"""A command that is on its way to Asterisk: sent when it was made, its outcome there for whoever awaits it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

from ctiserver.ports import Outcome


class Sent(Awaitable[Outcome]):
    """Awaiting it runs `finish`, which waits for the answer and says what it means. Await it once, or never."""

    __slots__ = ("_finish",)

    def __init__(self, finish: Callable[[], Coroutine[Any, Any, Outcome]]) -> None:
        self._finish = finish

    def __await__(self) -> Generator[Any, Any, Outcome]:
        return self._finish().__await__()
