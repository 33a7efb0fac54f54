"""The people and queues by which the engine works, and the queues' hours: each change is told to it."""

from __future__ import annotations

import dataclasses

import structlog

from acd import events as told
from acd.model import QueueConfig
from ctiserver.call.events import PresenceChosen
from ctiserver.clock import Clock
from ctiserver.directory import Agent, Directory, Queue
from ctiserver.live.phones_in_use import Tell
from ctiserver.live.queue_hours import QueueHours
from ctiserver.routing.config import DIRECT, agent_config, centre_config, queue_config

log = structlog.get_logger()


class DirectoryInForce:
    """`tell` is the dispatcher's way to the engine; `hours` knows when queues open and close."""

    def __init__(self, directory: Directory, hours: QueueHours, clock: Clock, tell: Tell) -> None:
        self._hours = hours
        self._clock = clock
        self._tell = tell
        self._shut: frozenset[str] = frozenset()  # queues that are closed by their hours now
        self._use(directory)

    def _use(self, directory: Directory) -> None:
        self.directory = directory
        self.agents = {agent.id: agent for agent in directory.agents}
        self._by_extension = {agent.extension: agent for agent in directory.agents}
        self._queues = {queue.id: queue for queue in directory.queues}

    def agent_at(self, extension: str) -> Agent | None:
        return self._by_extension.get(extension)

    def is_known(self, agent_id: int) -> bool:
        return agent_id in self.agents

    def has_queue(self, queue_id: str) -> bool:
        return queue_id in self._queues

    def queue_of(self, queue_id: str) -> str:
        """Under which the engine has a contact: the queue, or that of calls that are meant for one agent."""
        return queue_id if queue_id in self._queues else DIRECT

    def ring_timeout_s(self, queue_id: str) -> float:
        queue = self._queues.get(queue_id)
        return queue.ring_timeout_s if queue is not None else 20.0

    def skills(self, queue_id: str, wanted: dict[str, int]) -> dict[str, int] | str | None:
        """The flow's wishes on top of what the queue asks for; None: the queue's own."""
        if not wanted:
            return None
        queue = self._queues.get(queue_id)
        expression = queue.options.get("expression") if queue is not None else None
        if isinstance(expression, str) and expression.strip():
            wishes = " and ".join(f"{skill} >= {level}" for skill, level in sorted(wanted.items()))
            return f"({expression}) and {wishes}"
        return {**(queue.skills if queue is not None else {}), **wanted}

    def configure(self, directory: Directory) -> None:
        """People or queues were changed. Whoever waits keeps the place; an agent deleted in a call finishes it."""
        known_queues, known_agents = self._queues, self.agents
        self._use(directory)
        rules = centre_config(directory)
        self._tell(told.NamesConfigured(rules.skills, rules.groups), {})
        self._tell(told.RulesConfigured(rules.cool_down_s, rules.max_misses, rules.agent_choice), {})
        for gone in known_agents.keys() - self.agents.keys():  # first: what follows must not offer them anything
            removed = PresenceChosen(agent_id=gone, presence="signed_out", by="system")
            self._tell(told.AgentRemoved(str(gone)), {gone: removed})
        changed = [queue for queue in directory.queues if known_queues.get(queue.id) != queue]
        for queue in changed:  # first without overflows: between two settings there may be a circle that neither has
            self._tell(told.QueueConfigured(dataclasses.replace(self._queue_config(queue), overflow={})), {})
        for queue in changed:
            if (config := self._queue_config(queue)).overflow:
                self._tell(told.QueueConfigured(config), {})
        for agent in directory.agents:
            if known_agents.get(agent.id) != agent:
                self._tell(told.AgentConfigured(agent_config(agent)), {})
        for gone_queue in [queue_id for queue_id in known_queues if queue_id not in self._queues]:
            self._tell(told.QueueRemoved(gone_queue), {})

    def mind_hours(self) -> frozenset[str]:
        """Opens and closes queues by calendar and roster. Returns those that turned."""
        queues = self.directory.queues
        before, self._shut = self._shut, self._hours.shut(queues, self._clock.now())
        turned = before ^ self._shut
        for queue in queues:
            if queue.id in turned:
                is_open = self._queue_config(queue).open
                log.info("queue_opens" if is_open else "queue_closes", queue=queue.id)
                self._tell(told.QueueOpened(queue.id) if is_open else told.QueueClosed(queue.id), {})
        return turned

    def _queue_config(self, queue: Queue) -> QueueConfig:
        config = queue_config(queue)
        return dataclasses.replace(config, open=config.open and queue.id not in self._shut)
