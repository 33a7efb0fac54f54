"""A route: method, path, handler, who may use it. The rest is read from the handler's annotations.

    async def force_presence(ask: Ask, agent_id: int, body: PresenceChoice) -> Accepted: ...

`body` and `query` are pydantic models, other parameters are parts of the path, the return annotation is the answer.
From the table of routes come routing, authorisation, the OpenAPI document and a test of every route × role.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_type_hints

from aiohttp import web
from pydantic import BaseModel

from ctiserver.api.client_address import client_address
from ctiserver.api.context import CONTEXT, ApiContext
from ctiserver.api.identity import Identity
from ctiserver.api.problems import ApiError, not_signed_in
from ctiserver.directory import Role

Method = Literal["GET", "POST", "PUT", "DELETE"]
Access = frozenset[Role] | Literal["public"]
Handler = Callable[..., Awaitable[object]]
Finish = Callable[[web.StreamResponse], None]


class Word(str):
    """A name that people gave, in any script, such as 早班."""

    __slots__ = ()


PATTERNS: dict[object, str] = {
    int: r"[1-9][0-9]{0,8}",
    str: r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}",
    Word: r"[^\x00-\x20\x7f/%?#][^\x00-\x1f\x7f/%?#]{0,79}",
}


@dataclass(frozen=True)
class Ask:
    """One request, as handlers see it: authorised, and its body and query checked."""

    http: web.Request
    identity: Identity | None
    finishing: list[Finish] = field(default_factory=list[Finish])  # e.g. sets a cookie

    @property
    def context(self) -> ApiContext:
        return self.http.app[CONTEXT]

    @property
    def who(self) -> Identity:
        """The one who asks, on routes that are not public."""
        if self.identity is None:
            raise not_signed_in()
        return self.identity

    @property
    def agent_id(self) -> int:
        """The asking agent; raises ApiError 404 for those who take no calls."""
        if self.who.agent_id is None:
            raise ApiError(404, "no_agent", "this user takes no calls")
        return self.who.agent_id

    @property
    def address(self) -> str:
        """Who asks, for limits and the audit log: behind trusted proxies the one they name; never empty."""
        peer = self.http.remote or "unknown"
        trusted = self.context.settings.http.trusted_proxies
        return client_address(peer, self.http.headers.getall("X-Forwarded-For", []), trusted) if trusted else peer


@dataclass(frozen=True, kw_only=True)
class Route:
    method: Method
    path: str  # /api/agents/{agent_id}/presence
    handler: Handler
    access: Access
    status: int = 200
    content: str = "application/json"  # of the answer, where the handler answers itself
    or_content: str = ""  # what it may be instead, e.g. CSV where Excel was not asked for
    largest_body: int = 0  # bytes; 0: the server's usual limit
    hidden: bool = False  # not for the OpenAPI document: pages and the websocket
    body: type[BaseModel] | None = field(init=False)
    query: type[BaseModel] | None = field(init=False)
    parts: dict[str, object] = field(init=False)  # name → int or str
    answer: object = field(init=False)

    def __post_init__(self) -> None:
        hints = get_type_hints(self.handler)
        names = list(inspect.signature(self.handler).parameters)[1:]  # the first is the Ask
        object.__setattr__(self, "body", hints.get("body") if "body" in names else None)
        object.__setattr__(self, "query", hints.get("query") if "query" in names else None)
        object.__setattr__(self, "parts", {n: hints[n] for n in names if n not in ("body", "query")})
        object.__setattr__(self, "answer", hints.get("return", type(None)))
        missing = [name for name in self.parts if f"{{{name}}}" not in self.path]
        if missing:
            raise TypeError(f"{self.method} {self.path}: the path has no {', '.join(missing)}")

    @property
    def name(self) -> str:
        return getattr(self.handler, "__name__", "handler")

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def is_file(self) -> bool:
        """Whether the answer is a file, with Range, ETag and HEAD."""
        return self.content == "audio/wav"

    @property
    def pattern(self) -> str:
        """The path as aiohttp wants it: a part that can't be an id is a 404."""
        path = self.path
        for name, kind in self.parts.items():
            path = path.replace(f"{{{name}}}", f"{{{name}:{PATTERNS[kind]}}}")
        return path

    def bind_parts(self, request: web.Request) -> dict[str, Any]:
        return {
            name: int(request.match_info[name]) if kind is int else request.match_info[name]
            for name, kind in self.parts.items()
        }


def route(method: Method, path: str, handler: Handler, access: Access, status: int = 200) -> Route:
    """One line of an area's table of routes that is answered in JSON."""
    return Route(method=method, path=path, handler=handler, access=access, status=status)
