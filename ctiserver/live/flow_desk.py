"""Everything about flows that pages work with, in one place for the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ctiserver.live.flow_keeper import FlowKeeper
from ctiserver.live.flow_publishing import FlowPublishing, ReleaseStore
from ctiserver.live.flow_statistics import FlowStatistics
from ctiserver.store.flow_rows import Passage

Positions = Callable[[], Mapping[tuple[str, str], int]]


class PassageStore(Protocol):
    """Provided by store/flow_passages.py."""

    async def of(self, flow: str, since: float, until: float, *, bucket: str = "") -> list[Passage]:
        """Raises DatabaseAwayError."""
        ...


@dataclass(frozen=True, kw_only=True)
class FlowDesk:
    """`positions`: how many callers stand in which (flow, node) at this moment."""

    publishing: FlowPublishing
    statistics: FlowStatistics
    passages: PassageStore
    positions: Positions

    @property
    def keeper(self) -> FlowKeeper:
        return self.publishing.keeper

    @property
    def store(self) -> ReleaseStore:
        return self.publishing.store

    def inside(self, flow: str) -> dict[str, int]:
        """Node → callers who stand there now."""
        return {node: callers for (of, node), callers in self.positions().items() if of == flow}
