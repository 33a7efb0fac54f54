"""Strangers at the SIP port: Asterisk's security events become figures, and a warning for each address that insists.

The walls themselves stand elsewhere (dialplan/pjsip*.conf, the packet filter in docs/firewall): this sees and tells.
Which account was tried is left out on purpose: it may be somebody's number.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from ctiserver.asterisk import metrics
from ctiserver.asterisk.ami_protocol import AmiMessage

log = structlog.get_logger()

REFUSALS = ("FailedACL", "InvalidAccountID", "InvalidPassword", "ChallengeResponseFailed")
"""AMI's names of what is never sent for a phone that does as configured."""
MANY = 20  # of one address …
WINDOW_S = 60.0  # … within this time
QUIET_S = 600.0  # told again only after so long
REMEMBERED = 1_000  # addresses


@dataclass(slots=True)
class _Address:
    since: float
    times: int = 0
    told_at: float = float("-inf")


class Intruders:
    """`now` tells monotonic seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._seen: OrderedDict[str, _Address] = OrderedDict()

    def event(self, event: AmiMessage) -> bool:
        """Whether it was one of ours."""
        kind = event.get("event", "")
        if kind not in REFUSALS:
            return False
        metrics.sip_refused(kind).inc()
        self._count(address_of(event.get("remoteaddress", "")), kind)
        return True

    def _count(self, address: str, kind: str) -> None:
        now = self._now()
        seen = self._seen.get(address)
        if seen is None:
            seen = self._seen[address] = _Address(now)
        self._seen.move_to_end(address)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        if now - seen.since > WINDOW_S:
            seen.since, seen.times = now, 0
        seen.times += 1
        if seen.times >= MANY and now - seen.told_at > QUIET_S:
            seen.told_at = now
            log.warning("sip_intruder", address=address, kind=kind, times=seen.times, hint="docs/firewall")


def address_of(told: str) -> str:
    """
    >>> address_of("IPV4/UDP/203.0.113.9/5060")
    '203.0.113.9'
    """
    parts = told.split("/")
    return parts[2] if len(parts) == 4 else "unknown"
