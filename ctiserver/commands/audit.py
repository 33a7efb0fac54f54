"""`ctiserver audit verify`: computes the chain of the audit log anew and says whether a row was changed or removed."""

from __future__ import annotations

import argparse
import asyncio
import re
from pathlib import Path

from ctiserver.commands import Subparsers
from ctiserver.config import Settings, load_settings
from ctiserver.errors import ConfigurationError
from ctiserver.store.audit import Audit, AuditChain
from ctiserver.store.database import Database
from ctiserver.store.schema_version import check_schema


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("audit", help="is the audit log whole?")
    actions = parser.add_subparsers(dest="audit_action", required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help="exit code 0: no row was changed or removed; 1: one was")
    verify.add_argument("--anchor", metavar="ID:DIGEST", help="as an earlier run printed it: shows a cut-off end too")
    verify.add_argument("--config", type=Path, help="settings file; DATABASE_URL wins over it")


def run(args: argparse.Namespace) -> int:
    anchor = _parse_anchor(args.anchor) if args.anchor else None
    return asyncio.run(verify(load_settings(args.config), anchor))


async def verify(settings: Settings, anchor: tuple[int, str] | None) -> int:
    database = Database(settings.database_url)
    try:
        await check_schema(database)
        audit = Audit(database)
        chain = await audit.verify()
        anchored = anchor is None or await audit.digest_of(anchor[0]) == anchor[1]
    finally:
        await database.close()
    print(_describe(chain))
    if not anchored and anchor is not None:
        print(f"row {anchor[0]}, which an earlier run saw, is gone or is another")
    return 0 if chain.broken_at is None and anchored else 1


def _describe(chain: AuditChain) -> str:
    if chain.broken_at is not None:
        return f"the audit log is broken at row {chain.broken_at}: it or the row before it was changed or removed"
    if chain.rows == 0:
        return "the audit log is empty"
    return f"{chain.rows} rows, whole; anchor {chain.last_id}:{chain.last_digest}"


def _parse_anchor(words: str) -> tuple[int, str]:
    match = re.fullmatch(r"([1-9][0-9]{0,17}):([0-9a-f]{64})", words.strip().lower())
    if match is None:
        raise ConfigurationError(f'"{words}" is no anchor', hint="ID:DIGEST, as `ctiserver audit verify` prints it")
    return int(match[1]), match[2]
