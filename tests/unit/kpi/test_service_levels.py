"""Eight service levels of the same calls differ, and each says exactly what its formula says."""

from __future__ import annotations

import pytest

from ctiserver.kpi.service_level import FORMULAS, Counts, Formula, formula_of, formula_text, service_level

WORKED_EXAMPLE = Counts(
    answered=1000,
    abandoned=60,
    overflowed=20,
    answered_within=860,
    abandoned_within=20,
    overflowed_within=5,
    short_abandoned=10,
    entries=1080,
)


@pytest.mark.parametrize(
    ("formula", "percent"),
    [
        ("SL1", 83.02),
        ("SL2", 86.00),
        ("SL3", 81.13),
        ("SL4", 82.69),
        ("SL5", 82.08),
        ("SL6", 81.90),
        ("SL7", 79.63),
        ("SLq", 81.94),
    ],
)
def test_the_worked_example(formula: Formula, percent: float) -> None:
    level = service_level(formula, WORKED_EXAMPLE)
    assert level is not None
    assert round(level * 100, 2) == percent


@pytest.mark.parametrize("formula", FORMULAS)
def test_nothing_to_divide_by_is_no_figure(formula: Formula) -> None:
    assert service_level(formula, Counts()) is None


def test_only_short_abandons_leave_nothing_under_sl6() -> None:
    assert service_level("SL6", Counts(abandoned=3, short_abandoned=3, abandoned_within=3)) is None


def test_counts_of_parts_add_up_to_the_whole() -> None:
    half = Counts(answered=1, abandoned=2, entries=3)
    assert half + half == Counts(answered=2, abandoned=4, entries=6)


def test_the_queues_contract_goes_before_the_centres() -> None:
    assert formula_of("SL7", "SL2") == "SL7"
    assert formula_of(None, "SL2") == "SL2"
    assert formula_of("nonsense", None) == "SL1"
    assert formula_text("SL6") == "a / (A + B − s)"
