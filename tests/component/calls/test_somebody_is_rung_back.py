"""Callbacks: the place is kept, a free agent for each phone that rings, one at a time for a number, tried again."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from ctiserver.call.events import CallbackTried, CallEnded, CustomerKnown, QueueEntered, TalkStarted
from ctiserver.call.screen_pop import CustomerCard
from ctiserver.config import OutsideSettings
from ctiserver.live.callback_runner import CallbackRunner
from ctiserver.store.callers.rows import CallbackRow
from ctiserver.store.rows import AgentName
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.floor import dialled
from tests.component.calls.house import QUEUES, House, agent
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import Party

NUMBER, OTHER = "02885551234", "02885554321"
PHONE = f"{NUMBER}@trunk"
SHORT_PAUSE = (msgspec.structs.replace(QUEUES[0], options={"callback": {"quarantine_s": 20}}), QUEUES[1])
CUSTOMER_FIRST = (msgspec.structs.replace(QUEUES[0], options={"callback": {"first": "customer"}}), QUEUES[1])


class Requests:
    """The table of requests in memory, changed as the projection of the journal changes it."""

    def __init__(self, house: House, *rows: CallbackRow) -> None:
        self.rows = {row.id: row for row in rows}
        self.house = house
        self.runner = CallbackRunner(
            self,
            house.centre.registry,
            house.centre.dispatcher,
            house.centre.controls,
            house.clock,
            "n1",
            lambda request: None,
        )
        house.journal.on_durable(self.runner.on_durable)

    async def due(self, now: float) -> list[CallbackRow]:
        return [
            row
            for row in self.rows.values()
            if row.status == "open" and (row.due_at or 0.0) <= now and (row.next_at or 0.0) <= now
        ]

    async def end(self, callback_id: str, status: str, user_id: int | None, now: float, *, outcome: str = "") -> bool:
        self.rows[callback_id] = msgspec.structs.replace(self.rows[callback_id], status=status, outcome=outcome)
        return True

    def ship(self) -> None:
        """What has been concluded reaches the table."""
        for step in self.house.journal.steps:
            for fact in step.facts:
                if isinstance(fact, CallbackTried) and self.rows[fact.request_id].last_call_id < step.subject:
                    self.rows[fact.request_id] = msgspec.structs.replace(
                        self.rows[fact.request_id],
                        status=fact.status,
                        attempts=fact.attempt,
                        outcome=fact.outcome,
                        last_call_id=step.subject,
                        next_at=fact.next_at,
                    )


def request(house: House, ident: str = "w1", number: str = NUMBER, **fields: object) -> CallbackRow:
    row = CallbackRow(
        id=ident,
        call_id="n1-1",
        at=house.clock.now(),
        queue_id="service",
        number=number,
        customer=None,
        agent=None,
        keep_place=True,
        waiting_since=house.clock.now(),
        due_at=None,
        next_at=None,
        expires_at=None,
        status="open",
        attempts=0,
        outcome="",
        last_call_id="",
        note="",
        source="flow",
        done_at=None,
    )
    return msgspec.structs.replace(row, **fields)


async def joined(customer: Party, own: Party) -> None:
    """They talk, after the agent's number has been said."""
    await customer.wait_for_prompt("工号")
    customer.finish_prompt()
    await customer.wait_until_talking_to(own)


