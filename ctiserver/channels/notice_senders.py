"""Mail and SMS leave by a sender. The one that is there writes them to a file, for whoever connects a gateway."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

log = structlog.get_logger()


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """`address` is a number in E.164 or a mail address; `kind` and `params` make the sentence."""

    id: int
    channel: str  # mail or sms
    address: str
    kind: str
    params: dict[str, object]
    order_id: int | None


class NoticeSender(Protocol):
    async def send(self, notice: Outgoing) -> None:
        """Raises OSError where it can't be sent now: it is tried again."""
        ...


class FileSender:
    """One line of JSON per notice in `<folder>/mail.jsonl` and `sms.jsonl`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, notice: Outgoing) -> None:
        await asyncio.to_thread(self._append, notice)
        log.info("notice_written", channel=notice.channel, kind=notice.kind, notice=notice.id)

    def _append(self, notice: Outgoing) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / f"{notice.channel}.jsonl").open("ab") as stream:
            stream.write(msgspec.json.encode(notice) + b"\n")
