"""Each node is left exactly once: by an edge, or with the call's end, which says how."""

from __future__ import annotations

from ctiserver.call.events import NodeEntered, NodeLeft
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk


def ways(house: House) -> list[tuple[str, str, str, str]]:
    return [(fact.node, fact.way, fact.edge, fact.to_node) for fact in house.facts(NodeLeft)]


async def test_to_an_agent_and_the_end(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=6))
    await house.sign_in(1, 2)
    caller = await fake.call("101", name="张伟")
    await caller.wait_for_prompt()
    caller.press("2")
    leg = await fake.next_dial()
    leg.answer()
    await house.until_activity(2, "talking")
    caller.hang_up()
    await house.until_quiet()
    *edges, last = ways(house)
    assert [way for _, way, _, _ in edges] == ["edge"] * len(edges)
    assert edges[0][2] == "choices.2"
    assert last[1:] == ("answered", "", "")
    assert len(house.facts(NodeEntered)) == len(house.facts(NodeLeft))
    assert all(fact.spent_s >= 0 for fact in house.facts(NodeLeft))


async def test_a_caller_hangs_up_in_a_menu(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    caller = await fake.call("101")
    await caller.wait_for_prompt()
    caller.hang_up()
    await house.until_quiet()
    [left] = house.facts(NodeLeft)
    [entered] = house.facts(NodeEntered)
    assert (left.node, left.way) == (entered.node, "hung_up")


async def test_a_flow_says_goodbye(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    fake.world.prompt_seconds = 2.0
    house = await open_house(agent(1, service=9))
    caller = await fake.call("104")
    await caller.wait_for_prompt("座席全忙", within_s=60)
    await house.until_quiet()
    assert ways(house)[-1][1] == "ended"
    assert "on_timeout" in [edge for _, _, edge, _ in ways(house)]
