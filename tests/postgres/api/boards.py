"""Wallboards of an office without callers."""

from __future__ import annotations

from ctiserver.api.boards.desk import BoardDesk
from ctiserver.api.context import CONTEXT
from ctiserver.clock import SystemClock
from ctiserver.kpi.boards import Board
from ctiserver.live.board_figures import Figured, Moment
from ctiserver.live.board_watch import BoardWatch
from ctiserver.store.boards import Boards
from tests.postgres.api.conftest import Office


class Figures:
    """Where the figures come from: `waiting` callers."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock, self.waiting = clock, 0
        self.members: dict[str, frozenset[int]] = {}  # by board

    def moment(self) -> Moment:
        return Moment(now=self._clock.now(), queues={}, agents=(), states={}, live_calls=0, lines=0)

    def of(self, board: Board, moment: Moment) -> Figured:
        figures: dict[str, float | None] = {"waiting": self.waiting}
        return Figured(
            queues=board.queues, figures=figures, contract={"service_level": 0.8}, longest_wait_since=None, agents={},
            traffic=(), members=self.members.get(board.id, frozenset()),
        )  # fmt: skip


def hang_boards(office: Office) -> tuple[Figures, BoardWatch]:
    """Gives the office its wallboards."""
    context = office.server.app[CONTEXT]
    store, figures = Boards(office.database), Figures(SystemClock())
    watch = BoardWatch(figures, store, context.feed, SystemClock())
    object.__setattr__(context, "boards", BoardDesk(store=store, watch=watch))
    return figures, watch
