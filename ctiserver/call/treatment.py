"""What a customer's tags do to the call: a head start in every queue, another flow, or no call at all.

    {"vip": {"priority_s": 60}, "blacklist": {"flow": "blocked"}, "nuisance": {"refuse": true}}

A flow may look at `customer.tags` besides; this holds on every line without one word in any flow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Treatment:
    """
    priority_s: seconds of head start in each queue, on top of the flow's; less than 0 comes behind the others.
    flow: answers instead of the line's flow.
    refuse: the call is ended before any flow begins.
    """

    priority_s: float = 0.0
    flow: str | None = None
    refuse: bool = False

    @property
    def diverts(self) -> bool:
        """Must be known before the flow begins."""
        return self.refuse or self.flow is not None


Treatments = Mapping[str, Treatment]
AS_ANYBODY = Treatment()


def treatment_of(tags: Iterable[str], treatments: Treatments) -> Treatment:
    """Head starts of several tags add up; refusing is stronger than a flow; of flows the first rule's counts."""
    carried = frozenset(tags)
    rules = [rule for tag, rule in treatments.items() if tag in carried]
    if not rules:
        return AS_ANYBODY
    return Treatment(
        priority_s=sum(rule.priority_s for rule in rules),
        flow=next((rule.flow for rule in rules if rule.flow is not None), None),
        refuse=any(rule.refuse for rule in rules),
    )
