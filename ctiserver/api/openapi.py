"""The OpenAPI 3.1 document, made of the table of routes."""

from __future__ import annotations

import json
from typing import Any, cast

import msgspec
from aiohttp import web
from pydantic import BaseModel

from ctiserver.api.idempotency import LONGEST_KEY
from ctiserver.api.problems import Problem
from ctiserver.api.route import PATTERNS, Route, Word
from ctiserver.api.route_table import ROUTES
from ctiserver.call.screen_pop import ScreenPop
from ctiserver.live.views import CentreSnapshot

Json = dict[str, Any]

REF = "#/components/schemas/{name}"
ON_THE_FEED = (CentreSnapshot, ScreenPop)  # not in any answer, but on the websocket: pages want their types

IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key again gives the first answer again, for ten minutes.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}

DESCRIPTION = """\
Commands answer 202: the command is on its way, and the feed (websocket `/ws/events`) tells what became of it.
Writes with a session need the header `X-CSRF-Token` and accept `Idempotency-Key`.
Refusals are `application/problem+json` with a stable `error_id`. Instants are UTC seconds since 1970.
"""


def document() -> Json:
    routes = [route for route in ROUTES if not route.hidden]
    answers = [route.answer for route in routes if _has_json_answer(route)]
    schemas, components = msgspec.json.schema_components([*answers, Problem, *ON_THE_FEED], ref_template=REF)
    schema_of = dict(zip((route.name for route in routes if _has_json_answer(route)), schemas, strict=False))
    paths: dict[str, Json] = {}
    for route in routes:
        operation = _operation(route, schema_of.get(route.name), components)
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "ctiserver", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "cti_session"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
                "key": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def encoded() -> bytes:
    """The document as text, the same for the same routes."""
    return (json.dumps(document(), indent=2, ensure_ascii=False) + "\n").encode()


def _operation(route: Route, answer: Json | None, components: dict[str, Json]) -> Json:
    summary, _, rest = (route.handler.__doc__ or "").strip().partition("\n")
    operation: Json = {
        "operationId": route.name,
        "summary": summary.rstrip("."),
        "tags": [route.path.split("/")[2] if route.path.startswith("/api/") else "system"],
    }
    if rest.strip():
        operation["description"] = " ".join(rest.split())
    if route.access == "public":
        operation["security"] = []
    else:
        session: Json = {"session": [], "csrf": []} if route.writes else {"session": []}
        operation["security"] = [session, {"key": []}]
        operation["x-roles"] = sorted(route.access)
    parameters = _path_parameters(route) + _query_parameters(route, components)
    if route.writes and route.access != "public":
        parameters.append(IDEMPOTENCY_KEY)
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        schema = _model_schema(route.body, components)
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation["responses"] = _responses(route, answer)
    return operation


def _path_parameters(route: Route) -> list[Json]:
    schemas: dict[object, Json] = {
        int: {"type": "integer", "minimum": 1, "maximum": 999_999_999},
        str: {"type": "string", "pattern": f"^{PATTERNS[str]}$"},
        Word: {"type": "string", "pattern": f"^{PATTERNS[Word]}$"},
    }
    return [
        {"name": name, "in": "path", "required": True, "schema": schemas[kind]} for name, kind in route.parts.items()
    ]


def _query_parameters(route: Route, components: dict[str, Json]) -> list[Json]:
    if route.query is None:
        return []
    schema = route.query.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    components.update(schema.pop("$defs", {}))
    parameters: list[Json] = []
    for name, kind in cast("dict[str, Json]", schema["properties"]).items():
        parameter: Json = {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": _without_null(kind),
        }
        if text := kind.pop("description", ""):
            parameter["description"] = text
        parameters.append(parameter)
    return parameters


def _without_null(schema: Json) -> Json:
    """A query can't say null: an optional value is one that is left out."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    kept = {name: value for name, value in schema.items() if name not in ("anyOf", "title", "default")}
    if schema.get("default") not in (None, ""):
        kept["default"] = schema["default"]
    return {**kept, **kinds[0]} if len(kinds) == 1 else kept


def _model_schema(model: type[BaseModel], components: dict[str, Json]) -> Json:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    components.update(schema.pop("$defs", {}))
    components[model.__name__] = schema
    return {"$ref": REF.format(name=model.__name__)}


def _responses(route: Route, answer: Json | None) -> Json:
    done: Json = {"description": "Done" if route.status != 202 else "The command is on its way"}
    if answer is not None:
        done["content"] = {"application/json": {"schema": answer}}
    elif route.status != 204:
        binary: Json = {"schema": {}} if route.content == "application/json" else {}
        done["content"] = {kind: binary for kind in (route.content, route.or_content) if kind}
    problem = {"application/problem+json": {"schema": {"$ref": REF.format(name="Problem")}}}
    responses: Json = {str(route.status): done}
    if route.is_file:
        responses["206"] = {"description": "The part asked for by Range", "content": {"audio/wav": {}}}
        responses["304"] = {"description": "Not changed"}
        responses["416"] = {"description": "No such part"}
    if route.path == "/health/ready":
        responses["503"] = {**done, "description": "At least one component is not ready"}
    responses["4XX"] = {"description": "Refused", "content": problem}
    responses["5XX"] = {"description": "Not possible at the moment, or an error of ours", "content": problem}
    return responses


def _has_json_answer(route: Route) -> bool:
    kind = route.answer
    handler_answers = isinstance(kind, type) and issubclass(kind, web.StreamResponse)
    return kind is not type(None) and not handler_answers
