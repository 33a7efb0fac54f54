"""What the API needs of wallboards: the store, and the watch that has them in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ctiserver.kpi.boards import Alert, Board
from ctiserver.live.views import BoardView
from ctiserver.store.boards import Boards


class Watch(Protocol):
    """See live/board_watch.py."""

    @property
    def boards(self) -> tuple[Board, ...]: ...

    def views(self) -> tuple[BoardView, ...]: ...

    def alerts(self) -> tuple[Alert, ...]: ...

    async def read(self) -> bool: ...

    async def acknowledge(self, alert_id: str, *, by: str, note: str) -> Alert: ...


@dataclass(frozen=True, kw_only=True)
class BoardDesk:
    store: Boards
    watch: Watch
