"""Asterisk falls behind with its answers: new callers ring on until it has caught up, and nobody is lost."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from ctiserver.call.events import CallArrived, CallEnded, RecordingStored
from ctiserver.live.admission import UNANSWERED_COMMANDS
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import FakeCaller

LANES = 3
ROOM = LANES * UNANSWERED_COMMANDS
CROWD = 3 * ROOM
BEHIND_S = 0.2  # each answer of Asterisk's; its sockets carry out one command after another


def _taken(house: House) -> list[str]:
    """Channels of those of whom calls were made, in order."""
    return [step.input.channel_id for step in house.journal.steps if isinstance(step.input, CallArrived)]


def _rung(fake: FakeAsterisk) -> set[str]:
    return {path.split("/")[1] for _, path, _ in fake.commands if path.endswith("/ring")}


async def _crowd(fake: FakeAsterisk, house: House, size: int = CROWD) -> list[FakeCaller]:
    """All at once, each to the menu; returns when the daemon has heard of everybody."""
    crowd = [await fake.call("101", number=f"1380000{number:04}") for number in range(size)]
    registry = house.centre.registry

    def is_heard_of(caller: FakeCaller) -> bool:
        known = registry.find(registry.call_id_for(caller.channel_id)) is not None
        return known or registry.admission.holds(caller.channel_id)

    await fake.until(lambda: all(map(is_heard_of, crowd)), "the daemon has heard of everybody")
    return crowd


async def _behind(fake: FakeAsterisk, open_house: OpenHouse) -> tuple[House, list[FakeCaller]]:
    """Asterisk answers late from now on, and a crowd has come."""
    house = await open_house(agent(1, service=9))
    fake.late["answer"] = BEHIND_S
    return house, await _crowd(fake, house)


async def test_they_are_taken_in_their_order_and_nobody_is_lost(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house, crowd = await _behind(fake, open_house)
    taken = _taken(house)
    assert 0 < len(taken) <= ROOM, "each of them has commands that are not answered"
    assert {caller.channel.state for caller in crowd[-UNANSWERED_COMMANDS:]} == {"Ring"}
    for caller in crowd:
        await caller.wait_for_prompt("维修请按2")
    lane_of = house.telephony.lane_of
    for lane in range(LANES):
        in_order = [caller.channel_id for caller in crowd if lane_of(caller.channel_id) == lane]
        assert [channel_id for channel_id in _taken(house) if lane_of(channel_id) == lane] == in_order


async def test_whoever_is_held_up_for_long_hears_ringing_and_duty_reads_of_it_once(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9))
    fake.late["answer"] = BEHIND_S
    with capture_logs() as said:
        crowd = await _crowd(fake, house)
        await crowd[-1].wait_for_prompt("维修请按2")
    rung = _rung(fake)
    assert crowd[-1].channel_id in rung
    assert crowd[0].channel_id not in rung
    words = [line["event"] for line in said if str(line["event"]).startswith("callers_")]
    assert words == ["callers_ring_for_long", "callers_are_taken_at_once_again"]


async def test_whoever_gives_up_while_ringing_is_on_record_and_the_others_move_up(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house, crowd = await _behind(fake, open_house)
    crowd[-2].hang_up()
    ended = await house.until_fact(CallEnded)
    assert (ended.outcome, ended.ended_by) == ("abandoned", "caller")
    assert (ended.call_id, ended.reason) == (house.centre.registry.call_id_for(crowd[-2].channel_id), "gave_up_ringing")
    assert crowd[-1].channel.state == "Ring", "the one behind is not taken before the others"
    await crowd[-1].wait_for_prompt("维修请按2")
    assert len(_taken(house)) == CROWD


async def test_what_has_begun_goes_on_while_others_ring(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    early = await fake.call("101", number="13900000000")
    await early.wait_for_prompt("维修请按2")
    fake.late["answer"] = BEHIND_S
    crowd = await _crowd(fake, house, 2 * CROWD)
    early.press("0")
    leg = await fake.next_dial()
    leg.answer()
    await early.wait_for_prompt("工号")  # the two are joined
    assert crowd[-1].channel.state == "Ring"
    early.finish_prompt()
    early.hang_up()
    await leg.wait_until_gone()
    await house.until_fact(CallEnded)
    assert not house.facts(RecordingStored), "what is recorded keeps: calls first"
    await house.until_fact(RecordingStored)


async def test_a_caller_who_has_a_call_is_no_new_one(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    """Asterisk tells it twice, the second time while it is behind: the hang-up is the call's all the same."""
    house = await open_house(agent(1, service=9))
    early = await fake.call("101", number="13900000000")
    await early.wait_for_prompt("维修请按2")
    fake.late["answer"] = BEHIND_S
    await _crowd(fake, house)
    admission = house.centre.registry.admission
    fake.world.enter_stasis(early.channel, fake.app, ["101"])
    later = await fake.call("101", number="13900000001")
    await fake.until(lambda: admission.holds(later.channel_id), "what was told before it is heard, too")
    assert not admission.holds(early.channel_id)
    early.hang_up()
    ended = await house.until_fact(CallEnded)
    assert (ended.call_id, ended.outcome) == (house.centre.registry.call_id_for(early.channel_id), "self_service")


