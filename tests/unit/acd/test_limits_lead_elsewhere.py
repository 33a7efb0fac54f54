"""Limits and overflow, callbacks."""

from acd import (
    CallbackAttemptFailed,
    CallbackEnded,
    CallbackRequested,
    CallbackRule,
    ContactEnded,
    ContactLeft,
    ContactOverflowed,
    ContactRefused,
    Overflow,
    PresenceChanged,
    QueueClosed,
    QueueConfig,
    QueueOpened,
    QueueRemoved,
)
from tests.unit.acd.story import Story, agent, of_kind, offers


def test_a_full_queue_leads_to_the_next_one() -> None:
    first = QueueConfig("bills", max_waiting=1, overflow={"max_waiting": Overflow("queue", "general")})
    story = Story(first, QueueConfig("general"))
    story.enters("x")
    assert story.enters("y") == [ContactOverflowed("y", "bills", "queue", "general", "max_waiting")]
    assert story.router.positions("general") == (("y", 1),)


def test_no_waiting_room_still_lets_in_who_is_served_at_once() -> None:
    story = Story(QueueConfig("bills", max_waiting=0), agents=(agent("A"),))
    assert offers(story.enters("x")) == [("x", "A")]
    assert story.enters("y") == [ContactOverflowed("y", "bills", "none", None, "max_waiting")]
    assert story.router.explain("y", 0).outcome == "unknown"


def test_a_long_wait_leads_to_voicemail() -> None:
    story = Story(QueueConfig("bills", max_wait_s=120, overflow={"max_wait": Overflow("voicemail")}))
    story.enters("x")
    assert story.at(119) == []
    assert story.at(120) == [ContactOverflowed("x", "bills", "voicemail", None, "max_wait")]


def test_a_ringing_phone_may_still_be_answered_after_the_longest_wait() -> None:
    story = Story(QueueConfig("bills", max_wait_s=10), agents=(agent("A"), agent("B")))
    story.at(0, PresenceChanged("A", "break"), PresenceChanged("B", "break"))
    story.enters("x")
    story.enters("y")
    story.at(8, PresenceChanged("A", "ready"), PresenceChanged("B", "ready"))
    story.at(12)
    story.answers("x")
    assert of_kind(story.refuses("y"), ContactOverflowed) == [ContactOverflowed("y", "bills", "none", None, "max_wait")]


def test_nobody_signed_in_is_forgiven_for_a_grace() -> None:
    queue = QueueConfig("bills", no_agents_grace_s=30, overflow={"no_agents": Overflow("flow", "sorry")})
    story = Story(queue, agents=(agent("A"),))
    story.enters("talk")
    story.answers("talk")
    story.enters("x")
    story.at(100, PresenceChanged("A", "signed_out"))
    story.at(200, ContactEnded("talk"))
    assert story.at(229) == []
    assert story.at(230) == [ContactOverflowed("x", "bills", "flow", "sorry", "no_agents")]


def test_somebody_signs_in_within_the_grace() -> None:
    story = Story(QueueConfig("bills", no_agents_grace_s=30), agents=(agent("A"),))
    story.at(0, PresenceChanged("A", "signed_out"))
    story.enters("x")
    story.at(20, PresenceChanged("A", "break"))
    assert story.at(500) == []


def test_without_grace_an_empty_office_is_told_at_once() -> None:
    story = Story(QueueConfig("bills", no_agents_grace_s=0))
    assert story.enters("x") == [ContactOverflowed("x", "bills", "none", None, "no_agents")]


def test_a_closed_queue_takes_nobody_in_and_serves_who_waits() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),))
    story.at(0, PresenceChanged("A", "break"))
    story.enters("early")
    story.at(1, QueueClosed("bills"))
    assert story.enters("late") == [ContactOverflowed("late", "bills", "none", None, "closed")]
    story.at(2, PresenceChanged("A", "ready"))
    assert story.asked_agent("early") == "A"
    story.at(3, QueueOpened("bills"))
    assert story.enters("next day") == []


