"""Configuration that cannot work is refused, at the start and while running, with the field named."""

import pytest

from acd import (
    AgentConfig,
    AgentConfigured,
    CallbackRule,
    ConfigError,
    ConfigRefused,
    ContactEnqueued,
    ContactRefused,
    NamesConfigured,
    Overflow,
    PresenceChanged,
    QueueConfig,
    QueueConfigured,
    Router,
    RoutingConfig,
    Step,
    Tick,
    WrapUpRule,
)

BILLS = {"bills": 5}
NAMES = frozenset({"bills", "water"})


@pytest.mark.parametrize(
    ("queue", "field"),
    [
        (QueueConfig("q", skills={"bils": 1}), "queues[q].skills.bils"),
        (QueueConfig("q", skills={"bills": 11}), "queues[q].skills.bills"),
        (QueueConfig("q", skills={"bills": 0}), "queues[q].skills.bills"),
        (QueueConfig("q", skills="bills and not bills"), "queues[q].skills"),
        (QueueConfig("q", groups=("night",)), "queues[q].groups.night"),
        (QueueConfig("q", skills=BILLS, steps=(Step(10, levels={"water": 1}),)), "queues[q].steps[0].levels.water"),
        (QueueConfig("q", skills=BILLS, steps=(Step(10, levels={"bills": 5}),)), "queues[q].steps[0].levels.bills"),
        (QueueConfig("q", skills=BILLS, steps=(Step(10, drop=("water",)),)), "queues[q].steps[0].drop.water"),
        (QueueConfig("q", skills=BILLS, steps=(Step(10),)), "queues[q].steps[0]"),
        (QueueConfig("q", skills=BILLS, steps=(Step(0, drop=("bills",)),)), "queues[q].steps[0].after_s"),
        (QueueConfig("q", steps=(Step(10, add_groups=("day",)),)), "queues[q].steps[0].add_groups"),
        (
            QueueConfig("q", skills=BILLS, max_wait_s=60, steps=(Step(60, drop=("bills",)),)),
            "queues[q].steps[0].after_s",
        ),
        (QueueConfig("q", lease_s=0), "queues[q].lease_s"),
        (QueueConfig("q", weight=0), "queues[q].weight"),
        (QueueConfig("q", max_waiting=-1), "queues[q].max_waiting"),
        (QueueConfig("q", max_wait_s=0), "queues[q].max_wait_s"),
        (QueueConfig("q", wrap_up=WrapUpRule("fixed")), "queues[q].wrap_up.seconds"),
        (QueueConfig("q", callback=CallbackRule(max_attempts=0)), "queues[q].callback.max_attempts"),
        (QueueConfig("q", overflow={"max_wait": Overflow("queue", "q")}), "queues[q].overflow.max_wait.target"),
        (QueueConfig("q", overflow={"max_wait": Overflow("flow")}), "queues[q].overflow.max_wait.target"),
    ],
)
def test_a_queue_that_cannot_work(queue: QueueConfig, field: str) -> None:
    names = RoutingConfig(skills=NAMES, groups=frozenset({"day"}))
    with pytest.raises(ConfigError) as refusal:
        Router(RoutingConfig(queues=(queue,), skills=names.skills, groups=names.groups))
    assert refusal.value.field == field
    router = Router(names)
    (decision,) = router.apply(QueueConfigured(queue), 1.0)
    assert isinstance(decision, ConfigRefused)
    assert (decision.field, decision.message) == (field, refusal.value.message)
    assert router.queues(1.0) == ()


@pytest.mark.parametrize(
    ("agent", "field"),
    [
        (AgentConfig("A", {"bils": 1}), "agents[A].skills.bils"),
        (AgentConfig("A", {"bills": 12}), "agents[A].skills.bills"),
        (AgentConfig("A", capacity={"voice": 0}), "agents[A].capacity.voice"),
        (AgentConfig("A", capacity={}), "agents[A].capacity"),
        (AgentConfig("A", queues={"bills": -1}), "agents[A].queues.bills"),
        (AgentConfig("A", weight=0), "agents[A].weight"),
    ],
)
def test_an_agent_that_cannot_work(agent: AgentConfig, field: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        Router(RoutingConfig(agents=(agent,), skills=NAMES))
    assert refusal.value.field == field


def test_a_circle_of_overflows_is_shown() -> None:
    queues = tuple(
        QueueConfig(name, overflow={"max_wait": Overflow("queue", target)})
        for name, target in (("a", "b"), ("b", "c"), ("c", "a"))
    )
    with pytest.raises(ConfigError, match="a → b → c → a"):
        Router(RoutingConfig(queues=queues))
    router = Router(RoutingConfig(queues=queues[:2]))
    (decision,) = router.apply(QueueConfigured(queues[2]), 0)
    assert isinstance(decision, ConfigRefused)


def test_a_refused_change_leaves_the_queue_as_it_was() -> None:
    router = Router(RoutingConfig(queues=(QueueConfig("q"),), agents=(AgentConfig("A"),), skills=NAMES))
    router.apply(QueueConfigured(QueueConfig("q", skills={"unheard": 1})), 1)
    router.apply(PresenceChanged("A", "ready"), 2)
    assert len(router.apply(ContactEnqueued("x", "q"), 3)) == 1


def test_a_skill_is_invented_while_running() -> None:
    router = Router(RoutingConfig(skills=NAMES))
    router.apply(NamesConfigured(NAMES | {"heat"}), 1)
    assert router.apply(AgentConfigured(AgentConfig("A", {"heat": 3})), 2) == []


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (ContactEnqueued("x", "nowhere"), "unknown_queue"),
        (ContactEnqueued("x", "q", skills={"unheard": 1}), "bad_skills"),
        (ContactEnqueued("x", "q", skills="bills >="), "bad_skills"),
        (ContactEnqueued("x", "q", medium="chat"), "wrong_medium"),
    ],
)
def test_a_contact_that_nobody_can_route_is_given_back(event: ContactEnqueued, reason: str) -> None:
    router = Router(RoutingConfig(queues=(QueueConfig("q"),), skills=NAMES))
    assert router.apply(event, 1) == [ContactRefused("x", reason)]
    assert router.anomalies == {reason: 1}
    assert router.explain("x", 1).outcome == "unknown"


def test_a_contact_entered_twice_counts_once() -> None:
    router = Router(RoutingConfig(queues=(QueueConfig("q"),)))
    router.apply(ContactEnqueued("x", "q"), 1)
    assert router.apply(ContactEnqueued("x", "q"), 2) == []
    assert router.positions("q") == (("x", 1),)
    assert router.anomalies == {"duplicate_contact": 1}


def test_time_going_backwards_is_clamped_and_counted() -> None:
    router = Router(RoutingConfig(queues=(QueueConfig("q", max_wait_s=10),)))
    router.apply(ContactEnqueued("x", "q"), 100)
    router.apply(Tick(), 50)
    router.apply(ContactEnqueued("y", "q", enqueued_at=1e9), float("nan"))
    assert router.anomalies == {"time_went_backwards": 2, "enqueued_in_the_future": 1}
    assert router.next_deadline() == 110


def test_an_agent_without_skills_is_explained() -> None:
    router = Router(RoutingConfig(queues=(QueueConfig("q", skills=BILLS),), agents=(AgentConfig("A"),)))
    router.apply(PresenceChanged("A", "ready"), 0)
    router.apply(ContactEnqueued("x", "q"), 1)
    explanation = router.explain("x", 2)
    assert explanation.text == "No agent has what is asked at this step."
    assert explanation.missing == (("lacks_skill", 1),)
    assert explanation.wanted == "bills >= 5"
