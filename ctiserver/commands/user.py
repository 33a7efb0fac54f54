"""`ctiserver user add LOGIN --role admin`: somebody who may sign in; the first administrator of a centre."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import secrets
import sys
from pathlib import Path

from ctiserver.commands import Subparsers
from ctiserver.config import Settings, load_settings
from ctiserver.directory import Role
from ctiserver.errors import ConfigurationError
from ctiserver.store.database import Database
from ctiserver.store.schema_version import check_schema
from ctiserver.store.users import Users

SHORTEST_PASSWORD = 10
ROLES: tuple[Role, ...] = ("agent", "supervisor", "ops", "admin", "dispatcher", "field")


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("user", help="add somebody who may sign in")
    actions = parser.add_subparsers(dest="user_action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add a user; without --ask-password one is made and printed once")
    add.add_argument("login")
    add.add_argument("--role", choices=ROLES, required=True)
    add.add_argument("--name", help="as pages show it; else the login")
    add.add_argument("--language", choices=("zh-CN", "en"), default="zh-CN", help="of the pages (zh-CN)")
    add.add_argument("--ask-password", action="store_true", help="ask for the password instead of making one")
    add.add_argument("--config", type=Path, help="settings file; DATABASE_URL wins over it")


def run(args: argparse.Namespace) -> int:
    made = None if args.ask_password else secrets.token_urlsafe(15)
    password = made or _ask()
    settings = load_settings(args.config)
    asyncio.run(add_user(settings, args.login, password, name=args.name or "", role=args.role, language=args.language))
    print(f"{args.login} may sign in as {args.role}")
    if made is not None:
        print(f"password (shown this once): {made}")
    return 0


async def add_user(settings: Settings, login: str, password: str, *, name: str, role: Role, language: str) -> None:
    """Raises ConfigurationError where the login is empty or taken, and PartError where the database can't be used."""
    if not login.strip() or len(login) > 64 or not login.isprintable():
        raise ConfigurationError("a login has 1 to 64 printable characters")
    database = Database(settings.database_url)
    try:
        await check_schema(database)
        user_id = await Users(database).add(login, password, name=name or login, role=role, language=language)
    finally:
        await database.close()
    if user_id is None:
        raise ConfigurationError(f'there is a user with the login "{login}" already', hint="choose another login")


def _ask() -> str:
    if not sys.stdin.isatty():
        raise ConfigurationError("there is no terminal to ask for a password", hint="leave --ask-password out")
    password = getpass.getpass("password: ")
    if not SHORTEST_PASSWORD <= len(password) <= 256:
        raise ConfigurationError(f"a password has {SHORTEST_PASSWORD} to 256 characters")
    if getpass.getpass("again: ") != password:
        raise ConfigurationError("the two passwords differ")
    return password
