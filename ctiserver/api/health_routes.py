"""What machines ask: alive, ready, figures, and the document of this API."""

from __future__ import annotations

import asyncio

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ctiserver.api.context import DOCUMENT
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Alive, Readiness


async def read_live(ask: Ask) -> Alive:
    """The process runs and its loop turns."""
    return Alive()


async def read_ready(ask: Ask) -> Readiness:
    """One line per component; 503 as long as one that is needed is not ready."""
    components = tuple(ask.context.centre.components())
    readiness = Readiness(ready=all(part.ready for part in components if part.needed), components=components)
    if not readiness.ready:
        ask.finishing.append(lambda response: response.set_status(503))
    return readiness


async def read_metrics(ask: Ask) -> web.StreamResponse:
    """Prometheus metrics: counts and times, nothing about people."""
    ask.context.feed.measure()
    ask.context.centre.measure()
    return web.Response(body=await asyncio.to_thread(generate_latest), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def read_openapi(ask: Ask) -> web.StreamResponse:
    """This document."""
    return web.Response(body=ask.http.app[DOCUMENT], content_type="application/json")


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/openapi.json", read_openapi, "public"),
    route("GET", "/health/live", read_live, "public"),
    route("GET", "/health/ready", read_ready, "public"),
    Route(method="GET", path="/metrics", handler=read_metrics, access="public", content="text/plain"),
)
