"""Something blocks the event loop: it is measured, and the log shows where it stood."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

from ctiserver.loop_watch import LAG, watch_loop


def observed() -> tuple[float, float]:
    """How many beats, and how many of them were at most 0.1 s late."""
    samples = {(s.name, s.labels.get("le", "")): s.value for metric in LAG.collect() for s in metric.samples}
    return samples[("cti_loop_lag_seconds_count", "")], samples[("cti_loop_lag_seconds_bucket", "0.1")]


async def beats(more: int, since: float) -> None:
    async with asyncio.timeout(30):
        while observed()[0] < since + more:  # noqa: ASYNC110 – the watch itself sleeps; nothing is set to wait for
            await asyncio.sleep(0.005)


def hold_everything_up(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


async def test_who_blocks_the_loop_is_named_while_it_does(tmp_path: Path) -> None:
    with (tmp_path / "stacks").open("w", encoding="utf-8") as stacks:
        watch = asyncio.create_task(watch_loop(beat_s=0.01, stall_s=0.1, stacks=stacks))
        count, punctual = observed()
        await beats(3, count)
        count, punctual = observed()
        hold_everything_up(0.5)
        await beats(1, count)
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
    late = (observed()[0] - count) - (observed()[1] - punctual)
    assert late >= 1
    assert "hold_everything_up" in (tmp_path / "stacks").read_text(encoding="utf-8")


async def test_a_loop_that_breathes_leaves_no_stack(tmp_path: Path) -> None:
    with (tmp_path / "stacks").open("w", encoding="utf-8") as stacks:
        watch = asyncio.create_task(watch_loop(beat_s=0.01, stall_s=30.0, stacks=stacks))
        count, _ = observed()
        await beats(5, count)
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
    assert (tmp_path / "stacks").read_text(encoding="utf-8") == ""
