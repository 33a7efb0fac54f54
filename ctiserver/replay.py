"""What would have happened: past callers and agents, met by the router under other rules. Pure.

Arrivals, conversations and the times at which agents were ready are those of the past. Two things are not known and are
drawn, by the caller's id, so that every set of rules meets the same callers:

* patience of who was answered: it is only known to have been longer than the wait (censored). The rest is drawn from an
  exponential distribution whose mean is all waiting of the queue divided by its abandonments, the maximum likelihood
  estimate under such censoring. Who gave up had exactly the patience that was seen.
* the conversation of who gave up: that of another caller of the same queue.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from heapq import heappop, heappush

import msgspec

from acd.decisions import ContactOverflowed, ContactRefused, Decision, Offer, WrapUpStarted
from acd.events import (
    ContactEnded,
    ContactEnqueued,
    ContactLeft,
    Event,
    OfferAnswered,
    OfferRinging,
    PresenceChanged,
    Tick,
    WrapUpEnded,
)
from acd.model import RoutingConfig
from acd.router import Router


class PastContact(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds; `talk_s` None: never answered."""

    id: str
    queue_id: str
    at: float
    waited_s: float
    abandoned: bool
    talk_s: float | None = None
    wrap_up_s: float = 0.0


class ReadySpan(msgspec.Struct, frozen=True, kw_only=True):
    """An agent was ready, whatever it did meanwhile."""

    agent_id: int
    since: float
    until: float


class Past(msgspec.Struct, frozen=True, kw_only=True):
    contacts: tuple[PastContact, ...]
    ready: tuple[ReadySpan, ...]
    ring_s: float = 0.0  # how long phones rang until they were answered, on average


class Figures(msgspec.Struct, kw_only=True):
    """Of one queue, by where callers entered. `within`: answered or abandoned within the threshold (SL1)."""

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    overflowed: int = 0
    within: int = 0
    answer_wait_s: float = 0.0

    @property
    def service_level(self) -> float | None:
        left = self.answered + self.abandoned
        return self.within / left if left else None

    @property
    def asa_s(self) -> float | None:
        return self.answer_wait_s / self.answered if self.answered else None

    @property
    def abandonment(self) -> float | None:
        left = self.answered + self.abandoned
        return self.abandoned / left if left else None

    def note(self, waited_s: float, threshold_s: float, *, answered: bool) -> None:
        self.within += waited_s <= threshold_s
        if answered:
            self.answered += 1
            self.answer_wait_s += waited_s
        else:
            self.abandoned += 1


class _Caller(msgspec.Struct):
    contact: PastContact
    patience_s: float
    talk_s: float
    wrap_up_s: float
    done: bool = False


def really(past: Past, thresholds: Mapping[str, float]) -> dict[str, Figures]:
    """What the records say, in the same figures."""
    found: dict[str, Figures] = {}
    for contact in past.contacts:
        figures = found.setdefault(contact.queue_id, Figures())
        figures.offered += 1
        if contact.talk_s is None and not contact.abandoned:
            figures.overflowed += 1
        else:
            threshold = thresholds.get(contact.queue_id, 20.0)
            figures.note(contact.waited_s, threshold, answered=contact.talk_s is not None)
    return found


def replay(past: Past, rules: RoutingConfig, thresholds: Mapping[str, float]) -> dict[str, Figures]:
    """By queue of entry. Contacts of queues that the rules do not have are left out."""
    return _Replay(past, rules, thresholds).run()


