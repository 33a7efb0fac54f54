"""Where tasks are born: each has a name and an owner, and none dies unseen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from ctiserver.last_resort import end_without_memory

log = structlog.get_logger()


class TaskOwner:
    """Keeps the tasks of one component: starts them by name, reports their crash, stops them in one go.

    `on_crash(name, error)` is called when a task ends with an error; the owner decides whether that ends the process
    (the ARI reader, the journal writer) or only what the task served.
    """

    def __init__(self, name: str, on_crash: Callable[[str, BaseException], None] | None = None) -> None:
        self._name = name
        self._tasks: set[asyncio.Task[Any]] = set()
        self._on_crash = on_crash

    def start(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work, name=f"{self._name}:{name}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        end_without_memory(error)
        log.error("task_crashed", task=task.get_name(), error=repr(error), exc_info=error)
        if self._on_crash:
            self._on_crash(task.get_name(), error)

    async def stop(self, *, budget_s: float = 5.0) -> None:
        """Cancels what still runs and waits; names what outlives the budget."""
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        if tasks:
            _, alive = await asyncio.wait(tasks, timeout=budget_s)
            for task in alive:
                log.error("task_outlives_shutdown", task=task.get_name(), budget_s=budget_s)

    def __len__(self) -> int:
        return len(self._tasks)
