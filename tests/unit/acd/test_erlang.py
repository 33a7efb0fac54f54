"""Erlang's formulas against published and hand-calculated figures."""

from __future__ import annotations

import pytest

from acd.erlang import agents_needed, blocking, erlang


@pytest.mark.parametrize(
    ("per_hour", "mean_s", "agents", "within_s", "p_wait", "asa_s", "service_level"),
    [
        (720, 240, 55, 15, 0.23870, 8.184, 0.84588),
        (252, 120, 12, 20, 0.18389, 6.130, 0.89908),
        (12, 300, 2, 20, 1 / 3, 100.0, 0.68816),
    ],
)
def test_everybody_waits(
    per_hour: float, mean_s: float, agents: int, within_s: float, p_wait: float, asa_s: float, service_level: float
) -> None:
    result = erlang(per_hour, mean_s, agents, within_s=within_s)
    assert result.p_wait == pytest.approx(p_wait, abs=5e-6)
    assert result.asa_s == pytest.approx(asa_s, abs=5e-4)
    assert result.wait_all_s == result.asa_s
    assert result.service_level == pytest.approx(service_level, abs=5e-6)
    assert result.occupancy == pytest.approx(per_hour / 3600 * mean_s / agents)


@pytest.mark.parametrize(
    ("per_hour", "mean_s", "patience_s", "agents", "p_wait", "p_abandon", "wait_s", "occupancy", "served"),
    [
        (2880, 60, 120, 50, 0.46777, 0.03091, 3.709, 0.93032, 0.94302),
        (252, 120, 60, 12, 0.12737, 0.02968, 1.781, 0.67922, 0.94527),
    ],
)
def test_callers_give_up(
    per_hour: float,
    mean_s: float,
    patience_s: float,
    agents: int,
    p_wait: float,
    p_abandon: float,
    wait_s: float,
    occupancy: float,
    served: float,
) -> None:
    result = erlang(per_hour, mean_s, agents, patience_s, within_s=20)
    assert result.p_wait == pytest.approx(p_wait, abs=5e-6)
    assert result.p_abandon == pytest.approx(p_abandon, abs=5e-6)
    assert result.wait_all_s == pytest.approx(wait_s, abs=5e-4)
    assert result.occupancy == pytest.approx(occupancy, abs=5e-6)
    assert result.service_level == pytest.approx(served, abs=5e-6)
    assert result.p_abandon == pytest.approx((result.wait_all_s or 0) / patience_s)


def test_endless_patience_is_erlang_c() -> None:
    patient, endless = erlang(252, 120, 12, patience_s=1e8), erlang(252, 120, 12)
    assert patient.p_wait == pytest.approx(endless.p_wait, rel=1e-4)
    assert patient.asa_s == pytest.approx(endless.asa_s, rel=1e-4)
    assert patient.service_level == pytest.approx(endless.service_level, rel=1e-4)


def test_more_work_than_agents_without_giving_up_grows_without_end() -> None:
    result = erlang(per_hour=120, mean_s=60, agents=2)
    assert result.asa_s is None
    assert (result.p_wait, result.service_level) == (1.0, 0.0)


def test_a_hopelessly_overloaded_line_with_patient_callers_stays_finite() -> None:
    """Four times the work there are hands for: three in four give up, after an hour times ln 4 on the way."""
    result = erlang(per_hour=7200, mean_s=60, agents=30, patience_s=3600)
    assert result.p_abandon == pytest.approx(0.75, abs=1e-6)
    assert result.asa_s == pytest.approx(3600 * 1.386294, rel=1e-3)


def test_as_few_agents_as_reach_the_target() -> None:
    needed = agents_needed(252, 120, target=0.8, within_s=20)
    assert needed.service_level >= 0.8
    assert erlang(252, 120, needed.agents - 1, within_s=20).service_level < 0.8


def test_a_single_agent_can_be_enough() -> None:
    assert agents_needed(1, 10, target=0.5, within_s=20).agents == 1


def test_blocking_by_hand() -> None:
    assert blocking(1.0, 2) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("per_hour", "mean_s", "agents", "patience_s"),
    [(0, 60, 1, None), (10, 0, 1, None), (10, 60, 0, None), (10, 60, 1, 0)],
)
def test_figures_without_sense_are_refused(
    per_hour: float, mean_s: float, agents: int, patience_s: float | None
) -> None:
    with pytest.raises(ValueError, match="must"):
        erlang(per_hour, mean_s, agents, patience_s)
