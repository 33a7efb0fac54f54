"""Who may use which of the routes of reports: stated here by hand, compared with the tables by the story of roles."""

from __future__ import annotations

from typing import Any

SUPERVISORS = {
    "GET /api/adherence",
    "GET /api/calls/export",
    "GET /api/forecast",
    "GET /api/reports",
    "GET /api/reports/{report}/export",
    "GET /api/reports/{report}",
}
SPAN = "?from=0&to=900"
PARTS = {"report": "traffic"}
QUERIES = {
    "read_report": SPAN,
    "export_report": SPAN,
    "read_forecast": "?queue=repairs",
    "read_adherence": "?first=2027-01-01&last=2027-01-02",
}
BODIES: dict[str, Any] = {}
