"""The menu is changed while callers stand in it: who is inside keeps what was heard, the next caller hears the new one,
a broken change reaches nobody, and going back is one step. Over a kill of the daemon, too."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from ctiserver.demo.phone_call import PhoneCall
from ctiserver.errors import CtiError
from tests.asterisk.calls.conftest import FLOWS, Floor
from tests.real_stack import POLL_S, RealStack, eventually, running_stack

FILE = "with_menu.yaml"
NOW = (FLOWS / FILE).read_text(encoding="utf-8")
CHANGED = NOW.replace('"0": people}', '"0": people, "3": moved}') + "  moved: {say: 营业厅已搬迁。, next: end}\n"
BROKEN = CHANGED.replace('"3": moved', '"3": mooved')


@pytest.fixture(scope="module")
def stack() -> Iterator[RealStack]:
    """Of its own: what is published here is in force for everybody."""
    with running_stack(flows=FLOWS) as stack:
        yield stack


async def in_the_menu(floor: Floor, number: str) -> PhoneCall:
    caller = await floor.call("101", number)
    await caller.wait_for("connected")
    await floor.until_node(number, "welcome")
    return caller


async def publish(floor: Floor, text: str, *, after: int) -> dict[str, Any]:
    body = {"after": after, "note": "搬迁", "changes": {FILE: text}}
    return await floor.desk.command("ops", "POST", "/api/flows/publish", body)


async def killed_and_back(floor: Floor) -> None:
    """Until the daemon has the calls again: what is pressed before that is pressed into the void."""
    starts = floor.stack.daemon_log.count("daemon_ready")
    floor.stack.kill_daemon()
    await eventually(lambda: floor.stack.daemon_log.count("daemon_ready") > starts, 90)
    async with asyncio.timeout(60):
        while True:
            try:
                await floor.desk.get("ops", "/health/ready")
            except CtiError:
                await asyncio.sleep(POLL_S)
            else:
                return


async def test_publishing_going_back_and_a_kill_in_between(floor: Floor) -> None:
    await floor.desk.sign_in("ops", floor.stack.account("ops")["password"])
    before = await in_the_menu(floor, "13700000701")
    with pytest.raises(CtiError) as refused:
        await publish(floor, BROKEN, after=0)
    assert f"{FILE}:5:" in str(refused.value)
    assert "did you mean moved?" in str(refused.value)

    release = await publish(floor, CHANGED, after=0)
    await before.dtmf("3")  # means nothing in the menu that this caller heard
    after = await in_the_menu(floor, "13700000702")
    await after.dtmf("3")
    await after.wait_for("ended", timeout=20)
    assert await floor.path("13700000702") == ["welcome", "moved", "end"]
    await before.dtmf("0")
    await floor.until_node("13700000701", "people")
    assert "moved" not in await floor.path("13700000701")
    await before.hang_up()

    inside = await in_the_menu(floor, "13700000703")
    await floor.desk.command(
        "ops", "POST", "/api/flows/rollback", {"to": release["number"] - 1, "after": release["number"], "note": "还早"}
    )
    await killed_and_back(floor)
    await inside.dtmf("3")
    await inside.wait_for("ended", timeout=30)
    assert (await floor.path("13700000703"))[-2:] == ["moved", "end"], "the version it began with, after a kill"

    last = await in_the_menu(floor, "13700000704")
    await last.dtmf("3")
    await last.dtmf("2")
    await floor.until_node("13700000704", "repairs")
    assert "moved" not in await floor.path("13700000704")
    await last.hang_up()
