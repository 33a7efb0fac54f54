"""The stub's desk: enough for the agent's page. The desk's own pages are looked at on the real store."""

from __future__ import annotations

import time
from typing import Any

from aiohttp import web

Json = dict[str, Any]

ARTICLES: list[Json] = [
    {"id": 1, "kind": "article", "title": "家中无水先问什么", "topic": "报修"},
    {"id": 2, "kind": "script", "title": "报修受理话术", "topic": "话术"},
]
STEPS: list[Json] = [
    {"say": "您好，请问漏水的位置在户内还是户外？", "hint": "", "answers": {"户内": 1, "户外": None}},
    {"say": "请先关闭户内总阀，我为您登记上门维修。", "hint": "", "answers": {}},
]
routes = web.RouteTableDef()


def article(line: Json) -> Json:
    changed = {"changed_by": "运营专员", "changed_at": time.time() - 86_400.0}
    counts = {"version": 1, "read_count": 4, "helpful": 3, "unhelpful": 0}
    words: Json = {"state": "published", "categories": [], "keywords": [], "review_on": "", "beginning": ""}
    return {**line, **changed, **counts, **words}


@routes.get("/api/knowledge")
async def knowledge(request: web.Request) -> web.Response:
    words = request.query.get("words", "")
    return web.json_response([article(line) for line in ARTICLES if words in line["title"]])


@routes.get("/api/knowledge/{id}")
async def one_article(request: web.Request) -> web.Response:
    line = ARTICLES[int(request.match_info["id"]) - 1]
    steps: list[Json] = STEPS if line["kind"] == "script" else []
    return web.json_response({**article(line), "body": "是否整栋楼无水；是否欠费停水。", "steps": steps, "audio": ""})


@routes.get("/api/bulletins")
@routes.get("/api/notices")
@routes.get("/api/tasks")
async def nothing(request: web.Request) -> web.Response:
    return web.json_response([])


@routes.get("/api/desk/reference")
async def reference(request: web.Request) -> web.Response:
    areas = [{"id": "CD", "name": {"zh-CN": "城东", "en": "East"}, "districts": ["城东区"]}]
    empty: dict[str, list[Json]] = {"units": [], "categories": [], "deadlines": [], "escalations": []}
    return web.json_response({"areas": areas, **empty})


@routes.get("/api/work-orders/prefill")
async def prefill(request: web.Request) -> web.Response:
    known: Json = {"caller_number": "138****8000", "customer": None, "entered": [], "category": "", "area": "CD"}
    return web.json_response({"call_id": request.query["call"], **known, "repeats": [], "outages": []})


def add_to(app: web.Application) -> None:
    app.add_routes(routes)
