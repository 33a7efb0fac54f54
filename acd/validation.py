"""What a configuration must not say. Every refusal names the field."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from acd.errors import ConfigError
from acd.matching import BEST_LEVEL, LOWEST_LEVEL, Requirement, all_levels, build, satisfiable, wanted_levels
from acd.model import AgentConfig, QueueConfig, RoutingConfig, SkillLevels


def validate(config: RoutingConfig) -> None:
    """Refuse a configuration that cannot work. Raises ConfigError."""
    validate_rules(config)
    _unique((queue.queue_id for queue in config.queues), "queues")
    _unique((agent.agent_id for agent in config.agents), "agents")
    for queue in config.queues:
        validate_queue(queue, config, f"queues[{queue.queue_id}]")
    for agent in config.agents:
        validate_agent(agent, config, f"agents[{agent.agent_id}]")
    refuse_overflow_loop({queue.queue_id: queue for queue in config.queues})


def validate_rules(config: RoutingConfig) -> None:
    """Of what holds for all queues and agents. Raises ConfigError."""
    for cause, seconds in config.cool_down_s.items():
        _not_negative(seconds, f"cool_down_s.{cause}")
    if config.max_misses < 1:
        raise ConfigError("max_misses", f"must be at least 1, not {config.max_misses}")


def validate_agent(agent: AgentConfig, config: RoutingConfig, field: str) -> None:
    """Raises ConfigError."""
    if not agent.agent_id:
        raise ConfigError(f"{field}.agent_id", "is empty")
    for skill, level in agent.skills.items():
        _known_skill(skill, config, f"{field}.skills.{skill}")
        _level(level, f"{field}.skills.{skill}")
    _known_groups(agent.groups, config, f"{field}.groups")
    if not agent.capacity:
        raise ConfigError(f"{field}.capacity", "names no medium: the agent could never be offered anything")
    for medium, room in agent.capacity.items():
        if room < 1:
            raise ConfigError(f"{field}.capacity.{medium}", f"must be at least 1, not {room}")
    for queue_id, delay in (agent.queues or {}).items():
        _not_negative(delay, f"{field}.queues.{queue_id}")
    if not (agent.weight > 0 and math.isfinite(agent.weight)):
        raise ConfigError(f"{field}.weight", f"must be more than 0, not {agent.weight}")


def validate_queue(queue: QueueConfig, config: RoutingConfig, field: str) -> Requirement:
    """The queue's requirement. Raises ConfigError."""
    if not queue.queue_id:
        raise ConfigError(f"{field}.queue_id", "is empty")
    requirement = validate_wanted(queue.skills, queue.evaluation, config, f"{field}.skills")
    _known_groups(queue.groups, config, f"{field}.groups")
    _validate_steps(queue, requirement, config, field)
    for name in ("lease_s", "weight"):
        if not (getattr(queue, name) > 0 and math.isfinite(getattr(queue, name))):
            raise ConfigError(f"{field}.{name}", f"must be more than 0, not {getattr(queue, name)}")
    for name in ("last_agent_s", "return_s"):
        _not_negative(getattr(queue, name), f"{field}.{name}")
    if not math.isfinite(queue.priority_s):
        raise ConfigError(f"{field}.priority_s", f"must be a number of seconds, not {queue.priority_s}")
    if queue.max_waiting is not None and queue.max_waiting < 0:
        raise ConfigError(f"{field}.max_waiting", f"must not be negative, not {queue.max_waiting}")
    if queue.max_wait_s is not None and not queue.max_wait_s > 0:
        raise ConfigError(f"{field}.max_wait_s", f"must be more than 0, not {queue.max_wait_s}")
    for name in ("no_agents_grace_s", "forecast_limit_s"):
        if getattr(queue, name) is not None:
            _not_negative(getattr(queue, name), f"{field}.{name}")
    _not_negative(queue.wrap_up.seconds, f"{field}.wrap_up.seconds")
    if queue.wrap_up.mode in ("optional", "fixed", "limited") and queue.wrap_up.seconds == 0:
        raise ConfigError(f"{field}.wrap_up.seconds", f"must be more than 0 for the mode {queue.wrap_up.mode!r}")
    if queue.callback.max_attempts < 1:
        raise ConfigError(f"{field}.callback.max_attempts", f"must be at least 1, not {queue.callback.max_attempts}")
    for limit, overflow in queue.overflow.items():
        if overflow.action in ("queue", "flow") and not overflow.target:
            raise ConfigError(f"{field}.overflow.{limit}.target", f"is missing for the action {overflow.action!r}")
        if overflow.action == "queue" and overflow.target == queue.queue_id:
            raise ConfigError(f"{field}.overflow.{limit}.target", "is the queue itself: a loop")
    return requirement


