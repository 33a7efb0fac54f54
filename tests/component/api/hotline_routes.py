"""What the routes of announcements, calendars and duties need, and for whom they are meant."""

from __future__ import annotations

from typing import Any

PARTS = {"announcement_id": "1", "calendar": "service_hours", "day": "2026-11-23", "shift": "early", "language": "any"}
BODIES: dict[str, Any] = {
    "AnnouncementBody": {"title": "抢修", "texts": {"zh-CN": "正在抢修。"}},
    "CalendarBody": {"weekly": {"mon-fri": "08:00-17:00"}},
    "DayBody": {"kind": "holiday"},
    "ShiftBody": {"hours": {"1": "08:00-16:00"}},
    "DutiesBody": {"shifts": {"early": [1]}},
    "RestoreBody": {"version": 1},
}
SUPERVISORS = {
    "GET /api/prompts",
    "GET /api/prompts/{prompt}/{language}/sound",
    "GET /api/prompts/{prompt}/{language}/versions",
    "GET /api/announcements",
    "POST /api/announcements",
    "PUT /api/announcements/{announcement_id}",
    "DELETE /api/announcements/{announcement_id}",
    "GET /api/calendars",
    "GET /api/duties",
    "PUT /api/duties/{day}",
}
OPERATIONS = {
    "POST /api/prompts/{prompt}/{language}",
    "POST /api/prompts/{prompt}/{language}/restore",
    "DELETE /api/prompts/{prompt}/{language}",
    "PUT /api/calendars/{calendar}",
    "DELETE /api/calendars/{calendar}",
    "PUT /api/calendar-days/{day}",
    "DELETE /api/calendar-days/{day}",
    "PUT /api/shifts/{shift}",
    "DELETE /api/shifts/{shift}",
}
