"""How fast the router decides, beside a straightforward scan of all agents and all who wait (what app_queue does).

    python -m benchmarks.routing [--agents 100 1000 10000] [--seconds 5]

Agents have 1 to 8 of 200 skills; half of the 500 queues ask for one skill, half for two, relaxed after 60 s. The load
is such that half as many contacts wait as there are agents; each round somebody hangs up or is done, an agent becomes
free and takes the best contact, and a new one arrives. One decision is one `Router.apply` that made an offer. The
figures are those of the fastest of ten batches: other work on the machine makes the rest slower, never faster.
"""

from __future__ import annotations

import argparse
import gc
import random
import tracemalloc
from dataclasses import dataclass, field
from time import perf_counter

from acd import (
    AgentConfig,
    ContactEnded,
    ContactEnqueued,
    ContactLeft,
    Event,
    Offer,
    OfferAnswered,
    PresenceChanged,
    QueueConfig,
    Router,
    RoutingConfig,
    Step,
)
from acd.matching import Requirement, build, matches

SKILLS = [f"skill{number}" for number in range(200)]
WARM_UP_ROUNDS = 300
SCAN_ROUNDS = 30
BATCHES = 10


@dataclass
class Centre:
    """A router under a steady load, and the plain data that the scan reads."""

    agents: list[AgentConfig]
    queues: list[QueueConfig]
    stream: random.Random
    now: float = 0.0
    number: int = 0
    talking: list[str] = field(default_factory=list[str])
    waiting: dict[str, tuple[str, float]] = field(default_factory=dict[str, "tuple[str, float]"])
    decision_s: list[float] = field(default_factory=list[float])
    event_s: list[float] = field(default_factory=list[float])

    def start(self, waiting: int) -> None:
        self.router = Router(RoutingConfig(queues=tuple(self.queues), agents=tuple(self.agents)))
        for agent in self.agents:
            self.tell(PresenceChanged(agent.agent_id, "ready"))
        while len(self.waiting) < waiting:
            self.arrive()

    def tell(self, event: Event) -> None:
        started = perf_counter()
        decisions = self.router.apply(event, self.now)
        took = perf_counter() - started
        self.event_s.append(took)
        offers = [decision for decision in decisions if isinstance(decision, Offer)]
        if offers:
            self.decision_s.append(took)
        for offer in offers:
            self.waiting.pop(offer.contact_id, None)
            self.talking.append(offer.contact_id)
            self.tell(OfferAnswered(offer.offer_id))

    def arrive(self) -> None:
        self.number += 1
        self.now += 0.01
        contact_id, queue_id = f"c{self.number}", self.stream.choice(self.queues).queue_id
        self.waiting[contact_id] = (queue_id, self.now)
        self.tell(ContactEnqueued(contact_id, queue_id))

    def round(self, waiting: int) -> None:
        """Somebody is done, sometimes somebody gives up, and the queue is filled up again."""
        self.now += 0.01
        if self.talking:
            place = self.stream.randrange(len(self.talking))
            self.talking[place], self.talking[-1] = self.talking[-1], self.talking[place]
            self.tell(ContactEnded(self.talking.pop()))
        if self.stream.random() < 0.1 and self.waiting:
            contact_id = next(iter(self.waiting))
            del self.waiting[contact_id]
            self.tell(ContactLeft(contact_id))
        while len(self.waiting) < waiting:
            self.arrive()


def centre(agents: int, seed: int = 1) -> Centre:
    stream = random.Random(seed)  # noqa: S311 - traffic, not cryptography
    people = [
        AgentConfig(
            f"a{number}", {skill: stream.randint(1, 10) for skill in stream.sample(SKILLS, stream.randint(1, 8))}
        )
        for number in range(agents)
    ]
    queues: list[QueueConfig] = []
    for number in range(max(10, min(500, agents // 4))):
        wanted = dict.fromkeys(stream.sample(SKILLS, 1 + number % 2), 3)
        queues.append(QueueConfig(f"q{number}", skills=wanted, steps=(Step(60, levels=dict.fromkeys(wanted, 1)),)))
    return Centre(people, queues, stream)


def scan_once(case: Centre, requirements: dict[str, Requirement]) -> float:
    """Seconds for one decision by looking at every waiting contact for one free agent, then at every agent for it."""
    agent = case.stream.choice(case.agents)
    started = perf_counter()
    best: tuple[float, str] | None = None
    for contact_id, (queue_id, entered_at) in case.waiting.items():
        if matches(requirements[queue_id], agent.skills) and (best is None or (entered_at, contact_id) < best):
            best = (entered_at, contact_id)
    if best is not None:
        wanted = requirements[case.waiting[best[1]][0]]
        _ = [other.agent_id for other in case.agents if matches(wanted, other.skills)]
    return perf_counter() - started


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def batch(case: Centre, waiting: int, seconds: float) -> tuple[list[float], float]:
    """Seconds of each decision in one batch, and the mean microseconds of any event."""
    case.decision_s.clear()
    case.event_s.clear()
    until = perf_counter() + seconds
    while perf_counter() < until or not case.decision_s:
        case.round(waiting)
    return list(case.decision_s), sum(case.event_s) / len(case.event_s) * 1e6


def measure(agents: int, seconds: float) -> None:
    waiting = agents // 2
    tracemalloc.start()
    case = centre(agents)
    case.start(waiting)
    memory_mb = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    # What a daemon does after its start: the configuration is not garbage, so it need not be searched for any.
    gc.collect()
    gc.freeze()
    for _ in range(WARM_UP_ROUNDS):
        case.round(waiting)
    batches = [batch(case, waiting, seconds / BATCHES) for _ in range(BATCHES)]
    decisions, event_us = min(batches, key=lambda each: sum(each[0]) / len(each[0]))
    requirements = {queue.queue_id: build(queue.skills) for queue in case.queues}
    scan_us = percentile([scan_once(case, requirements) for _ in range(SCAN_ROUNDS)], 0.5) * 1e6
    mean_us = sum(decisions) / len(decisions) * 1e6
    print(
        f"{agents:7} {len(case.queues):7} {waiting:8} {len(decisions):10} {1e6 / mean_us:12,.0f} {mean_us:8.1f} "
        f"{percentile(decisions, 0.5) * 1e6:7.1f} {percentile(decisions, 0.99) * 1e6:7.1f} "
        f"{event_us:9.1f} {memory_mb:8.0f} {scan_us:12,.1f} {scan_us / mean_us:7.0f}x"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Routing decisions per second, beside a plain scan.")
    parser.add_argument("--agents", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    print(
        f"{'agents':>7} {'queues':>7} {'waiting':>8} {'decisions':>10} {'decisions/s':>12} {'mean µs':>8} "
        f"{'p50 µs':>7} {'p99 µs':>7} {'event µs':>9} {'MB':>8} {'scan µs':>12} {'ratio':>8}"
    )
    for agents in options.agents:
        measure(agents, options.seconds)


if __name__ == "__main__":
    main()
