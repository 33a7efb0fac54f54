"""The directory as the routing engine wants it. Pure."""

from __future__ import annotations

from typing import Any, cast, get_args

from acd.model import AgentConfig, QueueConfig, RoutingConfig, Strategy, WrapUpRule
from ctiserver.directory import Agent, Directory, Queue
from ctiserver.errors import ConfigurationError

LEASE_MARGIN_S = 5.0
"""How much longer than the phone may ring the engine waits for our report before it frees the agent by itself."""


def routing_config(directory: Directory) -> RoutingConfig:
    return RoutingConfig(
        queues=tuple(queue_config(queue) for queue in directory.queues),
        agents=tuple(agent_config(agent) for agent in directory.agents),
        skills=frozenset(directory.skills) or None,
    )


def queue_config(queue: Queue) -> QueueConfig:
    """Raises ConfigurationError naming the queue for an unknown strategy."""
    strategies = get_args(Strategy)
    if queue.strategy not in strategies:
        raise ConfigurationError(
            f"queue {queue.id}: strategy {queue.strategy!r} is unknown", hint=f"use one of {', '.join(strategies)}"
        )
    return QueueConfig(
        queue_id=queue.id,
        skills=queue.skills,
        strategy=cast("Any", queue.strategy),
        priority_s=queue.priority_s,
        lease_s=queue.ring_timeout_s + LEASE_MARGIN_S,
        wrap_up=WrapUpRule("optional", queue.wrap_up_s) if queue.wrap_up_s > 0 else WrapUpRule(),
        max_waiting=queue.max_waiting,
        max_wait_s=queue.max_wait_s,
    )


def agent_config(agent: Agent) -> AgentConfig:
    return AgentConfig(
        agent_id=str(agent.id),
        skills=agent.skills,
        groups=(agent.team,) if agent.team else (),
    )
