"""A stand-in for the daemon while pages are being designed: the same addresses, invented data, no telephony.

    python web/dev/stub_server.py [--port 8088] [--still]

Sign in as `agent`, `supervisor`, `ops` or `admin` with any password but "wrong". Without --still calls arrive by
themselves.
`POST /stub/pop/{known|several|unknown|anonymous}` rings agent 1001, `/stub/answer` and `/stub/end` go on from there,
`/stub/drop` cuts every socket, `/stub/lose` loses one numbered message. Never part of a deployment.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import math
import random
import struct
import sys
import time
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

sys.path.insert(0, str(Path(__file__).parent))

import stub_boards
import stub_config
import stub_controls
import stub_data as data
import stub_desk
import stub_hotline
import stub_records
import stub_reports

DIST = Path(__file__).parents[1] / "dist"
ME = 1
COOKIE = "cti_session"


class Stub:
    def __init__(self, still: bool) -> None:
        self.rng = random.Random(7)  # noqa: S311 - sample data
        self.still = still
        self.sockets: dict[web.WebSocketResponse, list[int]] = {}
        self.sending: asyncio.Queue[tuple[web.WebSocketResponse, data.Json]] = asyncio.Queue()
        self.epoch = str(time.time_ns())
        now = time.time()
        self.agents = {id_: data.agent_view(id_, now, self.rng) for id_ in range(1, 15)}
        self.queues = {id_: data.queue_view(id_, now, self.rng) for id_ in data.QUEUES}
        self.calls = {f"c{n}": data.live_call(n, now, self.rng) for n in range(1, 9)}
        self.totals: data.Json = data.totals_view(
            list(self.agents.values()), list(self.queues.values()), list(self.calls.values()), now, self.rng
        )
        self.rows = [data.call_row(n, now, self.rng) for n in range(1, 58)]
        self.pop: data.Json | None = None
        self.next_call = 100
        self.summaries: list[data.Json] = []
        self.controls = stub_controls.Controls(self)
        self.boards = stub_boards.Boards(self)
        self.boxes: dict[str, dict[str, Any]] = {}
        self.change_agent(ME, presence="signed_out", activity="idle", reason="", wrap_up_until=None)

    def snapshot(self, role: str) -> data.Json:
        mine = role == "agent"
        return {
            "now": time.time(),
            "agents": [self.agents[ME]] if mine else list(self.agents.values()),
            "queues": list(self.queues.values()),
            "calls": self.controls.own_calls() if mine else list(self.calls.values()),
            "totals": self.totals,
            "pop": self.pop if mine else None,
            **self.controls.snapshot(mine),
            **self.boards.snapshot(staff=not mine),
        }

    def publish(self, type_: str, body: Any) -> None:
        for socket, counter in list(self.sockets.items()):
            counter[0] += 1
            message = {"epoch": self.epoch, "seq": counter[0], "ts": time.time(), "type": type_, "data": body}
            if not socket.closed:
                self.sending.put_nowait((socket, message))

    def change_agent(self, agent_id: int, **change: Any) -> None:
        agent, now = self.agents[agent_id], time.time()
        for axis in ("presence", "activity"):
            if axis in change and change[axis] != agent[axis]:
                change[f"{axis}_since"] = now
        self.agents[agent_id] = {**agent, **change}
        if self.sockets:
            self.publish("agent", self.agents[agent_id])

    # ── one call of agent 1001, step by step ───────────────────────────────────────────────────────────────────────

    def ring(self, kind: str) -> None:
        self.next_call += 1
        self.pop = data.pop_of(kind, ME, f"c{self.next_call}")
        call_id = self.pop["call_id"]
        self.change_agent(ME, presence="ready", activity="ringing", phone="in_use", call_id=call_id, wrap_up_until=None)
        self.publish("pop", self.pop)
        self.controls.rings(self.pop)

    def step_pop(self, state: str) -> None:
        if self.pop is None:
            return
        self.pop = {**self.pop, "state": state, "since": time.time()}
        self.publish("pop", self.pop)

    def answer(self) -> None:
        self.step_pop("talking")
        self.change_agent(ME, activity="talking")
        self.controls.answered()

    def end(self) -> None:
        self.controls.over()
        self.step_pop("wrap_up")
        answered = self.agents[ME]["answered_today"] + 1
        until = time.time() + 30
        self.change_agent(ME, activity="wrap_up", phone="reachable", wrap_up_until=until, answered_today=answered)

    def finish(self) -> None:
        if self.pop is not None:
            self.publish("pop_closed", {"call_id": self.pop["call_id"]})
        self.pop = None
        self.change_agent(ME, activity="idle", call_id="", wrap_up_until=None)

    # ── the world moves ────────────────────────────────────────────────────────────────────────────────────────────

    async def live(self) -> None:
        while True:
            await asyncio.sleep(1)
            now = time.time()
            id_ = self.rng.randint(2, 14)
            self.change_agent(id_, activity=self.rng.choice(["idle", "ringing", "talking", "talking", "wrap_up"]))
            queue = self.queues[self.rng.choice(list(self.queues))]
            waiting = self.rng.choice([0, 0, 1, 2, 4])
            queue.update(waiting=waiting, longest_wait_since=now - self.rng.randint(1, 40) if waiting else None)
            self.publish("queue", queue)
            self.totals = {
                **self.totals,
                "waiting": sum(one["waiting"] for one in self.queues.values()),
                "answered": self.totals["answered"] + self.rng.choice([0, 0, 1]),
                "longest_wait_since": min(
                    (one["longest_wait_since"] for one in self.queues.values() if one["longest_wait_since"]),
                    default=None,
                ),
            }
            self.publish("totals", self.totals)
            self.boards.tell()

    async def my_calls(self) -> None:
        kinds = ["known", "several", "unknown", "anonymous"]
        for turn in range(10_000):
            await asyncio.sleep(8)
            if self.agents[ME]["presence"] != "ready" or self.pop is not None:
                continue
            self.ring(kinds[turn % len(kinds)])
            await asyncio.sleep(6)
            self.answer()
            await asyncio.sleep(14)
            if self.pop is not None and self.pop["state"] == "talking":
                self.end()

    async def deliver(self) -> None:
        """One task sends everything, so that no two messages overtake each other."""
        while True:
            socket, message = await self.sending.get()
            await send(socket, message)

    async def ping(self) -> None:
        while True:
            await asyncio.sleep(15)
            self.publish("ping", None)


async def send(socket: web.WebSocketResponse, message: data.Json) -> None:
    with contextlib.suppress(ConnectionError):  # the page has gone; its socket is taken out by its own handler
        await socket.send_str(json.dumps(message))


STUB = web.AppKey("stub", Stub)
routes = web.RouteTableDef()


def problem(status: int, error_id: str) -> web.Response:
    body: data.Json = {
        "type": "about:blank",
        "title": error_id,
        "status": status,
        "detail": "",
        "error_id": error_id,
        "params": {},
    }
    return web.json_response(body, status=status, content_type="application/problem+json")


def session_of(role: str) -> data.Json:
    agent = {"id": ME, "number": "1001", "extension": "1001"} if role == "agent" else None
    name = "王芳" if role == "agent" else "值班班长"
    user = {"id": 1, "login": role, "name": name, "role": role, "language": "zh-CN", "team": "service_1"}
    return {"user": user, "agent": agent, "csrf_token": "stub", "server_time": time.time(), "timezone": "Asia/Shanghai"}


@routes.get("/api/session")
async def get_session(request: web.Request) -> web.Response:
    role = request.cookies.get(COOKIE)
    return web.json_response(session_of(role)) if role else problem(401, "not_signed_in")


@routes.post("/api/session")
async def sign_in(request: web.Request) -> web.Response:
    form = await request.json()
    if form["password"] == "wrong":  # noqa: S105 - the one that is refused
        return problem(401, "wrong_credentials")
    role = form["login"] if form["login"] in ("agent", "ops", "admin") else "supervisor"
    response = web.json_response(session_of(role))
    response.set_cookie(COOKIE, role, httponly=True, samesite="Lax")
    return response


@routes.delete("/api/session")
async def sign_out(request: web.Request) -> web.Response:
    response = web.Response(status=204)
    response.del_cookie(COOKIE)
    return response


@routes.post("/api/session/language")
async def language(request: web.Request) -> web.Response:
    return web.Response(status=204)


@routes.get("/api/reference")
async def reference(request: web.Request) -> web.Response:
    return web.json_response(data.REFERENCE)


@routes.get("/api/calls")
async def calls(request: web.Request) -> web.Response:
    stub, query = request.app[STUB], request.query
    page, size = int(query.get("page", 1)), int(query.get("page_size", 20))
    outcome, number = query.get("outcome"), query.get("number", "")
    noted = [stub_records.noted(request.app, row) for row in stub.rows]
    rows = [row for row in noted if (not outcome or row["outcome"] == outcome) and number in row["caller_number"]]
    rows = [row for row in rows if query.get("mark", "") in ("", *row["marks"])]
    items = rows[(page - 1) * size : page * size]
    return web.json_response({"items": items, "total": len(rows), "page": page, "page_size": size})


@routes.get("/api/calls/{id}")
async def call(request: web.Request) -> web.Response:
    row = next((row for row in request.app[STUB].rows if row["id"] == request.match_info["id"]), None)
    return web.json_response(data.call_details(row)) if row else problem(404, "not_found")


@routes.get("/api/calls/{id}/explain")
async def explain(request: web.Request) -> web.Response:
    return web.json_response(data.EXPLANATION)


@routes.get("/api/calls/{id}/decisions")
async def decisions(request: web.Request) -> web.Response:
    return web.json_response(data.decisions(time.time()))


@routes.get("/api/voicemails")
@routes.get("/api/callbacks")
@routes.get("/api/faxes")
@routes.get("/api/survey-answers")
async def left_by_callers(request: web.Request) -> web.Response:
    empty: dict[str, Any] = {"items": [], "total": 0, "page": 1, "page_size": 50, "new": 0, "open": 0, "questions": []}
    return web.json_response(empty)


@routes.get("/api/message-boxes")
async def message_boxes(request: web.Request) -> web.Response:
    return web.json_response(list(request.app[STUB].boxes.values()))


@routes.put("/api/message-boxes/{box}")
async def put_message_box(request: web.Request) -> web.Response:
    """As the server: the PIN is taken and never shown."""
    boxes, name, body = request.app[STUB].boxes, request.match_info["box"], await request.json()
    former = boxes.get(name, {"version": 0, "has_pin": False})
    if body["version"] not in (0, former["version"]):
        return problem(409, "version_conflict")
    pin = body.pop("pin")
    has_pin = former["has_pin"] if pin is None else bool(pin)
    boxes[name] = {**body, "name": name, "has_pin": has_pin, "version": former["version"] + 1}
    return web.json_response(boxes[name])


@routes.get("/api/recordings/{id}/audio")
async def audio(request: web.Request) -> web.Response:
    return web.Response(body=stereo_tones(), content_type="audio/wav")


@routes.post("/api/agents/me/presence")
async def presence(request: web.Request) -> web.Response:
    form = await request.json()
    request.app[STUB].change_agent(ME, presence=form["presence"], reason=form.get("reason", ""))
    return web.json_response({}, status=202)


@routes.post("/api/agents/{id}/presence")
async def force_presence(request: web.Request) -> web.Response:
    form = await request.json()
    agent_id = int(request.match_info["id"])
    request.app[STUB].change_agent(agent_id, presence=form["presence"], reason=form.get("reason", ""))
    return web.json_response({}, status=202)


@routes.post("/api/agents/me/wrap-up/finish")
async def finish(request: web.Request) -> web.Response:
    request.app[STUB].finish()
    return web.json_response({}, status=202)


@routes.post("/api/agents/me/wrap-up/extend")
async def extend(request: web.Request) -> web.Response:
    stub = request.app[STUB]
    until = (stub.agents[ME]["wrap_up_until"] or time.time()) + (await request.json())["seconds"]
    stub.change_agent(ME, wrap_up_until=until)
    return web.json_response({}, status=202)


@routes.post("/api/calls/{id}/hang-up")
async def hang_up(request: web.Request) -> web.Response:
    stub, id_ = request.app[STUB], request.match_info["id"]
    if stub.pop is not None and stub.pop["call_id"] == id_:
        stub.end()
    elif stub.calls.pop(id_, None):
        stub.publish("call_removed", {"id": id_})
    return web.json_response({}, status=202)


@routes.post("/api/calls/{id}/disposition")
async def disposition(request: web.Request) -> web.Response:
    request.app[STUB].summaries.append({"call_id": request.match_info["id"], **await request.json()})
    return web.json_response({}, status=202)


@routes.get("/ws/events")
@routes.get("/ws/board")
async def feed(request: web.Request) -> web.WebSocketResponse:
    stub = request.app[STUB]
    role = "agent" if request.path == "/ws/board" else request.cookies.get(COOKIE, "agent")
    socket = web.WebSocketResponse(heartbeat=20)
    await socket.prepare(request)
    body = stub.snapshot(role)
    await send(socket, {"epoch": stub.epoch, "seq": 1, "ts": time.time(), "type": "snapshot", "data": body})
    stub.sockets[socket] = [1]
    try:
        async for message in socket:
            if message.type == WSMsgType.ERROR:
                break
    finally:
        del stub.sockets[socket]
    return socket


@routes.get("/stub/summaries")
async def summaries(request: web.Request) -> web.Response:
    return web.json_response(request.app[STUB].summaries)


@routes.post("/stub/pop/{kind}")
async def stub_pop(request: web.Request) -> web.Response:
    request.app[STUB].ring(request.match_info["kind"])
    return web.Response(status=204)


@routes.post("/stub/{step:answer|end|finish}")
async def stub_step(request: web.Request) -> web.Response:
    stub = request.app[STUB]
    {"answer": stub.answer, "end": stub.end, "finish": stub.finish}[request.match_info["step"]]()
    return web.Response(status=204)


@routes.post("/stub/agent")
async def stub_agent(request: web.Request) -> web.Response:
    request.app[STUB].change_agent(ME, **await request.json())
    return web.Response(status=204)


@routes.post("/stub/drop")
async def stub_drop(request: web.Request) -> web.Response:
    for socket in list(request.app[STUB].sockets):
        await socket.close(code=1012)
    return web.Response(status=204)


@routes.post("/stub/lose")
async def stub_lose(request: web.Request) -> web.Response:
    for counter in request.app[STUB].sockets.values():
        counter[0] += 1
    return web.Response(status=204)


@routes.get("/{path:.*}")
async def page(request: web.Request) -> web.StreamResponse:
    path = DIST / request.match_info["path"]
    return web.FileResponse(path if path.is_file() else DIST / "index.html")


def stereo_tones(seconds: int = 20, rate: int = 8000) -> bytes:
    """A made-up conversation: the left and the right channel take turns."""
    frames = bytearray()
    for i in range(seconds * rate):
        t = i / rate
        turn = math.sin(t * 0.9) > 0
        level = 9000 * abs(math.sin(t * 3.1)) * abs(math.sin(t * 11))
        left = level * math.sin(2 * math.pi * 310 * t) if turn else 0
        right = 0 if turn else level * math.sin(2 * math.pi * 220 * t)
        frames += struct.pack("<hh", int(left), int(right))
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(frames))
    return buffer.getvalue()


async def background(app: web.Application) -> AsyncIterator[None]:
    stub = app[STUB]
    tasks = [asyncio.create_task(stub.deliver(), name="deliver"), asyncio.create_task(stub.ping(), name="ping")]
    if not stub.still:
        tasks += [asyncio.create_task(stub.live(), name="live"), asyncio.create_task(stub.my_calls(), name="calls")]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def build_app(still: bool) -> web.Application:
    app = web.Application()
    app[STUB] = Stub(still)
    stub_config.add_to(app)
    stub_controls.add_to(app, app[STUB])
    stub_desk.add_to(app)
    stub_hotline.add_to(app)
    app.add_routes(stub_boards.routes(STUB))
    stub_records.add_to(app)
    stub_reports.add_to(app)
    app.add_routes(routes)
    app.cleanup_ctx.append(background)
    return app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8088)
    parser.add_argument("--still", action="store_true", help="nothing happens unless /stub/… is asked")
    args = parser.parse_args()
    web.run_app(build_app(args.still), host="127.0.0.1", port=args.port)


if __name__ == "__main__":
    main()
