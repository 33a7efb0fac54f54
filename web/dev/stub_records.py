"""The stub's comments and marks on calls, and its saved searches: kept as long as the stub runs."""

from __future__ import annotations

import time
from typing import Any

from aiohttp import web

Json = dict[str, Any]
routes = web.RouteTableDef()
KEPT: web.AppKey[Json] = web.AppKey("kept")


def add_to(app: web.Application) -> None:
    comment = {"id": 1, "text": "客户要求当天回访", "position_s": 30.0, "user_id": 9, "author": "李班长"}
    app[KEPT] = {
        "next": 10,
        "comments": {"r1": [{**comment, "at": time.time() - 600, "edited_at": None}]},
        "marks": {"r1": [{"mark": "example", "author": "李班长", "at": time.time() - 500}]},
        "searches": [
            {
                "id": 1, "owner_id": 9, "owner": "李班长", "name": "组内长通话", "criteria": {"talk_from_s": 600},
                "span": "week", "shared": True, "team": "service_1", "changed_at": time.time(),
            }
        ],
    }  # fmt: skip
    app.add_routes(routes)


def number(request: web.Request) -> int:
    request.app[KEPT]["next"] += 1
    return request.app[KEPT]["next"]


def noted(app: web.Application, row: Json) -> Json:
    """A row of the list with what was left on it."""
    kept = app[KEPT]
    marks = [one["mark"] for one in kept["marks"].get(row["id"], [])]
    return {**row, "marks": marks, "comments": len(kept["comments"].get(row["id"], []))}


@routes.get("/api/calls/{id}/notes")
async def notes(request: web.Request) -> web.Response:
    kept, call = request.app[KEPT], request.match_info["id"]
    return web.json_response({"comments": kept["comments"].get(call, []), "marks": kept["marks"].get(call, [])})


@routes.post("/api/calls/{id}/comments")
async def comment(request: web.Request) -> web.Response:
    said = await request.json()
    made = {**said, "id": number(request), "user_id": 1, "author": "值班班长", "at": time.time(), "edited_at": None}
    request.app[KEPT]["comments"].setdefault(request.match_info["id"], []).append(made)
    return web.json_response(made, status=201)


@routes.put("/api/calls/{id}/comments/{comment}")
async def change(request: web.Request) -> web.Response:
    said = await request.json()
    for one in request.app[KEPT]["comments"].get(request.match_info["id"], []):
        if one["id"] == int(request.match_info["comment"]):
            one.update(**said, edited_at=time.time())
    return web.json_response({})


@routes.delete("/api/calls/{id}/comments/{comment}")
async def remove(request: web.Request) -> web.Response:
    kept, call = request.app[KEPT]["comments"], request.match_info["id"]
    kept[call] = [one for one in kept.get(call, []) if one["id"] != int(request.match_info["comment"])]
    return web.Response(status=204)


@routes.put("/api/calls/{id}/marks/{mark}")
async def mark(request: web.Request) -> web.Response:
    made = {"mark": request.match_info["mark"], "author": "值班班长", "at": time.time()}
    request.app[KEPT]["marks"].setdefault(request.match_info["id"], []).append(made)
    return web.Response(status=204)


@routes.delete("/api/calls/{id}/marks/{mark}")
async def unmark(request: web.Request) -> web.Response:
    kept, call = request.app[KEPT]["marks"], request.match_info["id"]
    kept[call] = [one for one in kept.get(call, []) if one["mark"] != request.match_info["mark"]]
    return web.Response(status=204)


@routes.get("/api/saved-searches")
async def searches(request: web.Request) -> web.Response:
    return web.json_response(request.app[KEPT]["searches"])


@routes.post("/api/saved-searches")
async def keep(request: web.Request) -> web.Response:
    said = await request.json()
    made = {"team": None, "owner_id": 1, "owner": "值班班长", **said, "id": number(request), "changed_at": time.time()}
    request.app[KEPT]["searches"].append(made)
    return web.json_response(made, status=201)


@routes.delete("/api/saved-searches/{id}")
async def forget(request: web.Request) -> web.Response:
    kept = request.app[KEPT]
    kept["searches"] = [one for one in kept["searches"] if one["id"] != int(request.match_info["id"])]
    return web.Response(status=204)
