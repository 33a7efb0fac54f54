"""Keys arrive in order, whichever way they travel. The dialplan answers 42 with 900 Hz and all else with 500 Hz."""

import pytest

from ctiserver.demo.phone_protocol import DtmfMethod
from ctiserver.demo.phones import SipPhones
from tests.asterisk.phones.plain_asterisk import PlainAsterisk


@pytest.mark.parametrize("method", ["rfc4733", "info"])
@pytest.mark.parametrize(("digits", "answer_hz"), [("42", 900), ("24", 500)])
async def test_keys_arrive_in_order(
    plain_asterisk: PlainAsterisk, phones: SipPhones, method: DtmfMethod, digits: str, answer_hz: int
) -> None:
    call = await phones.call(f"sip:menu@{plain_asterisk.address}", caller_number="13800138000", tone_hz=None)
    await call.wait_for("connected")
    await call.dtmf(digits, method=method)
    await call.hears(answer_hz)


async def test_keys_pressed_one_after_the_other(plain_asterisk: PlainAsterisk, phones: SipPhones) -> None:
    call = await phones.call(f"sip:menu@{plain_asterisk.address}", caller_number="13800138000", tone_hz=440)
    await call.wait_for("connected")
    await call.dtmf("4")
    await call.dtmf("2")
    await call.hears(900)
