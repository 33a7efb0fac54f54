"""Who may use which of the routes of reports: stated here by hand, compared with the tables by the story of roles."""

from __future__ import annotations

from typing import Any

SUPERVISORS = {
    "GET /api/calls/export",
    "GET /api/reports",
    "GET /api/reports/{report}/export",
    "GET /api/reports/{report}",
}
SPAN = "?from=0&to=900"
PARTS = {"report": "traffic"}
QUERIES = {"read_report": SPAN, "export_report": SPAN}
BODIES: dict[str, Any] = {}
