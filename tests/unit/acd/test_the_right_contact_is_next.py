"""Order: one score in seconds, strict classes, weights, the last agent, places that are kept."""

import pytest

from acd import (
    AgentConfig,
    ContactEnded,
    ContactLeft,
    ContactRequeued,
    PlaceKept,
    PlaceResumed,
    PresenceChanged,
    PriorityChanged,
    QueueConfig,
)
from tests.unit.acd.story import Story, agent


def test_five_minutes_waited_and_ten_of_priority_are_fifteen() -> None:
    story = Story(QueueConfig("bills", priority_s=600), agents=(agent("A"),))
    story.at(0, PresenceChanged("A", "break"))
    story.enters("x")
    story.at(300, PresenceChanged("A", "ready"))
    why = story.asked["x"].why
    assert (why.waited_s, why.score_s) == (300, 900)


@pytest.mark.parametrize(("vip_enters_at", "expected"), [(89, "vip"), (91, "plain")])
def test_a_head_start_is_worth_its_seconds_and_no_more(vip_enters_at: float, expected: str) -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),))
    story.at(0, PresenceChanged("A", "break"))
    story.enters("plain")
    story.at(vip_enters_at)
    story.enters("vip", priority_s=90)
    story.at(200, PresenceChanged("A", "ready"))
    assert story.asked_agent(expected) == "A"


def test_a_strict_class_always_goes_first() -> None:
    story = Story(QueueConfig("bills"), QueueConfig("burst", strict_priority=True, priority_s=1), agents=(agent("A"),))
    story.at(0, PresenceChanged("A", "break"))
    story.enters("plain")
    story.at(1000)
    story.enters("main", "burst")
    story.at(1001, PresenceChanged("A", "ready"))
    assert story.asked_agent("main") == "A"


@pytest.mark.parametrize(("entered", "expected"), [(50, "heavy"), (60, "plain")])
def test_a_weight_of_two_lets_waiting_count_double(entered: float, expected: str) -> None:
    story = Story(QueueConfig("bills"), QueueConfig("heavy", weight=2), agents=(agent("A"),))
    story.at(0, PresenceChanged("A", "break"))
    story.enters("plain")
    story.at(entered)
    story.enters("heavy", "heavy")
    story.at(110, PresenceChanged("A", "ready"))
    assert story.asked_agent(expected) == "A"


def test_a_priority_is_changed_while_waiting() -> None:
    story = Story(QueueConfig("bills"))
    for name in ("a", "b", "c"):
        story.enters(name)
    story.at(1, PriorityChanged("c", 30))
    assert story.router.positions("bills") == (("c", 1), ("a", 2), ("b", 3))
    assert story.router.position("b") == 3


def test_everybody_who_refuses_leaves_the_caller_at_the_front() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"), agent("B")))
    story.enters("first")
    story.enters("second")
    story.answers("second")
    story.enters("third")
    story.refuses("first", "rejected")
    story.at(3, ContactEnded("second"))
    assert story.asked_agent("first") == "B"


def test_the_agent_answers_and_vanishes_before_a_word_was_said() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"), agent("B")))
    story.enters("first")
    story.answers("first")
    story.enters("second")
    story.enters("third")
    story.at(2, ContactRequeued("first"))
    assert story.router.positions("bills")[0] == ("first", 1)
    story.answers("second")
    story.at(4, ContactEnded("second"))
    assert story.asked_agent("first") == "B"
    assert story.asked["first"].offer_id == "first.o2"


def test_the_last_agent_is_preferred_for_a_while() -> None:
    queue = QueueConfig("bills", last_agent_s=20)
    story = Story(queue, agents=(agent("A"), agent("B")))
    story.enters("known", last_agent_id="B")
    assert story.asked_agent("known") == "B", "A has been idle for longer"
    assert story.asked["known"].why.last_agent
    story.answers("known")
    story.enters("again", last_agent_id="B")
    assert story.router.explain("again", 0).outcome == "reserved"
    assert story.asked_agent("again") is None
    story.at(20)
    assert story.asked_agent("again") == "A"


