"""Refusals as application/problem+json: a stable `error_id` that pages translate, and parameters; never a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web
from pydantic import ValidationError

from ctiserver.desk.work_order import TransitionRefused
from ctiserver.errors import DatabaseAwayError, LinkDownError, Refused, Rejected, Retryable
from ctiserver.store.desk.refusals import InUse, NotThere, Stale, Unfit
from ctiserver.store.desk.setting_versions import ChangedMeanwhile, StillNeeded

CONTENT_TYPE = "application/problem+json"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 9457, with `error_id` and `params` of our own. `detail` is for developers."""

    type: str
    title: str
    status: int
    detail: str
    error_id: str
    params: dict[str, Any]


class ApiError(Rejected):
    """Refused at the HTTP edge."""

    def __init__(
        self,
        status: int,
        error_id: str,
        detail: str = "",
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or error_id)
        self.status = status
        self.error_id = error_id
        self.params = dict(params or {})
        self.headers = dict(headers or {})


def not_signed_in() -> ApiError:
    return ApiError(401, "not_signed_in", "sign in first", headers={"WWW-Authenticate": 'Bearer realm="ctiserver"'})


def forbidden(detail: str = "this role may not do that") -> ApiError:
    return ApiError(403, "forbidden", detail)


def not_found(what: str) -> ApiError:
    return ApiError(404, "not_found", f"no such {what}", params={"what": what})


def invalid(*errors: tuple[Sequence[str | int], str]) -> ApiError:
    """Values that can't be; each as (location, message)."""
    return ApiError(
        422,
        "invalid",
        "some values are not valid",
        params={"errors": [{"loc": list(loc), "msg": msg} for loc, msg in errors]},
    )


def too_many_attempts(wait_s: float) -> ApiError:
    seconds = math.ceil(wait_s)
    return ApiError(
        429,
        "too_many_attempts",
        "too many attempts, wait a while",
        params={"retry_after_s": seconds},
        headers={"Retry-After": str(seconds)},
    )


def from_validation(error: ValidationError, origin: str) -> ApiError:
    """`origin` is body or query; the values themselves are not repeated."""
    return invalid(*(([origin, *e["loc"]], e["msg"]) for e in error.errors(include_input=False, include_url=False)))


def from_error(error: Exception) -> ApiError | None:
    """The refusal that an expected error means; None for those that are our own fault."""
    match error:
        case ApiError():
            return error
        case DatabaseAwayError():
            return ApiError(503, "database_away", error.message, headers={"Retry-After": "5"})
        case LinkDownError():
            return ApiError(503, "asterisk_away", error.message, headers={"Retry-After": "5"})
        case Retryable():
            return ApiError(503, "not_now", error.message, headers={"Retry-After": "5"})
        case NotThere():
            return not_found(error.what)
        case Stale():
            return ApiError(409, "stale_version", error.message, params=error.params)
        case InUse():
            return ApiError(409, "taken", error.message, params={"field": error.field})
        case ChangedMeanwhile():
            return ApiError(
                409, "changed_meanwhile", error.message, params={"current": msgspec.to_builtins(error.current)}
            )
        case StillNeeded():
            used_by = [{"kind": kind, "id": key} for kind, key in error.uses]
            return ApiError(409, "in_use", error.message, params={"used_by": used_by})
        case Unfit():
            return invalid(*((["body", *field.split(".")], problem) for field, problem in error.problems))
        case TransitionRefused():
            return ApiError(409, "transition_refused", error.message, params={"why": error.why, **error.params})
        case Refused():
            return ApiError(409, error.error_id, error.message)
        case Rejected():
            return ApiError(409, "conflict", error.message)
        case web.HTTPException():
            return _from_aiohttp(error)
        case _:
            return None


_AIOHTTP_IDS = {
    400: "invalid",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    417: "expectation_failed",
}


def _from_aiohttp(error: web.HTTPException) -> ApiError:
    kept = {name: error.headers[name] for name in ("Allow", "Retry-After") if name in error.headers}
    return ApiError(error.status, _AIOHTTP_IDS.get(error.status, f"http_{error.status}"), error.reason, headers=kept)


def response(error: ApiError) -> web.Response:
    problem = Problem(
        type=f"urn:ctiserver:error:{error.error_id}",
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        detail=error.message,
        error_id=error.error_id,
        params=error.params,
    )
    return web.Response(
        status=error.status, body=msgspec.json.encode(problem), content_type=CONTENT_TYPE, headers=error.headers
    )
