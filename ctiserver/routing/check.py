"""What is wrong with a directory, each defect with its field, and what can be used of it nevertheless.

Fields are those of the directory (`queues[repairs].options.steps[0].after_s`), not the engine's. The API asks
`problems_of_queue` and its like before it writes; the daemon asks `accepted` of whatever it has loaded, since a table
can be edited by other means: a queue or an agent with a defect stays as it was, and everybody else goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, cast

import msgspec

from acd.errors import ConfigError
from acd.model import QueueConfig, RoutingConfig
from acd.validation import refuse_overflow_loop, validate_agent, validate_queue, validate_rules
from ctiserver.directory import Agent, Directory, Queue
from ctiserver.routing.config import agent_config, centre_config, queue_config
from ctiserver.routing.options import read_centre_options, read_queue_options

OWN_FLOWS = ("voicemail", "callback")
"""Overflow actions that lead into the flow of that name where no target is given."""

LONGEST_HEAD_START_S = 86_400.0

_COLUMNS = {  # fields of the engine that are columns here
    "queue_id": "id",
    "agent_id": "id",
    "skills": "skills",
    "strategy": "strategy",
    "priority_s": "priority_s",
    "lease_s": "ring_timeout_s",
    "max_waiting": "max_waiting",
    "max_wait_s": "max_wait_s",
}
_DEFAULTS: Mapping[str, object] = {
    "strategy": "longest_idle",
    "ring_timeout_s": 20.0,
    "priority_s": 0.0,
    "max_waiting": None,
    "max_wait_s": None,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is a dotted path into what was checked; `message` says what is wrong with it, in one clause."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What names may refer to. `flows`, `calendars`: None where they are not known here; then they are not checked."""

    rules: RoutingConfig
    queues: frozenset[str]
    flows: frozenset[str] | None = None
    calendars: frozenset[str] | None = None


def surroundings(
    directory: Directory, flows: Iterable[str] | None = None, calendars: Iterable[str] | None = None
) -> Surroundings:
    """Of a directory whose centre options are sound; unsound ones count as not set."""
    try:
        rules = centre_config(directory)
    except ConfigError:
        rules = centre_config(msgspec.structs.replace(directory, routing={}))
    return Surroundings(
        rules=rules,
        queues=frozenset(queue.id for queue in directory.queues),
        flows=None if flows is None else frozenset(flows),
        calendars=None if calendars is None else frozenset(calendars),
    )


# ── one at a time, as the API asks ──────────────────────────────────────────────────────────────────────────────────


def check_queue(queue: Queue, around: Surroundings) -> QueueConfig:
    """The queue as the engine will have it. Raises ConfigError whose field is one of the queue's."""
    config = queue_config(queue)
    if not queue.ring_timeout_s > 0:
        raise ConfigError("ring_timeout_s", f"must be more than 0, not {queue.ring_timeout_s:g}")
    expression = queue.options.get("expression")
    if expression is not None and queue.skills:
        raise ConfigError("options.expression", "stands beside `skills`: write all of it in one of the two")
    prefix = f"queues[{queue.id}]"
    try:
        validate_queue(config, around.rules, prefix)
    except ConfigError as error:
        raise ConfigError(
            _stored_field(error.field, prefix, by_expression=expression is not None), error.message
        ) from None
    _check_overflow(queue.id, config, around)
    hours = read_queue_options(queue.options).hours
    if hours is not None and around.calendars is not None and hours not in around.calendars:
        raise ConfigError("options.hours", f"there is no calendar {hours!r}")
    return config


def _check_overflow(queue_id: str, config: QueueConfig, around: Surroundings) -> None:
    for limit, overflow in config.overflow.items():
        field = f"options.overflow.{limit}.target"
        target = overflow.target or (overflow.action if overflow.action in OWN_FLOWS else None)
        if overflow.action == "queue" and target not in around.queues | {queue_id}:
            raise ConfigError(field, f"there is no queue {target!r}")
        leads_to_flow = overflow.action == "flow" or overflow.action in OWN_FLOWS
        if leads_to_flow and around.flows is not None and target not in around.flows:
            raise ConfigError(field, f"there is no flow {target!r}")


def check_agent(agent: Agent, around: Surroundings) -> None:
    """Raises ConfigError whose field is one of the agent's."""
    config = agent_config(agent)
    prefix = f"agents[{agent.id}]"
    try:
        validate_agent(config, around.rules, prefix)
    except ConfigError as error:
        raise ConfigError(_stored_field(error.field, prefix), error.message) from None
    for queue_id in config.queues or {}:
        if queue_id not in around.queues:
            raise ConfigError(f"options.queues.{queue_id}", "there is no such queue")


