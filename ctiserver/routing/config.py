"""The directory as the routing engine wants it."""

from __future__ import annotations

from typing import cast, get_args

from acd.errors import ConfigError
from acd.model import AgentConfig, QueueConfig, RoutingConfig, Strategy, WrapUpRule
from ctiserver.directory import Agent, Directory, Queue
from ctiserver.routing.options import (
    QueueOptions,
    read_agent_options,
    read_centre_options,
    read_queue_options,
)

DIRECT = "@direct"
"""Known to the engine alone: the queue of contacts for whom a certain agent was asked for, such as a colleague who is
consulted, or an agent's own call. No wrap-up; nobody waits in it."""
DIRECT_LEASE_S = 180.0
LEASE_MARGIN_S = 5.0
"""How much longer than the phone may ring the engine waits for our report before it frees the agent by itself."""


def routing_config(directory: Directory) -> RoutingConfig:
    """Raises ConfigError for options that cannot be read; `check.accepted` leaves none of those."""
    rules = centre_config(directory)
    return RoutingConfig(
        queues=(*(queue_config(queue) for queue in directory.queues), QueueConfig(DIRECT, lease_s=DIRECT_LEASE_S)),
        agents=tuple(agent_config(agent) for agent in directory.agents),
        skills=rules.skills,
        groups=rules.groups,
        cool_down_s=rules.cool_down_s,
        max_misses=rules.max_misses,
        agent_choice=rules.agent_choice,
    )


def centre_config(directory: Directory) -> RoutingConfig:
    """What holds for all queues and agents, and which names exist, without queues and agents. Raises ConfigError."""
    options = read_centre_options(directory.routing)
    return RoutingConfig(
        skills=frozenset(directory.skills) or None,
        groups=group_names(directory),
        cool_down_s=options.cool_downs(),
        max_misses=options.max_misses,
        agent_choice=options.agent_choice,
    )


def group_names(directory: Directory) -> frozenset[str]:
    """Every team, and every group that an agent is in."""
    named = {group for agent in directory.agents for group in _listed(agent.options.get("groups"))}
    return frozenset(directory.teams) | named | {agent.team for agent in directory.agents if agent.team}


def _listed(value: object) -> list[str]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, str)]


def queue_config(queue: Queue) -> QueueConfig:
    """Raises ConfigError with a field of the queue as it is stored (`strategy`, `options.weight`)."""
    if queue.strategy not in get_args(Strategy):
        raise ConfigError("strategy", f"must be one of {', '.join(get_args(Strategy))}, not {queue.strategy!r}")
    options = read_queue_options(queue.options)
    return QueueConfig(
        queue_id=queue.id,
        skills=options.expression if options.expression is not None else queue.skills,
        evaluation=options.evaluation,
        strategy=cast("Strategy", queue.strategy),
        groups=options.groups,
        steps=options.steps,
        priority_s=queue.priority_s,
        strict_priority=options.strict_priority,
        weight=options.weight,
        lease_s=queue.ring_timeout_s + LEASE_MARGIN_S,
        wrap_up=_wrap_up(queue, options),
        open=options.open,
        max_waiting=queue.max_waiting,
        max_wait_s=queue.max_wait_s,
        no_agents_grace_s=options.no_agents_grace_s,
        forecast_limit_s=options.forecast_limit_s,
        overflow=options.overflow,
        last_agent_s=options.last_agent_s,
        return_s=options.return_s,
        callback=options.callback,
    )


def queues_by_calendar(directory: Directory, calendar: str) -> list[str]:
    """Those whose opening hours it holds, as "queue:ID". Raises ConfigError for options that cannot be read."""
    return [f"queue:{queue.id}" for queue in directory.queues if read_queue_options(queue.options).hours == calendar]


def _wrap_up(queue: Queue, options: QueueOptions) -> WrapUpRule:
    mode = options.wrap_up.mode or ("optional" if queue.wrap_up_s > 0 else "none")
    return WrapUpRule(mode, queue.wrap_up_s, options.wrap_up.max_extension_s)


def agent_config(agent: Agent) -> AgentConfig:
    """Raises ConfigError with a field of the agent as it is stored."""
    options = read_agent_options(agent.options)
    team = (agent.team,) if agent.team else ()
    return AgentConfig(
        agent_id=str(agent.id),
        skills=agent.skills,
        queues=options.queues,
        groups=(*team, *(group for group in options.groups if group not in team)),
        capacity=options.capacity,
        order=options.order,
        weight=options.weight,
    )
