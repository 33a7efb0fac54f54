"""Links that stall, break, lie or die in silence: people talk on, and each call ends as one record."""

from __future__ import annotations

import resource
import signal
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
import psutil
import pytest
import pytest_asyncio

from ctiserver.demo.phone_call import PhoneCall
from ctiserver.demo.phones import Phone
from ctiserver.errors import CtiError
from ctiserver.last_resort import EXIT_CODE
from tests.asterisk.chaos.stand import Stand, until_true

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOTICED_S = 60.0  # a silent peer is noticed after 10 to 15 s


@dataclass
class Talk:
    """1001 talks with the caller."""

    number: str
    caller: PhoneCall
    agent: PhoneCall


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def phone(stand: Stand) -> Phone:
    return await stand.agent("1001", tone_hz=560)


@pytest_asyncio.fixture(loop_scope="module")
async def talk(stand: Stand, phone: Phone, request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    number = f"137{zlib.crc32(request.node.nodeid.encode()) % 10**8:08d}"
    await stand.until("1001", activity="idle")
    caller = await stand.call("100", number)
    rung = await phone.next_call(timeout=30)
    await rung.answer()
    await caller.hears(560)
    await stand.until("1001", activity="talking")
    yield Talk(number, caller, rung)
    await stand.links.heal()
    await caller.hang_up()
    await stand.until_ready()


async def ends_as_one_record(stand: Stand, talk: Talk) -> None:
    """Hung up by the caller, heard to the end, recorded."""
    await talk.caller.hears(560)
    await talk.caller.hang_up()
    await talk.agent.wait_for("ended", timeout=NOTICED_S)
    record = await stand.record(talk.number)
    assert (record["outcome"], record["ended_by"]) == ("answered", "caller")
    recording = await stand.row("SELECT * FROM recording WHERE call_id = :id AND status <> 'pending'", id=record["id"])
    assert recording["status"] == "stored"
    assert (stand.recordings / recording["path"]).stat().st_size > 0


async def test_ami_is_silent_without_a_word(stand: Stand, talk: Talk) -> None:
    stand.links.ami.half_open()
    await stand.until_connected(stand.links.ami, within_s=NOTICED_S)
    await ends_as_one_record(stand, talk)


async def test_the_caller_hangs_up_while_ari_is_silent(stand: Stand, talk: Talk) -> None:
    stand.links.ari.half_open()
    await talk.caller.hang_up()
    await talk.agent.wait_for("ended", timeout=NOTICED_S)
    record = await stand.record(talk.number)
    assert (record["outcome"], record["ended_by"]) == ("answered", "caller")
    await stand.until("1001", activity="idle")


@pytest.mark.parametrize("name", ["ari", "ami", "postgres"])
async def test_the_connection_is_reset(stand: Stand, talk: Talk, name: str) -> None:
    stand.links.named(name).reset()
    await ends_as_one_record(stand, talk)
    await stand.until_ready()


async def test_a_byte_of_ami_is_another_one(stand: Stand, talk: Talk) -> None:
    """In a line, a length or a name: what can't be read is either skipped, or the connection is made anew."""
    stand.links.ami.corrupt(3)
    await ends_as_one_record(stand, talk)


async def test_postgres_stalls_and_is_cut_in_the_middle_of_a_batch(stand: Stand, talk: Talk) -> None:
    link = stand.links.postgres
    link.stall()
    await talk.agent.hold()
    await talk.agent.unhold()
    link.cut_after(7)  # the answer to a statement, torn
    link.resume()
    await ends_as_one_record(stand, talk)
    [seqs] = await stand.query(
        "SELECT count(*) AS n, count(DISTINCT seq) AS d, max(seq) - min(seq) + 1 AS span FROM journal_event"
    )
    assert seqs["n"] == seqs["d"] == seqs["span"], "every step exactly once"


async def test_the_daemon_is_stopped_for_a_while_and_goes_on(stand: Stand, talk: Talk) -> None:
    stand.daemon.send(signal.SIGSTOP)
    try:
        await talk.caller.hears(560, lasting=1.0)
        await talk.agent.hears(400, lasting=1.0)
    finally:
        stand.daemon.send(signal.SIGCONT)
    await stand.until_ready()
    await ends_as_one_record(stand, talk)


async def test_everything_is_slow(stand: Stand, talk: Talk) -> None:
    for link in (stand.links.ari, stand.links.ami, stand.links.postgres):
        link.delay_s = 0.05
    await ends_as_one_record(stand, talk)


async def test_at_the_end_nothing_was_left_behind(stand: Stand) -> None:
    await stand.until("1001", activity="idle")
    await stand.until_quiet()
    assert await stand.metric("cti_calls_crashed_total") == 0
    assert "Traceback" not in stand.daemon.said


async def test_the_clock_is_set_while_some_talk_and_wait_and_nobody_runs(
    stand: Stand, talk: Talk, phone: Phone
) -> None:
    """An hour ahead in the conversation, two back while the daemon is dead, an hour ahead again: nobody is thrown out,
    nothing lasts longer than it did, and no step comes before the one before it."""
    began = time.monotonic()
    waiter = await stand.call("100", "13700000498")
    await waiter.wait_for("connected", timeout=30)
    stand.daemon.set_clock(3600)
    await waiter.hears_sound()
    await talk.caller.hears(560)
    stand.daemon.set_clock(-3600)
    await stand.daemon.kill()
    stand.daemon.start()
    await stand.until_ready()
    await stand.until("1001", activity="talking")
    stand.daemon.set_clock(0)
    await ends_as_one_record(stand, talk)
    again = await phone.next_call(timeout=30)
    assert again.number == "13700000498", "the place in the queue was kept"
    await again.answer()
    await waiter.hears(560)
    await waiter.hang_up()
    await stand.until("1001", activity="idle")
    await stand.until_quiet()
    await stand.until_shipped()
    passed = time.monotonic() - began + 60.0  # the story's own conversation began before it
    for number in (talk.number, "13700000498"):
        call = (await stand.record(number))["id"]
        rows = await stand.query(
            "SELECT kind, extract(epoch FROM ended_at - started_at) AS seconds FROM call_segment WHERE call_id = :id",
            id=call,
        )
        assert {row["kind"] for row in rows} >= {"queue", "talk"}
        assert all(0 <= row["seconds"] < passed for row in rows), rows
    [late] = await stand.query(
        "SELECT count(*) AS n FROM (SELECT at, lag(at) OVER (ORDER BY seq) AS before FROM journal_event) AS step"
        " WHERE at < before"
    )
    assert late["n"] == 0
    assert "clock_was_set " in stand.daemon.said


async def test_memory_runs_out(stand: Stand, talk: Talk) -> None:
    """It ends at once instead of ending call after call; whoever keeps it running starts it, and the two talk on."""
    await stand.desk.sign_in("ops", stand.passwords["ops"])
    taken = psutil.Process(stand.daemon.pid).memory_info().vms
    resource.prlimit(stand.daemon.pid, resource.RLIMIT_AS, (taken, resource.RLIM_INFINITY))
    big = {"changes": {"big.yaml": "#" * 10_000_000}}

    async def nobody_answers() -> bool:
        with suppress(CtiError):  # refused: for that alone there was no memory
            await stand.desk.command("ops", "POST", "/api/flows/check", big)
            return False
        return not (await stand.health())[0]

    with suppress(aiohttp.ClientError):
        await until_true(nobody_answers)
    ended = await stand.daemon.ended()
    stand.daemon.start()
    assert ended in (EXIT_CODE, -signal.SIGABRT, -signal.SIGSEGV), "by us, or by native code that met it first"
    assert "call_crashed" not in stand.daemon.said
    await stand.until_ready()
    await stand.until("1001", activity="talking")
    await ends_as_one_record(stand, talk)
