"""Who changed what, as the audit log has it."""

from __future__ import annotations

from ctiserver.api.identity import OPS_UP
from ctiserver.api.problems import not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.configured import PLACES, Kind
from ctiserver.store.configuration import LastChange


async def read_history(ask: Ask, kind: str, key: str) -> list[LastChange]:
    """The last hundred changes of one object (kind as in the audit log: queue, skill, agent …), newest first."""
    known: Kind | None = next((name for name in PLACES if name == kind), None)
    if known is None:
        raise not_found("kind")
    return await ask.context.configuration.history(known, key)


ROUTES: tuple[Route, ...] = (route("GET", "/api/config/history/{kind}/{key}", read_history, OPS_UP),)
