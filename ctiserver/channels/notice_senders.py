"""Mail and SMS leave by a sender: this one writes them to files, channels/smtp_mail.py has mail by SMTP."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

log = structlog.get_logger()


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    kind: str  # application/…
    content: bytes


class Outgoing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`address` is a number in E.164 or a mail address, or several with commas; `kind` and `params` make the sentence.
    `message_id` is the same for every attempt, where there may be several."""

    id: int
    channel: str  # mail or sms
    address: str
    kind: str
    params: dict[str, object]
    order_id: int | None
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""

    @property
    def addresses(self) -> list[str]:
        return [one.strip() for one in self.address.split(",") if one.strip()]


class NoticeRefusedError(OSError):
    """For good: trying again changes nothing, and what waits behind it must not wait for it."""


class NoticeSender(Protocol):
    async def send(self, notice: Outgoing) -> None:
        """Raises OSError where it can't be sent now: it is tried again; NoticeRefusedError where it never can."""
        ...


class FileSender:
    """One line of JSON per notice in `<folder>/mail.jsonl` and `sms.jsonl`; what is attached in files beside them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, notice: Outgoing) -> None:
        await asyncio.to_thread(self._append, notice)
        log.info("notice_written", channel=notice.channel, kind=notice.kind, notice=notice.id)

    def _append(self, notice: Outgoing) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for attached in notice.attachments:
            (self._folder / f"{notice.message_id or notice.id}-{attached.name}").write_bytes(attached.content)
        notice = msgspec.structs.replace(notice, attachments=())
        with (self._folder / f"{notice.channel}.jsonl").open("ab") as stream:
            stream.write(msgspec.json.encode(notice) + b"\n")
