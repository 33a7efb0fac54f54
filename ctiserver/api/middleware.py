"""Around every request, from the outside in: request id with log line and metrics, security headers, problems."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from ctiserver.api import problems
from ctiserver.api.metrics import LATENCY, REQUESTS
from ctiserver.last_resort import end_without_memory

log = structlog.get_logger()

Next = Callable[[web.Request], Awaitable[web.StreamResponse]]

SECURITY_HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",  # the component library writes its styles into the page
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            "connect-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "ctiserver",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}
QUIET = ("/health/", "/metrics", "/media/", "/assets/")  # asked for all the time: counted, not logged
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@web.middleware
async def observe(request: web.Request, handler: Next) -> web.StreamResponse:
    """Gives the request an id (or keeps a proxy's), counts it by route, logs it without its query."""
    sent = request.headers.get("X-Request-Id", "")
    request_id = sent if _REQUEST_ID.fullmatch(sent) else secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    begun, status = time.perf_counter(), 500
    try:
        response = await handler(request)
        status = response.status
        if not response.prepared:
            response.headers["X-Request-Id"] = request_id
        return response
    finally:
        took, route = time.perf_counter() - begun, route_name(request)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, route, status).inc()
        if route != "/ws/events":
            LATENCY.labels(route).observe(took)
        if not request.path.startswith(QUIET):
            log.info("http_request", method=method, route=route, status=status, ms=round(took * 1000, 1))


@web.middleware
async def secure(request: web.Request, handler: Next) -> web.StreamResponse:
    response = await handler(request)
    if not response.prepared:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
    return response


@web.middleware
async def explain_refusals(request: web.Request, handler: Next) -> web.StreamResponse:
    """Every refusal becomes application/problem+json; an error of ours is logged and told by its id alone."""
    try:
        return await handler(request)
    except Exception as error:  # the edge of the process: what is not expected is logged here and answered with 500
        end_without_memory(error)
        refusal = problems.from_error(error)
        if refusal is None:
            log.exception("request_failed", route=route_name(request))
            refusal = problems.ApiError(500, "internal", "an error of the server, see its log for the request id")
        return problems.response(refusal)


def route_name(request: web.Request) -> str:
    """The route's pattern: paths themselves would make metrics endless and may hold what logs must not."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"