async def test_the_agent_first_then_the_customer(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    fake.phone(PHONE)
    requests = Requests(house, request(house))
    await requests.runner.once()
    await requests.runner.once()
    (waiting,) = house.centre.calls()
    assert (waiting.phase, waiting.caller_present, waiting.queue_id) == ("waiting", False, "service")
    await house.sign_in(1)
    own = await dialled(fake)
    assert (own.extension, own.caller_number) == ("1001", NUMBER)
    own.answer()
    await own.wait_for_prompt("tone:ring")
    customer = await dialled(fake)
    assert customer.caller_number == "96100", "the number that is ours"
    customer.answer()
    await joined(customer, own)
    await house.until_activity(1, "talking")
    assert customer.recorded
    own.hang_up()
    await customer.wait_until_gone()
    await house.until_quiet()
    await house.until_activity(1, "wrap_up")
    (tried,) = house.facts(CallbackTried)
    assert (tried.request_id, tried.outcome, tried.status, tried.attempt) == ("w1", "answered", "done", 1)
    assert house.facts(QueueEntered) == [], "it is no caller who waits, in the queue's figures"
    requests.ship()
    await requests.runner.once()
    assert house.centre.calls() == []


@pytest.mark.parametrize(("later_s", "first"), [(50, OTHER), (70, NUMBER)])
async def test_a_tag_gives_its_head_start_to_who_is_rung_back_too(
    fake: FakeAsterisk, open_house: OpenHouse, later_s: float, first: str
) -> None:
    house = await open_house(agent(1, service=9), routing={"customer_tags": {"vip": {"priority_s": 60.0}}})
    house.customers.cards[OTHER] = CustomerCard(id=7, name="李先生", tags=("vip",))
    early = request(house)
    late = request(house, "w2", OTHER, waiting_since=house.clock.now() + later_s)
    await asyncio.sleep(later_s)
    requests = Requests(house, early, late)
    await requests.runner.once()
    await house.until_fact(CustomerKnown, 2)
    await house.sign_in(1)
    assert (await dialled(fake)).caller_number == first


@pytest.mark.parametrize(("status", "outcome"), [(486, "busy"), (480, "no_answer")])
async def test_a_customer_who_is_not_reached_is_rung_again_later(
    fake: FakeAsterisk, open_house: OpenHouse, status: int, outcome: str
) -> None:
    house = await open_house(agent(1, service=9), queues=SHORT_PAUSE)
    fake.phone(PHONE)
    requests = Requests(house, request(house, attempts=1))
    await house.sign_in(1)
    await requests.runner.once()
    (await dialled(fake)).answer()
    (await dialled(fake)).reject(status)
    await house.until_quiet()
    await house.until_activity(1, "idle")  # at once: there was nothing to wrap up
    (tried,) = house.facts(CallbackTried)
    assert (tried.outcome, tried.status, tried.attempt) == (outcome, "open", 2)
    await requests.runner.once()
    assert house.centre.calls() == [], "before the table knows of the attempt nothing is begun"
    requests.ship()
    await requests.runner.once()
    assert house.centre.calls() == [], "it rests"
    await fake.until(lambda: house.clock.now() >= (tried.next_at or 0.0), "the pause is over", 3600)
    await requests.runner.once()
    (await dialled(fake)).answer()
    (await dialled(fake)).reject(status)
    await house.until_quiet()
    assert house.facts(CallbackTried)[1].status == "failed", "three attempts are enough"


async def test_an_agent_who_does_not_pick_up_costs_no_attempt(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=5))
    fake.phone(PHONE)
    requests = Requests(house, request(house))
    await house.sign_in(1, 2)
    await requests.runner.once()
    first = await dialled(fake)
    first.reject(486)
    second = await dialled(fake)
    assert {first.extension, second.extension} == {"1001", "1002"}
    second.answer()
    customer = await dialled(fake)
    second.hang_up()  # had second thoughts
    await customer.wait_until_gone()
    await house.until_quiet()
    (tried,) = house.facts(CallbackTried)
    assert (tried.outcome, tried.status, tried.attempt) == ("agent_hung_up", "open", 0)
    await house.until_activity(2, "idle")


async def test_the_place_of_the_caller_who_hung_up(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    fake.phone(PHONE)
    since = house.clock.now()
    caller = await fake.call("100")
    await caller.wait_for_music()
    requests = Requests(house, request(house, waiting_since=since - 300), request(house, "w2"))
    await requests.runner.once()
    assert len(house.centre.calls()) == 2, "one at a time for each number"
    await house.sign_in(1)
    own = await dialled(fake)
    assert own.caller_number == NUMBER, "who has waited longest comes first"
    own.answer()
    (await dialled(fake)).reject(486)
    await own.wait_until_gone()
    following = await dialled(fake)
    following.answer()
    await joined(caller, following)
    caller.hang_up()
    await house.until_quiet()


async def test_the_customer_first_waits_for_nobody_long(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=CUSTOMER_FIRST)
    fake.phone(PHONE)
    requests = Requests(house, request(house))
    await requests.runner.once()
    await house.sign_in(1)
    customer = await dialled(fake)
    assert customer.caller_number == "96100"
    assert house.agent(1).activity == "offered", "kept free for it"
    customer.answer()
    own = await dialled(fake)
    await customer.wait_for_music()
    own.answer()
    await joined(customer, own)
    customer.hang_up()
    await house.until_quiet()
    (tried,) = house.facts(CallbackTried)
    assert (tried.outcome, tried.status) == ("answered", "done")
    assert len(house.facts(TalkStarted)) == 1


async def test_the_customer_first_is_not_reached(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), queues=CUSTOMER_FIRST)
    fake.phone(PHONE)
    requests = Requests(house, request(house))
    await house.sign_in(1)
    await requests.runner.once()
    (await dialled(fake)).reject(480)
    await house.until_quiet()
    await house.until_activity(1, "idle")
    (tried,) = house.facts(CallbackTried)
    assert (tried.outcome, tried.attempt) == ("no_answer", 1)


