"""What a contact asks for shrinks with its age; a step for which nobody is signed in is not waited for."""

from acd import AgentConfig, AgentRemoved, PresenceChanged, QueueConfig, QueueConfigured, Step
from tests.unit.acd.story import Story, agent

ENGLISH = QueueConfig("english", skills={"english": 6}, steps=(Step(60, levels={"english": 1}),))


def test_the_better_agent_is_waited_for_while_signed_in() -> None:
    """A speaks English at level 8, B at 3: the first call is A's, the second goes to B after a minute."""
    story = Story(ENGLISH, agents=(agent("A", english=8), agent("B", english=3)))
    story.enters("first", "english")
    assert story.asked_agent("first") == "A"
    story.answers("first")
    story.enters("second", "english")
    story.at(59.9)
    assert story.asked_agent("second") is None
    story.at(60)
    assert story.asked_agent("second") == "B"
    assert story.asked["second"].why.step == 1


def test_without_the_better_agent_the_next_step_begins_at_once() -> None:
    story = Story(ENGLISH, agents=(agent("B", english=3),))
    story.enters("caller", "english")
    assert story.asked_agent("caller") == "B"


def test_the_better_agent_signs_out_and_nobody_waits_for_nothing() -> None:
    story = Story(ENGLISH, agents=(agent("A", english=8), agent("B", english=3)))
    story.enters("first", "english")
    story.answers("first")
    story.enters("second", "english")
    story.at(10, PresenceChanged("A", "signed_out"))
    assert story.asked_agent("second") is None, "A still talks and is signed in until then"
    story.at(12, AgentRemoved("A"))
    assert story.asked_agent("second") == "B"


def test_the_better_agent_on_break_is_waited_for() -> None:
    story = Story(ENGLISH, agents=(agent("A", english=8), agent("B", english=3)))
    story.at(0, PresenceChanged("A", "break", "lunch"))
    story.enters("caller", "english")
    assert story.asked_agent("caller") is None


def test_step_time_outs_add_up_and_a_lost_offer_goes_on_to_the_next_step() -> None:
    """Three steps of 10 s; an offer made at 3 expires after 5 s: step 2, which has 12 s left, to 20."""
    queue = QueueConfig(
        "water",
        skills={"water": 9},
        lease_s=5,
        steps=(Step(10, levels={"water": 5}), Step(20, levels={"water": 1})),
    )
    story = Story(queue, agents=(agent("nine", water=9), agent("two", water=2)))
    story.at(0, PresenceChanged("nine", "break"))
    story.enters("caller", "water")
    story.at(3, PresenceChanged("nine", "ready"))
    assert story.asked_agent("caller") == "nine"
    story.at(8)
    explanation = story.router.explain("caller", 8)
    assert (explanation.step, explanation.next_step_at) == (1, 20)
    assert explanation.wanted == "water >= 5"
    story.at(9, PresenceChanged("nine", "break"))
    story.at(19.9)
    assert story.asked_agent("caller") is None
    story.at(20)
    assert story.asked_agent("caller") == "two"


def test_a_lost_offer_stays_in_its_step_while_somebody_else_is_free() -> None:
    story = Story(ENGLISH, agents=(agent("A", english=8), agent("C", english=7), agent("B", english=3)))
    story.enters("caller", "english")
    story.refuses("caller")
    assert story.asked_agent("caller") == "C"
    assert story.asked["caller"].why.step == 0


def test_reserve_agents_come_in_as_rings_widen() -> None:
    queue = QueueConfig(
        "heat", groups=("day",), steps=(Step(15, add_groups=("evening",)), Step(30, add_groups=("reserve",)))
    )
    people = tuple(AgentConfig(name, groups=(name,)) for name in ("day", "evening", "reserve"))
    story = Story(queue, agents=people)
    for number, expected in enumerate(("day", "evening", "reserve")):
        story.enters(f"caller {number}", "heat")
        assert story.asked_agent(f"caller {number}") in (expected, None)
    story.answers("caller 0")
    story.at(15)
    assert story.asked_agent("caller 1") == "evening"
    story.answers("caller 1")
    story.at(29)
    assert story.asked_agent("caller 2") is None
    story.at(30)
    assert story.asked_agent("caller 2") == "reserve"


def test_helpers_of_another_queue_come_after_their_delay() -> None:
    story = Story(
        QueueConfig("heat"),
        agents=(AgentConfig("own", queues={"heat": 0}), AgentConfig("helper", queues={"water": 0, "heat": 20})),
    )
    story.enters("first", "heat")
    assert story.asked_agent("first") == "own"
    story.enters("second", "heat")
    story.at(19)
    assert story.asked_agent("second") is None
    story.at(20)
    assert story.asked_agent("second") == "helper"


def test_the_rules_are_edited_while_people_wait() -> None:
    """The queue no longer asks for English: whoever waits is served in the old order."""
    story = Story(ENGLISH, agents=(agent("plain"),))
    story.enters("first", "english")
    story.at(5)
    story.enters("second", "english")
    assert story.asked_agent("first") is None
    story.at(9, QueueConfigured(QueueConfig("english")))
    assert story.asked_agent("first") == "plain"
    assert story.router.positions("english") == (("first", 1), ("second", 2))