def check_centre(directory: Directory, flows: Iterable[str] | None = None) -> None:
    """Of the options for the whole centre. Raises ConfigError."""
    try:
        validate_rules(centre_config(directory))
        _check_treatments(directory, flows)
    except ConfigError as error:
        raise ConfigError(error.field.removeprefix("options."), error.message) from None


def _check_treatments(directory: Directory, flows: Iterable[str] | None) -> None:
    known = None if flows is None else frozenset(flows)
    for tag, rule in read_centre_options(directory.routing).customer_tags.items():
        field = f"options.customer_tags.{tag}"
        if not tag.strip() or tag != tag.strip():
            raise ConfigError(field, "a tag has at least one letter, and no spaces around it")
        if not abs(rule.priority_s) <= LONGEST_HEAD_START_S:
            raise ConfigError(f"{field}.priority_s", f"must be within {LONGEST_HEAD_START_S:g} s, ahead or behind")
        if rule.flow is not None and known is not None and rule.flow not in known:
            raise ConfigError(f"{field}.flow", f"there is no flow {rule.flow!r}")


def check_loops(queues: Iterable[Queue]) -> None:
    """Overflows must not lead round in a circle; queues that cannot be read are left out. Raises ConfigError."""
    configs: dict[str, QueueConfig] = {}
    for queue in queues:
        try:
            configs[queue.id] = queue_config(queue)
        except ConfigError:
            continue
    try:
        refuse_overflow_loop(configs)
    except ConfigError as error:
        raise ConfigError(error.field.replace("].", "].options."), error.message) from None


def _stored_field(field: str, prefix: str, *, by_expression: bool = False) -> str:
    """`queues[repairs].lease_s` → `ring_timeout_s`; what has no column of its own is one of the options."""
    path = field.removeprefix(f"{prefix}.")
    if path == "wrap_up.seconds":
        return "wrap_up_s"
    first = path.split(".")[0].split("[")[0]
    if first == "skills" and by_expression:
        return "options.expression"
    if first in _COLUMNS:
        return _COLUMNS[first] + path[len(first) :]
    return path if first == "options" else f"options.{path}"


# ── all of it ───────────────────────────────────────────────────────────────────────────────────────────────────────


def problems_of_queue(
    queue: Queue,
    directory: Directory,
    flows: Iterable[str] | None = None,
    calendars: Iterable[str] | None = None,
) -> tuple[Problem, ...]:
    """If `queue` replaced (or joined) the directory's queue of that id; fields are the queue's own."""
    others = [other for other in directory.queues if other.id != queue.id]
    around = surroundings(msgspec.structs.replace(directory, queues=(*others, queue)), flows, calendars)
    try:
        check_queue(queue, around)
        check_loops([*others, queue])
    except ConfigError as error:
        return (Problem(error.field.removeprefix(f"queues[{queue.id}]."), error.message),)
    return ()


def problems_of_agent(agent: Agent, directory: Directory) -> tuple[Problem, ...]:
    """If `agent` replaced (or joined) the directory's agent of that id; fields are the agent's own."""
    others = [other for other in directory.agents if other.id != agent.id]
    try:
        check_agent(agent, surroundings(msgspec.structs.replace(directory, agents=(*others, agent))))
    except ConfigError as error:
        return (Problem(error.field, error.message),)
    return ()


def problems(
    directory: Directory, flows: Iterable[str] | None = None, calendars: Iterable[str] | None = None
) -> tuple[Problem, ...]:
    """Everything that is wrong, one problem for each queue and agent at most; removals are judged by this too."""
    found: list[Problem] = []
    around = surroundings(directory, flows, calendars)

    def note(where: str, check: Callable[[], object]) -> None:
        try:
            check()
        except ConfigError as error:
            found.append(Problem(f"{where}{error.field}", error.message))

    note("routing.", lambda: check_centre(directory))
    for queue in directory.queues:
        note(f"queues[{queue.id}].", lambda queue=queue: check_queue(queue, around))
    for agent in directory.agents:
        note(f"agents[{agent.number}].", lambda agent=agent: check_agent(agent, around))
    note("", lambda: check_loops(directory.queues))
    return tuple(found)


T = TypeVar("T", Queue, Agent)


