"""Brings a stack's database to this version's schema and, unless refused, fills it with demo people and customers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from ctiserver.clock import SystemClock
from ctiserver.commands.ready import Account
from ctiserver.demo.seed import seed_demo
from ctiserver.demo.seed_desk import seed_desk
from ctiserver.store.database import Database
from ctiserver.store.migrations import upgrade
from ctiserver.unprivileged import write_private


async def prepare_database(
    url: str, accounts_file: Path, *, demo_data: bool, progress: Callable[[str], None]
) -> tuple[Account, ...]:
    """Returns the seeded accounts. Their passwords are made once per stack and kept in `accounts_file` (0600).

    Raises PartError where the database can't be used.
    """
    database = Database(url)
    try:
        await database.check()
        before, after = await upgrade(database)
        if before != after:
            progress(f"Postgres: schema {before or 'empty'} → {after}")
        if not demo_data:
            return ()
        seeded = await seed_demo(database, _passwords(accounts_file))
        await seed_desk(database, SystemClock().now())
    finally:
        await database.close()
    write_private(accounts_file, json.dumps({each.login: each.password for each in seeded.accounts}, indent=1), None)
    return tuple(
        Account(
            login=each.login,
            password=each.password,
            role=each.role,
            name=each.name,
            extension=each.extension or None,
            sip_password=each.sip_password or None,
        )
        for each in seeded.accounts
    )


def _passwords(accounts_file: Path) -> Mapping[str, str]:
    try:
        return json.loads(accounts_file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
