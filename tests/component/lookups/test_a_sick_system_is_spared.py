"""Retries are few, a breaker leaves a sick system alone and tries it again, answers may be used twice."""

from __future__ import annotations

from collections.abc import Callable

from ctiserver.channels.lookups.engine import LookupEngine
from ctiserver.channels.lookups.sources import LookupsFile
from ctiserver.ivr.fields import Seconds
from tests.component.lookups.conftest import Outside, billing, question


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def engine_for(outside: Outside, clock: Clock, **settings: object) -> LookupEngine:
    return LookupEngine(LookupsFile(sources={"billing": billing(outside.url, **settings)}), clock=clock)


async def test_a_passing_failure_is_tried_again(outside: Outside, open_engine: Callable[..., LookupEngine]) -> None:
    outside.broken = 1
    assert (await open_engine(retries=1).look_up(question("/flaky"))).data == {"at": "last"}
    assert len(outside.asked) == 2


async def test_the_budget_of_retries_runs_out(outside: Outside) -> None:
    engine = engine_for(outside, Clock(), retries=5, breaker_after=1000)
    outside.broken = 1000
    for _ in range(20):
        assert (await engine.look_up(question("/flaky"))).reason == "status_503"
    assert 30 <= len(outside.asked) <= 33  # ten retries at once, then one for every ten questions
    await engine.stop()


async def test_the_breaker_opens_rests_and_closes(outside: Outside) -> None:
    clock = Clock()
    engine = engine_for(outside, clock, retries=0, breaker_after=3, breaker_rest=Seconds(15.0))
    outside.broken = 4
    for _ in range(3):
        assert (await engine.look_up(question("/flaky"))).reason == "status_503"
    assert engine.problems() == {"lookups-billing": "left alone for a while after: status_503"}
    assert (await engine.look_up(question("/flaky"))).reason == "breaker_open"
    assert len(outside.asked) == 3

    clock.now += 15.0
    assert (await engine.look_up(question("/flaky"))).reason == "status_503"  # the one try
    assert (await engine.look_up(question("/flaky"))).reason == "breaker_open"
    clock.now += 15.0
    assert (await engine.look_up(question("/flaky"))).outcome == "ok"
    assert engine.problems() == {"lookups-billing": ""}
    await engine.stop()


async def test_who_is_unknown_or_forbidden_does_not_open_the_breaker(outside: Outside) -> None:
    engine = engine_for(outside, Clock(), retries=0, breaker_after=1)
    for path in ("/accounts/99999999", "/403", "/../x"):
        await engine.look_up(question(path))
    assert (await engine.look_up(question("/accounts/12345678"))).outcome == "ok"
    await engine.stop()


async def test_an_answer_is_used_again_while_it_is_fresh(outside: Outside) -> None:
    clock = Clock()
    engine = engine_for(outside, clock, cache=Seconds(60.0))
    first = await engine.look_up(question("/accounts/12345678"))
    assert await engine.look_up(question("/accounts/12345678")) == first
    assert len(outside.asked) == 1
    clock.now += 60.0
    await engine.look_up(question("/accounts/12345678"))
    assert len(outside.asked) == 2
    await engine.stop()


async def test_new_sources_take_over_and_unchanged_ones_keep_their_breaker(outside: Outside) -> None:
    engine = engine_for(outside, Clock(), retries=0, breaker_after=1)
    await engine.look_up(question("/500"))
    same = billing(outside.url, retries=0, breaker_after=1)
    await engine.use(LookupsFile(sources={"billing": same, "crm": same}))
    assert (await engine.look_up(question("/accounts/12345678"))).reason == "breaker_open"
    await engine.use(LookupsFile(sources={"billing": billing(outside.url, breaker_after=2)}))
    assert (await engine.look_up(question("/accounts/12345678"))).outcome == "ok"
    assert engine.names == {"billing"}
    await engine.stop()
