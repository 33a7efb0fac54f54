"""The next daemon takes over from the one that runs, and a daemon is drained: nobody on a call notices."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.asterisk.chaos.stand import DaemonProcess, Stand, until_true

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def said(daemon: DaemonProcess, what: str) -> None:
    async def it_did() -> bool:
        return what in daemon.said

    await until_true(it_did)


async def test_the_next_process_goes_on_with_all_calls(stand: Stand, tmp_path: Path) -> None:
    phone = await stand.agent("1001", tone_hz=560)
    talker = await stand.call("100", "13700000401")
    rung = await phone.next_call(timeout=30)
    await rung.answer()
    await talker.hears(560)
    first = await stand.call("100", "13700000402")
    await first.wait_for("connected", timeout=30)
    chooser = await stand.call("101", "13700000403")
    await chooser.wait_for("connected", timeout=30)
    former = stand.daemon
    stand.daemon = DaemonProcess(former.file, tmp_path / "next.log")
    stand.daemon.start("--take-over")
    late = await stand.call("100", "13700000404")
    try:
        assert await former.ended() == 0
        assert "handing_over" in former.said
        await said(stand.daemon, "daemon_ready")
        await stand.until_ready()
        await late.wait_for("connected", timeout=30)
        assert [call.ended for call in (talker, rung, first, chooser, late)] == [None] * 5
        await talker.hears(560)
        await stand.until("1001", activity="talking")
        await talker.hang_up()
        again = await phone.next_call(timeout=30)
        assert again.number == "13700000402", "the place in the queue was kept"
        await again.answer()
        await first.hears(560)
        await first.hang_up()
        await chooser.hang_up()
        await late.hang_up()
        for number in ("13700000401", "13700000402"):
            assert (await stand.record(number))["outcome"] == "answered"
        for number in ("13700000403", "13700000404"):
            assert (await stand.record(number))["outcome"] != "answered"
        await stand.until_quiet()
        assert "Traceback" not in former.said + stand.daemon.said
    finally:
        await stand.daemon.stop()
        stand.daemon = former
        stand.daemon.start()
        await stand.until_ready()


async def test_a_second_daemon_by_mistake_is_refused(stand: Stand, tmp_path: Path) -> None:
    second = DaemonProcess(stand.daemon.file, tmp_path / "second.log")
    second.start()
    assert await second.ended() == 1
    assert f"another ctiserver (process {stand.daemon.pid}) runs" in second.said
    assert (await stand.health())[0] == 200


async def test_a_next_version_that_cannot_start_leaves_the_former_at_work(stand: Stand, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "lines.yaml").write_text("lines: {}\nliens: {}\n", encoding="utf-8")
    text = stand.daemon.file.read_text(encoding="utf-8")
    broken.write_text(text.replace(str(stand.settings["flows"]), str(flows)), encoding="utf-8")
    following = DaemonProcess(broken, tmp_path / "following.log")
    following.start("--take-over")
    assert await following.ended() == 1
    assert "lines.yaml" in following.said
    assert (await stand.health())[0] == 200


async def test_a_daemon_is_drained(stand: Stand) -> None:
    phone = stand.registered.get("1001") or await stand.agent("1001")
    caller = await stand.call("100", "13700000411")
    await caller.wait_for("connected", timeout=30)
    await said(stand.daemon, "137****0411")
    await asyncio.to_thread(stand.daemon.drain)
    await said(stand.daemon, "draining")
    late = await stand.call("100", "13700000412")
    await late.wait_for("connected", timeout=30)
    own = await phone.call(f"sip:1002@127.0.0.1:{stand.asterisk.ports.sip}")
    assert (await own.wait_for("ended", timeout=30)).code == 503, "calls of agents are new ones too"
    assert caller.ended is None
    await caller.hang_up()
    assert await stand.daemon.ended() == 0
    await late.hang_up()
    assert "137****0412" not in stand.daemon.said, "who came meanwhile was left to the dialplan"
    stand.daemon.start()
    await stand.until_ready()
    assert (await stand.record("13700000411"))["ended_by"] == "caller"
