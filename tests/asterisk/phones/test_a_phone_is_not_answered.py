"""Ringing in vain, refusals, impatience, and hang-ups that cross each other."""

import asyncio

import pytest

from ctiserver.demo.phones import AnswerMode, CallEnded, SipPhones
from tests.asterisk.phones.plain_asterisk import PASSWORD, PlainAsterisk


@pytest.mark.parametrize(("answer", "code"), [("busy", 486), ("reject", 603)])
async def test_a_refusal_reaches_the_caller(
    plain_asterisk: PlainAsterisk, phones: SipPhones, answer: AnswerMode, code: int
) -> None:
    agent = await phones.register("1001", PASSWORD, answer=answer)
    call = await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000")
    incoming = await agent.next_call()

    assert (await incoming.wait_for("ended")).code == code
    assert (await call.wait_for("ended")).code >= 400
    with pytest.raises(CallEnded, match="before it was connected"):
        await call.wait_for("connected")


async def test_the_caller_gives_up_while_it_rings(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    agent = await phones.register("1001", PASSWORD, answer="ignore")
    call = await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000")
    incoming = await agent.next_call()
    await call.wait_for("ringing")
    await call.hang_up()

    assert (await incoming.wait_for("ended")).code == 487
    with pytest.raises(CallEnded, match="ended with 487"):
        await incoming.answer()
    assert incoming.event("connected") is None


async def test_an_automatic_answer_that_comes_too_late(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    agent = await phones.register("1001", PASSWORD, answer=0.5)
    call = await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000")
    await agent.next_call()
    await call.wait_for("ringing")
    await call.hang_up()

    second = await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138001")
    answered = await second.wait_for("answered")
    ringing = second.event("ringing")
    assert ringing is not None
    assert 0.4 < answered.at - ringing.at < 3


async def test_rejecting_by_hand_with_a_code_of_choice(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    agent = await phones.register("1001", PASSWORD)
    await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000")
    incoming = await agent.next_call()

    assert (await incoming.reject(480)).code == 480


async def test_both_hang_up_at_once_and_once_more(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    agent = await phones.register("1001", PASSWORD, answer="auto")
    for _ in range(10):
        call = await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number="13800138000")
        incoming = await agent.next_call()
        await call.wait_for("connected")
        await asyncio.gather(call.hang_up(), incoming.hang_up())
        await call.hang_up()


async def test_hanging_up_the_moment_it_was_dialled(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    await phones.register("1001", PASSWORD, answer="auto")
    calls = [await phones.call(f"sip:1001@{plain_asterisk.address}", caller_number=f"1380013800{n}") for n in range(10)]
    await asyncio.gather(*(call.hang_up() for call in calls))


async def test_a_wrong_number_ends_with_the_servers_reason(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    unknown = await phones.call(f"sip:9999@{plain_asterisk.address}", caller_number="13800138000")
    busy = await phones.call(f"sip:busy@{plain_asterisk.address}", caller_number="13800138000")

    assert (await unknown.wait_for("ended")).code == 404
    assert (await busy.wait_for("ended")).code == 486
