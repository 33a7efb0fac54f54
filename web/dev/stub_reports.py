"""The stub's reports: the catalogue and the formulas are the server's own, the counts are invented."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any, cast
from zoneinfo import ZoneInfo

import stub_data as data
from aiohttp import web

from ctiserver.kpi.booking import BOOKINGS
from ctiserver.kpi.figures import add, compute, figure
from ctiserver.kpi.intervals import Interval, edges
from ctiserver.kpi.service_level import FORMULAS, formula_text
from ctiserver.store.reporting.catalogue import SPECS, uncounted

Json = dict[str, Any]
ZONE = ZoneInfo("Asia/Shanghai")
KEYS: dict[str, Json] = {
    "queue": data.QUEUES,
    "agent": {"1": {"zh-CN": "1001 王芳", "en": "1001 王芳"}, "2": {"zh-CN": "1002 李娜", "en": "1002 李娜"}},
}
routes = web.RouteTableDef()


def plain(one: Any) -> Json:
    return {"id": one.id, "unit": one.unit, "formula": one.formula, "formulas": one.formulas, "name": one.name}


def filters_refused(report: str, asked: Mapping[str, str]) -> web.Response | None:
    """As the server refuses them."""
    errors = [{"loc": ["query", name], "msg": "not counted"} for name in uncounted(report) if asked.get(name)]
    return web.json_response({"error_id": "invalid", "params": {"errors": errors}}, status=422) if errors else None


@routes.get("/api/reports")
async def catalogue(_: web.Request) -> web.Response:
    return web.json_response(
        {
            "reports": [
                {
                    "id": key,
                    "name": spec.name,
                    "by": spec.by,
                    "filters": spec.filters,
                    "figures": [plain(figure(name)) for name in spec.figures],
                }
                for key, spec in SPECS.items()
            ],
            "formulas": [{"id": formula, "formula": formula_text(formula)} for formula in FORMULAS],
            "bookings": BOOKINGS,
            "formula": "SL1",
            "booking": "event",
            "timezone": "Asia/Shanghai",
        }
    )


@routes.get("/api/reports/{report}")
async def report(request: web.Request) -> web.Response:
    asked = request.query
    spec = SPECS.get(request.match_info["report"])
    if spec is None:
        return web.json_response({"error_id": "not_found", "params": {"what": "report"}}, status=404)
    if refused := filters_refused(request.match_info["report"], asked):
        return refused
    by, interval = asked.get("by", spec.by[0]), cast(Interval, asked.get("interval", "day"))
    keys = KEYS.get(by, {"": {}})

    def part(since: int, until: int) -> Json:
        cuts = edges(since, until, interval, ZONE)
        rows: list[Json] = []
        measured: list[dict[str, float]] = []
        for start, end in pairwise(cuts):
            for key in keys:
                counts = measures(random.Random(f"{start}:{key}"), start, end - start)  # noqa: S311 - sample data
                measured.append(counts)
                rows.append({"start": start, "end": end, "key": key, "values": values(spec.figures, counts)})
        whole = add(measured)
        del whole["target"]  # each queue has its own
        balance = {name: int(whole[name]) for name in ("offered", "answered", "abandoned", "overflowed")}
        balance |= {"waiting_before": 0, "waiting_after": 0, "difference": 0}
        return {
            "since": since,
            "until": until,
            "rows": rows,
            "totals": {"start": since, "end": until, "key": "", "values": values(spec.figures, whole)},
            "reconciliation": balance if spec.balance else None,
        }

    compared = part(int(asked["compare_from"]), int(asked["compare_to"])) if "compare_from" in asked else None
    return web.json_response(
        {
            "report": request.match_info["report"],
            "by": by,
            "interval": interval,
            "booking": asked.get("booking", "event"),
            "formula": asked.get("formula", "SL1"),
            "timezone": "Asia/Shanghai",
            "columns": [plain(figure(name)) for name in spec.figures],
            "names": keys,
            "part": part(int(asked["from"]), int(asked["to"])),
            "compared": compared,
        }
    )


@routes.get("/api/forecast")
async def forecast(request: web.Request) -> web.Response:
    midnight = int(datetime.now(ZONE).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()) + 86_400

    def slot(at: int) -> Json:
        busy = max(0.0, 1 - abs(at % 48 - 22) / 16)  # of the day, most towards eleven
        return {
            "start": midnight + at * 1800,
            "expected": round(30 * busy, 2),
            "agents_needed": round(9 * busy),
            "agents_planned": 6 if 16 <= at % 48 < 36 else 1,
        }

    week = {"weeks": 4, "mean_handling_s": 215.0, "patience_s": 90.0, "service_level_s": 20.0}
    more = {"queue_id": request.query["queue"], "service_level_target": 0.8}
    return web.json_response({**week, **more, "slots": [slot(at) for at in range(336)]})


@routes.get("/api/adherence")
async def adherence(_: web.Request) -> web.Response:
    rows = [(1, 0.97), (2, 0.88), (3, 1.0)]
    planned = 80 * 3_600_000
    return web.json_response([
        {"agent_id": agent, "planned_ms": planned, "signed_in_ms": int(planned * share), "adherence": share}
        for agent, share in rows
    ])  # fmt: skip


SCHEDULES: list[Json] = []


@routes.get("/api/report-schedules")
async def schedules(_: web.Request) -> web.Response:
    failed = {
        "state": "failed",
        "due_at": 1_800_000_000,
        "ended_at": 1_800_000_060,
        "attempts": 5,
        "error": "451 later",
    }
    usual = {"span": "last_week", "every": "weekly", "minute": 450, "weekday": 1, "month_day": 1, "format": "xlsx"}
    more = {"language": "zh-CN", "enabled": True, "next_at": 1_800_600_000, "last": failed, "query": {}}
    weekly = {"id": 1, "name": "话务周报", "owner_id": 1, "owner": "值班班长", "report": "traffic", **usual, **more}
    return web.json_response([{**weekly, "recipients": ["lead@example.com"]}, *SCHEDULES])


@routes.post("/api/report-schedules")
async def add_schedule(request: web.Request) -> web.Response:
    beside = {"id": len(SCHEDULES) + 2, "owner_id": 1, "owner": "值班班长", "next_at": 1_800_600_000, "last": None}
    body = await request.json()
    if refused := filters_refused(body["report"], body["query"]):
        return refused
    SCHEDULES.append({**body, **beside})
    return web.json_response(SCHEDULES[-1], status=201)


@routes.put("/api/report-schedules/{schedule}")
async def change_schedule(request: web.Request) -> web.Response:
    at = int(request.match_info["schedule"]) - 2
    SCHEDULES[at] = {**SCHEDULES[at], **await request.json()}
    return web.json_response(SCHEDULES[at])


@routes.get("/api/reports/{report}/export")
async def export(request: web.Request) -> web.Response:
    return web.Response(body=b"offered,answered\r\n10,9\r\n", content_type="text/csv")


@routes.get("/api/calls/export")
async def export_calls(_: web.Request) -> web.Response:
    return web.Response(body=b"call\r\nr1\r\nr2\r\n", content_type="text/csv", headers={"X-Total-Count": "2"})


def values(names: tuple[str, ...], counts: dict[str, float]) -> dict[str, float | None]:
    return {name: compute(name, counts, "SL1") for name in names}


def measures(rng: random.Random, start: int, length_s: int) -> dict[str, float]:
    """Of one interval and group; the counts of contacts add up, as the server's do."""
    local = datetime.fromtimestamp(start, ZONE)
    busy = 0.4 if local.weekday() >= 5 else 1.0
    offered = int(rng.randint(30, 60) * busy * max(1, length_s / 7200))
    abandoned, overflowed = int(offered * rng.uniform(0.02, 0.12)), int(offered * 0.02)
    answered = offered - abandoned - overflowed
    within = int(answered * rng.uniform(0.75, 0.95))
    counts: dict[str, float] = {name: rng.randint(1, 40) for spec in SPECS.values() for name in spec.figures}
    return counts | {
        "offered": offered,
        "answered": answered,
        "abandoned": abandoned,
        "overflowed": overflowed,
        "waiting": 0,
        "answered_within": within,
        "abandoned_within": abandoned // 2,
        "overflowed_within": 0,
        "short_abandoned": abandoned // 3,
        "answer_wait_ms": answered * 11_000,
        "abandon_wait_ms": abandoned * 24_000,
        "wait_ms": offered * 13_000,
        "max_wait_ms": rng.randint(20_000, 180_000),
        "target": 0.8,
        "talk_ms": answered * 140_000,
        "hold_ms": answered * 6_000,
        "wrap_up_ms": answered * 20_000,
        "calls": offered + 12,
        "duration_ms": offered * 200_000,
        "handled": answered,
        "signed_in_ms": 8 * 3_600_000,
        "state_talk_ms": 4 * 3_600_000,
        "state_idle_ms": 2 * 3_600_000,
    }


def add_to(app: web.Application) -> None:
    app.add_routes(routes)
