"""After a real conversation: the agent's wrap-up by each mode of the queue, and what is booked of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.asterisk.calls.conftest import Floor

LONG_MS = 60_000  # longer than any story: what ends such a wrap-up is not the clock


@pytest.fixture
async def queue_as_before(floor: Floor) -> AsyncIterator[None]:
    before = (await floor.stack.query("SELECT wrap_up_ms, options::text AS options FROM queue WHERE id = 'service'"))[0]
    yield
    await wrap_up(floor, before["wrap_up_ms"], json.loads(before["options"]))


async def wrap_up(floor: Floor, milliseconds: int, options: dict[str, Any]) -> None:
    written = json.dumps(options)
    await floor.stack.change(
        f"UPDATE queue SET wrap_up_ms = {milliseconds}, options = '{written}' WHERE id = 'service'"  # noqa: S608
    )


async def talked(floor: Floor, number: str, mode: str, milliseconds: int) -> str:
    """A conversation of the only agent, which the caller ends; returns the call's id."""
    await wrap_up(floor, milliseconds, {"wrap_up": {"mode": mode}})
    phone = await floor.agent("1001", answer="auto")
    caller = await floor.call("100", number)
    state = await floor.until("1001", activity="talking")
    await caller.hang_up()
    await phone.next_call(20)
    return state["call_id"]


async def extend(floor: Floor, seconds: float) -> None:
    await floor.desk.command("1001", "POST", "/api/agents/me/wrap-up/extend", {"seconds": seconds})


@pytest.mark.usefixtures("queue_as_before")
async def test_none_leaves_the_agent_free_at_once(floor: Floor) -> None:
    await talked(floor, "13700010401", "none", LONG_MS)
    await floor.until("1001", activity="idle")
    assert not (await floor.record("13700010401"))["wrap_up_ms"]


@pytest.mark.usefixtures("queue_as_before")
async def test_a_fixed_time_ends_by_itself_only(floor: Floor) -> None:
    call_id = await talked(floor, "13700010402", "fixed", 2_000)
    state = await floor.until("1001", activity="wrap_up")
    assert state["wrap_up_mode"] == "fixed"
    assert state["wrap_up_until"] - state["activity_since"] == pytest.approx(2.0, abs=0.01)
    with pytest.raises(Exception, match="fixed length"):
        await floor.desk.finish_wrap_up("1001")
    await floor.until("1001", activity="idle")
    row = await floor.stack.row("SELECT wrap_up_ms FROM call WHERE id = :id AND wrap_up_ms > 0", id=call_id)
    assert row["wrap_up_ms"] >= 1_900, "it is written down some milliseconds after it began"


@pytest.mark.usefixtures("queue_as_before")
async def test_the_agent_asks_for_more_time_and_ends_it_early(floor: Floor) -> None:
    await talked(floor, "13700010403", "optional", LONG_MS)
    before = (await floor.until("1001", activity="wrap_up"))["wrap_up_until"]
    await extend(floor, 30)
    assert (await floor.until("1001", activity="wrap_up"))["wrap_up_until"] == pytest.approx(before + 30)
    await floor.desk.finish_wrap_up("1001")
    await floor.until("1001", activity="idle")


@pytest.mark.usefixtures("queue_as_before")
async def test_a_limited_time_ends_with_the_disposition(floor: Floor) -> None:
    call_id = await talked(floor, "13700010404", "limited", LONG_MS)
    state = await floor.until("1001", activity="wrap_up")
    assert state["wrap_up_until"] is not None
    with pytest.raises(Exception, match="disposition"):
        await floor.desk.finish_wrap_up("1001")
    await floor.desk.choose_disposition("1001", call_id, "inquiry")
    await floor.until("1001", activity="idle")
    row = await floor.stack.row("SELECT disposition FROM call WHERE id = :id AND disposition <> ''", id=call_id)
    assert row["disposition"] == "inquiry"
