"""Whose states a wallboard counts: of its teams, else of those who serve its queues, else everybody's."""

from __future__ import annotations

from ctiserver.kpi.boards import Board
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import agent


async def test_a_board_of_queues_counts_those_who_serve_them(open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, repairs=9), agent(3, service=3, repairs=6))
    await house.sign_in(1, 2)
    figures = house.centre.board_figures()
    moment = figures.moment()
    for queues, members, signed_in in (((), {1, 2, 3}, 2), (("service",), {1, 3}, 1), (("repairs",), {2, 3}, 1)):
        found = figures.of(Board(id="hall", name={}, queues=queues), moment)
        assert (found.members, found.figures["agents_signed_in"]) == (members, signed_in)
    assert figures.of(Board(id="hall", name={}, teams=("nobody",)), moment).members == frozenset()
