import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from .ami_protocol import AMIProtocol
from .message import Message

class Manager:
    protocol: AMIProtocol | None
    loop: asyncio.AbstractEventLoop | None
    awaiting_actions: deque[Any]
    def __init__(self, **config: object) -> None: ...
    def send_action(
        self, action: Mapping[str, str | Sequence[str]], as_list: bool | None = None
    ) -> asyncio.Future[Message | list[Message]]: ...
    def dispatch(self, event: Message) -> list[str]: ...
    def connection_lost(self, exc: object) -> None: ...
