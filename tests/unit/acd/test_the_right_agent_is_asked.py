"""Strategies: who of several free agents gets the contact."""

from collections import Counter

import pytest

from acd import AgentConfig, ContactEnded, ContactLeft, PresenceChanged, QueueConfig, Strategy
from tests.unit.acd.story import Story, agent, offers


def asked_in_turn(story: Story, count: int) -> list[str]:
    """Who answers `count` calls, each over before the next comes."""
    names: list[str] = []
    for number in range(count):
        story.enters(f"c{number}")
        names.append(story.asked[f"c{number}"].agent_id)
        story.answers(f"c{number}")
        story.at(story.now + 10, ContactEnded(f"c{number}"))
        story.at(story.now + 1)
    return names


def trio(strategy: Strategy, orders: tuple[int, ...] = (0, 0, 0), weight_of_a: float = 1.0) -> Story:
    weights = (weight_of_a, 1.0, 1.0)
    people = tuple(
        AgentConfig(name, order=order, weight=weight)
        for name, order, weight in zip("ABC", orders, weights, strict=True)
    )
    return Story(QueueConfig("bills", strategy=strategy), agents=people, seed=3)


def test_longest_idle() -> None:
    assert asked_in_turn(trio("longest_idle"), 5) == ["A", "B", "C", "A", "B"]


def test_linear_always_begins_at_the_front() -> None:
    story = trio("linear", orders=(3, 1, 2))
    assert asked_in_turn(story, 3) == ["B", "B", "B"]
    story.enters("x")
    story.enters("y")
    assert (story.asked_agent("x"), story.asked_agent("y")) == ("B", "C")


def test_round_robin_remembers_whose_turn_it_is() -> None:
    story = trio("round_robin")
    assert asked_in_turn(story, 4) == ["A", "B", "C", "A"]
    story.at(story.now, PresenceChanged("B", "break"))
    story.enters("x")
    assert story.asked_agent("x") == "C"
    story.at(story.now, ContactLeft("x"), PresenceChanged("B", "ready"))
    story.enters("y")
    assert story.asked_agent("y") == "B", "B missed its turn and has it now"


def test_fewest_contacts() -> None:
    story = trio("fewest_contacts")
    asked_in_turn(story, 3)
    story.at(story.now, PresenceChanged("A", "signed_out"), PresenceChanged("A", "ready"))
    story.enters("x")
    assert story.asked_agent("x") == "A", "counted since signing in"


def test_least_occupied() -> None:
    """A talked 10 s of 20, B 100 s of 120: A has been less busy although B has been idle for longer."""
    story = Story(QueueConfig("bills", strategy="least_occupied"), agents=(agent("A"), agent("B")))
    story.at(0, PresenceChanged("A", "break"))
    story.enters("long")
    story.answers("long")
    story.at(100, ContactEnded("long"))
    story.at(101, PresenceChanged("B", "break"), PresenceChanged("A", "ready"))
    story.enters("short")
    story.answers("short")
    story.at(111, ContactEnded("short"), PresenceChanged("B", "ready"))
    story.enters("x")
    assert story.asked_agent("x") == "A"


@pytest.mark.parametrize(("evaluation", "expected"), [("best", "B"), ("all", "C")])
def test_skill_first_or_idle_first(evaluation: str, expected: str) -> None:
    """A idle 5 s and B idle 10 s at the best level, C idle 30 s at the second."""
    queue = QueueConfig("bills", skills={"bills": 1}, evaluation=evaluation)  # pyright: ignore[reportArgumentType]
    story = Story(queue, agents=(agent("C", bills=7), agent("B", bills=8), agent("A", bills=8)))
    story.at(10)
    story.enters("x")
    assert story.asked_agent("x") == expected


def test_any_of_several_skills_is_enough() -> None:
    queue = QueueConfig("bills", skills={"water": 5, "heat": 5}, evaluation="any")
    story = Story(queue, agents=(agent("A", water=4), agent("B", heat=6)))
    story.enters("x")
    assert story.asked_agent("x") == "B"


def test_random_is_even_and_repeatable() -> None:
    first, second = asked_in_turn(trio("random"), 900), asked_in_turn(trio("random"), 900)
    assert first == second
    assert all(250 < count < 350 for count in Counter(first).values())


def test_weighted_follows_the_weights() -> None:
    counts = Counter(asked_in_turn(trio("weighted", weight_of_a=4.0), 900))
    assert 540 < counts["A"] < 660
    assert counts["B"] > 100
    assert counts["C"] > 100


def test_ring_all_asks_everybody_and_lets_the_losers_go() -> None:
    story = trio("ring_all")
    assert offers(story.enters("x")) == [("x", "A"), ("x", "B"), ("x", "C")]
    before = {view.agent_id: view.idle_since for view in story.router.agents()}
    story.at(4)
    withdrawn = story.answers("x")
    assert [getattr(decision, "reason", "") for decision in withdrawn] == ["answered_elsewhere"] * 2
    losers = [view for view in story.router.agents() if view.activity == "idle"]
    assert len(losers) == 2
    assert all(view.idle_since == before[view.agent_id] and view.misses == 0 for view in losers)
    story.enters("y")
    assert story.asked_agent("y") == "+".join(sorted(view.agent_id for view in losers))


def test_ring_all_goes_on_while_one_still_rings() -> None:
    story = trio("ring_all")
    story.enters("x")
    story.refuses("x", "busy")
    assert story.asked_agent("x") == "A+B"


def test_a_freed_agent_may_take_what_it_is_best_at() -> None:
    queues = (QueueConfig("water", skills={"water": 1}), QueueConfig("heat", skills={"heat": 1}))
    for choice, expected in (("oldest_contact", "older"), ("queue_order", "newer")):
        story = Story(*queues, agents=(agent("A", water=2, heat=9),), agent_choice=choice)
        story.at(0, PresenceChanged("A", "break"))
        story.enters("older", "water")
        story.at(1)
        story.enters("newer", "heat")
        story.at(2, PresenceChanged("A", "ready"))
        assert story.asked_agent(expected) == "A"


@pytest.mark.parametrize(("choice", "expected"), [("oldest_contact", "older"), ("queue_order", "newer")])
def test_the_first_to_sign_in_chooses_likewise(choice: str, expected: str) -> None:
    queues = (QueueConfig("water", skills={"water": 1}), QueueConfig("heat", skills={"heat": 1}))
    story = Story(*queues, agents=(agent("A", water=2, heat=9),), agent_choice=choice)
    story.at(0, PresenceChanged("A", "signed_out"))
    story.enters("older", "water")
    story.at(1)
    story.enters("newer", "heat")
    story.at(2, PresenceChanged("A", "ready"))
    assert story.asked_agent(expected) == "A"
