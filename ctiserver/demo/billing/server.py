"""Billing over HTTP: accounts, bills, outages by area, meter readings. Answers JSON, 404 where nothing is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec
import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from ctiserver.demo.billing.accounts import find_account, find_bills, find_outage

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Billing:
    """`token` is asked for in every request; the empty one asks nobody."""

    def __init__(self, token: str, today: Callable[[], date] = date.today) -> None:
        self._token = token
        self._today = today

    def app(self) -> web.Application:
        @web.middleware
        async def require_token(request: web.Request, handler: Handler) -> web.StreamResponse:
            if self._token and request.headers.get("Authorization") != f"Bearer {self._token}":
                return web.json_response({"error": "token"}, status=401)
            return await handler(request)

        app = web.Application(middlewares=[require_token], client_max_size=4096)
        app.router.add_get("/health", self._health)
        app.router.add_get("/accounts/{number:[0-9]{1,20}}", self._account)
        app.router.add_get("/accounts/{number:[0-9]{1,20}}/bills", self._bills)
        app.router.add_post("/accounts/{number:[0-9]{1,20}}/meter_readings", self._meter_reading)
        app.router.add_get("/areas/{area}/outage", self._outage)
        return app

    async def _health(self, request: web.Request) -> web.Response:
        return _json({"status": "fine"})

    async def _account(self, request: web.Request) -> web.Response:
        return _json(find_account(request.match_info["number"], self._today()))

    async def _bills(self, request: web.Request) -> web.Response:
        return _json(find_bills(request.match_info["number"], self._today()))

    async def _outage(self, request: web.Request) -> web.Response:
        return _json(find_outage(request.match_info["area"]))

    async def _meter_reading(self, request: web.Request) -> web.Response:
        """`{"reading": 1184}`: accepted where the account is known and the number can be a reading."""
        if find_account(request.match_info["number"], self._today()) is None:
            return _json(None)
        try:
            reading = float(orjson.loads(await request.read())["reading"])
        except (ValueError, TypeError, KeyError):
            return web.json_response({"error": "reading"}, status=422)
        return _json({"accepted": 0 <= reading < 1_000_000, "reading": reading})


def _json(found: object) -> web.Response:
    if found is None:
        return web.json_response({"error": "unknown"}, status=404)
    return web.Response(body=_encode(found), content_type="application/json")
