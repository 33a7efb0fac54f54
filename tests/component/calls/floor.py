"""A conversation to begin with, for stories of what people do with it."""

from __future__ import annotations

from dataclasses import dataclass

from ctiserver.live.views import LiveCallView
from tests.component.calls.house import House
from tests.component.fake_asterisk import FakeAsterisk
from tests.component.fake_asterisk.people import FakeCaller, FakeLeg


@dataclass
class Conversation:
    house: House
    fake: FakeAsterisk
    caller: FakeCaller
    agent: FakeLeg

    @property
    def call_id(self) -> str:
        return self.view.id

    @property
    def view(self) -> LiveCallView:
        (call,) = self.house.centre.calls()
        return call

    async def is_over(self) -> None:
        """Nobody is left, nobody is taken."""
        await self.house.until_quiet()
        await self.fake.until(
            lambda: all(a.activity in ("idle", "wrap_up") for a in self.house.centre.agents()), "agents are free"
        )
        assert len(self.house.centre.dispatcher._direct) == 0  # pyright: ignore[reportPrivateUsage] - nobody else looks
        assert len(self.house.centre.dispatcher._books.held) == 0  # pyright: ignore[reportPrivateUsage]


async def conversation(house: House, fake: FakeAsterisk, first: int, *others: int, line: str = "100") -> Conversation:
    """The caller talks with agent `first`; the others are ready but on no call."""
    await house.sign_in(first)
    caller = await fake.call(line)
    leg = await fake.next_dial()
    leg.ring()
    leg.answer()
    await caller.wait_for_prompt("工号")
    caller.finish_prompt()
    await caller.wait_until_talking_to(leg)
    await house.sign_in(*others)
    return Conversation(house, fake, caller, leg)


async def dialled(fake: FakeAsterisk) -> FakeLeg:
    """The next phone that rings."""
    leg = await fake.next_dial()
    leg.ring()
    return leg
