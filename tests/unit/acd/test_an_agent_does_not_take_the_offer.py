"""Offers, leases, five refusals, misses."""

import pytest

from acd import (
    AgentPaused,
    AgentRemoved,
    ContactEnded,
    ContactLeft,
    OfferAnswered,
    OfferRefused,
    OfferRinging,
    OfferWithdrawn,
    PresenceApplied,
    PresenceChanged,
    QueueConfig,
    ReachabilityChanged,
    RefusalCause,
)
from tests.unit.acd.story import Story, agent, of_kind, offers


@pytest.mark.parametrize(
    ("cause", "pause"), [("no_answer", 10), ("busy", 5), ("rejected", 10), ("unreachable", 15), ("failed", 5)]
)
def test_each_cause_has_its_cool_down(cause: RefusalCause, pause: float) -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),))
    story.enters("x")
    story.refuses("x", cause)
    view = story.router.agent("A")
    assert view is not None
    assert (view.cool_until, view.cool_cause, view.activity) == (pause, cause, "idle")
    story.at(pause - 0.1)
    assert story.asked_agent("x") is None
    assert story.router.explain("x", story.now).obstacles == (("cooling_down", 1),)
    story.at(pause)
    assert story.asked_agent("x") == "A"


def test_the_next_agent_is_asked_at_once() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"), agent("B")))
    story.enters("x")
    assert offers(story.refuses("x")) == [("x", "B")]


def test_after_three_misses_in_a_row_the_agent_is_on_break_and_knows_why() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),))
    story.enters("x")
    story.refuses("x")
    story.at(10)
    story.refuses("x")
    story.at(20)
    decisions = story.refuses("x")
    assert of_kind(decisions, AgentPaused) == [AgentPaused("A", "missed_calls")]
    assert of_kind(decisions, PresenceApplied) == [PresenceApplied("A", "break", "missed_calls")]
    story.at(60)
    assert story.asked_agent("x") is None
    story.at(61, PresenceChanged("A", "ready"))
    assert story.asked_agent("x") == "A"
    view = story.router.agent("A")
    assert view is not None
    assert view.misses == 0


def test_an_answer_in_between_forgives_the_misses() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),), max_misses=2)
    story.enters("x")
    story.refuses("x")
    story.at(10)
    story.answers("x")
    story.at(20, ContactEnded("x"))
    story.enters("y")
    assert not of_kind(story.refuses("y"), AgentPaused)


def test_a_team_that_cannot_be_reached_does_not_spin() -> None:
    story = Story(QueueConfig("bills"), agents=tuple(agent(f"agent {number}") for number in range(20)))
    for number in range(50):
        story.enters(f"c{number}")
    made = 20
    while asked := [name for name in (f"c{n}" for n in range(50)) if story.asked_agent(name)]:
        if story.now >= 60:
            break
        for name in asked:
            made += len(offers(story.refuses(name, "unreachable")))
        made += len(offers(story.at(story.now + 15)))
    assert made <= 20 * 5, "each agent is tried once in 15 s"


def test_a_lease_that_runs_out_frees_the_agent_by_itself() -> None:
    story = Story(QueueConfig("bills", lease_s=25), agents=(agent("A"), agent("B")))
    story.enters("x")
    story.at(1, OfferRinging("x.o1"))
    decisions = story.at(25)
    assert of_kind(decisions, OfferWithdrawn) == [OfferWithdrawn("x.o1", "x", "A", "lease_expired")]
    assert story.asked_agent("x") == "B"
    view = story.router.agent("A")
    assert view is not None
    assert (view.misses, view.cool_cause) == (1, "no_answer")


def test_a_phone_that_never_rang_is_not_a_miss() -> None:
    story = Story(QueueConfig("bills", lease_s=25), agents=(agent("A"),))
    story.enters("x")
    story.at(25)
    view = story.router.agent("A")
    assert view is not None
    assert (view.misses, view.cool_cause) == (0, "failed")


def test_an_answer_after_the_lease_is_told_but_does_not_count() -> None:
    story = Story(QueueConfig("bills", lease_s=25), agents=(agent("A"), agent("B")))
    story.enters("x")
    story.at(30, OfferAnswered("x.o1"))
    assert story.router.anomalies["unknown_offer"] == 1
    assert story.asked_agent("x") == "B"


def test_the_caller_hangs_up_while_the_phone_rings() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),))
    story.enters("x")
    decisions = story.at(2, OfferRinging("x.o1"), ContactLeft("x"), OfferAnswered("x.o1"))
    assert decisions == [OfferWithdrawn("x.o1", "x", "A", "caller_left")]
    assert story.router.anomalies["unknown_offer"] == 1
    story.enters("y")
    assert story.asked_agent("y") == "A"


def test_the_phone_vanishes_while_ringing_and_it_is_nobodys_fault() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"), agent("B")))
    story.enters("x")
    decisions = story.at(1, ReachabilityChanged("A", reachable=False))
    assert of_kind(decisions, OfferWithdrawn) == [OfferWithdrawn("x.o1", "x", "A", "unreachable")]
    assert story.asked_agent("x") == "B"
    view = story.router.agent("A")
    assert view is not None
    assert (view.misses, view.cool_until, view.presence) == (0, None, "ready")


def test_an_agent_is_deleted_while_asked_and_another_in_a_call() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"), agent("B")))
    story.enters("talk")
    story.answers("talk")
    story.enters("x")
    story.at(1, AgentRemoved("B"), AgentRemoved("A"))
    assert [view.agent_id for view in story.router.agents()] == ["A"]
    assert story.router.explain("x", 1).outcome == "waiting"
    story.at(2, ContactEnded("talk"))
    assert story.router.agents() == ()


def test_an_offer_is_refused_twice() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"), agent("B")))
    story.enters("x")
    story.refuses("x")
    assert offers(story.at(1, OfferRefused("x.o1", "busy"))) == []
    assert story.router.anomalies["unknown_offer"] == 1
