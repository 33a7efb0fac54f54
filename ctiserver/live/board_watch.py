"""Keeps wallboards: tells their figures as they change, judges them, raises and clears alerts.

what happened ─▶ soon (at most four times a second) ─┐
every second, for what only time changes ────────────┴─▶ figures of each board ─▶ pages, where something is different
                                                          └▶ alerts ─▶ pages, Postgres (as soon as it is there), notices
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec
import structlog

from ctiserver.call.events import Step
from ctiserver.clock import Clock
from ctiserver.errors import DatabaseAwayError, Rejected
from ctiserver.kpi.boards import BOARD_FIGURES, DEFAULT_BOARD, Alert, Board, FigureRule, Standing, judge
from ctiserver.live import metrics
from ctiserver.live.audience import EVERY_SCREEN, EVERYONE, OnBoard, alert_seen, board_seen
from ctiserver.live.board_figures import Figured, Moment
from ctiserver.live.feed import Feed
from ctiserver.live.views import BoardView

log = structlog.get_logger()

SPACING_S = 0.25
EVERY_S = 1.0
READ_EVERY_S = 30.0  # another daemon, or somebody by hand, may have changed the boards
TAKE_UP_S = 60.0  # a restarted daemon finds callers and phones again within this time
MOST_WAITING = 1_000  # writes that wait for Postgres


class BoardStore(Protocol):
    """See store/boards.py. All raise DatabaseAwayError."""

    async def all(self) -> tuple[Board, ...]: ...

    async def open_alerts(self) -> list[Alert]: ...

    async def raise_alert(self, alert: Alert, board: Board, told: dict[str, object]) -> None: ...

    async def clear_alert(self, alert_id: str, at: float) -> None: ...

    async def acknowledge(self, alert_id: str, *, by: str, note: str, at: float) -> Alert | None: ...


class Source(Protocol):
    """See live/board_figures.py."""

    def moment(self) -> Moment: ...

    def of(self, board: Board, moment: Moment) -> Figured: ...


class _Standing:
    """How a figure of a board has stood so far."""

    __slots__ = ("alert", "kept_until", "missed_since", "standing")

    def __init__(self) -> None:
        self.standing: Standing = "none"
        self.missed_since: float | None = None
        self.alert: Alert | None = None
        self.kept_until = float("-inf")  # an alert of the process before outlives figures that are not whole yet


class BoardWatch:
    def __init__(self, source: Source, store: BoardStore, feed: Feed, clock: Clock) -> None:
        self._source = source
        self._store = store
        self._feed = feed
        self._clock = clock
        self._boards: tuple[Board, ...] = (DEFAULT_BOARD,)
        self._views: dict[str, BoardView] = {}
        self._standings: dict[tuple[str, str], _Standing] = {}
        self._writes: deque[Callable[[], Awaitable[object]]] = deque(maxlen=MOST_WAITING)
        self._due: asyncio.TimerHandle | None = None
        self._told_at = float("-inf")  # loop time
        self._known = False  # the alerts of the process before
        self._read_at = float("-inf")

    @property
    def boards(self) -> tuple[Board, ...]:
        return self._boards

    def views(self) -> tuple[BoardView, ...]:
        """As they were told last, computed now where nothing was yet."""
        if not self._views:
            self.tell()
        return tuple(self._views[board.id] for board in self._boards if board.id in self._views)

    def alerts(self) -> tuple[Alert, ...]:
        """Raised and not cleared, oldest first."""
        found = [state.alert for state in self._standings.values() if state.alert is not None]
        return tuple(sorted(found, key=lambda alert: (alert.raised_at, alert.id)))

    def on_durable(self, steps: Sequence[Step]) -> None:
        """Something happened: boards are told soon."""
        if self._due is None and steps:
            loop = asyncio.get_running_loop()
            self._due = loop.call_at(max(loop.time(), self._told_at + SPACING_S), self.tell)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            if self._clock.now() - self._read_at >= READ_EVERY_S:
                await self.read()
            self.tell()
            await self._write()
            await asyncio.sleep(EVERY_S)

    async def read(self) -> bool:
        """Takes the boards as they are stored, and at first the alerts that are open. False: Postgres is away."""
        try:
            boards = await self._store.all() or (DEFAULT_BOARD,)
            alerts = [] if self._known else await self._store.open_alerts()
        except DatabaseAwayError as error:
            log.warning("boards_not_read", problem=error.message, in_force="those known")
            return False
        self._read_at = self._clock.now()
        former, self._boards, self._known = self._boards, boards, True
        self._remember(alerts)
        self._forget_gone()
        if boards != former:
            self._feed.publish("boards", {}, EVERY_SCREEN)  # their setup is to be read again
            self.tell()
        return True

    async def acknowledge(self, alert_id: str, *, by: str, note: str) -> Alert:
        """Somebody has seen it and says so. Raises Rejected, DatabaseAwayError."""
        done = await self._store.acknowledge(alert_id, by=by, note=note, at=self._clock.now())
        if done is None:
            raise Rejected(f"alert {alert_id} is not there or was acknowledged", hint="reload the page")
        for state in self._standings.values():
            if state.alert is not None and state.alert.id == alert_id:
                state.alert = done
                self._feed.publish("alert", done, alert_seen(done.board))
        return done

    def measure(self) -> None:
        """Prometheus asks."""
        metrics.board_figure.clear()
        for view in self.views():
            for name, value in view.figures.items():
                if value is not None:
                    metrics.board_figure.labels(view.id, name).set(value)
        metrics.board_alerts.set(len(self.alerts()))
        metrics.trunk_lines.clear()
        for trunk in self._source.moment().trunks:
            metrics.trunk_lines.labels(trunk.id).set(trunk.in_use)

    def tell(self) -> None:
        """Computes all boards once and tells those of which something is different."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._told_at = asyncio.get_running_loop().time()
        moment = self._source.moment()
        found = {board.id: self._source.of(board, moment) for board in self._boards}
        self._feed.show({
            ident: OnBoard(queues=frozenset(one.queues), agents=one.members) for ident, one in found.items()
        })  # fmt: skip
        for board in self._boards:
            view = self._view(board, found[board.id], moment)
            former = self._views.get(board.id)
            if former is None or _shown(view) != _shown(former):
                self._feed.publish("board", view, board_seen(board.id))
            self._views[board.id] = view

    def _view(self, board: Board, found: Figured, moment: Moment) -> BoardView:
        standings: dict[str, Standing] = {}
        targets: dict[str, float | None] = {}
        for rule in board.figures:
            state = self._standings.setdefault((board.id, rule.figure), _Standing())
            value = found.figures.get(rule.figure)
            judged = judge(rule, value, found.contract.get(rule.figure), state.standing)
            standings[rule.figure], targets[rule.figure] = judged.standing, judged.target
            self._alert(board, rule, state, judged.standing, value, judged.target, moment.now)
        return BoardView(
            id=board.id,
            queues=found.queues,
            figures=found.figures,
            standings=standings,
            targets=targets,
            longest_wait_since=found.longest_wait_since,
            agents=found.agents,
            traffic=found.traffic,
            trunks=moment.trunks,
            members=tuple(sorted(found.members)) if board.queues and not board.teams else (),
        )

    def _alert(
        self,
        board: Board,
        rule: FigureRule,
        state: _Standing,
        standing: Standing,
        value: float | None,
        target: float | None,
        now: float,
    ) -> None:
        state.standing = standing
        if standing != "missed":
            state.missed_since = None
            if state.alert is not None and now >= state.kept_until:
                self._clear(state, now)
            return
        if state.missed_since is None:
            state.missed_since = now
        if not rule.alert:
            if state.alert is not None:
                self._clear(state, now)
            return
        if state.alert is not None or now - state.missed_since < rule.after_s:
            return
        ident = f"{board.id}.{rule.figure}.{round(now * 1000)}"
        raised = Alert(id=ident, board=board.id, figure=rule.figure, value=value, target=target, raised_at=now)
        state.alert = raised
        log.warning("board_alert", board=board.id, figure=rule.figure, value=value, target=target)
        self._feed.publish("alert", raised, alert_seen(board.id))
        told: dict[str, object] = {
            "board": board.name,
            "figure": rule.figure,
            "name": BOARD_FIGURES[rule.figure].name,
            "unit": BOARD_FIGURES[rule.figure].unit,
            "value": value,
            "target": target,
        }
        self._writes.append(lambda: self._store.raise_alert(raised, board, told))
        self._writes.append(self._tell_notices)

    def _clear(self, state: _Standing, now: float) -> None:
        alert, state.alert = state.alert, None
        if alert is None:
            return
        log.info("board_alert_over", board=alert.board, figure=alert.figure)
        self._feed.publish("alert", msgspec.structs.replace(alert, cleared_at=now), alert_seen(alert.board))
        self._writes.append(lambda: self._store.clear_alert(alert.id, now))

    async def _tell_notices(self) -> None:
        self._feed.publish("desk", {"topic": "notice", "id": 0}, EVERYONE)

    async def _write(self) -> None:
        while self._writes:
            try:
                await self._writes[0]()
            except DatabaseAwayError as error:
                log.warning("board_alerts_wait", problem=error.message, waiting=len(self._writes))
                return
            self._writes.popleft()

    def _remember(self, alerts: Sequence[Alert]) -> None:
        """Alerts of the process before stay open; if their figure is well, they are cleared once callers are taken up.

        Cleared at once they would be raised, and sent, a second time: a daemon that begins knows of nobody who waits.
        """
        until = self._clock.now() + TAKE_UP_S
        for alert in alerts:
            state = self._standings.setdefault((alert.board, alert.figure), _Standing())
            if state.alert is not None and state.alert.id == alert.id:
                continue  # our own, written meanwhile
            if state.alert is not None:  # raised again before Postgres was there
                later = state.alert
                self._writes.append(lambda ident=alert.id, at=later.raised_at: self._store.clear_alert(ident, at))
                continue
            state.alert, state.standing, state.missed_since = alert, "missed", alert.raised_at
            state.kept_until = until

    def _forget_gone(self) -> None:
        """Of a board or a figure that is no longer shown no alert stays open."""
        shown = {(board.id, rule.figure) for board in self._boards for rule in board.figures}
        for key in [key for key in self._standings if key not in shown]:
            self._clear(self._standings.pop(key), self._clock.now())
        ids = {board.id for board in self._boards}
        self._views = {ident: view for ident, view in self._views.items() if ident in ids}


def _shown(view: BoardView) -> BoardView:
    """Without what pages count on by themselves: how long the longest has waited."""
    figures = {name: value for name, value in view.figures.items() if name != "longest_wait"}
    return msgspec.structs.replace(view, figures=figures)
