"""A desk phone's lamp: subscribes to an agent's state (RFC 3856 presence, RFC 4235 dialog) and keeps what is told."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import re
from collections.abc import Callable
from typing import Literal, cast

Package = Literal["presence", "dialog"]
ACCEPTED: dict[Package, str] = {"presence": "application/pidf+xml", "dialog": "application/dialog-info+xml"}
SHOWN: dict[Package, str] = {"presence": r"<note>([^<]*)</note>", "dialog": r"<state>([^<]*)</state>"}
ANSWER_S = 1.0
IN_TIME_S = 20.0
COPIED = ("Via", "From", "To", "Call-ID", "CSeq")
_numbers = itertools.count(1)


class LampWatcher(asyncio.DatagramProtocol):
    """One subscription of the extension `own` to the agent `other`. `shown` grows; the last is what the lamp shows."""

    def __init__(self, server: str, own: str, password: str, other: str, package: Package) -> None:
        host, _, port = server.partition(":")
        self.shown: list[str] = []
        self._server = (host, int(port))
        self._own, self._password = own, password
        self._package: Package = package
        self._target = f"sip:{other}@{server}"
        self._call_id = f"lamp-{next(_numbers)}-{id(self)}@127.0.0.1"
        self._answers: asyncio.Queue[str] = asyncio.Queue()
        self._changed = asyncio.Event()
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)  # asyncio's own is no subclass of it

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        message = data.decode(errors="replace")
        if message.startswith("SIP/2.0 "):
            self._answers.put_nowait(message)
            return
        copied = [line for line in message.split("\r\n") if line.partition(":")[0] in COPIED]
        self._send("\r\n".join(["SIP/2.0 200 OK", *copied, "Content-Length: 0", "", ""]))
        self.shown.extend(re.findall(SHOWN[self._package], message)[:1])
        self._changed.set()

    async def subscribe(self) -> None:
        challenged = await self._ask(1, "")
        challenge = dict(re.findall(r'(\w+)="?([^",]+)"?', challenged.partition("WWW-Authenticate: Digest ")[2]))
        accepted = await self._ask(2, self._proof(challenge))
        assert accepted.startswith("SIP/2.0 200"), accepted

    async def until(self, wanted: Callable[[str], bool]) -> None:
        async with asyncio.timeout(IN_TIME_S):
            while not (self.shown and wanted(self.shown[-1])):
                self._changed.clear()
                await self._changed.wait()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    async def _ask(self, number: int, authorization: str) -> str:
        """The final answer; repeated while there is none, as UDP wants it."""
        assert self._transport is not None
        port = self._transport.get_extra_info("sockname")[1]
        lines = [
            f"SUBSCRIBE {self._target} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK-lamp-{next(_numbers)};rport",
            "Max-Forwards: 70",
            f"From: <sip:{self._own}@127.0.0.1>;tag=lamp",
            f"To: <{self._target}>",
            f"Call-ID: {self._call_id}",
            f"CSeq: {number} SUBSCRIBE",
            f"Contact: <sip:{self._own}@127.0.0.1:{port}>",
            f"Event: {self._package}",
            f"Accept: {ACCEPTED[self._package]}",
            "Expires: 300",
            *([authorization] if authorization else []),
            "Content-Length: 0",
        ]
        for _ in range(int(IN_TIME_S / ANSWER_S)):
            self._send("\r\n".join([*lines, "", ""]))
            try:
                async with asyncio.timeout(ANSWER_S):
                    while f"CSeq: {number} " not in (answer := await self._answers.get()):
                        continue
                return answer
            except TimeoutError:
                continue
        raise AssertionError(f"no answer to SUBSCRIBE {self._target}")

    def _proof(self, challenge: dict[str, str]) -> str:
        def digest(text: str) -> str:
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

        own = digest(f"{self._own}:{challenge['realm']}:{self._password}")
        request = digest(f"SUBSCRIBE:{self._target}")
        answer = digest(f"{own}:{challenge['nonce']}:00000001:lamp:auth:{request}")
        opaque = f', opaque="{challenge["opaque"]}"' if "opaque" in challenge else ""
        return (
            f'Authorization: Digest username="{self._own}", realm="{challenge["realm"]}", '
            f'nonce="{challenge["nonce"]}", '
            f'uri="{self._target}", response="{answer}", algorithm=MD5, qop=auth, nc=00000001, cnonce="lamp"{opaque}'
        )

    def _send(self, message: str) -> None:
        assert self._transport is not None
        self._transport.sendto(message.encode(), self._server)


async def watch(server: str, own: str, password: str, other: str, package: Package) -> LampWatcher:
    """Subscribed."""
    _, watcher = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: LampWatcher(server, own, password, other, package), local_addr=("127.0.0.1", 0)
    )
    await watcher.subscribe()
    return watcher
