"""From HTTP to a handler and back: who asks, may they, is it well-formed; then the answer as JSON."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec
import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError

from ctiserver.api.bodies import read_body, read_json, refuse_compressed
from ctiserver.api.context import CONTEXT, ApiContext
from ctiserver.api.idempotency import Reply
from ctiserver.api.identity import Identity
from ctiserver.api.problems import ApiError, forbidden, from_validation, not_signed_in
from ctiserver.api.route import Ask, Route
from ctiserver.api.sessions import csrf_matches


def endpoint(route: Route) -> Any:
    """The aiohttp handler of a route."""

    async def handle(request: web.Request) -> web.StreamResponse:
        context = request.app[CONTEXT]
        if route.largest_body:
            request = request.clone(client_max_size=route.largest_body)
        refuse_foreign_origin(request, context, needed=False)
        refuse_compressed(request)
        identity = await authorise(route, request, context)
        if route.writes and identity is not None:
            check_csrf(request, identity)
        arguments: dict[str, Any] = route.bind_parts(request)
        if route.query is not None:
            arguments["query"] = _parse(route.query, _single_values(request), "query")
        if route.body is not None:
            arguments["body"] = _parse(route.body, await read_json(request), "body")
        ask = Ask(request, identity)
        key = request.headers.get("Idempotency-Key")
        if key is None or identity is None or not route.writes:
            return await _answer(route, ask, arguments)
        sent = (request.method, request.path, await read_body(request))

        async def work() -> Reply:
            return _kept(await _answer(route, ask, arguments))

        return await context.replies.once(_sender(identity), key, sent, work)

    return handle


async def authorise(route: Route, request: web.Request, context: ApiContext) -> Identity | None:
    """Deny by default: only a route's own list of roles opens it. Raises ApiError 401 or 403."""
    if route.access == "public":
        return None
    identity = await context.sessions.identify(request)
    if identity is None:
        raise not_signed_in()
    structlog.contextvars.bind_contextvars(user_id=identity.user_id)
    if identity.role not in route.access:
        raise forbidden()
    return identity


def check_csrf(request: web.Request, identity: Identity) -> None:
    """Browsers add cookies by themselves, but not this header; machines have no cookie."""
    if identity.token and not csrf_matches(identity.token, request.headers.get("X-CSRF-Token", "")):
        raise ApiError(403, "csrf", "send X-CSRF-Token as GET /api/session gives it")


def refuse_foreign_origin(request: web.Request, context: ApiContext, *, needed: bool) -> None:
    """Raises ApiError 403 for requests that another site's page makes; `needed`: an Origin must be there."""
    origin = request.headers.get("Origin")
    if origin is None:
        if needed:
            raise ApiError(403, "foreign_origin", "the Origin header is missing")
        return
    asked = urlsplit(context.settings.http.base_url)
    own = {f"{asked.scheme}://{asked.netloc}", f"http://{request.host}", f"https://{request.host}"}
    if origin not in own:
        raise ApiError(403, "foreign_origin", "requests from pages of other sites are refused")


def _single_values(request: web.Request) -> dict[str, str]:
    names = [name for name, _ in request.query.items()]  # keys() names each once
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ApiError(422, "invalid", f"given more than once: {', '.join(sorted(twice))}")
    return dict(request.query)


def _parse(model: type[BaseModel], values: object, origin: str) -> BaseModel:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise from_validation(error, origin) from None


async def _answer(route: Route, ask: Ask, arguments: dict[str, Any]) -> web.StreamResponse:
    result = await route.handler(ask, **arguments)
    if isinstance(result, web.StreamResponse):
        response = result
    elif result is None:
        response = web.Response(status=route.status)
    else:
        body = msgspec.json.encode(result)
        response = web.Response(status=route.status, body=body, content_type="application/json")
    for finish in ask.finishing:
        finish(response)
    return response


def _kept(response: web.StreamResponse) -> Reply:
    body = response.body if isinstance(response, web.Response) else None
    return Reply(response.status, body if isinstance(body, bytes) else b"", response.content_type)


def _sender(identity: Identity) -> str:
    return f"{identity.user_id}:{identity.login}"
