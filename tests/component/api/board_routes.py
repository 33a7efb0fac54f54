"""Who may use which of the wallboards' routes: stated here by hand, compared with the tables by the story of roles."""

from __future__ import annotations

from typing import Any

SUPERVISORS = {
    "GET /api/alerts",
    "GET /api/alerts/past",
    "POST /api/alerts/{alert_id}/acknowledge",
}
OPERATIONS = {
    "PUT /api/boards/{board_id}",
    "DELETE /api/boards/{board_id}",
    "GET /api/board-links",
    "POST /api/board-links",
    "DELETE /api/board-links/{link_id}",
}
# Screens on walls bring the token of their link instead of a session.
PUBLIC = {
    "POST /api/board",
    "GET /api/board",
    "GET /api/board/bulletins",
    "GET /api/board/boards/{board_id}",
    "GET /ws/board",
}
PARTS = {"board_id": "centre", "link_id": "1", "alert_id": "centre.waiting.1"}
QUERIES = {"list_past_alerts": "?from=0&to=900"}
BODIES: dict[str, Any] = {
    "BoardBody": {"name": {"zh-CN": "大屏"}, "figures": [{"figure": "waiting"}]},
    "LinkBody": {"name": "大厅"},
    "OpenBody": {"token": "0123456789012345678901234567890123456789"},
    "AcknowledgeBody": {},
}
