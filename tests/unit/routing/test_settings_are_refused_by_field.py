"""Whoever writes what cannot work is told which field it is; in the daemon the former setting goes on."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ctiserver.directory import Agent, Directory, Queue
from ctiserver.routing.check import accepted, problems, problems_of_agent, problems_of_queue
from ctiserver.routing.config import routing_config


def queue(queue_id: str = "bills", **fields: Any) -> Queue:
    fields = {"skills": {"bills": 5}, **fields}
    return Queue(id=queue_id, name={"en": queue_id}, **fields)


def agent(number: int = 1, **fields: Any) -> Agent:
    fields = {"skills": {"bills": 5}, **fields}
    return Agent(id=number, number=str(1000 + number), name="", extension=str(1000 + number), sip_password="", **fields)


DIRECTORY = Directory(
    agents=(agent(1), agent(2, team="north", options={"groups": ["reserve"]})),
    queues=(queue(), queue("water", skills={"water": 1})),
    skills={"bills": {}, "water": {}, "english": {}},
    teams={"north": {}},
)


def with_queues(*queues: Queue) -> Directory:
    return msgspec.structs.replace(DIRECTORY, queues=queues)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"skills": {"plumbing": 1}}, "skills.plumbing"),
        ({"skills": {"bills": 11}}, "skills.bills"),
        ({"strategy": "fastest"}, "strategy"),
        ({"ring_timeout_s": 0.0}, "ring_timeout_s"),
        ({"max_waiting": -1}, "max_waiting"),
        ({"max_wait_s": 0.0}, "max_wait_s"),
        ({"options": {"wieght": 2}}, "options.wieght"),
        ({"options": {"weight": 0}}, "options.weight"),
        ({"options": {"weight": "much"}}, "options.weight"),
        ({"options": {"expression": "bills and"}, "skills": {}}, "options.expression"),
        ({"options": {"expression": "bills and not bills"}, "skills": {}}, "options.expression"),
        ({"options": {"expression": "bills"}}, "options.expression"),
        ({"options": {"evaluation": "some"}}, "options.evaluation"),
        ({"options": {"groups": ["south"]}}, "options.groups.south"),
        ({"options": {"steps": [{"after_s": 30, "levels": {"english": 1}}]}}, "options.steps[0].levels.english"),
        ({"options": {"steps": [{"after_s": 30, "levels": {"bills": 7}}]}}, "options.steps[0].levels.bills"),
        ({"options": {"steps": [{"after_s": 30}]}}, "options.steps[0]"),
        (
            {"options": {"steps": [{"after_s": 30, "drop": ["bills"]}, {"after_s": 20, "drop": ["bills"]}]}},
            "options.steps[1].after_s",
        ),
        ({"options": {"steps": [{"after_s": 30, "drop": ["bills"]}]}, "max_wait_s": 20.0}, "options.steps[0].after_s"),
        ({"options": {"wrap_up": {"mode": "fixed"}}, "wrap_up_s": 0.0}, "wrap_up_s"),
        ({"options": {"wrap_up": {"mode": "forever"}}}, "options.wrap_up.mode"),
        ({"options": {"last_agent_s": -1}}, "options.last_agent_s"),
        ({"options": {"overflow": {"full": {"action": "queue"}}}}, "options.overflow.full"),
        ({"options": {"overflow": {"max_wait": {"action": "queue"}}}}, "options.overflow.max_wait.target"),
        (
            {"options": {"overflow": {"max_wait": {"action": "queue", "target": "gas"}}}},
            "options.overflow.max_wait.target",
        ),
        (
            {"options": {"overflow": {"max_wait": {"action": "flow", "target": "sorry"}}}},
            "options.overflow.max_wait.target",
        ),
        ({"options": {"overflow": {"max_wait": {"action": "callback"}}}}, "options.overflow.max_wait.target"),
        ({"options": {"callback": {"max_attempts": 0}}}, "options.callback.max_attempts"),
        ({"options": {"hours": "night"}}, "options.hours"),
        ({"options": {"hours": 8}}, "options.hours"),
        ({"options": {"roster": "yes"}}, "options.roster"),
    ],
)
def test_a_queue_is_refused(fields: dict[str, Any], field: str) -> None:
    found = problems_of_queue(queue(**fields), DIRECTORY, flows={"voicemail"}, calendars={"office"})
    assert [problem.field for problem in found] == [field], found
    everywhere = problems(
        msgspec.structs.replace(DIRECTORY, queues=(queue(**fields), DIRECTORY.queues[1])), {"voicemail"}, {"office"}
    )
    assert [problem.field for problem in everywhere] == [f"queues[bills].{field}"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"skills": {"plumbing": 1}}, "skills.plumbing"),
        ({"skills": {"bills": 0}}, "skills.bills"),
        ({"options": {"capacity": {}}}, "options.capacity"),
        ({"options": {"capacity": {"chat": 0}}}, "options.capacity.chat"),
        ({"options": {"capacity": {"voice": 2}}}, "options.capacity.voice"),
        ({"options": {"weight": 0}}, "options.weight"),
        ({"options": {"queues": {"gas": 0}}}, "options.queues.gas"),
        ({"options": {"queues": {"bills": -5}}}, "options.queues.bills"),
    ],
)
def test_an_agent_is_refused(fields: dict[str, Any], field: str) -> None:
    assert [problem.field for problem in problems_of_agent(agent(**fields), DIRECTORY)] == [field]


@pytest.mark.parametrize(
    ("routing", "field"),
    [
        ({"max_misses": 0}, "routing.max_misses"),
        ({"cool_down_s": {"no_answer": -1}}, "routing.cool_down_s.no_answer"),
        ({"cool_down_s": {"asleep": 1}}, "routing.cool_down_s.asleep"),
    ],
)
def test_the_centres_options_are_refused(routing: dict[str, object], field: str) -> None:
    found = problems(msgspec.structs.replace(DIRECTORY, routing=routing))
    assert [problem.field for problem in found] == [field]


def test_all_that_may_be_said_is_understood() -> None:
    said: dict[str, object] = {
        "expression": "bills >= 5 and (english or water >= 3)",
        "groups": ["north"],
        "steps": [{"after_s": 30, "levels": {"bills": 1}}, {"after_s": 60, "add_groups": ["reserve"]}],
        "strict_priority": True,
        "weight": 2,
        "wrap_up": {"mode": "until_disposition", "max_extension_s": 60},
        "hours": "office",
        "roster": True,
        "no_agents_grace_s": 15,
        "forecast_limit_s": 600,
        "overflow": {"max_wait": {"action": "queue", "target": "water"}, "closed": {"action": "voicemail"}},
        "last_agent_s": 20,
        "return_s": 600,
        "callback": {"max_attempts": 2},
    }
    whole = msgspec.structs.replace(
        DIRECTORY,
        queues=(queue(skills={}, options=said), DIRECTORY.queues[1]),
        agents=(agent(1, options={"queues": {"bills": 0, "water": 30}, "order": 2, "weight": 3}), DIRECTORY.agents[1]),
        routing={"cool_down_s": {"no_answer": 20}, "max_misses": 2, "agent_choice": "queue_order"},
    )
    assert problems(whole, flows={"voicemail"}, calendars={"office"}) == ()
    config = routing_config(whole)
    assert config.queues[0].overflow["max_wait"].target == "water"
    assert config.queues[0].steps[1].add_groups == ("reserve",)
    assert config.agents[0].queues == {"bills": 0.0, "water": 30.0}
    assert (config.cool_down_s["no_answer"], config.cool_down_s["busy"], config.max_misses) == (20.0, 5.0, 2)


def overflowing(queue_id: str, target: str) -> Queue:
    overflow = {"max_wait": {"action": "queue", "target": target}}
    return queue(queue_id, max_wait_s=60.0, options={"overflow": overflow})


def test_overflows_that_lead_round_are_refused() -> None:
    former = msgspec.structs.replace(DIRECTORY, queues=(overflowing("bills", "water"), queue("water")))
    found = problems_of_queue(overflowing("water", "bills"), former)
    assert [problem.field.rpartition(".")[2] for problem in found] == ["overflow"]
    assert "circle" in found[0].message
    usable, _ = accepted(
        msgspec.structs.replace(former, queues=(overflowing("bills", "water"), overflowing("water", "bills"))), former
    )
    assert usable == former


def test_what_cannot_be_used_stays_as_it_was_and_the_rest_is_taken() -> None:
    fresh = msgspec.structs.replace(
        DIRECTORY,
        queues=(queue(priority_s=90.0, options={"weight": 0}), queue("water", priority_s=7.0)),
        agents=(agent(1, skills={"plumbing": 1}), agent(3)),
        routing={"max_misses": 0},
    )
    usable, found = accepted(fresh, DIRECTORY)
    assert [str(problem).partition(":")[0] for problem in found] == [
        "routing.max_misses",
        "queues[bills].options.weight",
        "agents[1001].skills.plumbing",
    ]
    assert usable.queues == (DIRECTORY.queues[0], queue("water", priority_s=7.0))
    assert usable.agents == (DIRECTORY.agents[0], agent(3))
    assert usable.routing == {}
    assert problems(usable) == ()


def test_at_a_first_start_only_the_faulty_option_is_left_out() -> None:
    fresh = msgspec.structs.replace(
        DIRECTORY,
        queues=(
            queue(strategy="fastest", options={"weight": 0, "return_s": 60}),
            queue("gas", skills={"plumbing": 1}),
        ),
    )
    usable, found = accepted(fresh)
    assert usable.queues == (queue(options={"return_s": 60}),), "a queue that would ask for nothing is left out"
    assert len(found) == 2


def test_a_queue_that_others_overflow_into_is_missed() -> None:
    fresh = msgspec.structs.replace(DIRECTORY, queues=(overflowing("bills", "water"),))
    usable, found = accepted(
        fresh, msgspec.structs.replace(DIRECTORY, queues=(overflowing("bills", "water"), queue("water")))
    )
    assert [problem.field for problem in found] == ["queues[bills].options.overflow.max_wait.target"]
    assert usable.queues[0].options == {}


def test_a_limit_whose_flow_is_gone_costs_no_other_limit() -> None:
    rules = {"max_wait": {"action": "flow", "target": "sorry"}, "closed": {"action": "voicemail"}}
    fresh = with_queues(queue(max_wait_s=60.0, options={"overflow": rules}), DIRECTORY.queues[1])
    usable, found = accepted(fresh, None, flows={"voicemail"})
    assert [problem.field for problem in found] == ["queues[bills].options.overflow.max_wait.target"]
    assert usable.queues[0].options == {"overflow": {"closed": {"action": "voicemail"}}}
    assert accepted(fresh, None, flows={"voicemail", "sorry"}) == (fresh, ())
