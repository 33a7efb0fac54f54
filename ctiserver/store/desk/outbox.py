"""Orders that were made while Postgres was away: kept in files, and made in Postgres exactly once when it is back.

Each request is a file of its own, complete or not there, named by its key. The key also stands in
`work_order_intake`, so that a file whose order was made before the daemon died makes no second one.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
import structlog

from ctiserver.store.desk.desk_user import Account
from ctiserver.store.desk.order_rows import Conversion, NewOrder
from ctiserver.store.desk.orders import Orders
from ctiserver.store.desk.refusals import Unfit

log = structlog.get_logger()


class WaitingOrder(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    at: float
    account: Account
    new: NewOrder


class OrderOutbox:
    """`folder` is made when first needed. Files that can't be read are left, logged, and hold up nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, new: NewOrder, account: Account, now: float) -> None:
        """On disk when this returns; the same key again replaces it. Raises OSError where the disk refuses."""
        content = msgspec.json.encode(WaitingOrder(key=key, at=now, account=account, new=new))
        await asyncio.to_thread(self._write, self._name(key, now), content)
        log.warning("work_order_waits_for_postgres", key=key)

    async def waiting(self) -> int:
        return len(await asyncio.to_thread(self._files))

    async def drain(self, orders: Orders) -> Sequence[Conversion]:
        """Makes them in Postgres, oldest first. Raises DatabaseAwayError; what was made until then is made."""
        made: list[Conversion] = []
        for file in await asyncio.to_thread(self._files):
            waiting = await asyncio.to_thread(_read, file)
            if waiting is None:
                continue
            made.append(await _make(orders, waiting))
            await asyncio.to_thread(file.unlink)
        return made

    def _name(self, key: str, now: float) -> Path:
        digest = hashlib.sha256(key.encode()).hexdigest()[:24]
        there = next(iter(self._folder.glob(f"*-{digest}.json")), None)
        return there or self._folder / f"{int(now * 1000):015d}-{digest}.json"

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.json"))

    def _write(self, file: Path, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = file.with_suffix(".new")
        with aside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(file)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


async def _make(orders: Orders, waiting: WaitingOrder) -> Conversion:
    """What Postgres would have refused becomes an order all the same: the caller was told that it is taken."""
    try:
        return await orders.create(waiting.new, waiting.account, waiting.at, key=waiting.key)
    except Unfit as unfit:
        log.warning("work_order_made_without_what_is_unfit", key=waiting.key, problems=str(unfit))
        told = msgspec.json.encode({"not_taken": unfit.problems, "fields": waiting.new.fields}).decode()
        plain = msgspec.structs.replace(
            waiting.new, category="", fields={}, area="", customer_id=None, repeat_of=None,
            text=f"{waiting.new.text}\n{told}",
        )  # fmt: skip
        return await orders.create(plain, waiting.account, waiting.at, key=waiting.key)


def _read(file: Path) -> WaitingOrder | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=WaitingOrder)
    except (OSError, msgspec.DecodeError) as error:
        log.error("waiting_work_order_unreadable", file=file.name, error=str(error))
        return None