async def test_a_wrong_number_is_no_lost_caller(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house, _ = await _behind(fake, open_house)
    wrong = await fake.call("999")
    await fake.until(lambda: house.centre.registry.admission.holds(wrong.channel_id), "the caller rings on")
    wrong.hang_up()
    ended = await house.until_fact(CallEnded)
    assert (ended.call_id, ended.outcome) == (house.centre.registry.call_id_for(wrong.channel_id), "refused")


async def test_one_lane_that_hangs_keeps_only_its_own_callers_ringing(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9))
    lane_of, crowd = house.telephony.lane_of, list[FakeCaller]()
    hung = await fake.call("101", number="13900000000")
    fake.slow["answer"] = 9.0
    await fake.until(lambda: any(path.endswith("/answer") for _, path, _ in fake.commands), "the first is answered")
    fake.slow.clear()
    while sum(lane_of(one.channel_id) == lane_of(hung.channel_id) for one in crowd) < 2 * UNANSWERED_COMMANDS:
        crowd.append(await fake.call("101", number=f"1380000{len(crowd):04}"))
    free = [caller for caller in crowd if lane_of(caller.channel_id) != lane_of(hung.channel_id)]
    for caller in free:
        await caller.wait_for_prompt("维修请按2")
    assert hung.channel.state == "Ring"
    for caller in crowd:
        await caller.wait_for_prompt("维修请按2")


async def test_the_comparison_with_asterisk_does_not_take_them_for_missed(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house, crowd = await _behind(fake, open_house)
    found = await house.centre.recovery.differences()
    assert {difference.kind for difference in found} == set()
    await crowd[-1].wait_for_prompt("维修请按2")


@pytest.mark.parametrize("how", ["drop", "restart"])
async def test_the_link_is_lost_while_they_ring(fake: FakeAsterisk, open_house: OpenHouse, how: str) -> None:
    house, crowd = await _behind(fake, open_house)
    fake.late.clear()
    if how == "drop":
        await fake.drop_sockets("abort")
        await fake.until(lambda: any(caller.channel.state == "Up" for caller in crowd), "Asterisk is asked again")
        assert house.centre.registry.admission, "not all at once, when it is back"
        for caller in crowd:
            await caller.wait_for_prompt("维修请按2")
        assert len(set(_taken(house))) == CROWD
    else:
        await fake.restart()
        await house.until_quiet()
        ended = house.facts(CallEnded)
        assert len(ended) == len(_taken(house))


async def test_the_daemon_stops_while_they_ring_and_the_next_one_takes_them(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house, crowd = await _behind(fake, open_house)
    await house.stop()
    fake.late.clear()
    successor = await house.restarted()
    for caller in crowd:
        await caller.wait_for_prompt("维修请按2")
    assert len(set(_taken(successor))) == CROWD
    assert {caller.channel.state for caller in crowd} == {"Up"}, "also those whom the former was about to answer"
    await successor.stop()
