"""Stopping in stages: what was begun last ends first, each stage within a budget of its own.

A stage that does not end in time is named, with the tasks that are still at it, and left behind: one part that hangs
(a disk, a peer) must keep neither the journal from being closed nor the process from ending.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import structlog

log = structlog.get_logger()

STAGE_BUDGET_S = 5.0


@dataclass(frozen=True)
class Stage:
    name: str
    stop: Callable[[], Awaitable[object]]
    budget_s: float


class Stages:
    """`async with Stages() as stages`: at the end of the block all that was added stops, in reverse order."""

    def __init__(self) -> None:
        self._stages: list[Stage] = []
        self.overdue: list[str] = []  # stages that did not end in time

    def add(self, name: str, stop: Callable[[], Awaitable[object]], budget_s: float = STAGE_BUDGET_S) -> None:
        self._stages.append(Stage(name, stop, budget_s))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        failures: list[BaseException] = []
        while self._stages:
            if failure := await self._end(self._stages.pop()):
                failures.append(failure)
        if failures and error is None:
            raise failures[0]

    async def _end(self, stage: Stage) -> BaseException | None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        task = asyncio.ensure_future(stage.stop())
        done, _ = await asyncio.wait([task], timeout=stage.budget_s)
        took = round(loop.time() - began, 3)
        if not done:
            self.overdue.append(stage.name)
            alive = sorted(each.get_name() for each in asyncio.all_tasks() if each is not asyncio.current_task())
            log.error("stage_outlives_budget", stage=stage.name, budget_s=stage.budget_s, alive=alive)
            task.cancel()
            return None
        if failure := task.exception():
            log.error("stage_failed", stage=stage.name, seconds=took, error=repr(failure), exc_info=failure)
            return failure
        log.debug("stage_ended", stage=stage.name, seconds=took)
        return None
