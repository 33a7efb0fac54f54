import asyncio

from .manager import Manager

class AMIProtocol(asyncio.Protocol):
    transport: asyncio.Transport
    encoding: str
    closed: bool
    factory: Manager | None
    version: str | None
    def data_received(self, data: bytes) -> None: ...
    def close(self) -> None: ...
