"""Accounts from the directory, phones that register with them, and every way for a phone to take an offer."""

from __future__ import annotations

import pytest

from ctiserver.asterisk.local import LocalAsterisk
from ctiserver.demo.phones import RegistrationRefused, SipPhones
from ctiserver.directory import Directory
from ctiserver.ports import ChannelEntered, ChannelLeft, ChannelRinging, PhoneSeen
from tests.asterisk.edge.conftest import PASSWORD, Listener, agent, eventually, offer


async def arrive(edge: Listener, phones: SipPhones, asterisk: LocalAsterisk) -> str:
    await phones.call(f"sip:96100@{asterisk.sip_address}", caller_number="13800138000", caller_name="李娜")
    return (await edge.caller()).channel_id


async def test_a_caller_comes_with_number_and_chinese_name(
    edge: Listener, phones: SipPhones, asterisk: LocalAsterisk
) -> None:
    await arrive(edge, phones, asterisk)
    (entered,) = edge.of(ChannelEntered)
    assert (entered.arguments, entered.caller_number, entered.caller_name) == (("96100",), "13800138000", "李娜")
    (seen,) = await edge.telephony.channels()
    assert (seen.up, seen.ours, seen.dialled, seen.caller_name) == (True, True, "96100", "李娜")


async def test_a_phone_registers_and_goes(edge: Listener, phones: SipPhones) -> None:
    phone = await phones.register("1001", PASSWORD)
    await edge.phone_is("1001", reachable=True)
    await phone.unregister()
    await edge.phone_is("1001", reachable=False)


async def test_a_new_password_replaces_the_old_one(edge: Listener, phones: SipPhones) -> None:
    edge.telephony.use_directory(Directory(agents=(agent("1001", sip_password="new"), agent("1003"))))
    await eventually(lambda: edge.of(PhoneSeen, lambda seen: seen.extension == "1003"), "the new account")
    with pytest.raises(RegistrationRefused):
        await phones.register("1001", PASSWORD)
    with pytest.raises(RegistrationRefused):
        await phones.register("1002", PASSWORD)
    await phones.register("1001", "new")
    edge.telephony.use_directory(Directory(agents=(agent("1002"),)))
    await edge.phone_is("1003", reachable=False)


async def test_asterisk_accepts_a_browser_phone(edge: Listener) -> None:
    edge.telephony.use_directory(Directory(agents=(agent("1001"), agent("1002"), agent("1004", webrtc=True))))
    await eventually(lambda: edge.of(PhoneSeen, lambda seen: seen.extension == "1004"), "the account")


async def test_the_phone_shows_who_calls_and_answers(
    edge: Listener, phones: SipPhones, asterisk: LocalAsterisk
) -> None:
    phone = await phones.register("1001", PASSWORD)
    caller = await arrive(edge, phones, asterisk)
    assert await edge.telephony.dial(offer(caller, "n1-7-o1", auto=True)) == "done"
    incoming = await phone.next_call()
    assert (incoming.number, incoming.name) == ("13800138000", "张伟 老张 SHELL(id)")
    assert incoming.header("X-CTI-Call-Id") == "n1-7"
    assert (incoming.header("Call-Info") or "").endswith("answer-after=0")
    assert "auto" in (incoming.header("Alert-Info") or "")
    await edge.hear(ChannelRinging, lambda event: event.channel_id == "n1-7-o1")
    assert await edge.telephony.dial(offer(caller, "n1-7-o1")) == "done", "asked twice, rung once"
    await incoming.answer()
    entered = await edge.hear(ChannelEntered, lambda event: event.channel_id == "n1-7-o1")
    assert entered.arguments == ("leg", "n1-7-o1")
    await incoming.hang_up()
    await edge.hear(ChannelLeft, lambda event: event.channel_id == "n1-7-o1")
    assert len(incoming.headers) > 0


@pytest.mark.parametrize(("status", "cause"), [(486, 17), (603, 21), (480, 19)])
async def test_a_phone_refuses(
    edge: Listener, phones: SipPhones, asterisk: LocalAsterisk, status: int, cause: int
) -> None:
    phone = await phones.register("1001", PASSWORD)
    caller = await arrive(edge, phones, asterisk)
    await edge.telephony.dial(offer(caller, "n1-7-o1"))
    await (await phone.next_call()).reject(status)
    left = await edge.hear(ChannelLeft, lambda event: event.channel_id == "n1-7-o1")
    assert (left.cause, left.tech_cause) == (cause, status)


async def test_nobody_picks_up(edge: Listener, phones: SipPhones, asterisk: LocalAsterisk) -> None:
    phone = await phones.register("1001", PASSWORD)
    caller = await arrive(edge, phones, asterisk)
    await edge.telephony.dial(offer(caller, "n1-7-o1", timeout_s=1))
    incoming = await phone.next_call()
    left = await edge.hear(ChannelLeft, lambda event: event.channel_id == "n1-7-o1")
    assert left.cause == 19
    await incoming.wait_for("ended")


async def test_who_has_no_phone_or_no_caller_any_more(
    edge: Listener, phones: SipPhones, asterisk: LocalAsterisk
) -> None:
    phone = await phones.register("1001", PASSWORD)
    await edge.phone_is("1001", reachable=True)
    caller = await arrive(edge, phones, asterisk)
    assert await edge.telephony.dial(offer(caller, "o1", extension="1002")) == "refused"
    assert await edge.telephony.dial(offer(caller, "o1", extension="9999")) == "refused"
    assert await edge.telephony.dial(offer("nobody", "o1")) == "gone"
    assert phone.registered


async def test_we_stop_ringing(edge: Listener, phones: SipPhones, asterisk: LocalAsterisk) -> None:
    phone = await phones.register("1001", PASSWORD)
    caller = await arrive(edge, phones, asterisk)
    await edge.telephony.dial(offer(caller, "n1-7-o1"))
    incoming = await phone.next_call()
    assert await edge.telephony.hang_up("n1-7-o1", "answered_elsewhere") == "done"
    await incoming.wait_for("ended")
    await edge.hear(ChannelLeft, lambda event: event.channel_id == "n1-7-o1")
