"""Signs in to AMI with pyst2, a client that shares no code with the daemon's: a second opinion."""

from __future__ import annotations

import importlib
import importlib.util
import socket
from contextlib import suppress
from typing import Any

from ctiserver.errors import PartError


def sign_in_with_other_client(host: str, port: int, user: str, secret: str) -> str:
    """Blocking; run it in a thread. Returns what Asterisk says of itself. Without pyst2 only the greeting is read."""
    try:
        with socket.create_connection((host, port), timeout=5) as connection:
            greeting = connection.recv(200).decode(errors="replace").strip()
    except OSError as error:
        raise PartError(
            f"AMI at {host}:{port}: {error}", hint="is Asterisk running? is asterisk.ami_port right?"
        ) from None
    if importlib.util.find_spec("asterisk.manager") is None:
        return f"{greeting} (not signed in: pyst2 is not installed)"
    pyst2: Any = importlib.import_module("asterisk.manager")
    client = pyst2.Manager()
    try:
        client.connect(host, port)
        client.login(user, secret)
        status = client.send_action({"Action": "CoreStatus"})
        return f"{greeting}, calls now: {status.get_header('CoreCurrentCalls', '?')}"
    except pyst2.ManagerException as error:
        raise PartError(
            f"AMI at {host}:{port}: {error}", hint="compare manager.conf with asterisk.ami_secret"
        ) from None
    finally:
        with suppress(pyst2.ManagerException):  # Asterisk may have hung up on a wrong secret
            client.close()