async def test_a_restart_while_somebody_is_rung_back(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    fake.phone(PHONE)
    requests = Requests(house, request(house))
    await house.sign_in(1)
    await requests.runner.once()
    own = await dialled(fake)
    own.answer()
    customer = await dialled(fake)
    again = await house.restarted()
    try:
        await Requests(again, *requests.rows.values()).runner.once()
        assert len(again.centre.calls()) == 1, "it is under way already"
        customer.answer()
        await joined(customer, own)
        await again.until_activity(1, "talking")
        customer.hang_up()
        await again.until_quiet()
        assert [tried.status for tried in again.facts(CallbackTried)] == ["done"]
    finally:
        await again.stop()


async def test_a_restart_while_it_waits(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    fake.phone(PHONE)
    requests = Requests(house, request(house))
    await requests.runner.once()
    again = await house.restarted()
    try:
        await Requests(again, *requests.rows.values()).runner.once()
        assert len(again.centre.calls()) == 1
        await again.sign_in(1)
        (await dialled(fake)).answer()
        (await dialled(fake)).reject(486)
        await again.until_quiet()
        assert [tried.outcome for tried in again.facts(CallbackTried)] == ["busy"]
    finally:
        await again.stop()


async def test_an_agent_makes_the_own_callback(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9), agent(2, service=9))
    fake.phone(PHONE)
    own_name = AgentName(id=1, number="1001", name="坐席1")
    requests = Requests(house, request(house, queue_id="", agent=own_name))
    await house.sign_in(2)
    await requests.runner.once()
    assert house.centre.calls() == [], "another one is not asked"
    await house.sign_in(1)
    await requests.runner.once()
    own = await dialled(fake)
    assert own.extension == "1001"
    own.answer()
    customer = await dialled(fake)
    customer.answer()
    await customer.wait_until_talking_to(own)
    customer.hang_up()
    await house.until_quiet()
    (tried,) = house.facts(CallbackTried)
    assert (tried.outcome, tried.status) == ("answered", "done")


async def test_what_can_not_be_rung_or_comes_too_late_is_ended(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    await house.sign_in(1)
    long_ago = house.clock.now() - 20_000
    requests = Requests(
        house,
        request(house, "w1", number="+85212345678"),
        request(house, "w2", waiting_since=long_ago),
        request(house, "w3", queue_id="gone"),
    )
    await requests.runner.once()
    assert {row.id: (row.status, row.outcome) for row in requests.rows.values()} == {
        "w1": ("failed", "number_not_allowed"),
        "w2": ("expired", ""),
        "w3": ("failed", "no_such_queue"),
    }
    assert house.centre.calls() == []


async def test_without_a_line_to_the_outside_the_request_stays_for_people(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9), outside=OutsideSettings(allowed=["028*"]))
    await house.sign_in(1)
    requests = Requests(house, request(house))
    await requests.runner.once()
    assert requests.rows["w1"].status == "open"
    assert house.centre.calls() == []


async def test_a_supervisor_hangs_a_waiting_callback_up(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    requests = Requests(house, request(house))
    await requests.runner.once()
    (waiting,) = house.centre.calls()
    house.centre.hang_up(waiting.id, "supervisor", 3)
    await house.until_quiet()
    (tried,) = house.facts(CallbackTried)
    assert (tried.outcome, tried.status, tried.attempt) == ("requested", "open", 0)
    assert house.facts(CallEnded)[0].ended_by == "supervisor"
