"""The outside watchdog restarts what hangs, not what coughs; and not for ever."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from ctiserver.watchdog.judge import HOUR_S, Rule, Seen, Verdict, judge

RULE = Rule(failures=3, grace_s=60.0, most_per_hour=2)
EVERY_S = 5.0


def verdicts(answers: str, *, rule: Rule = RULE) -> list[Verdict]:
    """A look every five seconds: "+" answered, "-" did not."""
    seen, told = Seen(), list[Verdict]()
    for number, answer in enumerate(answers):
        seen, verdict = judge(seen, answer == "+", number * EVERY_S, rule)
        told.append(verdict)
    return told


def test_what_answers_is_left_alone() -> None:
    assert verdicts("+++++") == ["fine"] * 5


def test_two_lost_answers_are_no_reason() -> None:
    assert verdicts("+--+--+") == ["fine", "failing", "failing", "fine", "failing", "failing", "fine"]


def test_the_third_in_a_row_is() -> None:
    assert verdicts("---") == ["failing", "failing", "restart"]


def test_after_a_restart_it_has_time_to_come_up() -> None:
    told = verdicts("---" + "-" * 8 + "+")
    assert told[2:] == ["restart", *["recovering"] * 8, "well_again"]


def test_what_does_not_come_up_is_restarted_again_and_then_given_up() -> None:
    told = verdicts("-" * 60)
    assert told.count("restart") == RULE.most_per_hour
    assert told[-1] == "given_up"


def test_an_hour_later_it_is_tried_again() -> None:
    told = verdicts("-" * int(HOUR_S / EVERY_S + 20))
    assert told.count("restart") > RULE.most_per_hour


@given(st.lists(st.booleans(), max_size=800))
def test_never_more_often_than_allowed_and_never_after_an_answer(answers: Sequence[bool]) -> None:
    seen, restarts = Seen(), list[float]()
    for number, answered in enumerate(answers):
        now = number * EVERY_S
        seen, verdict = judge(seen, answered, now, RULE)
        if answered:
            assert verdict in ("fine", "well_again")
        if verdict == "restart":
            assert not restarts or now - restarts[-1] >= RULE.grace_s
            restarts.append(now)
    for first, last in zip(restarts, restarts[RULE.most_per_hour :], strict=False):
        assert last - first >= HOUR_S
