"""Who did what to whom, kept where people can look it up."""

from __future__ import annotations

from typing import Any

import structlog

from ctiserver.api.route import Ask
from ctiserver.errors import DatabaseAwayError

log = structlog.get_logger()


async def require(ask: Ask, action: str, subject: str, detail: dict[str, Any]) -> None:
    """Writes the audit row, or raises DatabaseAwayError: what can't be audited may not happen."""
    who = ask.who
    named = detail if who.token else {**detail, "actor": who.login}  # machines are no users
    await ask.context.audit.record(who.user_id if who.token else None, action, subject, named, ask.address)


async def note(ask: Ask, action: str, subject: str, detail: dict[str, Any]) -> None:
    """Writes the audit row of a command that has been given. It stands in the journal as well, with its user;
    so helping with live calls goes on while Postgres is away."""
    try:
        await require(ask, action, subject, detail)
    except DatabaseAwayError as error:
        log.warning("audit_row_not_written", action=action, subject=subject, user_id=ask.who.user_id, error=str(error))
