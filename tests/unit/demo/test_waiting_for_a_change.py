"""Changes wakes all who wait; each looks at a condition of its own."""

import asyncio

import pytest

from ctiserver.demo.waiting import Changes


async def test_only_those_whose_condition_holds_go_on() -> None:
    changes, value = Changes(), [0]
    first = asyncio.create_task(changes.until(lambda: value[0] >= 1, 5))
    second = asyncio.create_task(changes.until(lambda: value[0] >= 2, 5))
    await asyncio.wait([first, second], timeout=0)

    value[0] = 1
    changes.announce()
    await first
    assert not second.done()

    value[0] = 2
    changes.announce()
    await second


async def test_a_condition_that_holds_needs_no_announcement() -> None:
    await Changes().until(lambda: True, 0.001)


async def test_nothing_happens_in_time() -> None:
    with pytest.raises(TimeoutError):
        await Changes().until(lambda: False, 0.001)
