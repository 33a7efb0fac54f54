"""Presence against work: pending choices, wrap-up in all its modes, calls outside the router."""

import pytest

from acd import (
    AgentBusy,
    AgentFree,
    ContactEnded,
    PresenceApplied,
    PresenceChanged,
    QueueConfig,
    WrapUpEnded,
    WrapUpExtended,
    WrapUpFinished,
    WrapUpRule,
    WrapUpStarted,
)
from tests.unit.acd.story import Story, agent, of_kind


def talking(rule: WrapUpRule | None = None) -> Story:
    """A talks to x from 0 on; y waits."""
    story = Story(QueueConfig("bills", wrap_up=rule or WrapUpRule()), agents=(agent("A"),))
    story.enters("x")
    story.answers("x")
    story.enters("y")
    return story


def activity(story: Story) -> str:
    view = story.router.agent("A")
    assert view is not None
    return view.activity


def test_a_break_chosen_while_talking_waits_for_the_end() -> None:
    story = talking()
    assert story.at(5, PresenceChanged("A", "break", "lunch")) == []
    view = story.router.agent("A")
    assert view is not None
    assert (view.presence, view.pending_presence, view.activity) == ("ready", "break", "talking")
    assert story.at(9, ContactEnded("x")) == [PresenceApplied("A", "break", "lunch")]
    assert story.asked_agent("y") is None


def test_a_pending_break_is_taken_back() -> None:
    story = talking()
    story.at(5, PresenceChanged("A", "break"))
    story.at(6, PresenceChanged("A", "ready"))
    story.at(9, ContactEnded("x"))
    assert story.asked_agent("y") == "A"


def test_signing_out_while_ringing_lets_the_offer_be_answered() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),))
    story.enters("x")
    story.at(1, PresenceChanged("A", "signed_out"))
    story.answers("x")
    assert activity(story) == "talking"
    assert story.at(9, ContactEnded("x")) == [PresenceApplied("A", "signed_out", "")]


def test_no_wrap_up_means_the_next_call_at_once() -> None:
    story = talking()
    story.at(9, ContactEnded("x"))
    assert story.asked_agent("y") == "A"


def test_a_fixed_wrap_up_lasts_its_time_whatever_the_agent_says() -> None:
    story = talking(WrapUpRule("fixed", 15))
    assert story.at(10, ContactEnded("x")) == [WrapUpStarted("A", "x", "fixed", 25)]
    story.at(12, WrapUpEnded("A"))
    assert (activity(story), story.router.anomalies["wrap_up_is_fixed"]) == ("wrap_up", 1)
    assert of_kind(story.at(25), WrapUpFinished) == [WrapUpFinished("A", "x", "timer")]
    assert story.asked_agent("y") == "A"


def test_an_optional_wrap_up_ends_when_the_agent_says() -> None:
    story = talking(WrapUpRule("optional", 60))
    story.at(10, ContactEnded("x"))
    assert of_kind(story.at(14, WrapUpEnded("A")), WrapUpFinished) == [WrapUpFinished("A", "x", "agent")]
    assert story.asked_agent("y") == "A"


def test_a_mandatory_wrap_up_waits_for_the_disposition() -> None:
    story = talking(WrapUpRule("until_disposition"))
    assert story.at(10, ContactEnded("x")) == [WrapUpStarted("A", "x", "until_disposition", None)]
    story.at(10_000, WrapUpEnded("A"))
    assert (activity(story), story.router.anomalies["disposition_missing"]) == ("wrap_up", 1)
    story.at(10_001, WrapUpEnded("A", disposition="solved"))
    assert story.asked_agent("y") == "A"


@pytest.mark.parametrize(("event_at", "how"), [(20, "disposition"), (None, "timer")])
def test_a_limited_wrap_up_ends_by_disposition_or_timer(event_at: float | None, how: str) -> None:
    story = talking(WrapUpRule("limited", 30))
    story.at(10, ContactEnded("x"))
    decisions = story.at(event_at, WrapUpEnded("A", disposition="solved")) if event_at else story.at(40)
    finished = of_kind(decisions, WrapUpFinished)
    assert [getattr(decision, "how", "") for decision in finished] == [how]


def test_more_time_is_given_up_to_the_limit() -> None:
    story = talking(WrapUpRule("limited", 30, max_extension_s=50))
    story.at(10, ContactEnded("x"))
    assert story.at(20, WrapUpExtended("A", 40)) == [WrapUpStarted("A", "x", "limited", 80)]
    assert story.at(21, WrapUpExtended("A", 40)) == [WrapUpStarted("A", "x", "limited", 90)]
    assert story.at(22, WrapUpExtended("A", 40)) == []
    story.at(89)
    assert activity(story) == "wrap_up"
    story.at(90)
    assert story.asked_agent("y") == "A"


def test_signing_out_ends_the_wrap_up() -> None:
    story = talking(WrapUpRule("until_disposition"))
    story.at(10, ContactEnded("x"))
    assert story.at(12, PresenceChanged("A", "signed_out")) == [
        WrapUpFinished("A", "x", "signed_out"),
        PresenceApplied("A", "signed_out", ""),
    ]


def test_a_private_call_keeps_the_agent_from_being_asked() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),))
    story.at(1, AgentBusy("A", "private"), AgentBusy("A", "outbound"))
    story.enters("x")
    assert (story.asked_agent("x"), activity(story)) == (None, "busy")
    story.at(5, AgentFree("A", "private"))
    assert story.asked_agent("x") is None
    story.at(6, AgentFree("A", "outbound"))
    assert story.asked_agent("x") == "A"


def test_choosing_the_same_again_changes_nothing() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),))
    assert story.at(50, PresenceChanged("A", "ready")) == []
    view = story.router.agent("A")
    assert view is not None
    assert view.idle_since == 0
    assert story.router.anomalies["presence_unchanged"] == 1
