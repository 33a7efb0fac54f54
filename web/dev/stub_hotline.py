"""The stand-in for announcements, opening hours and recorded prompts; versions are counted as the server does."""

from __future__ import annotations

import itertools
from typing import Any

from aiohttp import web

routes = web.RouteTableDef()
_numbers = itertools.count(3)

ANNOUNCEMENTS: dict[int, dict[str, Any]] = {
    1: {
        "id": 1,
        "title": "城东爆管停水",
        "texts": {"zh-CN": "城东主管道爆管，预计今晚八点恢复供水。", "en": "A main in the east has burst."},
        "prompt": "",
        "dialled": [],
        "areas": ["城东"],
        "active_from": None,
        "active_until": None,
        "enabled": True,
        "hang_up": False,
        "version": 2,
    },
    2: {
        "id": 2,
        "title": "台风停工",
        "texts": {"zh-CN": "受台风影响，今日暂停上门服务。"},
        "prompt": "",
        "dialled": ["96100"],
        "areas": [],
        "active_from": None,
        "active_until": None,
        "enabled": False,
        "hang_up": True,
        "version": 1,
    },
}
CALENDARS: dict[str, dict[str, Any]] = {
    "office": {
        "name": "office",
        "title": {"zh-CN": "营业厅", "en": "Office"},
        "timezone": "Asia/Shanghai",
        "weekly": {"mon-fri": "08:30-17:30", "sat": "09:00-12:00"},
        "holidays": "china",
        "holiday_hours": "closed",
        "days": {},
        "version": 1,
    }
}
PROMPTS: list[dict[str, Any]] = [
    {
        "prompt": "welcome",
        "language": "zh-CN",
        "exists": True,
        "uploaded": {
            "id": 1,
            "prompt": "welcome",
            "language": "zh-CN",
            "version": 2,
            "removed": False,
            "sha256": "0" * 64,
            "duration_ms": 4200,
            "loudness_db": -24.5,
            "peak_db": -3.1,
            "clipped": False,
            "back_to": None,
            "note": "",
            "author": "ops",
            "at": 1795300000.0,
        },
        "users": ["water_hotline.welcome"],
    },
    {"prompt": "closing", "language": "zh-CN", "exists": False, "uploaded": None, "users": ["after_hours_line.closed"]},
]


@routes.get("/api/announcements")
async def announcements(_: web.Request) -> web.Response:
    return web.json_response(list(ANNOUNCEMENTS.values()))


@routes.post("/api/announcements")
async def add_announcement(request: web.Request) -> web.Response:
    number = next(_numbers)
    ANNOUNCEMENTS[number] = {**await request.json(), "id": number, "version": 1}
    return web.json_response(ANNOUNCEMENTS[number], status=201)


@routes.put("/api/announcements/{number}")
async def change_announcement(request: web.Request) -> web.Response:
    number = int(request.match_info["number"])
    ANNOUNCEMENTS[number] |= {**await request.json(), "id": number, "version": ANNOUNCEMENTS[number]["version"] + 1}
    return web.json_response(ANNOUNCEMENTS[number])


@routes.delete("/api/announcements/{number}")
async def delete_announcement(request: web.Request) -> web.Response:
    ANNOUNCEMENTS.pop(int(request.match_info["number"]), None)
    return web.Response(status=204)


@routes.get("/api/calendars")
async def calendars(_: web.Request) -> web.Response:
    return web.json_response(
        {
            "calendars": list(CALENDARS.values()),
            "in_force": list(CALENDARS),
            "days": [],
            "shifts": [],
            "problem": "",
        }
    )


@routes.get("/api/prompts")
async def prompts(_: web.Request) -> web.Response:
    return web.json_response({"prompts": PROMPTS, "value_sets": []})


def add_to(app: web.Application) -> None:
    app.add_routes(routes)
