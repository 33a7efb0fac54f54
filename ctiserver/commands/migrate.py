"""`ctiserver migrate`: brings the database named by DATABASE_URL (or the settings) to this version's schema."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from ctiserver.commands import Subparsers
from ctiserver.config import load_settings
from ctiserver.store.database import Database
from ctiserver.store.migrations import upgrade


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("migrate", help="bring the database to this version's schema")
    parser.add_argument("--config", type=Path, help="settings file; DATABASE_URL wins over it")


def run(args: argparse.Namespace) -> int:
    before, after = asyncio.run(_migrate(load_settings(args.config).database_url))
    print(f"schema {after}: nothing to do" if before == after else f"schema {before or 'empty'} → {after}")
    return 0


async def _migrate(url: str) -> tuple[str | None, str]:
    database = Database(url)
    try:
        await database.check()
        return await upgrade(database)
    finally:
        await database.close()
