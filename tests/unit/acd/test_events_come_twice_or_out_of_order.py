"""Whoever tells the engine nonsense is not followed: no exception, one count by reason, and everything as it was."""

from __future__ import annotations

import pytest

from acd import (
    AgentBusy,
    AgentFree,
    AgentRemoved,
    CallbackAttemptFailed,
    CallbackRequested,
    ContactEnded,
    ContactLeft,
    ContactRequeued,
    Event,
    LastAgentKnown,
    OfferAdopted,
    OfferAnswered,
    OfferRefused,
    OfferReleased,
    OfferRinging,
    OfferWithdrawn,
    PresenceChanged,
    PriorityChanged,
    QueueClosed,
    QueueConfig,
    QueueOpened,
    QueueRemoved,
    ReachabilityChanged,
    WrapUpAdopted,
    WrapUpEnded,
    WrapUpExtended,
    WrapUpRule,
)
from tests.unit.acd.story import Story, agent

NOBODY_KNOWS: list[tuple[Event, str]] = [
    (AgentRemoved("Z"), "unknown_agent"),
    (PresenceChanged("Z", "ready"), "unknown_agent"),
    (ReachabilityChanged("Z", reachable=False), "unknown_agent"),
    (AgentBusy("Z", "phone"), "unknown_agent"),
    (AgentFree("Z", "phone"), "unknown_agent"),
    (WrapUpEnded("Z"), "unknown_agent"),
    (WrapUpExtended("Z", 10), "unknown_agent"),
    (ContactLeft("z"), "unknown_contact"),
    (ContactEnded("z"), "unknown_contact"),
    (ContactRequeued("z"), "unknown_contact"),
    (PriorityChanged("z", 10), "unknown_contact"),
    (LastAgentKnown("z", "A"), "unknown_contact"),
    (CallbackRequested("z", "1"), "unknown_contact"),
    (OfferRinging("z.o1"), "unknown_offer"),
    (OfferAnswered("z.o1"), "unknown_offer"),
    (OfferRefused("z.o1", "busy"), "unknown_offer"),
    (OfferReleased("z.o1"), "unknown_offer"),
    (QueueOpened("z"), "unknown_queue"),
    (QueueClosed("z"), "unknown_queue"),
    (QueueRemoved("z"), "unknown_queue"),
    (OfferAdopted("z.o1", "z", "z", "A", 0.0, answered=True), "not_adoptable"),
    (WrapUpAdopted("Z", "z", "bills", 99.0), "not_adoptable"),
]
TOO_EARLY: list[tuple[Event, str]] = [
    (ContactRequeued("waits"), "requeued_before_answer"),
    (CallbackAttemptFailed("waits"), "no_callback_attempt"),
    (AgentFree("A", "phone"), "not_busy"),
    (WrapUpEnded("A"), "no_wrap_up"),
    (WrapUpExtended("A", 10), "no_wrap_up"),
    (OfferAdopted("talks.o1", "talks", "bills", "A", 0.0, answered=True), "not_adoptable"),
]


def floor() -> Story:
    """A talks, B is on break, one contact waits."""
    story = Story(QueueConfig("bills", wrap_up=WrapUpRule("optional", 30)), agents=(agent("A"), agent("B")))
    story.at(1, PresenceChanged("B", "break"))
    story.enters("talks")
    story.answers("talks")
    story.enters("waits")
    return story


@pytest.mark.parametrize(("event", "reason"), [*NOBODY_KNOWS, *TOO_EARLY], ids=lambda one: type(one).__name__)
def test_what_cannot_be_is_counted_and_changes_nothing(event: Event, reason: str) -> None:
    story = floor()
    before = story.router.to_snapshot()
    for told in (1, 2):
        assert story.at(2, event) == []
        assert story.router.anomalies == {reason: told}
    after = story.router.to_snapshot()
    assert {**after, "anomalies": {}, "now": 0} == {**before, "anomalies": {}, "now": 0}
    assert story.router.explain("waits", 2).outcome == "waiting"


def test_the_end_is_told_before_the_answer() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),))
    story.enters("x")
    assert story.at(1, ContactEnded("x")) == [OfferWithdrawn("x.o1", "x", "A", "caller_left")]
    assert story.at(1, OfferAnswered("x.o1"), ContactEnded("x"), ContactLeft("x")) == []
    assert story.router.anomalies == {"ended_before_answer": 1, "unknown_offer": 1, "unknown_contact": 2}
    story.enters("y")
    assert story.asked_agent("y") == "A"


def test_an_answer_and_an_end_told_twice() -> None:
    story = Story(QueueConfig("bills", wrap_up=WrapUpRule("optional", 30)), agents=(agent("A"),))
    story.enters("x")
    story.at(1, OfferRinging("x.o1"), OfferRinging("x.o1"), OfferAnswered("x.o1"), OfferAnswered("x.o1"))
    view = story.router.agent("A")
    assert view is not None
    assert (view.activity, view.handled) == ("talking", 1)
    story.at(60, ContactEnded("x"), ContactEnded("x"))
    view = story.router.agent("A")
    assert view is not None
    assert (view.activity, view.wrap_up_until) == ("wrap_up", 90)


def test_busy_told_twice_is_free_once() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),))
    story.at(1, AgentBusy("A", "phone"), AgentBusy("A", "phone"))
    assert story.router.anomalies == {"duplicate_busy": 1}
    story.enters("x")
    story.at(2, AgentFree("A", "phone"))
    assert story.asked_agent("x") == "A"
