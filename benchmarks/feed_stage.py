"""The HTTP server with its feed, on doubles of the store, for what is measured of pages: 200 agents, ten queues."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any, cast

import msgspec

from ctiserver.api.boards.desk import BoardDesk
from ctiserver.api.context import ApiContext
from ctiserver.api.server import HttpServer, build_app
from ctiserver.clock import SystemClock
from ctiserver.config import HttpSettings, Settings
from ctiserver.kpi.boards import BOARD_FIGURES, DEFAULT_BOARD
from ctiserver.live.audience import EVERY_SCREEN, agent_seen, board_seen
from ctiserver.live.feed import Feed
from ctiserver.live.views import BoardView, CentreSnapshot, QueueView
from ctiserver.store.audio_files import AudioFiles
from ctiserver.store.boards import BoardLink
from tests.component.api import fake_store as doubles
from tests.component.api.example_views import agent_view, queue_view
from tests.component.api.fake_centre import FakeCentre
from tests.component.api.fake_configuration import FakeConfiguration
from tests.component.api.fake_hotline import FakeHotline
from tests.component.api.flow_stage import flow_desk

LINK_TOKEN = "a-screen-that-is-measured"  # noqa: S105 - opens nothing but this stage
AGENTS, QUEUES = 200, 10
BOARD_EVERY_S = 0.25  # as live/board_watch.py tells boards at most


class Centre(FakeCentre):
    """With as many agents and queues as are told of."""

    def __init__(self) -> None:
        super().__init__()
        self.views = [agent_view(number) for number in range(1, AGENTS + 1)]

    def queues(self) -> list[QueueView]:
        return [queue_view(f"q{number}") for number in range(QUEUES)]

    def snapshot(self, agent_id: int | None) -> CentreSnapshot:
        return msgspec.structs.replace(super().snapshot(agent_id), now=time.time(), boards=(board_view(0),))


class Links:
    """One link, which is everybody's."""

    async def link_of(self, token: str) -> BoardLink | None:
        return BoardLink(
            id=1, name="wall", boards=(DEFAULT_BOARD.id,), tiles=True, language="zh-CN", theme="dark", created_by="",
            created_at=0.0, expires_at=None, revoked_at=None, used_at=None,
        )  # fmt: skip


class Watch:
    boards = (DEFAULT_BOARD,)

    def views(self) -> tuple[BoardView, ...]:
        return (board_view(0),)


class FeedStage:
    """`web_folder`: the built pages, where a browser is to show them."""

    def __init__(self, folder: Path, web_folder: Path | None = None) -> None:
        store, clock = doubles.FakeStore(), SystemClock()
        self.feed = Feed(clock)
        http = HttpSettings(port=0) if web_folder is None else HttpSettings(port=0, web_folder=web_folder)
        boards = BoardDesk(store=cast(Any, Links()), watch=cast(Any, Watch()))
        context = ApiContext(
            settings=Settings(var=folder, http=http),
            centre=Centre(),
            feed=self.feed,
            clock=clock,
            users=doubles.FakeUsers(store),
            calls=doubles.FakeCalls(store),
            recordings=doubles.FakeRecordings(store),
            customers=doubles.FakeCustomers(store),
            audit=doubles.FakeAudit(store),
            hotline=FakeHotline(),
            configuration=FakeConfiguration(store),
            hash_password=doubles.fake_hash,
            audio=AudioFiles(folder),
            flows=flow_desk(folder / "flows"),
            boards=boards,
        )
        self.server = HttpServer(build_app(context), http)

    async def publish(self, rate: int, seconds: float) -> int:
        """Four of five events are an agent's, one is a queue's; the board is told beside. How many there were."""
        begun, published, turn = time.perf_counter(), 0, 0
        for number in range(round(rate * seconds)):
            if number % 5:
                agent = agent_view(number % AGENTS + 1, activity=("idle", "talking")[number // AGENTS % 2])
                self.feed.publish("agent", agent, agent_seen(agent.id))
            else:
                self.feed.publish("queue", queue_view(f"q{number // 5 % QUEUES}", waiting=number % 7), EVERY_SCREEN)
            published += 1
            if time.perf_counter() - begun >= turn * BOARD_EVERY_S:
                turn += 1
                self.feed.publish("board", board_view(turn), board_seen(DEFAULT_BOARD.id))
                published += 1
            await asyncio.sleep(max(0.0, begun + (number + 1) / rate - time.perf_counter()))
        return published


def board_view(turn: int) -> BoardView:
    """Every figure is another one each turn."""
    figures: dict[str, float | None] = {
        name: (turn % 100) / 100 if figure.unit == "share" else turn % 50 for name, figure in BOARD_FIGURES.items()
    }
    rules = [rule.figure for rule in DEFAULT_BOARD.figures]
    return BoardView(
        id=DEFAULT_BOARD.id,
        queues=tuple(f"q{number}" for number in range(QUEUES)),
        figures=figures,
        standings=dict.fromkeys(rules, "ok" if turn % 2 else "near"),
        targets=dict.fromkeys(rules, 1.0),
        longest_wait_since=time.time() - turn % 50,
        agents={"ready": turn % AGENTS, "talking": AGENTS - turn % AGENTS},
        traffic=(),
    )
