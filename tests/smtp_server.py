"""A mail server that takes what it is told to: small, real sockets, for stories in which mail leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """`mails` in the order of arrival; recipients in `refused` are told 550; `answer_data` is said to each mail."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list[EmailMessage])
    recipients: list[list[str]] = field(default_factory=list[list[str]])
    refused: set[str] = field(default_factory=set[str])
    answer_data: str = "250 taken"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        to: list[str] = []
        say("220 test")
        while line := (await reader.readline()).decode().strip():
            verb = line.upper()
            if verb.startswith("RCPT"):
                address = line.partition("<")[2].partition(">")[0]
                if address in self.refused:
                    say("550 nobody of that name")
                    continue
                to.append(address)
            if verb == "DATA":
                say("354 go on")
                content = await reader.readuntil(b"\r\n.\r\n")
                if self.answer_data.startswith("2"):
                    plain = content[:-5].replace(b"\r\n..", b"\r\n.")
                    self.mails.append(message_from_bytes(plain, policy=policy.default))  # pyright: ignore[reportArgumentType] - the policy makes it an EmailMessage
                    self.recipients.append(to)
                to = []
                say(self.answer_data)
                continue
            say("221 bye" if verb == "QUIT" else "250 yes")
            if verb == "QUIT":
                break
        writer.close()


@asynccontextmanager
async def mail_server() -> AsyncGenerator[MailServer]:
    told = MailServer()
    server = await asyncio.start_server(told.serve, "127.0.0.1", 0)
    told.port = server.sockets[0].getsockname()[1]
    async with server:
        yield told
