"""Simulated people are drawn from a seed: the same plan gives the same callers, and figures that match the plan."""

from dataclasses import replace
from itertools import islice, pairwise
from statistics import mean

import pytest

from ctiserver.demo.traffic_plan import (
    AGENT_TONES_HZ,
    CALLER_TONES_HZ,
    TrafficPlan,
    agent_tone,
    callers,
    free_number,
    rings,
    stranger,
)

PLAN = TrafficPlan(sip_host="127.0.0.1", sip_port=5060, dids=("96100", "96101"), agents=(("1001", "p"),), calls=400)
DTMF_HZ = (697, 770, 852, 941, 1209, 1336, 1477, 1633)


def test_the_same_seed_gives_the_same_callers_and_another_seed_others() -> None:
    assert list(callers(PLAN)) == list(callers(PLAN))
    assert list(callers(PLAN)) != list(callers(replace(PLAN, seed=2)))
    assert list(islice(rings(PLAN, "1001"), 9)) == list(islice(rings(PLAN, "1001"), 9))
    assert list(islice(rings(PLAN, "1001"), 9)) != list(islice(rings(PLAN, "1002"), 9))


def test_a_change_for_one_caller_does_not_shift_the_others() -> None:
    fewer = list(callers(replace(PLAN, calls=10)))
    assert list(callers(PLAN))[:10] == fewer
    assert list(islice(callers(replace(PLAN, calls=None)), 10)) == fewer


def test_callers_arrive_at_the_rate_and_behave_within_the_ranges() -> None:
    scripts = list(callers(PLAN))
    assert len(scripts) == 400
    assert mean(script.gap_s for script in scripts) == pytest.approx(60 / PLAN.rate_per_minute, rel=0.15)
    assert {script.did for script in scripts} == {"96100", "96101"}
    assert all(PLAN.talk_s[0] <= script.talk_s <= PLAN.talk_s[1] for script in scripts)
    assert all(len(script.before_key_s) == len(script.keys) for script in scripts)
    gave_up = [script for script in scripts if script.patience_s <= PLAN.abandon_after_s[1]]
    assert len(gave_up) / 400 == pytest.approx(PLAN.abandon_share, abs=0.05)
    assert len({script.number for script in scripts}) == 400


def test_known_customers_place_half_of_the_calls_with_their_own_names() -> None:
    known = (("02085550001", "客户一"), ("02085550002", "客户二"))
    scripts = list(callers(replace(PLAN, known_callers=known)))
    of_customers = [script for script in scripts if (script.number, script.name) in known]
    assert len(of_customers) == pytest.approx(200, abs=40)


def test_a_number_that_is_on_the_phone_is_not_used_twice() -> None:
    assert free_number(5, "02085550001", []) == "02085550001"
    assert free_number(5, "02085550001", ["02085550001"]) == stranger(5)
    assert free_number(5, "02085550001", ["02085550001", stranger(5), stranger(6)]) == stranger(7)


def test_tones_cannot_be_taken_for_each_other_or_for_keys() -> None:
    tones = sorted((*CALLER_TONES_HZ, *AGENT_TONES_HZ))
    assert min(high - low for low, high in pairwise(tones)) >= 40
    assert all(abs(tone - key) >= 20 for tone in tones for key in DTMF_HZ)
    assert [agent_tone(index) for index in range(13)] == list(AGENT_TONES_HZ)
    assert agent_tone(13) == agent_tone(0)


@pytest.mark.parametrize(("change", "complaint"), [({"dids": ()}, "dids"), ({"rate_per_minute": 0.0}, "above 0")])
def test_a_plan_that_cannot_work_is_refused(change: dict[str, object], complaint: str) -> None:
    values: dict[str, object] = {"sip_host": "h", "sip_port": 1, "dids": ("1",), "agents": (), **change}
    with pytest.raises(ValueError, match=complaint):
        TrafficPlan(**values)  # pyright: ignore[reportArgumentType] - the point of the test
