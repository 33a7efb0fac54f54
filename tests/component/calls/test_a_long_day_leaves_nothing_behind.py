"""A long day: every map that a call enters is left by it."""

from __future__ import annotations

from ctiserver.call.events import CallEnded
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk

CALLS = 40


def left_behind(house: House) -> dict[str, int]:
    """What is kept per call, and how much of it there is; private because nobody but this test should look."""
    centre, router = house.centre, house.centre.dispatcher.router
    kept = {
        "registry": centre.registry,
        "by channel": centre.registry._by_caller_channel,  # pyright: ignore[reportPrivateUsage]
        "channels": centre.registry._caller_channels,  # pyright: ignore[reportPrivateUsage]
        "calls on pages": centre._publisher.calls,  # pyright: ignore[reportPrivateUsage]
        "ended": centre._publisher._ended,  # pyright: ignore[reportPrivateUsage]
        "pops": centre._publisher.pops,  # pyright: ignore[reportPrivateUsage]
        "last contacts": centre._lookup._last_contacts,  # pyright: ignore[reportPrivateUsage]
        "tasks": centre._call_tasks,  # pyright: ignore[reportPrivateUsage]
        "offers": centre.dispatcher._offers,  # pyright: ignore[reportPrivateUsage]
        "busy": centre.dispatcher._phones._busy,  # pyright: ignore[reportPrivateUsage]
        "shown to": house.feed._call_agents,  # pyright: ignore[reportPrivateUsage]
        "held back": house.feed._held_back,  # pyright: ignore[reportPrivateUsage]
        "contacts": router._state.contacts,  # pyright: ignore[reportPrivateUsage]
        "router's offers": router._state.offers,  # pyright: ignore[reportPrivateUsage]
    }
    return {name: len(things) for name, things in kept.items() if len(things)}


async def test_all_kinds_of_ends(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=5), phones=False)
    fake.phone("1001", answers_after=1)
    fake.phone("1002", rejects_with=486)
    await house.sign_in(1, 2)
    for number in range(CALLS):
        caller = await fake.call("100", number=f"139{number:08d}")
        match number % 4:
            case 0:  # answered, the caller ends it
                await fake.until(lambda c=caller: c.recorded, "recorded", 60)
                caller.hang_up()
                house.centre.finish_wrap_up(1)
            case 1:  # gone in the instant in which something rings
                await fake.until(lambda c=caller: c.hears.startswith("music"), "music")
                caller.hang_up()
            case 2:  # gone at once
                caller.hang_up()
            case _:  # the agent ends it
                await fake.until(lambda c=caller: c.recorded, "recorded", 60)
                fake.legs[-1].hang_up()
                await caller.wait_until_gone()
                house.centre.finish_wrap_up(1)
    await house.until_quiet()
    await fake.until(lambda: not left_behind(house), f"nothing left, but there is {left_behind(house)}", 120)
    assert len({ended.call_id for ended in house.facts(CallEnded)}) == len(house.facts(CallEnded))
