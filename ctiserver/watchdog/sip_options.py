"""Asks a SIP server over UDP whether it is there: OPTIONS, as phones and carriers do (RFC 3261, section 11)."""

from __future__ import annotations

import asyncio
import secrets
import socket

from ctiserver.errors import PartError


async def ask_options(address: str, timeout_s: float) -> str:
    """`address` is "host:port". Returns the first line of the answer; any answer shows that SIP is served."""
    host, _, port = address.rpartition(":")
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setblocking(False)
        try:
            udp.connect((host, int(port)))
            await loop.sock_sendall(udp, _request(address, udp.getsockname()))
            async with asyncio.timeout(timeout_s):
                answer = await loop.sock_recv(udp, 65535)
        except (OSError, TimeoutError) as error:
            raise PartError(f"SIP at {address}: {error or 'no answer'}", hint="is Asterisk running?") from None
    return f"{answer.decode(errors='replace').partition(chr(13))[0]} at {address}"


def _request(address: str, local: tuple[str, int]) -> bytes:
    here, token = f"{local[0]}:{local[1]}", secrets.token_hex(8)
    return "\r\n".join(
        [
            f"OPTIONS sip:{address} SIP/2.0",
            f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{token};rport",
            "Max-Forwards: 70",
            f"From: <sip:doctor@{here}>;tag={token}",
            f"To: <sip:{address}>",
            f"Call-ID: {token}",
            "CSeq: 1 OPTIONS",
            f"Contact: <sip:doctor@{here}>",
            "Content-Length: 0",
            "",
            "",
        ]
    ).encode()
