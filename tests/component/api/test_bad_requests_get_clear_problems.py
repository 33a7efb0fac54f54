"""Story: what can't be is refused with a problem that names the field; nothing personal comes back or is logged."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from ctiserver.live.views import ComponentHealth
from tests.component.api.conftest import SignIn, Stage
from tests.component.api.example_views import CALLER, OTHER_CALLER


async def test_a_wrong_value_is_named_with_its_place(sign_in: SignIn) -> None:
    page = await sign_in("1001")
    answer = await page.post("/api/agents/me/wrap-up/extend", {"seconds": "soon", "colour": "red"})
    assert answer.status == 422
    assert answer.content_type == "application/problem+json"
    problem = await answer.json()
    assert problem["error_id"] == "invalid"
    assert {tuple(error["loc"]) for error in problem["params"]["errors"]} == {("body", "seconds"), ("body", "colour")}
    assert "soon" not in str(problem)


async def test_unknown_and_repeated_query_keys_are_refused(sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    assert (await page.get("/api/calls?colour=red")).status == 422
    assert (await page.get("/api/calls?page=1&page=2")).status == 422
    assert (await page.get("/api/calls?from=nan")).status == 422
    assert (await page.get("/api/calls?number=%00")).status == 422


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{not json", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"presence=ready", "application/x-www-form-urlencoded", 415),
        (b'{"presence": "' + b"x" * 70_000 + b'"}', "application/json", 413),
        (b"[" * 60_000, "application/json", 400),
        (b"[" * 600 + b"]" * 600, "application/json", 400),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "application/json", 400),
    ],
)
async def test_bodies_that_are_none(stage: Stage, sign_in: SignIn, body: bytes, kind: str, status: int) -> None:
    page = await sign_in("1001")
    headers = {"X-CSRF-Token": page.csrf, "Content-Type": kind}
    answer = await page.http.post(stage.url("/api/agents/me/presence"), data=body, headers=headers)
    assert answer.status == status, await answer.text()
    assert answer.content_type == "application/problem+json"
    assert stage.centre.commands == []


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "banana"])
async def test_packed_bodies_are_refused(stage: Stage, sign_in: SignIn, encoding: str) -> None:
    page = await sign_in("1001")
    headers = {"X-CSRF-Token": page.csrf, "Content-Type": "application/json", "Content-Encoding": encoding}
    answer = await page.http.post(stage.url("/api/agents/me/presence"), data=b"\x1f\x8b\x08", headers=headers)
    assert answer.status in (400, 415), await answer.text()


async def test_a_body_that_does_not_come(stage: Stage, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends a byte now and then holds a connection for ever otherwise."""
    monkeypatch.setattr("ctiserver.api.bodies.BODY_S", 0.2)
    page = await sign_in("1001")
    never = asyncio.Event()

    async def begun() -> AsyncIterator[bytes]:
        yield b'{"presence":'
        await never.wait()

    headers = {"X-CSRF-Token": page.csrf, "Content-Type": "application/json"}
    answer = await page.http.post(stage.url("/api/agents/me/presence"), data=begun(), headers=headers)
    assert (answer.status, (await answer.json())["error_id"]) == (408, "body_too_slow")


async def test_unknown_paths_and_methods_of_the_api(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    missing = await page.get("/api/nothing/here")
    assert (missing.status, (await missing.json())["error_id"]) == (404, "not_found")
    wrong = await page.delete("/api/queues")
    assert (wrong.status, (await wrong.json())["error_id"]) == (405, "method_not_allowed")
    assert wrong.headers["Allow"] == "GET"
    assert (await page.get("/api/calls/..%2F..%2Fetc")).status == 404


async def test_an_error_of_ours_is_told_by_its_id_alone(
    stage: Stage, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await sign_in("1001")

    def fail() -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(stage.centre, "queues", fail)
    answer = await page.get("/api/queues")
    assert answer.status == 500
    assert "secret detail" not in await answer.text()
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-Id"])


async def test_every_answer_carries_the_security_headers(stage: Stage, visitor: ClientSession) -> None:
    for path in ("/health/live", "/api/session", "/api/nothing", "/"):
        headers = (await visitor.get(stage.url(path))).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Server"] == "ctiserver"
    assert (await visitor.get(stage.url("/api/session"))).headers["Cache-Control"] == "no-store"


async def test_no_number_in_log_lines(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    with capture_logs() as lines:
        await page.get(f"/api/calls?number={CALLER}")
        await page.get(f"/api/customers?query={OTHER_CALLER}")
        await page.get(f"/api/calls/{CALLER}")
        await page.get(f"/{CALLER}")
        await page.post("/api/agents/me/presence", {"presence": CALLER})
    assert [line["event"] for line in lines].count("http_request") == 5
    assert CALLER not in str(lines)
    assert OTHER_CALLER not in str(lines)


async def test_health_says_which_component_is_not_ready(stage: Stage, visitor: ClientSession) -> None:
    assert (await visitor.get(stage.url("/health/ready"))).status == 200
    stage.centre.parts.append(ComponentHealth(name="postgres", ready=False, detail="refused"))
    answer = await visitor.get(stage.url("/health/ready"))
    assert answer.status == 503
    told = {"name": "postgres", "ready": False, "detail": "refused", "needed": True}
    assert (await answer.json())["components"][1] == told
    assert (await visitor.get(stage.url("/health/live"))).status == 200


async def test_what_calls_can_do_without_does_not_make_us_unready(stage: Stage, visitor: ClientSession) -> None:
    stage.centre.parts.append(ComponentHealth(name="lookups-billing", ready=False, detail="timeout", needed=False))
    answer = await visitor.get(stage.url("/health/ready"))
    assert answer.status == 200
    assert (await answer.json())["components"][1]["detail"] == "timeout"


async def test_metrics_count_requests_by_route(stage: Stage, visitor: ClientSession) -> None:
    await visitor.get(stage.url("/api/calls/c1"))
    text = await (await visitor.get(stage.url("/metrics"))).text()
    assert re.search(r'cti_http_requests_total\{method="GET",route="/api/calls/\{call_id\}",status="401"\} [1-9]', text)
    assert "cti_feed_clients" in text
