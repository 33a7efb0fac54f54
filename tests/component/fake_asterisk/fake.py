"""The fake as tests use it: its two servers, the people, and the faults."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from typing import Any, Self

import aiohttp

from ctiserver.config import AsteriskSettings
from tests.component.fake_asterisk.ami_server import AmiServer
from tests.component.fake_asterisk.ari_server import AriServer, Drop
from tests.component.fake_asterisk.people import FakeCaller, FakeLeg, FakePhone
from tests.component.fake_asterisk.world import Channel, World

ARI_USER, ARI_PASSWORD = "ctiserver", "ari-secret"
AMI_USER, AMI_SECRET = "ctiserver", "ami-secret"
POLL_S = 0.01


class FakeAsterisk:
    """See the package's docstring."""

    def __init__(self, app: str = "cti") -> None:
        self.app = app
        self.ari = AriServer(ARI_USER, ARI_PASSWORD)
        self.world: World = self.ari.world
        self.ami = AmiServer(self.world, AMI_USER, AMI_SECRET)
        self.phones: dict[str, FakePhone] = {}
        self.legs: list[FakeLeg] = []  # every dial, in order
        self._undelivered: asyncio.Queue[FakeLeg] = asyncio.Queue()
        self._call_numbers = itertools.count(1)
        self._starts = itertools.count(1)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._rivals: list[aiohttp.ClientSession] = []
        self.world.on_dial = self._dialled
        self._boot()

    # ── life ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def __aenter__(self) -> Self:
        await self.come_up()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for rival in self._rivals:
            await rival.close()
        await self.go_down()

    @property
    def settings(self) -> AsteriskSettings:
        """For the daemon under test; valid once the fake is up."""
        return AsteriskSettings(
            url=f"http://127.0.0.1:{self.ari.port}",
            user=ARI_USER,
            password=ARI_PASSWORD,
            app=self.app,
            ami_host="127.0.0.1",
            ami_port=self.ami.port,
            ami_user=AMI_USER,
            ami_secret=AMI_SECRET,
            recording_folder=self.world.spool,
        )

    # ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def call(self, dialled: str, *, number: str = "13800138000", name: str = "") -> FakeCaller:
        """Somebody rings; returns when the channel exists. It enters Stasis as soon as the daemon serves it."""
        ident = f"{1_800_000_000 + next(self._call_numbers)}.{len(self.legs)}"
        channel = Channel(
            ident,
            self.world.next_name("PJSIP/trunk"),
            state="Ring",
            caller_name=name,
            caller_number=number,
            exten=dialled,
        )
        self.world.add_channel(channel)
        caller = FakeCaller(self, channel)
        self._start(caller.run_dialplan(self.app))
        return caller

    def phone(
        self,
        extension: str,
        *,
        rings_after: float = 0.0,
        answers_after: float | None = None,
        rejects_with: int | None = None,
    ) -> FakePhone:
        """A registered phone."""
        phone = FakePhone(
            self, extension, rings_after=rings_after, answers_after=answers_after, rejects_with=rejects_with
        )
        self.phones[extension] = phone
        return phone

    async def next_dial(self, within_s: float = 30) -> FakeLeg:
        """The next attempt at a phone that doesn't answer by itself."""
        async with asyncio.timeout(within_s):
            return await self._undelivered.get()

    def _dialled(self, channel: Channel) -> None:
        leg = FakeLeg(self, channel)
        self.legs.append(leg)
        phone = self.phones.get(leg.extension)
        if phone and (reaction := phone.rung(leg)):
            self._start(reaction)
        else:
            self._undelivered.put_nowait(leg)

    # ── the daemon ──────────────────────────────────────────────────────────────────────────────────────────────────

    def serves(self, app: str) -> bool:
        """Somebody is connected for the application."""
        return app in self.ari.apps

    async def until_served(self, within_s: float = 30) -> None:
        """The daemon is connected and has set its event filter."""
        await self.until(lambda: self.serves(self.app) and self.app in self.ari.rest.filters, "the daemon", within_s)

    async def until(self, condition: Callable[[], object], what: str = "", within_s: float = 30) -> None:
        """Waits for any condition; AssertionError names it after `within_s` seconds of the loop's time."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s
        while not condition():
            if loop.time() > deadline:
                raise AssertionError(f"not within {within_s:g} s: {what or condition}")
            await asyncio.sleep(POLL_S)

    @property
    def commands(self) -> list[tuple[str, str, dict[str, str]]]:
        """Every ARI request so far: method, path, query."""
        return self.ari.rest.log

    @property
    def slow(self) -> dict[str, float]:
        """Last fixed word of a path ("addChannel", "answer", "channels") → seconds that it takes."""
        return self.ari.rest.slow

    @property
    def late(self) -> dict[str, float]:
        """Commands that are carried out at once and answered late, by the last word of their path; seconds."""
        return self.ari.rest.late

    # ── faults ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def refuse_ari(self) -> int | None:
        return self.ari.refuse

    @refuse_ari.setter
    def refuse_ari(self, status: int | None) -> None:
        self.ari.refuse = status

    async def drop_sockets(self, how: Drop = "abort", app: str = "") -> None:
        """All websockets, or those of one application ("cti": events, "cti-c1": commands)."""
        for session in list(self.ari.sessions):
            if app in ("", session.app):
                await session.drop(how)

    async def take_over(self) -> None:
        """Another daemon connects for our application."""
        rival = aiohttp.ClientSession(headers={"Authorization": aiohttp.encode_basic_auth(ARI_USER, ARI_PASSWORD)})
        self._rivals.append(rival)
        await rival.ws_connect(f"http://127.0.0.1:{self.ari.port}/ari/events?app={self.app}")

    async def restart(self) -> None:
        """Asterisk ends with all calls and accounts and is there again at once, on the same ports."""
        await self.go_down()
        await self.come_up()

    async def go_down(self) -> None:
        """Asterisk ends. What callers and legs had is lost."""
        self.world.forget_everything()
        self.ari.rest.filters.clear()
        await self.ari.stop()
        await self.ami.stop()

    async def come_up(self) -> None:
        self._boot()
        await self.ari.start()
        await self.ami.start()

    def _boot(self) -> None:
        self.ari.rest.startup_time = f"2026-01-01T07:00:{next(self._starts):02d}.000+0000"

    def _start(self, work: Coroutine[Any, Any, None] | Any) -> None:
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
