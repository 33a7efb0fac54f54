"""Ports on this machine: which are free, and who has those that are taken."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from contextlib import ExitStack, suppress

import psutil

from ctiserver.errors import PartError, PortTakenError

FIRST, LAST = 10_000, 32_000  # below the range from which Linux takes ports for outgoing connections
RTP_BLOCK = 400

_chance = random.SystemRandom()  # so that two that choose in the same instant rarely meet


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether the port can be listened on, over TCP and UDP alike."""
    with ExitStack() as sockets:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            probe = sockets.enter_context(socket.socket(socket.AF_INET, kind))
            if kind is socket.SOCK_STREAM:  # as servers do: a connection that lingers doesn't count as taken
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


def choose_free_port(host: str = "127.0.0.1", *, avoid: set[int] | None = None) -> int:
    for _ in range(500):
        port = _chance.randrange(FIRST, LAST)
        if port not in (avoid or set()) and is_free(port, host):
            return port
    raise PartError(f"No free port between {FIRST} and {LAST} on {host}")


def choose_rtp_range(host: str = "127.0.0.1") -> tuple[int, int]:
    """First and last port of a block for sound (two ports a leg), whose ends and middle are free."""
    blocks = list(range(FIRST, LAST - RTP_BLOCK, RTP_BLOCK))
    _chance.shuffle(blocks)
    for start in blocks:
        if all(is_free(start + step, host) for step in range(0, RTP_BLOCK, RTP_BLOCK // 8)):
            return start, start + RTP_BLOCK - 1
    raise PartError(f"No free block of {RTP_BLOCK} ports for sound between {FIRST} and {LAST} on {host}")


async def require_free(port: int, *, setting: str, host: str = "127.0.0.1", patience_s: float = 2.0) -> None:
    """Raises PortTakenError that names the setting and, if it can be known, the program that has the port.

    The patience is for a server that was just killed: the kernel takes a moment to close its sockets.
    """
    deadline = time.monotonic() + patience_s
    while not is_free(port, host):
        if time.monotonic() > deadline:
            raise _taken(port, setting)
        await asyncio.sleep(0.05)


def _taken(port: int, setting: str) -> PortTakenError:
    holder = _holder_of(port)
    return PortTakenError(
        f"Port {port} ({setting}) is taken" + (f" by {holder}" if holder else ""),
        hint="stop that program, or choose another port",
    )


def _holder_of(port: int) -> str:
    with suppress(psutil.Error, OSError):  # only an extra for the message: without rights we can't see
        for connection in psutil.net_connections("inet"):
            address = connection.laddr
            if address and address.port == port and connection.pid and connection.status in ("LISTEN", "NONE"):
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    return ""
