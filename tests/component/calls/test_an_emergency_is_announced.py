"""Emergency announcements: heard before anything else, by those who are meant, also where the flow has no menu."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ctiserver.call.events import AnnouncementHeard, CallEnded, NodeEntered, QueueEntered
from ctiserver.call.screen_pop import CustomerCard
from ctiserver.hotline_settings import HotlineSettings
from ctiserver.ivr.emergency import Announcement
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.calls.test_the_daemon_restarts import restarted
from tests.component.fake_asterisk import FakeAsterisk

BURST = Announcement(id=1, title="爆管", texts={"zh-CN": "和平里爆管，正在抢修。"})
IN_THE_EAST = msgspec.structs.replace(BURST, id=2, areas=("城东区",))
CARD = CustomerCard(id=7, name="李先生", district="城东区", address="城东区 和平里")


def announce(house: House, *announcements: Announcement) -> None:
    house.centre.use_hotline(HotlineSettings(announcements=announcements))


def heard(house: House) -> list[int]:
    return [fact.announcement_id for fact in house.facts(AnnouncementHeard)]


async def test_everybody_hears_it_before_a_flow_without_a_menu(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    announce(house, BURST)
    caller = await fake.call("100")
    await caller.wait_for_prompt("和平里爆管")
    assert house.facts(NodeEntered) == []
    caller.press("1")  # nobody asked yet
    caller.finish_prompt()
    await house.until_fact(QueueEntered)
    assert heard(house) == [1]


async def test_a_switched_off_one_is_silent_and_the_next_caller_hears_the_change(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9))
    announce(house, msgspec.structs.replace(BURST, enabled=False))
    await fake.call("100")
    await house.until_fact(QueueEntered)
    announce(house, BURST)
    second = await fake.call("100")
    await second.wait_for_prompt("和平里爆管")
    assert heard(house) == [1]


async def test_the_call_may_end_after_it(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    announce(house, msgspec.structs.replace(BURST, hang_up=True))
    caller = await fake.call("101")
    await caller.wait_for_prompt()
    caller.finish_prompt()
    ended = await house.until_fact(CallEnded)
    assert (ended.ended_by, ended.reason) == ("flow", "announcement")
    assert house.facts(NodeEntered) == []
    await house.until_quiet()


async def test_only_the_dialled_number_and_the_time_that_are_meant(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    now = house.clock.now()
    announce(
        house,
        msgspec.structs.replace(BURST, dialled=("101",)),
        msgspec.structs.replace(BURST, id=3, active_until=now - 1),
        msgspec.structs.replace(BURST, id=4, active_from=now + 3600),
    )
    await fake.call("100")
    await house.until_fact(QueueEntered)
    assert heard(house) == []


async def test_an_area_is_known_by_the_customers_address_which_is_waited_for(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9))
    house.customers.cards["13800138000"] = CARD
    house.customers.slow_s = 0.5
    announce(house, IN_THE_EAST)
    caller = await fake.call("100")
    await caller.wait_for_prompt()
    assert heard(house) == [2]


async def test_a_slow_table_does_not_keep_the_caller_in_silence(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    house.customers.cards["13800138000"] = CARD
    house.customers.slow_s = 30.0
    announce(house, IN_THE_EAST)
    began = house.clock.now()
    await fake.call("100")
    await house.until_fact(QueueEntered)
    assert house.clock.now() - began < 3
    assert heard(house) == []


async def test_an_area_is_also_the_region_of_the_number(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    announce(house, msgspec.structs.replace(BURST, areas=("北京",)))
    caller = await fake.call("100")
    await caller.wait_for_prompt()
    assert heard(house) == [1]


async def test_hanging_up_in_the_middle_of_it(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    announce(house, BURST)
    caller = await fake.call("100")
    await caller.wait_for_prompt()
    caller.hang_up()
    assert (await house.until_fact(CallEnded)).ended_by == "caller"
    await house.until_quiet()


async def test_a_restart_in_the_middle_says_it_again(fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path) -> None:
    house = await open_house(agent(1, service=9))
    announce(house, BURST)
    caller = await fake.call("100")
    await caller.wait_for_prompt()
    await house.stop()
    successor = await restarted(house, tmp_path)
    await fake.until(lambda: successor.facts(QueueEntered), "the flow has begun")
    await successor.stop()


async def test_flows_know_who_is_on_duty_and_who_is_signed_in(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=9))
    await house.sign_in(1)
    await fake.call("101")
    await house.until_fact(NodeEntered)
    (session,) = house.centre.registry
    assert session.call is not None
    assert session.call.cursor is not None
    variables = session.call.cursor.vars
    assert (variables["agents_signed_in"], variables["on_duty"]) == (1, None)
