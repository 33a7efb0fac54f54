"""Each rule of a queue, with real phones: who is rung, who is let go, and where callers end who reach nobody."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.asterisk.calls.conftest import CALLER_HZ, Floor

Rules = Callable[..., Awaitable[None]]
AS_BEFORE = """
UPDATE queue SET skills = before.skills, strategy = before.strategy, max_wait_ms = before.max_wait_ms,
    wrap_up_ms = before.wrap_up_ms, options = before.options
FROM queue_before AS before WHERE before.id = queue.id
"""


@pytest.fixture
async def rules(floor: Floor) -> AsyncIterator[Rules]:
    """`await rules(skills={…}, options={…}, max_wait_ms=…)` for the queue "service", until the story ends."""
    await floor.stack.change("CREATE TABLE IF NOT EXISTS queue_before AS TABLE queue")

    async def change(**columns: Any) -> None:
        def literal(value: object) -> str:
            return f"'{json.dumps(value)}'" if isinstance(value, dict) else f"'{value}'"

        setting = ", ".join(f"{name} = {literal(value)}" for name, value in columns.items())
        await floor.stack.change(f"UPDATE queue SET {setting} WHERE id = 'service'")  # noqa: S608 - a story's own words

    yield change
    await floor.stack.change(AS_BEFORE)
    await floor.stack.change("DELETE FROM queue_step")
    await floor.stack.change("DELETE FROM routing_option")


async def offers(floor: Floor, number: str) -> list[dict[str, Any]]:
    """Of the call from that number, in order, once it has ended."""
    call = await floor.record(number)
    statement = "SELECT * FROM offer WHERE call_id = :id ORDER BY started_at, id"
    return [dict(row) for row in await floor.stack.query(statement, id=call["id"])]


async def test_all_phones_ring_and_the_losers_are_let_go(floor: Floor, rules: Rules) -> None:
    await rules(strategy="ring_all")
    one = await floor.agent("1001", tone_hz=620)
    other = await floor.agent("1002", tone_hz=800)
    caller = await floor.call("100", "13700010301")
    first, second = await one.next_call(20), await other.next_call(20)
    await second.answer()
    await first.wait_for("ended", timeout=15)
    await caller.hears(800)
    await second.hears(CALLER_HZ)
    await floor.until("1001", activity="idle")
    await caller.hang_up()
    assert sorted(offer["outcome"] for offer in await offers(floor, "13700010301")) == ["answered", "withdrawn"]


async def test_what_is_asked_is_relaxed_while_the_caller_waits(floor: Floor, rules: Rules) -> None:
    await floor.stack.change(
        "INSERT INTO queue_step (queue_id, ordinal, after_ms, options)"
        """ VALUES ('service', 1, 3000, '{"levels": {"service": 1}}')"""
    )
    await rules(skills={"service": 9})
    beginner = await floor.agent("1008", tone_hz=800)
    account = floor.stack.account("1004")
    await floor.desk.sign_in("1004", account["password"])
    await floor.phones.register(account["extension"], account["sip_password"])
    await floor.desk.until_reachable("1004")
    await floor.desk.choose_presence("1004", "break", "lunch")  # signed in, so that the first step is not skipped
    caller = await floor.call("100", "13700010302")
    rung = await beginner.next_call(20)
    await rung.answer()
    await caller.hears(800)
    await caller.hang_up()
    (offer,) = await offers(floor, "13700010302")
    call = await floor.record("13700010302")
    assert (offer["started_at"] - call["started_at"]).total_seconds() >= 2.9


async def test_a_returning_customer_gets_the_agent_of_the_last_call(floor: Floor, rules: Rules) -> None:
    await rules(options={"last_agent_s": 20}, wrap_up_ms=0)
    phones = {"1001": await floor.agent("1001", tone_hz=620), "1002": await floor.agent("1002", tone_hz=800)}

    async def reach(number: str) -> str:
        caller = await floor.call("101", number)
        await caller.wait_for("connected")
        await caller.hears_sound()
        await caller.dtmf("0")
        phone, rung = await floor.first_ringing(*phones.values())
        await rung.answer()
        await rung.hears(CALLER_HZ)
        await caller.hang_up()
        await floor.until(phone.number, activity="idle")
        await floor.record(number)
        return phone.number

    first = await reach("13700010303")
    await floor.stack.change("UPDATE call SET caller_number = 'former' WHERE caller_number = '13700010303'")
    assert await reach("13700010303") == first, "though the other has been idle for longer"


async def test_refusals_have_their_cause_and_their_cool_down(floor: Floor, rules: Rules) -> None:
    """404: the network knows no such phone; 488: it cannot speak as asked."""
    cool_downs = json.dumps(dict.fromkeys(("rejected", "busy", "unreachable", "failed", "no_answer"), 2))
    await floor.stack.change(f"INSERT INTO routing_option VALUES ('cool_down_s', '{cool_downs}')")  # noqa: S608 - so too
    phone = await floor.agent("1001")
    caller = await floor.call("100", "13700010304")
    for code in (603, 486, 404, 488):
        await (await phone.next_call(20)).reject(code)
    await (await phone.next_call(20)).wait_for("ended", timeout=15)  # nobody answers it
    await (await phone.next_call(20)).answer()
    await floor.until("1001", activity="talking")
    await caller.hang_up()
    told = await offers(floor, "13700010304")
    assert [(o["outcome"], o["cause"]) for o in told] == [
        ("refused", "rejected"),
        ("refused", "busy"),
        ("refused", "unreachable"),
        ("refused", "failed"),
        ("refused", "no_answer"),
        ("answered", ""),
    ]
    pairs = itertools.pairwise(told)
    pauses = [(after["started_at"] - before["ended_at"]).total_seconds() for before, after in pairs]
    assert all(pause >= 1.9 for pause in pauses), pauses


async def test_wrap_up_until_a_disposition(floor: Floor, rules: Rules) -> None:
    await rules(options={"wrap_up": {"mode": "until_disposition"}})
    phone = await floor.agent("1001", tone_hz=800)
    caller = await floor.call("100", "13700010305")
    await (await phone.next_call(20)).answer()
    await caller.hears(800)
    await caller.hang_up()
    state = await floor.until("1001", activity="wrap_up")
    assert state["wrap_up_until"] is None
    with pytest.raises(Exception, match="disposition"):
        await floor.desk.finish_wrap_up("1001")
    await floor.desk.choose_disposition("1001", state["call_id"], "inquiry")
    await floor.until("1001", activity="idle")


async def test_after_the_longest_wait_into_another_queue(floor: Floor, rules: Rules) -> None:
    overflow = {"max_wait": {"action": "queue", "target": "repairs"}}
    await rules(skills={"english": 10, "bills": 10}, max_wait_ms=2000, options={"overflow": overflow})
    phone = await floor.agent("1006", tone_hz=800)
    caller = await floor.call("100", "13700010306")
    await (await phone.next_call(20)).answer()
    await caller.hears(800)
    await caller.hang_up()
    assert (await floor.record("13700010306"))["queue_id"] == "repairs"


@pytest.mark.parametrize(
    ("rule", "flow"), [({"action": "voicemail"}, "voicemail"), ({"action": "flow", "target": "sorry"}, "sorry")]
)
async def test_a_closed_queue_leads_into_a_flow(floor: Floor, rules: Rules, rule: dict[str, str], flow: str) -> None:
    await rules(options={"open": False, "overflow": {"closed": rule}})
    number = "13700010307" if flow == "sorry" else "13700010308"
    caller = await floor.call("100", number)
    await caller.hears_sound()
    await caller.wait_for("ended", timeout=20)
    call = await floor.record(number)
    path = await floor.stack.query("SELECT flow FROM call_path WHERE call_id = :id", id=call["id"])
    assert flow in {row["flow"] for row in path}


async def test_a_vip_has_a_head_start(floor: Floor, rules: Rules) -> None:
    ordinary = await floor.call("100", "13700010309")
    await ordinary.wait_for("connected")
    await ordinary.hears_sound()
    vip = await floor.call("103", "13700010310")
    await vip.wait_for("connected")
    await vip.hears_sound()
    phone = await floor.agent("1001")
    rung = await phone.next_call(20)
    assert rung.number == "13700010310"
    await vip.hang_up()
    await ordinary.hang_up()


async def test_the_forecast_is_told_to_the_caller(floor: Floor, rules: Rules) -> None:
    await rules(wrap_up_ms=0)
    phone = await floor.agent("1001", tone_hz=800)
    first = await floor.call("100", "13700010311")
    await (await phone.next_call(20)).answer()
    await first.hears(800)
    await first.hang_up()
    await floor.until("1001", activity="idle")
    second = await floor.call("100", "13700010312")
    await (await phone.next_call(20)).answer()
    await second.hears(800)
    waiting = await floor.call("104", "13700010313")
    await waiting.hears_sound()
    told = "SELECT 1 FROM journal_event WHERE body::text LIKE '%expected_wait_p90_s%' AND type = 'QueuePositionChanged'"
    await floor.stack.row(told)
    await waiting.hang_up()
    await second.hang_up()
