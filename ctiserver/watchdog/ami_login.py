"""Signs in to AMI by the bare protocol, sharing no code with the daemon's client: a second opinion."""

from __future__ import annotations

import socket
from io import BufferedRWPair

from ctiserver.errors import PartError

TIMEOUT_S = 5


def sign_in_with_other_client(host: str, port: int, user: str, secret: str) -> str:
    """Blocking; run it in a thread. Returns what Asterisk says of itself.

    Raises PartError: nobody listens, it is not AMI, or it refuses the account.
    """
    try:
        with socket.create_connection((host, port), timeout=TIMEOUT_S) as connection:
            stream = connection.makefile("rwb")
            greeting = stream.readline().decode(errors="replace").strip()
            answer = _ask(stream, {"Action": "Login", "Username": user, "Secret": secret, "Events": "off"})
            if answer.get("Response") != "Success":
                raise PartError(
                    f"AMI at {host}:{port}: {answer.get('Message', 'closed the connection')}",
                    hint="compare manager.conf with asterisk.ami_secret",
                )
            status = _ask(stream, {"Action": "CoreStatus"})
            return f"{greeting}, calls now: {status.get('CoreCurrentCalls', '?')}"
    except OSError as error:
        raise PartError(
            f"AMI at {host}:{port}: {error}", hint="is Asterisk running? is asterisk.ami_port right?"
        ) from None


def _ask(stream: BufferedRWPair, action: dict[str, str]) -> dict[str, str]:
    """The headers of the answer; empty if Asterisk hung up instead. Events on the way are passed over."""
    stream.write("".join(f"{name}: {value}\r\n" for name, value in action.items()).encode() + b"\r\n")
    stream.flush()
    while headers := _read_message(stream):
        if "Response" in headers:
            return headers
    return {}


def _read_message(stream: BufferedRWPair) -> dict[str, str]:
    headers: dict[str, str] = {}
    while line := stream.readline().decode(errors="replace").strip():
        name, _, value = line.partition(":")
        headers[name] = value.strip()
    return headers
