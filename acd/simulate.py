"""The router in virtual time: random callers, conversations and patience, and what becomes of them.

Phones are answered at once; everything else is the real Router, told what a real system would tell it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from acd.decisions import ContactOverflowed, ContactRefused, Decision, Offer
from acd.events import (
    ContactEnded,
    ContactEnqueued,
    ContactLeft,
    Event,
    OfferAnswered,
    PresenceChanged,
    Tick,
)
from acd.figures import Figures, GroupTally, Tally, summarise, summarise_group
from acd.router import Router
from acd.scenario import AgentGroup, Arrivals, Duration, QueueScenario, Scenario, members


@dataclass(frozen=True, slots=True)
class Report:
    """Means and 95 % half-widths over the replications."""

    total: Figures
    queues: dict[str, Figures]
    agents: dict[str, Figures]
    contacts: int
    """Contacts simulated altogether, those of the warm-up included."""

    def as_json(self) -> dict[str, object]:
        return {"total": self.total, "queues": self.queues, "agents": self.agents}


def simulate(scenario: Scenario) -> Report:
    """Run all replications. The same scenario and seed give the same report."""
    runs = [Replication(scenario, number) for number in range(scenario.replications)]
    for run in runs:
        run.finish()
    within = scenario.service_level_s
    queues = {queue.id: summarise([run.tallies[queue.id] for run in runs], within) for queue in scenario.queues}
    totals: list[Tally] = []
    for run in runs:
        total = Tally()
        for tally in run.tallies.values():
            total = total.plus(tally)
        totals.append(total)
    groups = {group.group: summarise_group([run.groups[group.group] for run in runs]) for group in scenario.agents}
    return Report(summarise(totals, within), queues, groups, sum(run.arrived for run in runs))


@dataclass(slots=True)
class _Caller:
    """One simulated contact; `service` is drawn on arrival so that other rules meet the same callers."""

    queue: QueueScenario
    arrived_at: float
    service_s: float
    counted: bool
    agent_id: str | None = None


class Replication:
    """One day. Its random streams depend only on seed, replication, queue and purpose."""

    def __init__(self, scenario: Scenario, number: int) -> None:
        self.scenario = scenario
        self.router = Router(scenario.routing())
        self.tallies = {queue.id: Tally() for queue in scenario.queues}
        self.groups = {group.group: GroupTally() for group in scenario.agents}
        self.arrived = 0
        self._streams = {
            (queue.id, purpose): random.Random(f"{scenario.seed}/{number}/{queue.id}/{purpose}")
            for queue in scenario.queues
            for purpose in ("arrivals", "service", "patience")
        }
        self._factor = _day_factor(scenario, number)
        self._callers: dict[str, _Caller] = {}
        self._lines_taken = 0
        self._agenda: list[tuple[float, int, str, str]] = []
        self._agenda_number = 0
        self._queues = {queue.id: queue for queue in scenario.queues}
        self._group_of = {agent.agent_id: group.group for group in scenario.agents for agent in members(group)}
        self._signed_in_at: dict[str, float] = {}
        self._plan_staff()
        for queue in scenario.queues:
            self._plan_arrival(queue, 0.0)

    def finish(self) -> None:
        """Run until the last contact has left."""
        agenda = self._agenda
        while True:
            deadline = self.router.next_deadline()
            if agenda and (deadline is None or agenda[0][0] <= deadline):
                now, _, kind, subject = heappop(agenda)
                self._happens(kind, subject, now)
            elif deadline is not None and (self._callers or deadline < self.scenario.horizon_s):
                self._tell(Tick(), deadline)
            else:
                break
            if not self._callers and (not agenda or agenda[0][0] >= self.scenario.horizon_s):
                break
        for agent_id, since in self._signed_in_at.items():
            self._count_staffed(agent_id, since, self.scenario.horizon_s)

    def _happens(self, kind: str, subject: str, now: float) -> None:
        if kind == "arrival":
            self._arrival(self._queues[subject], now)
        elif kind == "end":
            self._callers.pop(subject)
            self._lines_taken -= 1
            self._tell(ContactEnded(subject), now)
        elif kind == "patience":
            self._abandon(subject, now)
        elif kind == "sign_in":
            self._signed_in_at.setdefault(subject, now)
            self._tell(PresenceChanged(subject, "ready"), now)
        else:
            if subject in self._signed_in_at:
                self._count_staffed(subject, self._signed_in_at.pop(subject), now)
            self._tell(PresenceChanged(subject, "signed_out"), now)

    def _arrival(self, queue: QueueScenario, now: float) -> None:
        self._plan_arrival(queue, now)
        self.arrived += 1
        counted = now >= self.scenario.warmup_s
        tally = self.tallies[queue.id]
        tally.offered += counted
        service_s = draw(_at(queue.service, now), self._streams[(queue.id, "service")])
        patience = _at(queue.patience, now) if queue.patience else None
        patience_s = draw(patience, self._streams[(queue.id, "patience")]) if patience is not None else math.inf
        if self.scenario.lines is not None and self._lines_taken >= self.scenario.lines:
            tally.blocked += counted
            return
        contact_id = str(self.arrived)
        caller = self._callers[contact_id] = _Caller(queue, now, service_s, counted)
        self._lines_taken += 1
        self._tell(ContactEnqueued(contact_id, queue.id), now)
        if caller.agent_id is None and contact_id in self._callers and patience_s < math.inf:
            self._plan(now + patience_s, "patience", contact_id)

    def _abandon(self, contact_id: str, now: float) -> None:
        caller = self._callers.get(contact_id)
        if caller is None or caller.agent_id is not None:
            return
        del self._callers[contact_id]
        self._lines_taken -= 1
        self._tell(ContactLeft(contact_id), now)
        if caller.counted:
            tally = self.tallies[caller.queue.id]
            tally.abandoned.append(now - caller.arrived_at)
            tally.short_abandons += now - caller.arrived_at <= self.scenario.short_abandon_s

    def _tell(self, event: Event, now: float) -> None:
        todo: list[Decision] = self.router.apply(event, now)
        while todo:
            decision = todo.pop(0)
            if isinstance(decision, Offer):
                todo += self._answer(decision, now)
            elif isinstance(decision, ContactRefused) or (
                isinstance(decision, ContactOverflowed) and decision.action != "queue"
            ):
                caller = self._callers.pop(decision.contact_id)
                self._lines_taken -= 1
                self.tallies[caller.queue.id].blocked += caller.counted

    def _answer(self, offer: Offer, now: float) -> list[Decision]:
        caller = self._callers[offer.contact_id]
        if caller.agent_id is not None:
            return []  # another agent of a ring-all was quicker
        caller.agent_id = offer.agent_id
        group = self._group_of[offer.agent_id]
        override = _at(caller.queue.service, caller.arrived_at).by_group.get(group)
        if override is not None:
            caller.service_s = draw(override, self._streams[(caller.queue.id, "service")])
        self._plan(now + caller.service_s, "end", offer.contact_id)
        if caller.counted:
            self.tallies[caller.queue.id].answered.append(now - caller.arrived_at)
            self.groups[group].contacts += 1
        rule = caller.queue.routing.wrap_up
        until = now + caller.service_s + (rule.seconds if rule.mode != "none" else 0.0)
        self.groups[group].worked_s += self._counted_s(now, until)
        return self.router.apply(OfferAnswered(offer.offer_id), now)

    def _plan_staff(self) -> None:
        for group in self.scenario.agents:
            for change in _staff_changes(group):
                self._plan(*change)

    def _plan_arrival(self, queue: QueueScenario, now: float) -> None:
        at = next_arrival(queue.arrivals, now, self._factor, self._streams[(queue.id, "arrivals")])
        if at < self.scenario.horizon_s:
            self._plan(at, "arrival", queue.id)

    def _plan(self, at: float, kind: str, subject: str) -> None:
        self._agenda_number += 1
        heappush(self._agenda, (at, self._agenda_number, kind, subject))

    def _counted_s(self, start: float, end: float) -> float:
        """The part of a span between the end of the warm-up and the horizon."""
        return max(0.0, min(end, self.scenario.horizon_s) - max(start, self.scenario.warmup_s))

    def _count_staffed(self, agent_id: str, start: float, end: float) -> None:
        self.groups[self._group_of[agent_id]].staffed_s += self._counted_s(start, end)


def _day_factor(scenario: Scenario, number: int) -> float:
    if scenario.day_factor is None:
        return 1.0
    stream = random.Random(f"{scenario.seed}/{number}/day")
    return stream.gammavariate(scenario.day_factor.shape, scenario.day_factor.mean / scenario.day_factor.shape)


def _staff_changes(group: AgentGroup) -> list[tuple[float, str, str]]:
    """Sign-ins and sign-outs as (instant, kind, agent): the last agents of a group are the surplus."""
    changes: list[tuple[float, str, str]] = []
    agents = members(group)
    start, present = 0.0, 0
    for headcount in group.count:
        changes += [(start, "sign_in", agent.agent_id) for agent in agents[present : headcount.count]]
        changes += [(start, "sign_out", agent.agent_id) for agent in agents[headcount.count : present]]
        present = headcount.count
        if headcount.until_s is None:
            break
        start = headcount.until_s
    return changes


def next_arrival(streams: Sequence[Arrivals], now: float, factor: float, stream: random.Random) -> float:
    """The next instant of a Poisson stream with piecewise constant rate; infinite when there is none."""
    needed = stream.expovariate(1.0)
    start = 0.0
    for part in streams:
        end = math.inf if part.until_s is None else part.until_s
        begin = max(start, now)
        rate = part.per_hour * factor / 3600
        if begin < end and rate > 0:
            if begin + needed / rate < end:
                return begin + needed / rate
            needed -= (end - begin) * rate
        start = end
    return math.inf


def draw(duration: Duration, stream: random.Random) -> float:
    """One random duration in seconds."""
    if duration.distribution == "constant":
        return duration.mean_s
    if duration.distribution == "exponential":
        return stream.expovariate(1.0) * duration.mean_s
    variance = math.log1p(duration.cv * duration.cv)
    return stream.lognormvariate(math.log(duration.mean_s) - variance / 2, math.sqrt(variance))


def _at(parts: Sequence[Duration], now: float) -> Duration:
    """The part in force at an instant; the last one goes on."""
    for part in parts:
        if part.until_s is None or now < part.until_s:
            return part
    return parts[-1]
