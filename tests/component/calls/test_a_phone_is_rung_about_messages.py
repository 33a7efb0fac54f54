"""Messages in a box with phones: a phone rings, asks for the PIN, plays what is unheard, and each is heard once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest

from ctiserver.call.events import DigitReceived, MessageHeard, NoticeTried
from ctiserver.call.pin import hash_pin
from ctiserver.config import OutsideSettings
from ctiserver.live.notice_runner import MOST_ATTEMPTS, PAUSE_S, NoticeRunner, within_hours
from ctiserver.store.callers.rows import NoticeRow
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import dialled
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import Party

NUMBER = "02885551234"
PIN = "4711"
SALT = "00ff"


class Messages:
    """The tables in memory, changed as the projection of the journal changes them."""

    def __init__(self, house: House, *rows: NoticeRow) -> None:
        self.rows = {(row.voicemail_id, row.phone): row for row in rows}
        self.shipped = 0
        self.told: list[str] = []
        self.open(house)

    def open(self, house: House) -> None:
        """For a daemon, and again for the one after it."""
        self.house = house
        self.runner = NoticeRunner(
            self,
            house.centre.registry,
            house.centre.dispatcher,
            house.centre.controls,
            house.clock,
            UTC,
            "n1",
            self.told.append,
        )
        house.journal.on_durable(self.runner.on_durable)

    async def notices(self, since: float) -> list[NoticeRow]:
        return [row for row in self.rows.values() if row.at >= since]

    def ship(self) -> None:
        """What has been concluded reaches the tables."""
        steps = self.house.journal.steps[self.shipped :]
        self.shipped += len(steps)
        for step in steps:
            for fact in step.facts:
                if isinstance(fact, NoticeTried):
                    for ident in fact.voicemail_ids:
                        if (row := self.rows.get((ident, fact.phone))) is not None:
                            self.rows[ident, fact.phone] = msgspec.structs.replace(
                                row,
                                attempts=row.attempts + 1,
                                outcome=fact.outcome,
                                last_call_id=step.subject,
                                last_at=step.at,
                            )
                if isinstance(fact, MessageHeard):
                    self.read(fact.voicemail_id)

    def read(self, ident: str) -> None:
        self.rows = {key: row for key, row in self.rows.items() if key[0] != ident}

    async def go_on(self) -> None:
        self.ship()
        await self.runner.once()


def unheard(house: House, ident: str = "m1", phone: str = "1001", **fields: object) -> NoticeRow:
    row = NoticeRow(
        voicemail_id=ident,
        box="night",
        title={"zh-CN": "夜间", "en": "Night"},
        at=house.clock.now() - 60,
        path=f"2026/11/22/{ident}.wav",
        caller_number="13800138000",
        phone=phone,
        language="zh-CN",
        pin_hash="",
        ring_from="00:00",
        ring_to="00:00",
        attempts=0,
        outcome="",
        last_call_id="",
        last_at=None,
    )
    return msgspec.structs.replace(row, **fields)


async def hear(phone: Party, text: str) -> None:
    await phone.wait_for_prompt(text)
    phone.finish_prompt()


async def test_it_rings_and_each_message_is_heard(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    messages = Messages(house, unheard(house), unheard(house, "m2"))
    await messages.runner.once()
    await messages.runner.once()
    (live,) = house.centre.calls()
    assert (live.phase, live.direction) == ("dialling", "internal")
    phone = await dialled(fake)
    assert phone.extension == "1001"
    phone.answer()
    await phone.wait_for_prompt("夜间有2条新留言")
    phone.press("1")
    await hear(phone, "第1条")
    await hear(phone, "kept:2026/11/22/m1.wav")
    await phone.wait_for_prompt("重听请按1")
    assert [fact.voicemail_id for fact in house.facts(MessageHeard)] == ["m1"]
    phone.press("1")
    await hear(phone, "第1条")
    await hear(phone, "kept:2026/11/22/m1.wav")
    await phone.wait_for_prompt("重听请按1")
    phone.press("2")
    await phone.wait_for_prompt("第2条")
    phone.press("7")
    await hear(phone, "没有更多留言")
    await phone.wait_until_gone()
    await house.until_quiet()
    assert [fact.voicemail_id for fact in house.facts(MessageHeard)] == ["m1", "m2"], "each once"
    (tried,) = house.facts(NoticeTried)
    assert (tried.outcome, tried.attempt, tried.phone) == ("listened", 1, "1001")
    await messages.go_on()
    assert house.centre.calls() == []
    assert sorted(messages.told) == ["m1", "m2"]


async def test_a_pin_is_asked_for_and_written_down_nowhere(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    messages = Messages(house, unheard(house, pin_hash=hash_pin(PIN, SALT)))
    await messages.runner.once()
    phone = await dialled(fake)
    phone.answer()
    await phone.wait_for_prompt("请输入密码")
    phone.press("1234#")
    await phone.wait_for_prompt("密码错误")
    phone.press(f"{PIN}#")
    await phone.wait_for_prompt("有1条新留言")
    keys = [step.input.digit for step in house.journal.steps if isinstance(step.input, DigitReceived)]
    assert keys == ["•"] * 10
    phone.press("9")
    await hear(phone, "再见")
    await phone.wait_until_gone()
    await house.until_fact(NoticeTried)
    assert house.facts(NoticeTried)[0].outcome == "listened"
    assert house.facts(MessageHeard) == [], "it was not played"


async def test_three_wrong_pins_leave_it_unread(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    messages = Messages(house, unheard(house, pin_hash=hash_pin(PIN, SALT)))
    await messages.runner.once()
    phone = await dialled(fake)
    phone.answer()
    await phone.wait_for_prompt("请输入密码")
    for said in ("密码错误。", "密码错误。", "次数过多"):
        phone.press("0000#")
        await phone.wait_for_prompt(said)
    phone.finish_prompt()
    await phone.wait_until_gone()
    tried = await house.until_fact(NoticeTried)
    assert (tried.outcome, house.facts(MessageHeard)) == ("wrong_pin", [])


@pytest.mark.parametrize(("status", "outcome"), [(486, "busy"), (480, "no_answer")])
async def test_it_is_tried_again_after_a_pause_but_not_for_ever(
    fake: FakeAsterisk, open_house: OpenHouse, status: int, outcome: str
) -> None:
    house = await open_house(agent(1, service=9))
    messages = Messages(house, unheard(house))
    for attempt in range(1, MOST_ATTEMPTS + 1):
        await messages.go_on()
        phone = await dialled(fake)
        phone.reject(status)
        tried = await house.until_fact(NoticeTried, attempt)
        assert (tried.outcome, tried.attempt) == (outcome, attempt)
        await house.until_quiet()
        await messages.runner.once()
        assert house.centre.calls() == [], "the row does not know of it yet"
        await messages.go_on()
        assert house.centre.calls() == [], "not yet again"
        await asyncio.sleep(PAUSE_S + 1)
    await messages.go_on()
    assert house.centre.calls() == []
    assert house.facts(MessageHeard) == []


async def test_two_phones_at_once_hear_different_ends_of_it(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=9))
    rows = [unheard(house, ident, phone) for ident in ("m1", "m2") for phone in ("1001", "1002")]
    messages = Messages(house, *rows)
    await messages.runner.once()
    first, second = await dialled(fake), await dialled(fake)
    first.answer()
    await first.wait_for_prompt("有2条新留言")
    first.press("7")
    await first.wait_for_prompt("第2条")
    second.answer()
    await second.wait_for_prompt("有1条新留言")
    first.press("7")
    await hear(second, "没有更多留言")
    await second.wait_until_gone()
    await hear(first, "没有更多留言")
    await first.wait_until_gone()
    assert sorted(fact.voicemail_id for fact in house.facts(MessageHeard)) == ["m1", "m2"]
    await house.until_quiet()


async def test_it_stops_ringing_when_somebody_has_read_it_on_a_page(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    messages = Messages(house, unheard(house))
    await messages.runner.once()
    phone = await dialled(fake)
    messages.read("m1")
    await messages.runner.once()
    await phone.wait_until_gone()
    tried = await house.until_fact(NoticeTried)
    assert tried.outcome == "heard_elsewhere"
    await house.until_quiet()


async def test_a_daemon_that_is_killed_goes_on_with_it(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=9))
    messages = Messages(house, unheard(house), unheard(house, phone="1002"))
    await messages.runner.once()
    listening, ringing = await dialled(fake), await dialled(fake)
    listening.answer()
    await listening.wait_for_prompt("有1条新留言")
    listening.press("1")
    await hear(listening, "第1条")
    await listening.wait_for_prompt("kept:")
    again = await house.restarted()
    try:
        messages.open(again)
        await messages.runner.once()
        assert len(again.centre.calls()) == 2, "nobody is rung twice"
        await hear(listening, "第1条")
        await hear(listening, "kept:")
        await ringing.wait_until_gone()
        await listening.wait_for_prompt("重听请按1")
        listening.hang_up()
        await again.until_fact(NoticeTried, 2)
        assert {fact.phone: fact.outcome for fact in again.facts(NoticeTried)} == {
            "1001": "listened",
            "1002": "heard_elsewhere",
        }
        await again.until_quiet()
    finally:
        await again.stop()


async def test_an_outside_number_only_where_it_is_allowed(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    fake.phone(f"{NUMBER}@trunk")
    messages = Messages(house, unheard(house, phone=NUMBER), unheard(house, phone="0109999999"))
    await messages.runner.once()
    (live,) = house.centre.calls()
    assert live.direction == "outbound"
    phone = await dialled(fake)
    assert (phone.extension, phone.caller_number) == (f"{NUMBER}@trunk", "96100")
    phone.answer()
    await phone.wait_for_prompt("有1条新留言")
    await asyncio.sleep(40)  # virtual: nobody presses anything while it is said; then silence counts
    for _ in range(3):
        phone.finish_prompt()
        await asyncio.sleep(9)
    await phone.wait_until_gone()
    await house.until_quiet()


async def test_without_a_line_nothing_is_counted(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), outside=OutsideSettings())
    messages = Messages(house, unheard(house, phone=NUMBER))
    await messages.runner.once()
    assert (house.centre.calls(), house.facts(NoticeTried)) == ([], [])


@pytest.mark.parametrize(
    ("hour", "begin", "end", "rung"),
    [
        (7, "08:00", "21:00", False),
        (8, "08:00", "21:00", True),
        (21, "08:00", "21:00", False),
        (23, "22:00", "06:00", True),
        (6, "22:00", "06:00", False),
        (3, "00:00", "00:00", True),
    ],
)
def test_the_hours_of_a_box(hour: int, begin: str, end: str, rung: bool) -> None:
    assert within_hours(datetime(2026, 11, 22, hour, tzinfo=UTC), begin, end) is rung


async def test_a_message_that_is_gone_is_not_taken_for_heard(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    messages = Messages(house, unheard(house, language="en"))
    await messages.runner.once()
    phone = await dialled(fake)
    phone.answer()
    await phone.wait_for_prompt("Box Night: 1 new messages")
    phone.press("1")
    await hear(phone, "Message 1")
    await phone.wait_for_prompt("kept:")
    phone.finish_prompt(ok=False)
    await phone.wait_for_prompt("can't be played")
    assert house.facts(MessageHeard) == []
    phone.hang_up()
    await house.until_quiet()
