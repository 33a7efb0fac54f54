"""Records journals anew: `python -m tests.journals.record`. Do so only when calls are meant to be decided differently.

Each file is the journal of one story in virtual time against the fake Asterisk: one step a line, as the spool holds it.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from ctiserver.call.events import Step
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk, VirtualTimeLoop

RECORDED = Path(__file__).parent / "recorded"


async def menu_queue_talk(house: House, fake: FakeAsterisk) -> None:
    await house.sign_in(1, 2)
    caller = await fake.call("101", name="张伟")
    await caller.wait_for_prompt()
    caller.press("2")
    leg = await fake.next_dial()
    leg.ring()
    leg.answer()
    await house.until_activity(2, "talking")
    leg.hold()
    leg.unhold()
    caller.hang_up()
    await house.until_quiet()


async def missed_then_answered(house: House, fake: FakeAsterisk) -> None:
    await house.sign_in(1, 3)
    caller = await fake.call("100")
    (await fake.next_dial()).ring()
    leg = await fake.next_dial(within_s=60)
    leg.answer()
    await caller.wait_for_prompt("工号")
    caller.finish_prompt()
    leg.hang_up()
    await caller.wait_until_gone()
    await house.until_quiet()


async def abandoned_while_it_rings(house: House, fake: FakeAsterisk) -> None:
    await house.sign_in(1)
    caller = await fake.call("100")
    (await fake.next_dial()).ring()
    await house.until_activity(1, "ringing")
    caller.hang_up()
    await house.until_quiet()


async def waited_too_long(house: House, fake: FakeAsterisk) -> None:
    fake.world.prompt_seconds = 2.0
    caller = await fake.call("104")
    await caller.wait_for_prompt("座席全忙", within_s=60)
    await house.until_quiet()


async def secret_number(house: House, fake: FakeAsterisk) -> None:
    caller = await fake.call("103")
    await caller.wait_for_prompt()
    caller.press("987654")
    await caller.wait_for_music()
    caller.hang_up()
    await house.until_quiet()


STORIES: tuple[Callable[[House, FakeAsterisk], Awaitable[None]], ...] = (
    menu_queue_talk,
    missed_then_answered,
    abandoned_while_it_rings,
    waited_too_long,
    secret_number,
)


async def record(story: Callable[[House, FakeAsterisk], Awaitable[None]]) -> None:
    agents = (agent(1, service=9), agent(2, repairs=6), agent(3, service=4))
    with tempfile.TemporaryDirectory() as folder:
        async with FakeAsterisk() as fake:
            for one in agents:
                fake.phone(one.extension)
            async with House(fake, Path(folder), agents=agents) as house:
                await story(house, fake)
                steps = [step for step in house.journal.steps if not step.subject.startswith("agent:")]
    lines = b"".join(msgspec.json.encode(without_state(step)) + b"\n" for step in steps)
    (RECORDED / f"{story.__name__}.jsonl").write_bytes(lines)


def without_state(step: Step) -> Step:
    """As it is shipped: the state is for restarts only."""
    return Step(at=step.at, subject=step.subject, input=step.input, facts=step.facts, commands=step.commands)


def main() -> None:
    for story in STORIES:
        loop = VirtualTimeLoop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(record(story))
        loop.close()


if __name__ == "__main__":
    main()
