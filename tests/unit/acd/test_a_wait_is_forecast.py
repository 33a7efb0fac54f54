"""Position and expected wait, from who serves now and how long conversations take."""

import pytest

from acd import AgentConfig, ContactEnded, ContactLeft, PresenceChanged, QueueConfig
from acd.forecast import quantiles
from tests.unit.acd.story import Story, agent


def after_ten_calls_of_100_s() -> Story:
    """A and B are both talking again; two more wait."""
    story = Story(QueueConfig("bills"), agents=(agent("A"), agent("B")))
    for number in range(5):
        for name in (f"a{number}", f"b{number}"):
            story.enters(name)
            story.answers(name)
        story.at(story.now + 100, ContactEnded(f"a{number}"), ContactEnded(f"b{number}"))
    for name in ("talk 1", "talk 2"):
        story.enters(name)
        story.answers(name)
    story.enters("first")
    story.enters("second")
    return story


def test_the_first_waits_for_one_of_two_to_finish() -> None:
    """Exponential with mean 50 s: half wait less than 35 s, nine in ten less than 115 s."""
    forecast = after_ten_calls_of_100_s().router.forecast("first")
    assert forecast is not None
    assert forecast.position == 1
    assert forecast.p50_s == pytest.approx(50 * 0.693, rel=0.03)
    assert forecast.p90_s == pytest.approx(50 * 2.303, rel=0.03)


def test_everybody_ahead_adds_to_the_wait_and_whoever_gives_up_takes_from_it() -> None:
    story = after_ten_calls_of_100_s()
    before = story.router.forecast("second")
    story.at(story.now + 1, ContactLeft("first"))
    after = story.router.forecast("second")
    assert before is not None
    assert after is not None
    assert (before.position, after.position) == (2, 1)
    assert before.p50_s > 1.5 * after.p50_s


def test_nothing_is_said_while_nothing_is_known() -> None:
    story = Story(QueueConfig("bills"), agents=(AgentConfig("A"),))
    story.at(0, PresenceChanged("A", "break"))
    story.enters("x")
    assert story.router.forecast("x") is None
    assert story.router.forecast("ghost") is None


@pytest.mark.parametrize("ahead", [0, 3, 40])
def test_patience_of_those_ahead_shortens_the_wait(ahead: int) -> None:
    patient, impatient = quantiles(ahead, 0.05, 0.0), quantiles(ahead, 0.05, 0.01)
    assert patient[0] < patient[1]
    assert impatient[0] < patient[0] or ahead == 0


def test_the_router_reports_how_its_forecasts_turn_out() -> None:
    story = after_ten_calls_of_100_s()
    told = story.router.forecast("first")
    assert told is not None
    started = story.now
    story.at(started + told.p50_s - 1, ContactEnded("talk 1"))
    story.answers("first")
    story.at(started + 1000, ContactEnded("talk 2"))
    story.answers("second")
    report = story.router.forecast_report("bills")
    assert report is not None
    assert report.told == 2
    assert report.below_p50 == pytest.approx(0.5, abs=0.01)
    assert report.below_p90 == pytest.approx(0.5, abs=0.01)
    empty = Story(QueueConfig("bills")).router.forecast_report("bills")
    assert empty is not None
    assert empty.relative_error is None


def test_a_long_queue_is_summed_as_exactly_as_a_short_one() -> None:
    rates = [0.05 + 0.001 * still_ahead for still_ahead in range(301)]
    mean = sum(1 / rate for rate in rates)
    p50_s, p90_s = quantiles(300, 0.05, 0.001)
    assert p50_s == pytest.approx(mean, rel=0.02)
    assert mean < p90_s < 1.3 * mean
