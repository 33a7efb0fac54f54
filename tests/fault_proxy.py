"""A TCP proxy that makes a link sick: what stands between the daemon and ARI, AMI or Postgres in stories of faults.

async with FaultProxy("127.0.0.1", 5038) as link:
    daemon.connects_to(link.port)
    link.delay_s = 0.2          # every piece of data comes later, both ways, in order
    link.stall()                # nothing passes, nobody is told; `resume` lets everything through
    link.half_open()            # the present connections are dead without a FIN; new ones work
    link.reset()                # the present connections end with RST
    link.refuse()               # RST, and nobody listens any more, until `accept`
    link.corrupt(1)             # one byte of the next piece of data towards the daemon is another one
    link.cut_after(100)         # RST after so many further bytes towards the daemon, in the middle of anything
"""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass, field
from typing import Self

PIECE = 64 * 1024
RST = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time
FLIPPED = 0x20


@dataclass(eq=False)
class _Pipe:
    """One connection: the daemon's side and the server's."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])
    dead: bool = False  # swallows what comes

    def reset(self) -> None:
        for writer in (self.near, self.far):
            raw = writer.get_extra_info("socket")
            if raw is not None and not writer.transport.is_closing():
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
            writer.transport.abort()


class FaultProxy:
    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._pipes: set[_Pipe] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self._server: asyncio.Server | None = None
        self._corrupt = 0
        self._cut: int | None = None
        self.delay_s = 0.0
        self.port = 0
        self.accepted = 0  # connections so far

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.refuse()

    @property
    def connections(self) -> int:
        """Open ones that are not dead."""
        return sum(not pipe.dead for pipe in self._pipes)

    # ── faults ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def stall(self) -> None:
        self._flows.clear()

    def resume(self) -> None:
        self._flows.set()

    def half_open(self) -> None:
        """Also a failed-over router: packets of the present connections go nowhere from now on."""
        for pipe in self._pipes:
            pipe.dead = True

    def reset(self) -> None:
        for pipe in list(self._pipes):
            pipe.reset()

    async def refuse(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        tasks = [task for pipe in self._pipes for task in pipe.tasks]
        self.reset()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def accept(self) -> None:
        if self._server is None:
            await self._listen()

    def corrupt(self, pieces: int) -> None:
        self._corrupt = pieces

    def cut_after(self, size: int) -> None:
        self._cut = size

    async def heal(self) -> None:
        """No further faults; what is dead stays dead."""
        self.delay_s, self._corrupt, self._cut = 0.0, 0, None
        self.resume()
        await self.accept()

    # ── carrying ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _connection(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        self.accepted += 1
        try:
            far_reader, far = await asyncio.open_connection(*self._target)
        except OSError:  # the server behind is away
            near.transport.abort()
            return
        pipe = _Pipe(near, far)
        self._pipes.add(pipe)
        pipe.tasks = [
            asyncio.create_task(self._carry(pipe, reader, far, to_daemon=False), name="to the server"),
            asyncio.create_task(self._carry(pipe, far_reader, near, to_daemon=True), name="to the daemon"),
        ]
        await asyncio.wait(pipe.tasks)
        for writer in (near, far):
            writer.transport.abort()
        self._pipes.discard(pipe)

    async def _carry(
        self, pipe: _Pipe, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, to_daemon: bool
    ) -> None:
        try:
            while piece := await reader.read(PIECE):
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                await self._flows.wait()
                if pipe.dead:
                    continue
                if to_daemon and not self._spoiled(pipe, piece, writer):
                    continue
                if not to_daemon:
                    writer.write(piece)
                await writer.drain()
            if not pipe.dead:
                writer.write_eof()
        except (ConnectionError, OSError):
            pipe.reset()

    def _spoiled(self, pipe: _Pipe, piece: bytes, writer: asyncio.StreamWriter) -> bool:
        """Passes the piece on as the faults want it; False: the connection was cut."""
        if self._corrupt > 0:
            self._corrupt -= 1
            middle = len(piece) // 2
            piece = piece[:middle] + bytes([piece[middle] ^ FLIPPED]) + piece[middle + 1 :]
        if self._cut is not None:
            if len(piece) >= self._cut:
                writer.write(piece[: self._cut])
                self._cut = None
                pipe.reset()
                return False
            self._cut -= len(piece)
        writer.write(piece)
        return True