def test_a_forecast_too_long_is_told_at_the_door() -> None:
    queue = QueueConfig("bills", forecast_limit_s=50, overflow={"forecast": Overflow("callback")})
    story = Story(queue, agents=(agent("A"),))
    story.enters("first")
    story.answers("first")
    story.at(100, ContactEnded("first"))
    story.enters("second")
    story.answers("second")
    decisions = story.enters("third")
    assert decisions == [ContactOverflowed("third", "bills", "callback", None, "forecast")]


def test_a_queue_is_deleted_with_people_in_it() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),))
    story.enters("x")
    story.enters("y")
    decisions = story.at(1, QueueRemoved("bills"))
    assert [getattr(one, "exit_reason", getattr(one, "reason", "")) for one in decisions] == ["queue_removed"] * 3
    view = story.router.agent("A")
    assert view is not None
    assert view.activity == "idle"


def test_a_callback_keeps_the_place_and_asks_the_agent_first() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"),))
    story.enters("talk")
    story.answers("talk")
    story.enters("x")
    story.at(10)
    story.enters("y")
    story.at(20, CallbackRequested("x", "13800000000"))
    assert story.router.positions("bills") == (("x", 1), ("y", 2))
    story.at(30, ContactEnded("talk"))
    assert story.asked["x"].callback
    assert story.asked_agent("y") is None


def test_a_number_is_called_back_once() -> None:
    story = Story(QueueConfig("bills"))
    story.enters("x")
    story.enters("y")
    story.at(1, CallbackRequested("x", "13800000000"))
    assert story.at(2, CallbackRequested("y", "13800000000")) == [ContactRefused("y", "callback_exists")]
    assert story.router.position("y") == 2, "y goes on waiting on the line"


def test_a_customer_who_does_not_answer_is_left_alone_for_a_while_and_then_for_good() -> None:
    queue = QueueConfig("bills", callback=CallbackRule(max_attempts=2, quarantine_s=300, expires_s=5000))
    story = Story(queue, agents=(agent("A"),))
    story.at(0, PresenceChanged("A", "break"))
    story.enters("x")
    story.at(1, CallbackRequested("x", "13800000000"), PresenceChanged("A", "ready"))
    story.answers("x")
    story.at(20, CallbackAttemptFailed("x"))
    assert story.router.explain("x", 20).outcome == "quarantined"
    story.at(319)
    assert story.asked_agent("x") is None
    story.at(320)
    assert story.asked_agent("x") == "A"
    story.answers("x")
    assert story.at(340, CallbackAttemptFailed("x")) == [CallbackEnded("x", "attempts_used")]


def test_a_callback_expires() -> None:
    story = Story(QueueConfig("bills", callback=CallbackRule(expires_s=100), max_wait_s=50))
    story.enters("x")
    story.at(40, CallbackRequested("x", "13800000000"))
    assert story.at(139) == []
    assert story.at(140) == [CallbackEnded("x", "expired")]
    story.enters("y")
    assert story.at(141, CallbackRequested("y", "13800000000")) == []


def test_a_callback_that_was_asked_for_before_is_let_in_whatever_the_limits() -> None:
    story = Story(QueueConfig("bills", max_waiting=0, max_wait_s=10, no_agents_grace_s=0), agents=(agent("A"),))
    story.at(0, PresenceChanged("A", "break"))
    assert story.enters("w", enqueued_at=-100.0, callback_number="13800000000") == []
    refused = story.enters("again", callback_number="13800000000")
    assert refused == [ContactRefused("again", "callback_exists")]
    story.at(60, PresenceChanged("A", "ready"))
    assert story.asked["w"].callback
    story.answers("w")
    story.at(70, ContactLeft("w", "unreached"))
    view = story.router.agent("A")
    assert view is not None
    assert view.activity == "idle", "who reached nobody has nothing to wrap up"
    assert story.enters("later", callback_number="13800000000") != [], "the number may be rung again"
