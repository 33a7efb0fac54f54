"""A queue is shut outside its opening hours and while nobody is on duty; who waits by then is served all the same."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ctiserver.call.events import QueueEntered, QueueLeft
from ctiserver.hotline_settings import CalendarSetup, DaySetup, Duty, HotlineSettings, ShiftSetup
from ctiserver.live.audience import Viewer
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import QUEUES, House, agent
from tests.component.fake_asterisk import FakeAsterisk

# The clock of these stories stands at Thursday 2026-01-01, 15:00 in Shanghai.
TODAY = "2026-01-01"
VOICEMAIL = {"overflow": {"closed": {"action": "queue", "target": "repairs"}}}


def service(**options: Any) -> Any:
    return (msgspec.structs.replace(QUEUES[0], announce_agent=False, options={**VOICEMAIL, **options}), QUEUES[1])


def office(hours: str, holidays: Any = "none", **fields: Any) -> HotlineSettings:
    calendar = CalendarSetup(name="office", weekly={"mon-sun": hours}, holidays=holidays)
    return HotlineSettings(calendars=(calendar,), **fields)


async def use(house: House, settings: HotlineSettings, **options: Any) -> None:
    """As after changes through the API."""
    house.centre.use_hotline(settings)
    house.change_queue("service", options={**VOICEMAIL, **options})


async def came_by(house: House, fake: FakeAsterisk, number: str) -> str:
    """The queue that a caller of the line ends up in."""
    entered = len(house.facts(QueueEntered))
    caller = await fake.call("100", number=number)
    await caller.wait_for_music()
    queue_id = house.facts(QueueEntered)[-1].queue_id
    assert len(house.facts(QueueEntered)) > entered
    return queue_id


def shown(house: House) -> dict[str, bool]:
    return {queue.id: queue.open for queue in house.centre.queues()}


async def until(house: House, clock: str) -> None:
    """Sleeps, in the loop's own time, until that time of the day."""
    at = datetime.fromisoformat(f"{TODAY}T{clock}+08:00").timestamp()
    await asyncio.sleep(at - house.clock.now())


async def test_it_shuts_and_opens_on_the_minute(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service())
    await use(house, office("09:00-15:01, 15:02-18:00"), hours="office")
    assert shown(house) == {"service": True, "repairs": True}
    assert await came_by(house, fake, "13800138000") == "service"
    await until(house, "15:00:59")
    assert shown(house)["service"]
    await until(house, "15:01:01")
    assert not shown(house)["service"]
    assert await came_by(house, fake, "13800138001") == "repairs"
    await house.sign_in(1)
    leg = await fake.next_dial()
    assert leg.caller_number == "13800138000", "who waited when it shut is served"
    assert [(left.outcome, left.reason) for left in house.facts(QueueLeft)] == [("overflowed", "closed")]
    leg.answer()
    await until(house, "15:02:01")
    assert shown(house)["service"]
    assert await came_by(house, fake, "13800138002") == "service"


async def test_a_changed_calendar_holds_at_once(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service())
    await use(house, office("09:00-18:00"), hours="office")
    assert await came_by(house, fake, "13800138000") == "service"
    house.centre.use_hotline(office("09:00-12:00"))
    assert await came_by(house, fake, "13800138001") == "repairs"
    house.centre.use_hotline(office("09:00-18:00", "china"))
    assert await came_by(house, fake, "13800138002") == "repairs", "New Year's Day is a holiday"
    worked = DaySetup(day=TODAY, kind="working_day")
    house.centre.use_hotline(office("09:00-18:00", "china", days=(worked,)))
    assert await came_by(house, fake, "13800138003") == "service"


async def test_closed_by_hand_stays_closed_in_opening_hours(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service())
    await use(house, office("09:00-12:00"), hours="office", open=False)
    house.centre.use_hotline(office("09:00-18:00"))
    assert await came_by(house, fake, "13800138000") == "repairs"
    house.change_queue("service", options={**VOICEMAIL, "hours": "office"})
    assert await came_by(house, fake, "13800138001") == "service"


async def test_an_unknown_calendar_is_refused_until_there_is_one(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service())
    house.change_queue("service", options={**VOICEMAIL, "hours": "office"}, priority_s=7.0)
    assert house.centre.directory.queues[0] == service()[0], "the former setting stays in force as a whole"
    house.centre.use_hotline(office("09:00-12:00"))
    assert house.centre.directory.queues[0].priority_s == 7.0, "what was refused is looked at again"
    assert await came_by(house, fake, "13800138000") == "repairs"


@pytest.mark.parametrize(
    ("duties", "queue"),
    [
        ((Duty(day=TODAY, shift="day", agent_id=1),), "service"),
        ((Duty(day=TODAY, shift="night", agent_id=1),), "repairs"),
        ((Duty(day=TODAY, shift="day", agent_id=2),), "repairs"),
        ((), "service"),
    ],
    ids=["the right one is on duty", "not yet", "somebody else is", "no roster is kept"],
)
async def test_by_the_roster(fake: FakeAsterisk, open_house: OpenHouse, duties: tuple[Duty, ...], queue: str) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9), queues=service(roster=True))
    shifts = (ShiftSetup(name="day", hours={"4": "08:00-20:00"}), ShiftSetup(name="night", hours={"4": "20:00-08:00"}))
    house.centre.use_hotline(HotlineSettings(shifts=shifts, duties=duties))
    assert await came_by(house, fake, "13800138000") == queue


async def test_the_shift_ends(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service(roster=True))
    shifts = (ShiftSetup(name="early", hours={"4": "07:00-15:02"}),)
    house.centre.use_hotline(HotlineSettings(shifts=shifts, duties=(Duty(day=TODAY, shift="early", agent_id=1),)))
    assert shown(house)["service"]
    await until(house, "15:02:20")
    assert await came_by(house, fake, "13800138000") == "repairs"


async def test_a_restart_knows_the_hours(fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path) -> None:
    house = await open_house(agent(1, service=9), queues=service())
    await use(house, office("09:00-12:00"), hours="office")
    queues = house.centre.directory.queues
    await house.stop()
    successor = House(fake, tmp_path, agents=(agent(1, service=9),), queues=queues)
    successor.centre.use_hotline(office("09:00-12:00"))
    await successor.start(house.remembered())
    try:
        assert await came_by(successor, fake, "13800138000") == "repairs"
    finally:
        await successor.stop()


async def test_the_change_is_told_to_pages(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=service())
    await use(house, office("09:00-15:01"), hours="office")
    page = house.feed.subscribe(Viewer(staff=True), lambda: house.centre.snapshot(None))
    async with asyncio.timeout(120):
        while True:
            message = msgspec.json.decode(await page.next_message())
            if message["type"] == "queue" and message["data"]["id"] == "service" and not message["data"]["open"]:
                break