def accepted(
    fresh: Directory,
    former: Directory | None = None,
    flows: Iterable[str] | None = None,
    calendars: Iterable[str] | None = None,
) -> tuple[Directory, tuple[Problem, ...]]:
    """The directory with everything unsound as it was before, and what was wrong.

    What was not there before is taken without the options that are wrong; where even that does not help (a required
    skill that does not exist), it is left out. The result has no problems.
    """
    found = problems(fresh, flows, calendars)
    if not found:
        return fresh, ()
    usable = fresh
    if any(problem.field.startswith("routing.") for problem in found):
        usable = msgspec.structs.replace(usable, routing=_sound_routing(fresh, former))
    former_queues = {queue.id: queue for queue in former.queues} if former is not None else {}
    former_agents = {agent.id: agent for agent in former.agents} if former is not None else {}
    around = surroundings(usable, flows, calendars)
    queues = [
        sound
        for queue in usable.queues
        if (sound := _sound(queue, former_queues.get(queue.id), lambda q: check_queue(q, around))) is not None
    ]
    queues = _without_loops(queues, former_queues)
    around = replace(around, queues=frozenset(queue.id for queue in queues))
    queues = [q for queue in queues if (q := _sound(queue, None, lambda q: check_queue(q, around))) is not None]
    agents = [
        sound
        for agent in usable.agents
        if (sound := _sound(agent, former_agents.get(agent.id), lambda a: check_agent(a, around))) is not None
    ]
    return msgspec.structs.replace(usable, queues=tuple(queues), agents=tuple(agents)), found


def _sound_routing(fresh: Directory, former: Directory | None) -> dict[str, object]:
    if former is not None:
        try:
            check_centre(former)
        except ConfigError:
            return {}
        return former.routing
    return {}


def _sound(one: T, former: T | None, check: Callable[[T], object]) -> T | None:
    """As it is, else as it was, else without what is wrong with it; None where nothing helps."""
    for candidate in (one, former):
        if candidate is not None and _refusal(candidate, check) is None:
            return candidate
    while (refusal := _refusal(one, check)) is not None:
        repaired = _repaired(one, refusal.field)
        if repaired is None:
            return None
        one = repaired
    return one


def _refusal(one: T, check: Callable[[T], object]) -> ConfigError | None:
    try:
        check(one)
    except ConfigError as error:
        return error
    return None


def _repaired(one: T, field: str) -> T | None:
    """Without the option that `field` points into, or with the default of its column; None where there is none."""
    parts = field.replace("[", ".").split(".")
    if parts[:2] == ["options", "overflow"] and len(parts) > 2 and (without := _without_limit(one, parts[2])):
        return without
    if parts[0] == "options" and len(parts) > 1 and parts[1] in one.options:
        return _with(one, options={name: value for name, value in one.options.items() if name != parts[1]})
    if parts[0] == "wrap_up_s":
        return _with(one, wrap_up_s=0.0, options={k: v for k, v in one.options.items() if k != "wrap_up"})
    if isinstance(one, Queue) and parts[0] in _DEFAULTS and getattr(one, parts[0]) != _DEFAULTS[parts[0]]:
        return _with(one, **{parts[0]: _DEFAULTS[parts[0]]})
    if isinstance(one, Agent) and parts[0] == "skills" and len(parts) > 1 and parts[1] in one.skills:
        return _with(one, skills={skill: level for skill, level in one.skills.items() if skill != parts[1]})
    return None


def _without_limit(one: T, limit: str) -> T | None:
    """Without what happens at that limit: the rules for the others can be kept."""
    rules = one.options.get("overflow")
    if not isinstance(rules, dict) or limit not in rules:
        return None
    others = {name: rule for name, rule in cast("dict[str, object]", rules).items() if name != limit}
    kept = {name: value for name, value in one.options.items() if name != "overflow"}
    return _with(one, options={**kept, "overflow": others} if others else kept)


def _with(one: T, **fields: object) -> T:
    return msgspec.structs.replace(one, **fields)


def _without_loops(queues: list[Queue], former: Mapping[str, Queue]) -> list[Queue]:
    """A circle is broken at the queue that closes it: as it was before, else without its overflows."""
    by_id = {queue.id: queue for queue in queues}
    while True:
        try:
            check_loops(by_id.values())
        except ConfigError as error:
            closing = error.field.removeprefix("queues[").partition("]")[0]
            queue, before = by_id[closing], former.get(closing)
            stripped = _with(queue, options={k: v for k, v in queue.options.items() if k != "overflow"})
            by_id[closing] = before if before is not None and before != queue else stripped
            continue
        return list(by_id.values())
