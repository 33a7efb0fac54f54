"""Alerts of wallboards: what is open, what was, and who has seen it."""

from __future__ import annotations

from ctiserver.api.audit import note
from ctiserver.api.boards.board_routes import boards_of
from ctiserver.api.boards.bodies import AcknowledgeBody, AlertsQuery
from ctiserver.api.identity import SUPERVISOR_UP
from ctiserver.api.problems import invalid
from ctiserver.api.route import Ask, Route, route
from ctiserver.kpi.boards import Alert


async def list_alerts(ask: Ask) -> list[Alert]:
    """Raised and not over, oldest first."""
    return list(boards_of(ask).watch.alerts())


async def list_past_alerts(ask: Ask, query: AlertsQuery) -> list[Alert]:
    """All that were raised in [from, to), newest first."""
    if query.from_ >= query.to:
        raise invalid((("query", "to"), "must be later than from"))
    return await boards_of(ask).store.alerts(query.from_, query.to, query.most)


async def acknowledge_alert(ask: Ask, alert_id: str, body: AcknowledgeBody) -> Alert:
    """Says who takes care; every page and screen shows it. 409 where somebody was faster."""
    made = await boards_of(ask).watch.acknowledge(alert_id, by=ask.who.name, note=body.note.strip())
    await note(ask, "alert.acknowledge", f"alert:{alert_id}", {"note": made.note})
    return made


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/alerts", list_alerts, SUPERVISOR_UP),
    route("GET", "/api/alerts/past", list_past_alerts, SUPERVISOR_UP),
    route("POST", "/api/alerts/{alert_id}/acknowledge", acknowledge_alert, SUPERVISOR_UP),
)
