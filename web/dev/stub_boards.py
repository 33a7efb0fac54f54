"""Wallboards of the stand-in: two boards, an alert, a bulletin, links. Never part of a deployment."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

sys.path.insert(0, str(Path(__file__).parents[2]))

from stub_config import refused

from ctiserver.api.recipients import problems_of_mail
from ctiserver.kpi.boards import BOARD_FIGURES, DEFAULT_BOARD, Board, FigureRule, judge

if TYPE_CHECKING:
    from stub_server import Stub

Json = dict[str, Any]
TOKEN = "stub-token-of-the-hall-0123456789"  # noqa: S105 - of the stand-in
REPAIRS = Board(
    id="repairs",
    name={"zh-CN": "报修大屏", "en": "Repairs"},
    queues=("repairs",),
    roles=("ops",),
    figures=tuple(FigureRule(figure=one) for one in ("waiting", "longest_wait", "service_level", "answered")),
    panels=("queues", "agents"),
    version=1,
)
FIGURES: dict[str, float | None] = {
    "forecast": 45, "service_level_now": 0.72, "service_level": 0.843, "abandoned_short": 3, "overflowed": 7,
    "answer_rate": 0.953, "abandon_rate": 0.047, "connect_rate": 0.61, "asa": 12.4, "aht": 214, "handled": 388,
    "agents_short": 1, "lines": 11, "occupancy_now": 0.82,
}  # fmt: skip


class Boards:
    def __init__(self, stub: Stub) -> None:
        self.stub = stub
        self.boards: dict[str, Board] = {"centre": DEFAULT_BOARD, "repairs": REPAIRS}
        self.links: list[Json] = []
        self.alerts: dict[str, Json] = {}

    def view(self, board: Board) -> Json:
        stub, now = self.stub, time.time()
        queues = [queue for id_, queue in stub.queues.items() if not board.queues or id_ in board.queues]
        since = min((queue["longest_wait_since"] for queue in queues if queue["longest_wait_since"]), default=None)
        states = stub.totals["agents"]
        figures = {
            **dict.fromkeys(BOARD_FIGURES),
            **FIGURES,
            "waiting": sum(queue["waiting"] for queue in queues),
            "longest_wait": now - since if since else 0.0,
            "offered": sum(queue["offered"] for queue in queues),
            "answered": sum(queue["answered"] for queue in queues),
            "abandoned": sum(queue["abandoned"] for queue in queues),
            "agents_ready": states["ready"],
            "live_calls": len(stub.calls),
        }
        contract = {"service_level": 0.8, "service_level_now": 0.8, "longest_wait": 20.0}
        judged = {r.figure: judge(r, figures[r.figure], contract.get(r.figure), "none") for r in board.figures}
        return {
            "id": board.id,
            "queues": [queue["id"] for queue in queues],
            "figures": figures,
            "standings": {name: one.standing for name, one in judged.items()},
            "targets": {name: one.target for name, one in judged.items()},
            "longest_wait_since": since,
            "agents": states,
            "traffic": stub.totals["traffic"],
            "trunks": [{"id": "trunk", "in_use": 9, "capacity": 30}, {"id": "mobile", "in_use": 2, "capacity": None}],
        }

    def snapshot(self, *, staff: bool) -> Json:
        views = [self.view(board) for board in self.boards.values()]
        return {"boards": views, "alerts": list(self.alerts.values()) if staff else []}

    def tell(self) -> None:
        for board in self.boards.values():
            self.stub.publish("board", self.view(board))

    def alarm(self) -> None:
        alert: Json = {
            "id": "centre.waiting.1", "board": "centre", "figure": "waiting", "value": 9, "target": 2,
            "raised_at": time.time() - 60, "acknowledged_at": None, "acknowledged_by": "", "note": "",
            "cleared_at": None,
        }  # fmt: skip
        self.alerts[alert["id"]] = alert
        self.stub.publish("alert", alert)

    def acknowledge(self, ident: str, by: str) -> Json:
        self.alerts[ident] = {**self.alerts[ident], "acknowledged_at": time.time(), "acknowledged_by": by}
        self.stub.publish("alert", self.alerts[ident])
        return self.alerts[ident]

    def bulletins(self) -> list[Json]:
        now = time.time()
        held = {"kind": "outage", "title": "城东区停水抢修", "text": "DN600 主管爆管，预计今晚恢复。"}
        return [{**held, "starts_at": now - 3600, "ends_at": now + 4 * 3600}]

    def figures(self) -> list[Json]:
        return [msgspec.to_builtins(one) for one in BOARD_FIGURES.values()]

    def listed(self) -> list[Json]:
        return [msgspec.to_builtins(board) for board in self.boards.values()]


def routes(stub_key: web.AppKey[Stub]) -> web.RouteTableDef:
    table = web.RouteTableDef()

    def of(request: web.Request) -> Boards:
        return request.app[stub_key].boards

    @table.get("/api/boards")
    async def list_boards(request: web.Request) -> web.Response:
        found = of(request)
        mine = "repairs" if request.cookies.get("cti_session") == "ops" else "centre"
        return web.json_response({"boards": found.listed(), "mine": mine, "figures": found.figures()})

    @table.put("/api/boards/{id}")
    async def put_board(request: web.Request) -> web.Response:
        body, ident = await request.json(), request.match_info["id"]
        wrong = [
            {"loc": ["body", "mail", at], "msg": problem} for at, problem in problems_of_mail(body.get("mail", []), ())
        ]
        if wrong:
            return refused(422, "invalid", {"errors": wrong})
        former = of(request).boards.get(ident)
        board = msgspec.convert({**body, "id": ident, "version": (former.version if former else 0) + 1}, Board)
        of(request).boards[ident] = board
        of(request).tell()
        of(request).stub.publish("boards", {})
        return web.json_response(msgspec.to_builtins(board))

    @table.get("/api/board-bulletins")
    @table.get("/api/board/bulletins")
    async def bulletins(request: web.Request) -> web.Response:
        return web.json_response(of(request).bulletins())

    @table.get("/api/board-links")
    async def links(request: web.Request) -> web.Response:
        return web.json_response(of(request).links)

    @table.post("/api/board-links")
    async def add_link(request: web.Request) -> web.Response:
        body = await request.json()
        link = {
            **body, "id": len(of(request).links) + 1, "created_by": "运营", "created_at": time.time(),
            "expires_at": None, "revoked_at": None, "used_at": None,
        }  # fmt: skip
        of(request).links.insert(0, link)
        return web.json_response({"id": link["id"], "name": link["name"], "token": TOKEN}, status=201)

    @table.delete("/api/board-links/{id}")
    async def revoke(request: web.Request) -> web.Response:
        for link in of(request).links:
            if str(link["id"]) == request.match_info["id"]:
                link["revoked_at"] = time.time()
        return web.Response(status=204)

    @table.post("/api/alerts/{id}/acknowledge")
    async def acknowledge(request: web.Request) -> web.Response:
        return web.json_response(of(request).acknowledge(request.match_info["id"], "李班长"))

    @table.post("/api/board")
    async def open_screen(request: web.Request) -> web.Response:
        if (await request.json())["token"] != TOKEN:
            return web.json_response({"error_id": "link_over", "status": 401}, status=401)
        answer = web.json_response(_screen(of(request)))
        answer.set_cookie("cti_board", TOKEN)
        return answer

    @table.get("/api/board")
    async def read_screen(request: web.Request) -> web.Response:
        if request.cookies.get("cti_board") != TOKEN:
            return web.json_response({"error_id": "link_over", "status": 401}, status=401)
        return web.json_response(_screen(of(request)))

    @table.post("/stub/alarm")
    async def alarm(request: web.Request) -> web.Response:
        of(request).alarm()
        return web.json_response({})

    return table


def _screen(found: Boards) -> Json:
    return {
        "name": "一楼大厅", "boards": found.listed(), "figures": found.figures(), "tiles": False, "language": "zh-CN",
        "theme": "dark", "server_time": time.time(), "timezone": "Asia/Shanghai",
    }  # fmt: skip
