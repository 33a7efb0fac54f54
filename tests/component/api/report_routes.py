"""Who may use which of the routes of reports: stated here by hand, compared with the tables by the story of roles."""

from __future__ import annotations

from typing import Any

SUPERVISORS = {
    "GET /api/adherence",
    "GET /api/calls/export",
    "GET /api/forecast",
    "GET /api/reports",
    "GET /api/report-schedules",
    "POST /api/report-schedules",
    "PUT /api/report-schedules/{schedule_id}",
    "DELETE /api/report-schedules/{schedule_id}",
    "POST /api/report-schedules/{schedule_id}/send",
    "GET /api/reports/{report}/export",
    "GET /api/reports/{report}",
}
SPAN = "?from=0&to=900"
PARTS = {"report": "traffic", "schedule_id": "1"}
QUERIES = {
    "read_report": SPAN,
    "export_report": SPAN,
    "read_forecast": "?queue=repairs",
    "read_adherence": "?first=2027-01-01&last=2027-01-02",
}
BODIES: dict[str, Any] = {"ScheduleBody": {"name": "话务日报", "report": "traffic", "recipients": ["lead@example.com"]}}
