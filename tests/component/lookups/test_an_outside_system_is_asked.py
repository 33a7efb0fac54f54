"""A flow asks billing, and gets one of three outcomes whatever the other side does."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence

import pytest
from aiohttp.abc import ResolveResult
from structlog.testing import capture_logs

from ctiserver.channels.lookups.engine import LookupEngine
from ctiserver.channels.lookups.sources import LookupsFile
from ctiserver.ivr.fields import Seconds
from ctiserver.ports import LookupRequest
from tests.component.lookups.conftest import SECRET, Outside, billing, question

OpenEngine = Callable[..., LookupEngine]


async def test_a_bill_is_found_below_the_base_url_with_the_configured_header(
    outside: Outside, open_engine: OpenEngine
) -> None:
    answer = await open_engine().look_up(question("/accounts/12345678?month=11"))
    assert (answer.outcome, answer.data) == ("ok", {"amount": 128.5, "due": "2026-12-01"})
    assert outside.asked == [("/api/accounts/12345678?month=11", SECRET)]


async def test_who_is_unknown_is_not_found(open_engine: OpenEngine) -> None:
    assert (await open_engine().look_up(question("/accounts/99999999"))).outcome == "not_found"


async def test_a_post_carries_its_body_and_is_never_repeated(outside: Outside, open_engine: OpenEngine) -> None:
    engine = open_engine(retries=3)
    answer = await engine.look_up(question("/echo", method="POST", body={"meter": 118.4}))
    assert (answer.outcome, outside.bodies) == ("ok", [{"meter": 118.4}])
    assert (await engine.look_up(question("/503", method="POST", body={}))).reason == "status_503"
    assert outside.paths == ["/api/echo", "/api/503"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/500", "status_500"),
        ("/403", "status_403"),
        ("/huge", "too_large"),
        ("/endless", "too_large"),
        ("/bomb", "not_json"),
        ("/page", "not_json"),
        ("/deep", "too_deep"),
        ("/abyss", "not_json"),
        ("/cut", "broken_off"),
        ("/round", "redirected"),
        ("/metadata", "refused_target"),
    ],
)
async def test_every_kind_of_bad_answer_has_its_reason(open_engine: OpenEngine, path: str, reason: str) -> None:
    answer = await open_engine(retries=0).look_up(question(path))
    assert (answer.outcome, answer.reason, answer.data) == ("failed", reason, None)


async def test_an_empty_answer_is_one_and_a_move_within_the_source_is_followed(open_engine: OpenEngine) -> None:
    engine = open_engine()
    assert (await engine.look_up(question("/empty"))).outcome == "ok"
    assert (await engine.look_up(question("/moved"))).data == {"amount": 128.5, "due": "2026-12-01"}


@pytest.mark.parametrize("path", ["/slow", "/drip"])
async def test_a_slow_answer_ends_at_the_time_out(open_engine: OpenEngine, path: str) -> None:
    answer = await open_engine(timeout=Seconds(0.2)).look_up(question(path))
    assert answer.reason == "timeout"


async def test_a_question_may_be_in_more_of_a_hurry_than_its_source(open_engine: OpenEngine) -> None:
    assert (await open_engine().look_up(question("/slow", timeout_s=0.2))).reason == "timeout"


async def test_nobody_listens(open_engine: OpenEngine) -> None:
    with socket.socket() as taken:  # bound, not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        engine = open_engine(base_url=f"http://127.0.0.1:{taken.getsockname()[1]}", retries=0)
        assert (await engine.look_up(question("/"))).reason == "unreachable"


@pytest.mark.parametrize(
    "path",
    [
        "/../admin",
        "/%2e%2e/admin",
        "/%252e%252e/admin",
        "//evil.example/",
        "/a%2fb",
        "/a\\b",
        "/a b",
        "x",
        "/a\r\nX: 1",
    ],
)
async def test_a_path_does_not_lead_out_of_its_source(outside: Outside, open_engine: OpenEngine, path: str) -> None:
    assert (await open_engine().look_up(question(path))).reason == "refused_target"
    assert outside.asked == []


async def test_private_addresses_are_refused_unless_allowed(outside: Outside, open_engine: OpenEngine) -> None:
    engine = open_engine(allow_private=False)
    assert (await engine.look_up(question("/accounts/12345678"))).reason == "refused_target"
    assert outside.asked == []


@pytest.mark.parametrize(("address", "reason"), [("127.0.0.1", "ok"), ("169.254.169.254", "refused_target")])
async def test_a_name_is_judged_by_what_it_resolves_to(outside: Outside, address: str, reason: str) -> None:
    port = int(outside.url.rpartition(":")[2])
    resolved: list[str] = []

    async def resolve(host: str, _port: int, _family: socket.AddressFamily) -> Sequence[ResolveResult]:
        resolved.append(host)
        found = ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
        return [found]

    source = billing("", base_url=f"http://billing.example:{port}", retries=0)
    engine = LookupEngine(LookupsFile(sources={"billing": source}), resolve=resolve)
    answer = await engine.look_up(question("/accounts/12345678"))
    assert (answer.reason or answer.outcome) == reason
    assert resolved == ["billing.example"]  # once: what was judged is what was connected to
    await engine.stop()


async def test_a_source_that_nobody_configured(open_engine: OpenEngine) -> None:
    answer = await open_engine().look_up(LookupRequest(source="crm", path="/"))
    assert (answer.outcome, answer.reason) == ("failed", "unknown_source")


async def test_failures_are_logged_without_values_or_secrets(open_engine: OpenEngine) -> None:
    engine = open_engine(retries=0)
    with capture_logs() as logged:
        await engine.look_up(question("/accounts/12345678/500"))
    (line,) = logged
    assert (line["event"], line["source"], line["reason"]) == ("lookup_failed", "billing", "status_500")
    assert "12345678" not in str(line)
    assert "t0ps3cret" not in str(line)


async def test_only_so_many_at_once_and_the_rest_waits_within_its_time(
    outside: Outside, open_engine: OpenEngine
) -> None:
    engine = open_engine(at_once=1)
    first = asyncio.create_task(engine.look_up(question("/slow")))
    await outside.was_asked.wait()
    assert (await engine.look_up(question("/accounts/12345678", timeout_s=0.2))).reason == "busy"
    outside.release.set()
    assert (await first).outcome == "ok"
    assert outside.paths == ["/api/slow"]