def test_the_last_agent_who_becomes_free_in_time_gets_the_caller() -> None:
    story = Story(QueueConfig("bills", last_agent_s=20), agents=(agent("B"),))
    story.enters("x")
    story.answers("x")
    story.enters("known", last_agent_id="B")
    story.at(15, ContactEnded("x"))
    assert story.asked_agent("known") == "B"
    assert story.asked["known"].why.last_agent


@pytest.mark.parametrize("why", ["on break", "serves another queue", "unknown"])
def test_a_last_agent_who_cannot_come_is_not_waited_for(why: str) -> None:
    queue = QueueConfig("bills", skills={"bills": 1}, last_agent_s=20)
    story = Story(queue, agents=(agent("A", bills=1), agent("B", bills=1), agent("C")))
    if why == "on break":
        story.at(0, PresenceChanged("B", "break"))
    last = {"on break": "B", "serves another queue": "C", "unknown": "Z"}[why]
    story.enters("known", last_agent_id=last)
    assert story.asked_agent("known") == "A"


def test_the_last_agent_takes_a_break_and_the_caller_is_everybodys() -> None:
    story = Story(QueueConfig("bills", last_agent_s=60), agents=(agent("A"), agent("B")))
    story.enters("x", last_agent_id="B")
    story.answers("x")
    story.enters("known", last_agent_id="B")
    story.at(5, PresenceChanged("B", "break"))
    assert story.asked_agent("known") == "A"


def test_an_abandoned_caller_who_rings_again_resumes_the_place() -> None:
    story = Story(QueueConfig("bills", return_s=120))
    story.enters("call 1", customer_id="chen")
    story.at(30)
    story.enters("other")
    story.at(60, ContactLeft("call 1"))
    story.at(100)
    story.enters("call 2", customer_id="chen")
    assert story.router.positions("bills") == (("call 2", 1), ("other", 2))
    story.at(110, ContactLeft("call 2"))
    story.at(231)
    story.enters("call 3", customer_id="chen")
    assert story.router.positions("bills") == (("other", 1), ("call 3", 2))


def test_another_router_is_told_of_places_that_were_given_up() -> None:
    former = Story(QueueConfig("bills", return_s=120))
    former.enters("call 1", customer_id="chen")
    former.at(60, ContactLeft("call 1"))
    (kept,) = former.router.places_kept()
    assert kept == PlaceKept("bills", "chen", place_at=0.0, left_at=60.0)
    story = Story(QueueConfig("bills", return_s=120))
    story.at(70)
    story.enters("other")
    story.at(80, kept, PlaceKept("gas", "chen", 0.0, 60.0), PlaceKept("bills", "li", 0.0, -100.0))
    resumed = [one for one in story.enters("call 2", customer_id="chen") if isinstance(one, PlaceResumed)]
    assert resumed == [PlaceResumed("call 2", "bills", 0.0)]
    story.enters("call 3", customer_id="li")
    assert story.router.positions("bills") == (("call 2", 1), ("other", 2), ("call 3", 3)), "li came back too late"
    assert story.router.anomalies == {"unknown_queue": 1}
    assert story.router.places_kept() == ()


def test_two_agents_two_queues_two_media_in_one_instant() -> None:
    """Both queues' first contacts are served, each medium on its own, and nobody is asked twice."""
    both = {"voice": 1, "chat": 2}
    story = Story(
        QueueConfig("calls"),
        QueueConfig("chats", medium="chat"),
        agents=(AgentConfig("A", capacity=both), AgentConfig("B", capacity=both)),
    )
    for name, queue in (("call 1", "calls"), ("chat 1", "chats"), ("call 2", "calls"), ("chat 2", "chats")):
        story.enters(name, queue)
    assert [story.asked_agent(name) for name in ("call 1", "chat 1", "call 2", "chat 2")] == ["A", "A", "B", "B"]
    story.enters("chat 3", "chats")
    assert story.asked_agent("chat 3") is None, "one open offer per medium"
    story.answers("chat 1")
    assert story.asked_agent("chat 3") == "A", "room for a second chat"
