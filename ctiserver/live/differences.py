"""One difference between what we believe and what Asterisk or the routing engine has, and how it is put right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from ctiserver.live import metrics

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Difference:
    """`what`: the id of the call, channel, bridge, contact or phone. The same difference has the same kind and what."""

    kind: str
    what: str
    repair: Callable[[], Awaitable[object] | None]

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.what

    async def put_right(self) -> None:
        """Counted and logged, since none of them should be there. Raises LinkDownError."""
        metrics.repairs.labels(self.kind).inc()
        log.warning("repaired", kind=self.kind, what=self.what)
        doing = self.repair()
        if doing is not None:
            await doing
