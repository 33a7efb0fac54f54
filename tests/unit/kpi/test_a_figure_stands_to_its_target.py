"""Story: a wallboard's figure gets worse at once and better only when it has really come back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctiserver.kpi.boards import (
    BOARD_FIGURES,
    DEFAULT_BOARD,
    Board,
    FigureRule,
    Standing,
    board_for,
    contract_targets,
    judge,
)

WAITING = FigureRule(figure="waiting", target=3, limit=6, hysteresis=1)
LEVEL = FigureRule(figure="service_level", hysteresis=0.02)


def stands(rule: FigureRule, *values: float | None, contract: float | None = None) -> list[Standing]:
    """After each of the values."""
    told: list[Standing] = []
    former: Standing = "none"
    for value in values:
        former = judge(rule, value, contract, former).standing
        told.append(former)
    return told


def test_worse_at_once_and_better_behind_the_mark() -> None:
    assert stands(WAITING, 2, 3, 4, 6, 7) == ["ok", "ok", "near", "near", "missed"]
    assert stands(WAITING, 7, 6, 5, 3, 2) == ["missed", "missed", "near", "near", "ok"]


def test_trembling_about_a_target_does_not_blink() -> None:
    assert stands(WAITING, 3, 4, 3, 4, 3, 4) == ["ok", "near", "near", "near", "near", "near"]


def test_a_share_has_its_target_from_the_contract() -> None:
    assert stands(LEVEL, 0.81, 0.79, 0.74, 0.76, 0.78, 0.83, contract=0.8) == [
        "ok", "near", "missed", "missed", "near", "ok",
    ]  # fmt: skip
    assert judge(LEVEL, 0.9, 0.8, "none").target == 0.8
    assert stands(LEVEL, 0.5, contract=None) == ["none"]  # nobody promised anything


def test_what_is_neither_better_nor_worse_and_what_nobody_knows() -> None:
    assert stands(FigureRule(figure="answered", target=5), 9) == ["none"]
    assert stands(WAITING, 9, None, 4) == ["missed", "none", "near"]


def test_from_much_worse_to_well_in_one_step() -> None:
    assert stands(WAITING, 20, 0) == ["missed", "ok"]


@given(
    values=st.lists(st.floats(0, 20, allow_nan=False), min_size=1, max_size=30),
    hysteresis=st.floats(0, 3),
    figure=st.sampled_from([one.id for one in BOARD_FIGURES.values() if one.better]),
)
def test_never_shown_better_than_it_is(values: list[float], hysteresis: float, figure: str) -> None:
    more = BOARD_FIGURES[figure].better == "more"
    rule = FigureRule(figure=figure, target=10, limit=5 if more else 15, hysteresis=hysteresis)
    exact = FigureRule(figure=figure, target=10, limit=5 if more else 15)
    order = ["ok", "near", "missed"]
    for value, shown in zip(values, stands(rule, *values), strict=True):
        assert order.index(shown) >= order.index(judge(exact, value, None, "none").standing)


@pytest.mark.parametrize("figure", [rule.figure for rule in DEFAULT_BOARD.figures])
def test_the_board_that_is_there_first_shows_known_figures(figure: str) -> None:
    assert figure in BOARD_FIGURES


def test_contracts_weigh_by_callers_and_the_strictest_time_counts() -> None:
    settings = {"bills": (0.8, 20.0), "emergency": (0.95, 10.0)}
    assert contract_targets(settings, {"bills": 30, "emergency": 10})["service_level"] == pytest.approx(0.8375)
    assert contract_targets(settings, {})["service_level_now"] == pytest.approx(0.875)
    assert contract_targets(settings, {})["longest_wait"] == 10.0
    assert contract_targets({}, {}) == {}


def test_each_role_has_its_board() -> None:
    floor = Board(id="floor", name={}, roles=("supervisor",))
    whole = Board(id="whole", name={}, roles=("agent",))
    assert board_for((whole, floor), "supervisor") is floor
    assert board_for((whole, floor), "ops") is whole
    assert board_for((), "ops") is DEFAULT_BOARD