def validate_wanted(wanted: SkillLevels | str, evaluation: str, config: RoutingConfig, field: str) -> Requirement:
    """The requirement that was asked for. Raises ConfigError."""
    requirement = build(wanted, evaluation, field)
    for level in all_levels(requirement):
        _known_skill(level.skill, config, f"{field}.{level.skill}")
        _level(level.minimum, f"{field}.{level.skill}")
    if not satisfiable(requirement):
        raise ConfigError(field, f"no agent could ever match {wanted!r}")
    return requirement


def refuse_overflow_loop(queues: Mapping[str, QueueConfig]) -> None:
    """Raises ConfigError if a contact could overflow round in a circle for ever."""
    done: set[str] = set()
    for start in queues:
        _follow_overflow(start, queues, [], done)


def _follow_overflow(queue_id: str, queues: Mapping[str, QueueConfig], path: list[str], done: set[str]) -> None:
    if queue_id in path:
        circle = " → ".join([*path[path.index(queue_id) :], queue_id])
        raise ConfigError(f"queues[{path[-1]}].overflow", f"leads round in a circle: {circle}")
    if queue_id in done or queue_id not in queues:
        return
    for overflow in queues[queue_id].overflow.values():
        if overflow.action == "queue" and overflow.target:
            _follow_overflow(overflow.target, queues, [*path, queue_id], done)
    done.add(queue_id)


def _validate_steps(queue: QueueConfig, requirement: Requirement, config: RoutingConfig, field: str) -> None:
    minimums = {level.skill: level.minimum for level in wanted_levels(requirement)}
    named = {level.skill for level in all_levels(requirement)}
    previous = 0.0
    for number, step in enumerate(queue.steps):
        where = f"{field}.steps[{number}]"
        if not math.isfinite(step.after_s) or step.after_s <= previous:
            raise ConfigError(f"{where}.after_s", f"must be more than {previous:g} s, not {step.after_s:g}")
        if queue.max_wait_s is not None and step.after_s >= queue.max_wait_s:
            raise ConfigError(f"{where}.after_s", f"is never reached: contacts leave after {queue.max_wait_s:g} s")
        for skill, level in step.levels.items():
            _known_skill(skill, config, f"{where}.levels.{skill}")
            _level(level, f"{where}.levels.{skill}")
            if skill not in minimums:
                raise ConfigError(f"{where}.levels.{skill}", "can never match: the queue does not ask for this skill")
            if level >= minimums[skill]:
                raise ConfigError(f"{where}.levels.{skill}", f"must be lower than {minimums[skill]}, not {level}")
            minimums[skill] = level
        for skill in step.drop:
            _known_skill(skill, config, f"{where}.drop.{skill}")
            if skill not in named:
                raise ConfigError(f"{where}.drop.{skill}", "can never match: the queue does not ask for this skill")
            minimums.pop(skill, None)
        _known_groups(step.add_groups, config, f"{where}.add_groups")
        if step.add_groups and not queue.groups:
            raise ConfigError(f"{where}.add_groups", "has no effect: the queue is open to all groups from the start")
        if not (step.levels or step.drop or step.add_groups):
            raise ConfigError(where, "changes nothing")
        previous = step.after_s


def _unique(ids: Iterable[str], field: str) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ConfigError(f"{field}[{one}]", "is there twice")
        seen.add(one)


def _known_skill(skill: str, config: RoutingConfig, field: str) -> None:
    if config.skills is not None and skill not in config.skills:
        raise ConfigError(field, "unknown skill")


def _known_groups(groups: Iterable[str], config: RoutingConfig, field: str) -> None:
    for group in groups:
        if config.groups is not None and group not in config.groups:
            raise ConfigError(f"{field}.{group}", "unknown agent group")


def _level(level: int, field: str) -> None:
    if not LOWEST_LEVEL <= level <= BEST_LEVEL:
        raise ConfigError(field, f"a level is {LOWEST_LEVEL} to {BEST_LEVEL} (best), not {level}")


def _not_negative(seconds: float, field: str) -> None:
    if not (seconds >= 0 and math.isfinite(seconds)):
        raise ConfigError(field, f"must not be negative, not {seconds}")