class _Replay:
    def __init__(self, past: Past, rules: RoutingConfig, thresholds: Mapping[str, float]) -> None:
        begin = min([c.at for c in past.contacts] + [s.since for s in past.ready], default=0.0)
        self._router = Router(rules, now=begin)
        self._ring_s = past.ring_s
        self._thresholds = thresholds
        self._callers = _drawn(past.contacts, {queue.queue_id for queue in rules.queues})
        self._figures = {queue.queue_id: Figures() for queue in rules.queues}
        self._offers: dict[str, str] = {}
        self._agenda: list[tuple[float, int, Event | str]] = []
        self._number = 0
        agents = {agent.agent_id for agent in rules.agents}
        for span in past.ready:
            if str(span.agent_id) in agents:
                self._plan(span.since, PresenceChanged(str(span.agent_id), "ready"))
                self._plan(span.until, PresenceChanged(str(span.agent_id), "signed_out"))
        for caller in self._callers.values():
            self._plan(caller.contact.at, ContactEnqueued(caller.contact.id, caller.contact.queue_id))

    def run(self) -> dict[str, Figures]:
        while self._agenda:
            deadline = self._router.next_deadline()
            if deadline is not None and deadline < self._agenda[0][0]:
                self._tell(Tick(), deadline)
                continue
            now, _, event = heappop(self._agenda)
            if isinstance(event, str):
                self._give_up(event, now)
            else:
                self._happens(event, now)
        return self._figures

    def _happens(self, event: Event, now: float) -> None:
        if isinstance(event, ContactEnqueued):
            caller = self._callers[event.contact_id]
            self._figures[event.queue_id].offered += 1
            if caller.patience_s < math.inf:
                self._plan(now + caller.patience_s, event.contact_id)
        elif isinstance(event, OfferAnswered):
            contact_id = self._offers.pop(event.offer_id, None)
            caller = self._callers.get(contact_id or "")
            if caller is None or caller.done:
                return  # gave up while it rang
            caller.done = True
            self._figures[caller.contact.queue_id].note(now - caller.contact.at, self._threshold(caller), answered=True)
            self._plan(now + caller.talk_s, ContactEnded(caller.contact.id))
        self._tell(event, now)

    def _give_up(self, contact_id: str, now: float) -> None:
        caller = self._callers[contact_id]
        if caller.done:
            return
        caller.done = True
        self._figures[caller.contact.queue_id].note(now - caller.contact.at, self._threshold(caller), answered=False)
        self._tell(ContactLeft(contact_id), now)

    def _tell(self, event: Event, now: float) -> None:
        todo: list[Decision] = self._router.apply(event, now)
        while todo:
            decision = todo.pop(0)
            match decision:
                case Offer():
                    self._offers[decision.offer_id] = decision.contact_id
                    todo += self._router.apply(OfferRinging(decision.offer_id), now)
                    ring_s = min(self._ring_s, max(0.0, decision.lease_until - now - 1))
                    self._plan(now + ring_s, OfferAnswered(decision.offer_id))
                case WrapUpStarted():
                    caller = self._callers[decision.contact_id]
                    self._plan(now + caller.wrap_up_s, WrapUpEnded(decision.agent_id))
                case ContactRefused():
                    self._lost(decision.contact_id)
                case ContactOverflowed() if decision.action != "queue":
                    self._lost(decision.contact_id)
                case _:
                    pass

    def _lost(self, contact_id: str) -> None:
        caller = self._callers[contact_id]
        if not caller.done:
            caller.done = True
            self._figures[caller.contact.queue_id].overflowed += 1

    def _threshold(self, caller: _Caller) -> float:
        return self._thresholds.get(caller.contact.queue_id, 20.0)

    def _plan(self, at: float, event: Event | str) -> None:
        self._number += 1
        heappush(self._agenda, (at, self._number, event))


def _drawn(contacts: Sequence[PastContact], queues: set[str]) -> dict[str, _Caller]:
    talks: dict[str, list[PastContact]] = {}
    waited: dict[str, float] = {}
    gave_up: dict[str, int] = {}
    for contact in contacts:
        waited[contact.queue_id] = waited.get(contact.queue_id, 0.0) + contact.waited_s
        gave_up[contact.queue_id] = gave_up.get(contact.queue_id, 0) + contact.abandoned
        if contact.talk_s is not None:
            talks.setdefault(contact.queue_id, []).append(contact)
    drawn: dict[str, _Caller] = {}
    for contact in contacts:
        if contact.queue_id not in queues:
            continue
        stream = random.Random(contact.id)  # noqa: S311 - the same caller in every replay
        patience_s = contact.waited_s
        if not contact.abandoned:
            abandons = gave_up[contact.queue_id]
            mean_s = waited[contact.queue_id] / abandons if abandons else math.inf
            patience_s += stream.expovariate(1.0) * mean_s if mean_s < math.inf else math.inf
        of_another = talks.get(contact.queue_id)
        model = contact if contact.talk_s is not None else stream.choice(of_another) if of_another else contact
        drawn[contact.id] = _Caller(contact, patience_s, model.talk_s or 0.0, model.wrap_up_s)
    return drawn
