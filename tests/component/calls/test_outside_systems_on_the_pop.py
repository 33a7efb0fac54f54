"""The pop shows what billing knows: patched in when it comes, its failure named, asked by what is known by then."""

from __future__ import annotations

from ctiserver.call.screen_pop import CustomerCard, KnownCaller, OutsideCard
from ctiserver.channels.lookups.sources import PopCard, PopField
from ctiserver.errors import DatabaseAwayError
from ctiserver.ivr.fields import Title
from ctiserver.ports import LookupAnswer
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk

CUSTOMER = CustomerCard(id=7, name="李先生", customer_number="1000/07")
BILLING = PopCard(
    title=Title({"zh-CN": "账务", "en": "Billing"}),
    source="billing",
    paths=("/accounts/{customer_number}", "/by_phone/{caller_number}"),
    fields=(
        PopField(label=Title({"en": "Arrears"}), value="arrears", form="money", alert=True),
        PopField(label=Title({"en": "Outage"}), value="outage.title", alert=True),
        PopField(label=Title({"en": "Nothing"}), value="not.there"),
    ),
)
FOUND = LookupAnswer(outcome="ok", data={"arrears": 0, "outage": {"title": "爆管抢修"}})


def billing_card(house: House) -> OutsideCard | None:
    pop = house.centre.pop(1)
    return pop.outside[0] if pop is not None and pop.outside else None


async def test_the_pop_appears_and_is_patched(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    house.pop_cards = (BILLING,)
    house.customers.cards["13800138000"] = CUSTOMER
    house.outside.answers["/accounts/1000%2F07"] = FOUND
    house.outside.slow_s = 2.0
    await house.sign_in(1)
    await fake.call("100")
    (await fake.next_dial()).ring()
    await fake.until(lambda: (card := billing_card(house)) and card.state == "looking")
    await fake.until(lambda: (card := billing_card(house)) and card.state == "ok")
    card = billing_card(house)
    assert card is not None
    shown = [(row.value, row.form, row.alert) for row in card.rows]
    assert shown == [("0", "money", False), ("爆管抢修", "text", True)]


async def test_a_broken_system_is_named_and_asked_again_when_they_talk(
    fake: FakeAsterisk, open_house: OpenHouse
) -> None:
    house = await open_house(agent(1, service=9))
    house.pop_cards = (BILLING,)
    house.customers.cards["13800138000"] = CUSTOMER
    house.outside.answers["/accounts/1000%2F07"] = LookupAnswer(outcome="failed", reason="timeout")
    await house.sign_in(1)
    await fake.call("100")
    leg = await fake.next_dial()
    await fake.until(lambda: (card := billing_card(house)) and (card.state, card.reason) == ("failed", "timeout"))
    asked = len(house.outside.asked)
    house.outside.answers["/accounts/1000%2F07"] = FOUND
    leg.answer()
    await fake.until(lambda: (card := billing_card(house)) and card.state == "ok")
    assert len(house.outside.asked) == asked + 1


async def test_who_is_no_customer_is_asked_for_by_number(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    house.pop_cards = (BILLING,)
    await house.sign_in(1)
    await fake.call("100")
    await fake.next_dial()
    await fake.until(lambda: (card := billing_card(house)) and card.state == "not_found")
    assert [request.path for request in house.outside.asked] == ["/by_phone/13800138000"]


async def test_still_looking_is_not_no_match(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))
    house.customers.slow_s = 3.0
    await house.sign_in(1)
    await fake.call("100")
    await fake.next_dial()
    await fake.until(lambda: house.centre.pop(1))
    pop = house.centre.pop(1)
    assert pop is not None
    assert (pop.identified, pop.matches) == ("looking", 0)
    await fake.until(lambda: (p := house.centre.pop(1)) and (p.identified, p.matches) == ("done", 0))


async def test_a_table_that_never_answers_is_said_so(fake: FakeAsterisk, open_house: OpenHouse) -> None:
    house = await open_house(agent(1, service=9))

    async def away(number: str, contacts: int) -> KnownCaller:
        raise DatabaseAwayError("Postgres is away")

    house.customers.known = away
    await house.sign_in(1)
    await fake.call("100")
    (await fake.next_dial()).answer()
    await fake.until(lambda: (p := house.centre.pop(1)) and p.identified == "failed")
