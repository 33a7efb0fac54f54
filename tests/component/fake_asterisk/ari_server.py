"""The websocket half of the fake's ARI: applications, filters, and REST over the websocket in strict order."""

from __future__ import annotations

import asyncio
import base64
from typing import Any, Literal

import orjson
from aiohttp import WSMsgType, web

from tests.component.fake_asterisk.ari_rest import AriRest, dumps
from tests.component.fake_asterisk.world import Json, World

Drop = Literal["abort", "close", "silent"]


class Session:
    """One websocket: a queue in, carried out one after another, and a queue out."""

    def __init__(self, app: str, ws: web.WebSocketResponse, request: web.Request) -> None:
        self.app = app
        self.ws = ws
        self.silent = False
        self._request = request
        self.commands: asyncio.Queue[Json] = asyncio.Queue()
        self.out: asyncio.Queue[Json] = asyncio.Queue()

    async def drop(self, how: Drop) -> None:
        if how == "silent":  # the connection stays, nothing comes back any more
            self.silent = True
        elif how == "abort":
            if self._request.transport:
                self._request.transport.abort()
        else:
            await self.ws.close()


class AriServer:
    def __init__(self, user: str, password: str) -> None:
        self._credentials = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.world = World(self.emit)
        self.rest = AriRest(self.world)
        self.apps: dict[str, Session] = {}  # application → who serves it
        self.sessions: set[Session] = set()
        self.refuse: int | None = None  # a status with which every connection is refused
        self.sent: list[Json] = []  # every event that passed the filter
        self.unanswered_http = 0  # of the next requests over HTTP: as on a connection that died without a word
        self._runner: web.AppRunner | None = None
        self.port = 0

    # ── life ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        server = web.Application()
        server.router.add_get("/ari/events", self._websocket)
        server.router.add_route("*", "/ari/{uri:.+}", self._http)
        self._runner = web.AppRunner(server, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        for session in list(self.sessions):
            await session.drop("abort")
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    # ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def emit(self, app: str, event: Json) -> None:
        """Nobody listens: the event is lost, as with Asterisk."""
        session = self.apps.get(app)
        allowed = self.rest.filters.get(app)
        if session is None or (allowed and event["type"] not in allowed):
            return
        event = {"timestamp": "2026-01-01T07:00:00.000+0000"} | event | {"application": app, "asterisk_id": "fake"}
        self.sent.append(event)
        session.out.put_nowait(event)

    # ── connections ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _check(self, request: web.Request) -> None:
        if self.refuse:
            raise _Refused(self.refuse)
        if request.headers.get("Authorization") != self._credentials:
            raise web.HTTPUnauthorized

    async def _http(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        uri = request.match_info["uri"]
        if self.unanswered_http > 0:
            self.unanswered_http -= 1
            await asyncio.Event().wait()
        if uri.startswith("recordings/stored/") and uri.endswith("/file"):
            name = uri.split("/")[2]
            content = self.world.recorded(name)
            if content is None:
                content = self.rest.errands.messages.wav(name)
            if content is None:
                return web.json_response({"message": "Recording not found"}, status=404)
            return web.Response(body=content, content_type="audio/raw")
        body: Json = orjson.loads(await request.read() or b"{}")
        status, answer = await self.rest.handle(request.method, uri, dict(request.query), body)
        return web.Response(status=status, text=dumps(answer), content_type="application/json")

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        app = request.query["app"]
        ws = web.WebSocketResponse(autoping=False, heartbeat=None)
        await ws.prepare(request)
        session = Session(app, ws, request)
        self._take_over(session)
        workers = [asyncio.create_task(self._work(session)), asyncio.create_task(_write(session))]
        try:
            await _read(session)
        finally:
            for worker in workers:
                worker.cancel()
            self._left(session)
        return ws

    def _take_over(self, session: Session) -> None:
        """A second connection gets the application at once; the first may still send commands, but hears nothing."""
        self.sessions.add(session)
        before = self.apps.get(session.app)
        if before:
            before.out.put_nowait({"type": "ApplicationReplaced", "application": session.app})
        self.apps[session.app] = session

    def _left(self, session: Session) -> None:
        self.sessions.discard(session)
        if self.apps.get(session.app) is not session:
            return
        del self.apps[session.app]
        if not any(session.app in (channel.app, channel.app_for_later) for channel in self.world.channels.values()):
            self.rest.filters.pop(session.app, None)  # kept only while the application holds something

    async def _work(self, session: Session) -> None:
        while True:
            message = await session.commands.get()
            query = {entry["name"]: entry["value"] for entry in message.get("query_strings", [])}
            body: Json = orjson.loads(message.get("message_body") or "{}")
            status, answer = await self.rest.handle(message["method"], message["uri"], query, body)
            allowed = self.rest.filters.get(session.app)
            if allowed and "RESTResponse" not in allowed:
                continue  # a filter swallows the answers too
            session.out.put_nowait(
                {
                    "type": "RESTResponse",
                    "request_id": message["request_id"],
                    "status_code": status,
                    "message_body": dumps(answer),
                }
            )


class _Refused(web.HTTPException):
    def __init__(self, status: int) -> None:
        self.status_code = status
        super().__init__()


async def _read(session: Session) -> None:
    async for message in session.ws:
        if session.silent:
            continue
        if message.type is WSMsgType.PING:
            await session.ws.pong(message.data)
        elif message.type is WSMsgType.TEXT:
            session.commands.put_nowait(orjson.loads(message.data))


async def _write(session: Session) -> None:
    while True:
        event: Any = await session.out.get()
        if not session.silent:
            await session.ws.send_str(orjson.dumps(event).decode())
