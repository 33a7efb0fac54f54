"""Every pair of phase and input has a row, or a stated reason why it means nothing."""

from __future__ import annotations

from typing import get_args

import pytest

from ctiserver.call.decide import decide
from ctiserver.call.decide.table import EVERY, IGNORED, LIVE, TABLE
from ctiserver.call.events import CallArrived, CallerHungUp, CallInput
from tests.unit.call.rules import NOON, RULES, arrival

INPUTS = [kind for kind in get_args(CallInput) if kind is not CallArrived]


@pytest.mark.parametrize("kind", INPUTS, ids=lambda kind: kind.__name__)
def test_each_phase_knows_the_input(kind: type[CallInput]) -> None:
    for phase in EVERY:
        ignored = phase in IGNORED.get(kind, ((), ""))[0]
        assert ((phase, kind) in TABLE) != ignored, f"{kind.__name__} in phase {phase}"


@pytest.mark.parametrize("phase", LIVE)
def test_every_live_phase_has_a_row_for_the_caller_hanging_up(phase: str) -> None:
    assert (phase, CallerHungUp) in TABLE


def test_an_input_before_the_call_is_named() -> None:
    with pytest.raises(LookupError, match="CallerHungUp came before CallArrived"):
        decide(None, CallerHungUp(), NOON, RULES)


def test_an_arrival_told_twice_changes_nothing() -> None:
    first = decide(None, arrival(), NOON, RULES)
    again = decide(first.call, arrival(), NOON + 1, RULES)
    assert again.call is first.call
    assert not again.commands
