"""A snapshot is plain JSON and holds everything: places, offers, leases, wrap-ups, cool-downs, round robin."""

import json

import pytest

from acd import (
    ConfigError,
    ContactEnded,
    OfferAdopted,
    PresenceChanged,
    QueueConfig,
    Router,
    Step,
    WrapUpRule,
)
from tests.unit.acd.story import Story, agent


def rebuilt(story: Story) -> Story:
    story.router = Router.from_snapshot(json.loads(json.dumps(story.router.to_snapshot())))
    return story


def test_the_controller_restarts_and_nobody_loses_a_place_or_a_deadline() -> None:
    queue = QueueConfig(
        "bills",
        skills={"bills": 5},
        steps=(Step(50, levels={"bills": 1}),),
        strategy="round_robin",
        lease_s=20,
        wrap_up=WrapUpRule("fixed", 30),
    )
    people = (agent("A", bills=5), agent("B", bills=5), agent("new", bills=1))
    story = Story(queue, agents=people)
    for name in ("talk", "ring", "wait 1", "wait 2"):
        story.enters(name)
    story.answers("talk")
    story.at(10, ContactEnded("talk"))
    story = rebuilt(story)
    assert story.router.positions("bills") == (("ring", 1), ("wait 1", 2), ("wait 2", 3))
    assert story.router.next_deadline() == 20
    story.at(20)
    assert story.asked_agent("ring") == "new", "B's lease ran out with nobody else free, so the step is relaxed"
    story.answers("ring")
    story.at(25)
    assert story.asked_agent("wait 1") == "B", "the cool-down is over"
    story.answers("wait 1")
    story.at(40)
    assert story.asked_agent("wait 2") == "A", "the wrap-up is over"


def test_data_that_is_no_snapshot_is_refused() -> None:
    with pytest.raises(ConfigError, match="format: is missing"):
        Router.from_snapshot({})
    snapshot = Story(QueueConfig("bills")).router.to_snapshot()
    with pytest.raises(ConfigError, match="format: snapshot of format 99"):
        Router.from_snapshot({**snapshot, "format": 99})


def test_without_a_snapshot_running_calls_are_adopted() -> None:
    story = Story(QueueConfig("bills"), agents=(agent("A"), agent("B"), agent("C")))
    story.at(1, OfferAdopted("x.o3", "x", "bills", "A", enqueued_at=-50, answered=True))
    story.at(1, OfferAdopted("y.o1", "y", "bills", "B", enqueued_at=-20, answered=False))
    assert story.router.positions("bills") == (("y", 1),)
    story.at(2, PresenceChanged("C", "break"), ContactEnded("x"))
    story.enters("z")
    assert story.asked_agent("z") == "A"
    story.at(40)
    assert story.asked["y"].offer_id == "y.o2", "the adopted lease ran out"
