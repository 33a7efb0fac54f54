"""Asterisk stands still with all its doors open: the watchdog outside has it restarted, and calls after that work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.asterisk.calls.conftest import CALLER_HZ, Floor
from tests.real_stack import RealStack, eventually

RESTART = """
import json, os, signal, sys
os.kill(json.load(open(sys.argv[1]))["pids"]["asterisk"], signal.SIGKILL)
"""


def pid_of_asterisk(stack: RealStack) -> int:
    return json.loads((stack.var / "ready.json").read_text(encoding="utf-8"))["pids"]["asterisk"]


def is_ready(stack: RealStack) -> bool:
    """The daemon has found the new one, and every phone's account is there again."""
    try:
        with urlopen(f"{stack.base_url}/health/ready", timeout=10) as answer:  # noqa: S310 - our own
            return answer.status == 200
    except OSError:
        return False


@contextmanager
def watchdog(stack: RealStack, log: Path) -> Generator[None]:
    """As a unit of its own; `ctiserver up` starts again what it ends, as systemd would."""
    wanted = {
        "CTI_WATCHDOG__EVERY_S": "0.5",
        "CTI_WATCHDOG__FAILURES": "2",
        "CTI_WATCHDOG__RESTART_ASTERISK": json.dumps([sys.executable, "-c", RESTART, str(stack.var / "ready.json")]),
    }
    command = [sys.executable, "-m", "ctiserver", "watchdog", "--config", str(stack.var / "ctiserver.yaml")]
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=os.environ | wanted)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


async def test_asterisk_stands_still(floor: Floor, tmp_path: Path) -> None:
    log = tmp_path / "watchdog.log"
    hung = pid_of_asterisk(floor.stack)
    with watchdog(floor.stack, log):
        await eventually(lambda: "watchdog_ready" in log.read_text(), 60)
        os.kill(hung, signal.SIGSTOP)
        try:
            await eventually(lambda: pid_of_asterisk(floor.stack) != hung, 90)
        except BaseException:
            os.kill(hung, signal.SIGCONT)  # the stories after this one need it
            raise
    said = log.read_text()
    assert said.count("part_is_restarted") == 1, said
    await eventually(lambda: is_ready(floor.stack), 60)
    phone = await floor.agent("1001", tone_hz=560)
    caller = await floor.call("100", "13700000391")
    rung = await phone.next_call(30)
    await rung.answer()
    await caller.hears(560)
    await rung.hears(CALLER_HZ)
    await caller.hang_up()
    assert (await floor.record("13700000391"))["outcome"] == "answered"
