"""A fax machine sends a page into a flow, another one takes the page that a flow sends on demand.

The machine at the other end is Asterisk's own engine in the part of a caller, put there from its console.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from ctiserver.asterisk.local import find_programs
from ctiserver.parts_folders import cache_folder
from tests.asterisk.calls.conftest import FLOWS, Floor
from tests.real_stack import POLL_S, RealStack

TRANSMISSION_S = 45.0  # of one page with little on it: about 15 s, on a busy machine more
ATTEMPTS = 4  # machines ring again where the line was bad, and a busy machine's clock makes it bad
TIFF = (b"II*\0", b"MM\0*")


async def at_the_console(stack: RealStack, order: str) -> None:
    programs = find_programs(cache_folder())
    assert programs is not None
    etc = stack.var / "services" / "asterisk" / "etc" / "asterisk.conf"
    console = await asyncio.create_subprocess_exec(
        *programs.command("usr/sbin/asterisk"), "-C", str(etc), "-rx", order, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await console.communicate()
    assert console.returncode == 0, said
    assert b"No such command" not in said, said


async def until_it_works(stack: RealStack, call: str, done: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(ATTEMPTS):
        await at_the_console(stack, f"channel originate {call}")
        deadline = time.monotonic() + TRANSMISSION_S
        while time.monotonic() < deadline:
            if await done():
                return
            await asyncio.sleep(POLL_S)
    raise AssertionError(f"no fax came through: {call}")


async def test_a_page_is_received_and_a_page_is_sent_on_demand(floor: Floor) -> None:
    stack = floor.stack
    form = FLOWS / "documents" / "form.tif"
    taken = stack.var / "services" / "asterisk" / "spool" / "tmp" / "taken.tif"
    await at_the_console(stack, "module load res_clioriginate.so")

    async def send() -> None:
        await until_it_works(stack, f"Local/133@hotline/n application SendFAX {form},f", received)

    async def receive() -> None:
        await until_it_works(stack, f"Local/134@hotline/n application ReceiveFAX {taken},f", given)

    async def received() -> bool:
        return bool(await stack.query("SELECT 1 FROM fax WHERE direction = 'received'"))

    async def given() -> bool:
        return taken.exists() and taken.stat().st_size > 100

    await asyncio.gather(send(), receive())
    (fax,) = await stack.query("SELECT * FROM fax WHERE direction = 'received'")
    assert (fax["box"], fax["ok"], fax["pages"]) == ("service", True, 1), dict(fax)
    assert (stack.recordings / fax["path"]).read_bytes()[:4] in TIFF
    assert taken.read_bytes()[:4] in TIFF
    sent = await stack.row("SELECT * FROM fax WHERE direction = 'sent'")
    assert sent["document"] == "form"
    through = await stack.row("SELECT * FROM fax WHERE direction = 'sent' AND ok")
    assert through["pages"] == 1, "also where the other machine hangs up on the last page"
