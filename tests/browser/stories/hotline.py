"""A running call centre with real phones, for stories whose main thread belongs to Chromium.

Playwright's plain interface occupies the main thread's event loop; the phones live in a loop of their own, and `run`
hands them work:

    phone = hotline.phone("1001")
    caller = hotline.call("200", "13800138008")
    rung = hotline.run(phone.next_call())
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ctiserver.demo.desk_client import DeskClient
from ctiserver.demo.phone_call import PhoneCall
from ctiserver.demo.phones import AnswerMode, Phone, SipPhones
from tests.real_stack import POLL_S, RealStack, running_stack

FLOWS = Path(__file__).parents[1] / "flows"
STRAIGHT, BILLS = "200", "201"  # lines: to people at once; with a menu and an account number
OUTSIDE = {"CTI_OUTSIDE__ALLOWED": '["1380013xxxx"]', "CTI_OUTSIDE__ENDPOINT": "PJSIP/{number}"}
"""Numbers of customers may be rung: a story registers a phone under the number."""
CALLER_HZ = 400
LONGEST_S = 60.0
GOING_HOME_S = 20.0
ROW_S = 20.0
Result = TypeVar("Result")


class Background:
    """An event loop in a thread; whoever calls `run` waits for the result."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="phones")
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Result], within_s: float = LONGEST_S) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(within_s)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@dataclass(frozen=True)
class Hotline:
    """The centre of one story: its phones are new, its agents are signed out when the story ends."""

    stack: RealStack
    phones: SipPhones
    desk: DeskClient
    background: Background
    agents: set[str] = field(default_factory=set[str])

    def run(self, work: Coroutine[Any, Any, Result], within_s: float = LONGEST_S) -> Result:
        return self.background.run(work, within_s)

    def phone(self, login: str, *, tone_hz: int = 620, answer: AnswerMode = "manual") -> Phone:
        """The agent's phone, registered. The agent is not signed in by this."""
        account = self.stack.account(login)
        self.agents.add(login)
        return self.run(
            self.phones.register(account["extension"], account["sip_password"], tone_hz=tone_hz, answer=answer)
        )

    def colleague(self, login: str, *, answer: AnswerMode = "manual") -> Phone:
        """An agent without a page in this story: signed in, reachable and ready."""
        phone = self.phone(login, answer=answer)
        self.run(self._make_ready(login))
        return phone

    def call(self, line: str, number: str, name: str = "") -> PhoneCall:
        uri = f"sip:{line}@{self.stack.sip}"
        return self.run(self.phones.call(uri, caller_number=number, caller_name=name, tone_hz=CALLER_HZ))

    def row(self, statement: str, **values: str) -> Mapping[str, Any]:
        """The first row of the statement as soon as there is one."""
        return self.run(self.stack.row(statement, within_s=ROW_S, **values))

    def record(self, number: str) -> Mapping[str, Any]:
        """The finished call of that number as Postgres has it."""
        return self.row("SELECT * FROM call WHERE caller_number = :number AND ended_at IS NOT NULL", number=number)

    async def _make_ready(self, login: str) -> None:
        await self.desk.sign_in(login, self.stack.account(login)["password"])
        await self.desk.until_reachable(login)
        await self.desk.choose_presence(login, "ready")


@contextmanager
def running_hotline() -> Generator[RealStack]:
    """The whole system with the short flows of this ring."""
    with running_stack(flows=FLOWS, settings=OUTSIDE) as stack:
        yield stack


@contextmanager
def open_hotline(stack: RealStack, background: Background, folder: Path) -> Generator[Hotline]:
    """Phones for one story; afterwards no call, no ready agent and no phone process is left."""
    phones = SipPhones(stack.sip, folder=folder)
    hotline = Hotline(stack, phones, DeskClient(stack.base_url), background)
    try:
        yield hotline
    finally:
        background.run(phones.close())
        background.run(_go_home(hotline))


async def _go_home(hotline: Hotline) -> None:
    """Signs out whoever worked in this story, wrap-up included, so that the next story begins with nobody."""
    async with hotline.desk, DeskClient(hotline.stack.base_url) as desk:
        for login in hotline.agents:
            await desk.sign_in(login, hotline.stack.account(login)["password"])
            await desk.choose_presence(login, "signed_out")
            async with asyncio.timeout(GOING_HOME_S):
                while (agent := await desk.agent(login))["presence"] != "signed_out" or agent["activity"] != "idle":
                    if agent["activity"] == "wrap_up":
                        await desk.finish_wrap_up(login)
                    await asyncio.sleep(POLL_S)
