"""A caller comes by a trunk: the wallboard counts the line there, and agents as occupied while they talk."""

from __future__ import annotations

from ctiserver.kpi.boards import DEFAULT_BOARD
from ctiserver.live.views import TrunkView
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import conversation
from tests.component.calls.house import agent
from tests.component.fake_asterisk import FakeAsterisk


async def test_a_line_of_the_trunk_is_in_use_until_the_caller_hangs_up(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=9))
    boards = house.centre.board_figures()
    assert boards.moment().trunks == ()
    talk = await conversation(house, fake, 1, 2)
    moment = boards.moment()
    assert moment.trunks == (TrunkView(id="trunk", in_use=1, capacity=None),)
    figures = boards.of(DEFAULT_BOARD, moment).figures
    assert (figures["lines"], figures["occupancy_now"]) == (1, 0.5)
    talk.caller.hang_up()
    await talk.is_over()
    assert boards.moment().trunks == ()
