"""Callers and agents who go on as people do, whatever happens to the machines, and remember what they saw."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from ctiserver.demo.phone_call import CallEnded, NotHeard, PhoneCall
from ctiserver.demo.phone_link import PhoneRefused
from ctiserver.demo.phones import Phone
from ctiserver.errors import CtiError
from tests.asterisk.chaos.stand import Stand

PATIENCE_S = 25.0  # of those who mean to wait
VOICE_LASTS_S = 0.8  # longer than a note of the music
TO_BE_TAKEN_S = 40.0
BREATH_S = 0.5
UNWRITTEN_S = 2.0  # of a disk that is busy elsewhere; usually some milliseconds


@dataclass
class Seen:
    """One call as its caller has it."""

    number: str
    call: PhoneCall
    agent: str = ""  # whoever answered
    ended_by_agent: bool = False
    taken_at: float = 0.0  # time.monotonic()
    heard: bool = False  # an agent's voice
    consulted: bool = False  # the agent asks, or has asked, a colleague
    taken: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def dropped(self) -> bool:
        """It ended, and neither of the two wanted that."""
        return self.call.ended is not None and not (self.call.hung_up_here or self.ended_by_agent)


@dataclass
class Crowd:
    stand: Stand
    draw: random.Random
    tones: tuple[float, ...]  # the agents' voices
    seen: dict[str, Seen] = field(default_factory=dict[str, Seen])
    strangers: list[str] = field(default_factory=list[str])  # numbers that reached an agent and that nobody dialled
    kills: list[float] = field(default_factory=list[float])  # of the daemon, time.monotonic()
    consultations: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    # ── callers ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def caller(self, seat: int) -> None:
        """One call after the other."""
        for turn in range(10_000):
            if self.over.is_set():
                return
            number = f"136{seat:02d}{turn:06d}"
            line = self.draw.choice(("100", "100", "101"))
            try:
                seen = self.seen[number] = Seen(number, await self.stand.call(line, number))
            except PhoneRefused:  # the phone has still to bury earlier calls
                await asyncio.sleep(BREATH_S)
                continue
            with suppress(CallEnded, TimeoutError, PhoneRefused):
                await self._one_call(seen, line)
            with suppress(TimeoutError, PhoneRefused):
                await seen.call.hang_up()

    async def _one_call(self, seen: Seen, line: str) -> None:
        await seen.call.wait_for("connected", timeout=TO_BE_TAKEN_S)
        if line == "101":
            await asyncio.sleep(self.draw.uniform(0.2, 1.5))
            if self.draw.random() < 0.2:
                return
            await seen.call.dtmf("0")
        gives_up = self.draw.random() < 0.2
        patience = self.draw.uniform(0.5, 3.0) if gives_up else PATIENCE_S
        waits = [asyncio.create_task(seen.taken.wait()), asyncio.create_task(seen.call.wait_for("ended", None))]
        await asyncio.wait(waits, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        for waiting in waits:
            waiting.cancel()
        if seen.agent:
            with suppress(NotHeard):
                await seen.call.hears_one_of(self.tones, PATIENCE_S, VOICE_LASTS_S)
                seen.heard = True
            await asyncio.sleep(self.draw.uniform(0.5, 4.0))

    def may_be_unwritten(self, seen: Seen) -> bool:
        """Answered in the moment in which the daemon was killed: not on disk yet, so only Asterisk knew of it, and
        Asterisk forgets who has gone before the next daemon asks."""
        return any(-0.5 <= kill - seen.taken_at <= UNWRITTEN_S for kill in self.kills)

    # ── agents ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def agent(self, phone: Phone) -> None:
        while True:
            rung = await phone.next_call(timeout=None)
            with suppress(CallEnded, TimeoutError, PhoneRefused):
                await self._one_ring(phone, rung)

    async def _one_ring(self, phone: Phone, rung: PhoneCall) -> None:
        await asyncio.sleep(self.draw.uniform(0.1, 0.8))
        if self.draw.random() < 0.1:
            await rung.reject(486)
            return
        await rung.answer()
        seen = self.seen.get(rung.number)
        if seen is None:
            self.strangers.append(rung.number)
            return
        if seen.consulted:  # asked about a caller whom a colleague has
            await rung.wait_for("ended", timeout=None)
            return
        seen.agent, seen.taken_at = phone.number, time.monotonic()
        seen.taken.set()
        if self.draw.random() < 0.3:
            await rung.hold()
            await asyncio.sleep(self.draw.uniform(0.2, 1.0))
            await rung.unhold()
        if self.draw.random() < 0.3 and await self._consult(phone, seen):
            return
        if self.draw.random() < 0.3:
            await asyncio.sleep(self.draw.uniform(0.5, 2.0))
            seen.ended_by_agent = True
            await rung.hang_up()
        else:
            await rung.wait_for("ended", timeout=None)

    async def _consult(self, phone: Phone, seen: Seen) -> bool:
        """The caller is held while a colleague is asked; then is taken back, or left to the colleague (True).

        Refusals are part of it: the colleague talks, the daemon is away, the caller has gone.
        """
        others = [login for login in self.stand.registered if login != phone.number]
        with suppress(CtiError, aiohttp.ClientError, TimeoutError):
            call_id = (await self.stand.desk.agent(phone.number))["call_id"]
            colleague = (await self.stand.desk.agent(self.draw.choice(others)))["id"]
            url = f"/api/calls/{call_id}/consult"
            seen.consulted = True
            try:
                await self._click(phone, "POST", url, {"to": {"kind": "agent", "agent_id": colleague}})
            except CtiError:
                seen.consulted = False  # refused: whoever is rung now gets the caller
                raise
            self.consultations += 1
            await asyncio.sleep(self.draw.uniform(1.0, 3.0))
            choice = self.draw.choice(("complete", "cancel"))
            await self._click(phone, "PUT", url, {"choice": choice})
            return choice == "complete"
        return False

    async def _click(self, phone: Phone, method: str, url: str, body: dict[str, object]) -> None:
        await self.stand.desk.command(phone.number, method, url, body)
