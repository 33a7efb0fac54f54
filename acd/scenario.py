"""A simulation scenario: arrivals, conversations, patience and people. Durations in seconds from the start.

`load` takes what a YAML or JSON file says and refuses, with the field named, what makes no sense.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from acd.codec import from_json
from acd.errors import ConfigError
from acd.model import AgentChoice, AgentConfig, QueueConfig, RoutingConfig, WrapUpRule
from acd.validation import validate

MAX_AGENTS = 20_000


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A Poisson stream, up to the instant `until_s` where it is one of a list."""

    per_hour: float
    until_s: float | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """A random duration; `by_group` says what differs for agents of a group; `cv` is standard deviation / mean."""

    mean_s: float
    distribution: Literal["exponential", "constant", "lognormal"] = "exponential"
    cv: float = 1.0
    until_s: float | None = None
    by_group: Mapping[str, Duration] = field(default_factory=dict[str, "Duration"])


@dataclass(frozen=True, slots=True)
class Headcount:
    count: int
    until_s: float | None = None


@dataclass(frozen=True, slots=True)
class DayFactor:
    """A gamma variate by which all arrival rates of a replication are multiplied."""

    shape: float
    mean: float = 1.0


@dataclass(frozen=True, slots=True)
class QueueScenario:
    """One queue: `routing` is exactly the options of a real one."""

    id: str
    arrivals: tuple[Arrivals, ...]
    service: tuple[Duration, ...]
    routing: QueueConfig
    patience: tuple[Duration, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentGroup:
    group: str
    count: tuple[Headcount, ...]
    config: AgentConfig


@dataclass(frozen=True, slots=True)
class Scenario:
    horizon_s: float
    queues: tuple[QueueScenario, ...]
    agents: tuple[AgentGroup, ...]
    warmup_s: float = 0.0
    replications: int = 20
    seed: int = 1
    day_factor: DayFactor | None = None
    service_level_s: float = 20.0
    short_abandon_s: float = 5.0
    lines: int | None = None
    agent_choice: AgentChoice = "oldest_contact"

    def routing(self) -> RoutingConfig:
        """The router's configuration with every agent who is ever there."""
        return RoutingConfig(
            queues=tuple(queue.routing for queue in self.queues),
            agents=tuple(agent for group in self.agents for agent in members(group)),
            agent_choice=self.agent_choice,
            seed=self.seed,
        )


def members(group: AgentGroup) -> list[AgentConfig]:
    """The agents of a group at its largest."""
    most = max(headcount.count for headcount in group.count)
    return [replace(group.config, agent_id=f"{group.group}-{number:05}") for number in range(1, most + 1)]


# What a file may say; it is turned into the above.


@dataclass(frozen=True, slots=True)
class _QueueFile:
    id: str
    arrivals: Arrivals | tuple[Arrivals, ...]
    service: Duration | tuple[Duration, ...]
    wrap_up_s: float = 0.0
    patience: Duration | tuple[Duration, ...] | None = None
    max_waiting: int | None = None
    routing: dict[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class _AgentsFile:
    group: str
    count: int | tuple[Headcount, ...]
    skills: dict[str, int] = field(default_factory=dict[str, int])
    queues: dict[str, float] | tuple[str, ...] | None = None
    groups: tuple[str, ...] = ()
    order: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class _ScenarioFile:
    horizon_s: float
    queues: tuple[_QueueFile, ...]
    agents: tuple[_AgentsFile, ...]
    warmup_s: float = 0.0
    replications: int = 20
    seed: int = 1
    day_factor: DayFactor | None = None
    service_level_s: float = 20.0
    short_abandon_s: float = 5.0
    lines: int | None = None
    agent_choice: AgentChoice = "oldest_contact"


def load(data: object) -> Scenario:
    """The scenario that a file describes. Raises ConfigError."""
    file = from_json(_ScenarioFile, _spelled_out(data))
    _positive(file.horizon_s, "horizon_s")
    if not 0 <= file.warmup_s < file.horizon_s:
        raise ConfigError("warmup_s", f"must lie between 0 and horizon_s, not {file.warmup_s:g}")
    if file.replications < 1:
        raise ConfigError("replications", f"must be at least 1, not {file.replications}")
    if file.lines is not None and file.lines < 1:
        raise ConfigError("lines", f"must be at least 1, not {file.lines}")
    if file.day_factor is not None:
        _positive(file.day_factor.shape, "day_factor.shape")
        _positive(file.day_factor.mean, "day_factor.mean")
    if not file.queues:
        raise ConfigError("queues", "is empty")
    scenario = Scenario(
        horizon_s=file.horizon_s,
        queues=tuple(_queue(queue, f"queues[{number}]") for number, queue in enumerate(file.queues)),
        agents=tuple(_agents(group, f"agents[{number}]") for number, group in enumerate(file.agents)),
        warmup_s=file.warmup_s,
        replications=file.replications,
        seed=file.seed,
        day_factor=file.day_factor,
        service_level_s=file.service_level_s,
        short_abandon_s=file.short_abandon_s,
        lines=file.lines,
        agent_choice=file.agent_choice,
    )
    validate(scenario.routing())
    return scenario


def _queue(file: _QueueFile, where: str) -> QueueScenario:
    arrivals = file.arrivals if isinstance(file.arrivals, tuple) else (file.arrivals,)
    service = file.service if isinstance(file.service, tuple) else (file.service,)
    patience = file.patience if isinstance(file.patience, tuple) else (file.patience,) if file.patience else ()
    for stream in arrivals:
        if not (stream.per_hour >= 0 and math.isfinite(stream.per_hour)):
            raise ConfigError(f"{where}.arrivals.per_hour", f"must not be negative, not {stream.per_hour}")
    _parts([stream.until_s for stream in arrivals], f"{where}.arrivals")
    for name, durations in (("service", service), ("patience", patience)):
        _parts([duration.until_s for duration in durations], f"{where}.{name}")
        for duration in durations:
            _duration(duration, f"{where}.{name}")
    for given in ("queue_id", "max_waiting", "wrap_up"):
        if given in file.routing and not (given == "wrap_up" and not file.wrap_up_s):
            raise ConfigError(f"{where}.routing.{given}", "is set by the queue itself")
    routing = from_json(QueueConfig, {**file.routing, "queue_id": file.id}, f"{where}.routing")
    if file.wrap_up_s < 0:
        raise ConfigError(f"{where}.wrap_up_s", f"must not be negative, not {file.wrap_up_s:g}")
    if file.wrap_up_s:
        routing = replace(routing, wrap_up=WrapUpRule("fixed", file.wrap_up_s))
    routing = replace(routing, max_waiting=file.max_waiting)
    return QueueScenario(file.id, arrivals, service, routing, patience)


def _agents(file: _AgentsFile, where: str) -> AgentGroup:
    count = file.count if isinstance(file.count, tuple) else (Headcount(file.count),)
    _parts([headcount.until_s for headcount in count], f"{where}.count")
    for headcount in count:
        if not 0 <= headcount.count <= MAX_AGENTS:
            raise ConfigError(f"{where}.count", f"must be 0 to {MAX_AGENTS}, not {headcount.count}")
    queues = dict.fromkeys(file.queues, 0.0) if isinstance(file.queues, tuple) else file.queues
    groups = (file.group, *(group for group in file.groups if group != file.group))
    config = AgentConfig(file.group, file.skills, queues, groups, order=file.order, weight=file.weight)
    return AgentGroup(file.group, count, config)


def _duration(duration: Duration, where: str) -> None:
    _positive(duration.mean_s, f"{where}.mean_s")
    _positive(duration.cv, f"{where}.cv")
    for group, override in duration.by_group.items():
        _duration(override, f"{where}.by_group.{group}")


def _parts(untils: list[float | None], where: str) -> None:
    """A list by time: rising instants, only the last of which may be left open."""
    previous = 0.0
    for number, until in enumerate(untils):
        if until is None:
            if number < len(untils) - 1:
                raise ConfigError(f"{where}[{number}].until_s", "is missing; only the last part may be open")
        elif until <= previous:
            raise ConfigError(f"{where}[{number}].until_s", f"must be more than {previous:g}, not {until:g}")
        else:
            previous = until


def _positive(number: float, where: str) -> None:
    if not (number > 0 and math.isfinite(number)):
        raise ConfigError(where, f"must be more than 0, not {number}")


def _spelled_out(value: object) -> object:
    """`distribution: {lognormal: {cv: 0.8}}` means `distribution: lognormal, cv: 0.8`."""
    if isinstance(value, list):
        return [_spelled_out(item) for item in cast("list[object]", value)]
    if not isinstance(value, Mapping):
        return value
    spelled = {key: _spelled_out(item) for key, item in cast("Mapping[str, object]", value).items()}
    distribution = spelled.get("distribution")
    if isinstance(distribution, dict) and len(cast("dict[str, object]", distribution)) == 1:
        name, options = next(iter(cast("dict[str, object]", distribution).items()))
        spelled["distribution"] = name
        if isinstance(options, dict):
            spelled.update(cast("dict[str, object]", options))
    return spelled
