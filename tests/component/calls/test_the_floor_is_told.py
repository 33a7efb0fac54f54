"""What pages know beside the calls: who asks for help, who listens, lines to everybody, and which call is theirs."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from ctiserver.call.events import TransferRequested
from ctiserver.errors import Refused
from ctiserver.live.audience import Viewer, visible_snapshot
from ctiserver.live.feed import Subscription
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import conversation, dialled
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk

BOSS = Viewer(staff=True)


async def page_of(house: House, viewer: Viewer) -> Subscription:
    page = house.feed.subscribe(viewer, lambda: house.centre.snapshot(viewer.agent_id))
    await page.next_message()
    return page


async def told(page: Subscription, type: str, **fields: object) -> None:
    """Until a message of that type has these values."""
    async with asyncio.timeout(10):
        while True:
            message = msgspec.json.decode(await page.next_message())
            if message["type"] == type and all(message["data"][name] == value for name, value in fields.items()):
                return


async def test_a_page_forgets_the_call_that_was_sent_on(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=1))
    talk = await conversation(house, fake, 1, 2)
    first = await page_of(house, Viewer(staff=False, agent_id=1))
    second = await page_of(house, Viewer(staff=False, agent_id=2))
    call_id = talk.call_id
    controls = house.centre.controls
    controls.give(call_id, TransferRequested(target=controls.agent(2)))
    (await dialled(fake)).answer()
    await told(first, "call_removed", id=call_id)
    await told(second, "call", id=call_id, phase="talking", agent_id=2)
    talk.caller.hang_up()
    await told(second, "call_removed", id=call_id)
    await talk.is_over()


async def test_help_is_asked_answered_by_listening_and_over_with_the_call(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=1))
    talk = await conversation(house, fake, 1)
    boss, own = await page_of(house, BOSS), await page_of(house, Viewer(staff=False, agent_id=1))
    floor = house.centre.floor
    floor.ask_help(1, talk.call_id, "客户要求赔偿")
    await told(boss, "help", agent_id=1, state="asked", text="客户要求赔偿")
    house.centre.supervision.begin(1, "PJSIP/1002", "boss", "whisper")
    phone = await dialled(fake)
    await told(boss, "watch", agent_id=1, state="ringing", mode="whisper")
    phone.answer()
    await told(boss, "watch", agent_id=1, state="on")
    await told(own, "help", agent_id=1, state="answered", by="boss")
    assert [one.agent_id for one in house.centre.snapshot(None).helps] == [1]
    stranger = visible_snapshot(house.centre.snapshot(2), Viewer(staff=False, agent_id=2))
    assert (stranger.helps, stranger.watches) == ((), ()), "what is between two others"
    talk.caller.hang_up()
    await told(own, "help", agent_id=1, state="over")
    phone.hang_up()
    await told(boss, "watch", agent_id=1, state="ended")
    with pytest.raises(Refused, match="does not ask"):
        floor.answer_help(1, "boss")
    await talk.is_over()


async def test_a_line_to_everybody_is_there_for_who_comes_later(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    own = await page_of(house, Viewer(staff=False, agent_id=1))
    house.centre.broadcast("今天下午停水", "boss", None)
    house.centre.broadcast("只给一组", "boss", "another")
    await told(own, "broadcast", text="今天下午停水", by="boss")
    seen = visible_snapshot(house.centre.snapshot(1), Viewer(staff=False, agent_id=1))
    assert [line.text for line in seen.broadcasts] == ["今天下午停水"]
    assert len(visible_snapshot(house.centre.snapshot(None), BOSS).broadcasts) == 2
