"""Stories of calls with real SIP phones, a real Asterisk, a real Postgres and the daemon as its own process."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ctiserver.demo.desk_client import DeskClient
from ctiserver.demo.phone_call import PhoneCall
from ctiserver.demo.phones import AnswerMode, Phone, RegistrationRefused, SipPhones
from tests.real_stack import RealStack, eventually, running_stack

FLOWS = Path(__file__).parent / "flows"
CALLER_HZ = 400
OUTSIDE_NUMBER = "13800138041"
"""A customer whose number stands on the allow list. The phone is at a SIP account that is called like it."""
OUTSIDE_PASSWORD = secrets.token_urlsafe(12)
OUTSIDE = {
    "CTI_OUTSIDE__ALLOWED": '["1380013xxxx"]',
    "CTI_OUTSIDE__ENDPOINT": "PJSIP/{number}",
    "CTI_OUTBOUND__SHOWN_NUMBERS": '["96100", "96200"]',
    "CTI_PHONES__LAMPS": "true",
}


@pytest.fixture(scope="session")
def stack() -> Iterator[RealStack]:
    with running_stack(flows=FLOWS, settings=OUTSIDE) as stack:
        values = f"('{OUTSIDE_NUMBER}', '客户', '{OUTSIDE_NUMBER}', '{OUTSIDE_PASSWORD}')"
        add = f"INSERT INTO agent (number, name, extension, sip_password) VALUES {values}"  # noqa: S608 - our own words
        asyncio.run(stack.change(add))
        asyncio.run(stack.change("UPDATE queue SET ring_timeout_ms = 4000, wrap_up_ms = 1500"))
        yield stack


@dataclass
class Floor:
    """The agents and callers of one story."""

    stack: RealStack
    phones: SipPhones
    desk: DeskClient

    async def agent(
        self, login: str, *, tone_hz: int = 620, answer: AnswerMode = "manual", phone: bool = True
    ) -> Phone:
        """Signed in and ready, with a registered phone that sends its own tone."""
        account = self.stack.account(login)
        registered = await self.phones.register(
            account["extension"], account["sip_password"], tone_hz=tone_hz, answer=answer
        )
        await self.desk.sign_in(login, account["password"])
        if phone:
            await self.desk.until_reachable(login)
        await self.desk.choose_presence(login, "ready")
        return registered

    async def outside_phone(self, *, tone_hz: int, answer: AnswerMode = "manual") -> Phone:
        """The phone of the customer at OUTSIDE_NUMBER."""
        async with asyncio.timeout(30):
            while True:
                try:
                    return await self.phones.register(OUTSIDE_NUMBER, OUTSIDE_PASSWORD, tone_hz=tone_hz, answer=answer)
                except RegistrationRefused:  # the account is being pushed
                    await asyncio.sleep(0.2)

    async def agent_id(self, login: str) -> int:
        return (await self.desk.agent(login))["id"]

    async def live(self, login: str) -> dict[str, Any]:
        """The call that this agent has now, as the pages see it."""
        call_id = (await self.desk.agent(login))["call_id"]
        calls = await self.desk.get(login, "/api/calls/live")
        return next(call for call in calls if call["id"] == call_id)

    async def call(self, line: str, number: str, name: str = "") -> PhoneCall:
        return await self.phones.call(
            f"sip:{line}@{self.stack.sip}", caller_number=number, caller_name=name, tone_hz=CALLER_HZ
        )

    async def until(self, login: str, **fields: Any) -> dict[str, Any]:
        """The agent's state as soon as it has these values."""
        async with asyncio.timeout(20):
            while True:
                state = await self.desk.agent(login)
                if all(state[key] == value for key, value in fields.items()):
                    return state
                await asyncio.sleep(0.05)

    async def pop(self, login: str) -> dict[str, Any]:
        """The agent's screen pop, from the page's own websocket."""
        async with asyncio.timeout(20), self.desk.http(login).ws_connect("/ws/events") as socket:
            async for message in socket:
                told = message.json()
                pop = told["data"]["pop"] if told["type"] == "snapshot" else told["data"]
                if told["type"] in ("snapshot", "pop") and pop is not None:
                    return pop
        raise AssertionError("the feed ended without a pop")

    async def first_ringing(self, *phones: Phone) -> tuple[Phone, PhoneCall]:
        """Whichever of the phones rings first."""
        waiting = {asyncio.create_task(phone.next_call(20)): phone for phone in phones}
        done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        task = done.pop()
        return waiting[task], task.result()

    async def until_node(self, number: str, node: str) -> None:
        """The caller with this number stands (or has stood) at that node of the flow."""
        try:
            await self.stack.row(
                "SELECT 1 FROM call_path path JOIN call ON call.id = call_id"
                " WHERE caller_number = :number AND path.node = :node",
                within_s=30,
                number=number,
                node=node,
            )
        except AssertionError:
            keys = await self.stack.query(
                "SELECT to_char(journal_event.at, 'MI:SS.MS') AS at, body->'input'->>'digit' AS key FROM journal_event"
                " JOIN call ON call.id = call_id WHERE caller_number = :number AND type = 'DigitReceived' ORDER BY seq",
                number=number,
            )
            pressed = " ".join(f"{row['at']}={row['key']}" for row in keys)
            path = " → ".join(await self.path(number))
            raise AssertionError(f"{number} never came to {node}; the way: {path}; keys: {pressed}") from None

    async def until_answers(self, number: str, count: int) -> None:
        await self.stack.row(
            "SELECT 1 FROM survey_answer JOIN call ON call.id = call_id WHERE caller_number = :number"
            " GROUP BY call_id HAVING count(*) >= :count",
            within_s=30,
            number=number,
            count=count,
        )

    async def path(self, number: str) -> list[str]:
        rows = await self.stack.query(
            "SELECT path.node FROM call_path path JOIN call ON call.id = call_id WHERE caller_number = :number"
            " ORDER BY path.id",
            number=number,
        )
        return [row["node"] for row in rows]

    async def until_recorded(self, seconds: float) -> None:
        """Some message has this much sound on Asterisk's disk."""
        spool = self.stack.var / "services" / "asterisk" / "spool" / "recording"

        def long_enough() -> bool:
            return any(file.stat().st_size > seconds * 16_000 for file in spool.glob("*.m*.wav"))

        await eventually(long_enough, within_s=30)

    async def record(self, number: str) -> dict[str, Any]:
        """The finished call of that number as Postgres has it."""
        statement = "SELECT * FROM call WHERE caller_number = :number AND ended_at IS NOT NULL"
        return dict(await self.stack.row(statement, number=number))


@pytest.fixture
async def floor(stack: RealStack, tmp_path: Path) -> AsyncIterator[Floor]:
    async with SipPhones(stack.sip, folder=tmp_path) as phones, DeskClient(stack.base_url) as desk:
        yield Floor(stack, phones, desk)
