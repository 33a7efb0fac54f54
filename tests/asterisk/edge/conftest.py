"""The telephony port on a real Asterisk, with real SIP phones at the other end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from ctiserver.asterisk.local import LocalAsterisk
from ctiserver.asterisk.telephony import AsteriskTelephony
from ctiserver.config import AsteriskSettings
from ctiserver.demo.phones import SipPhones
from ctiserver.directory import Agent, Directory
from ctiserver.ports import ChannelEntered, DialRequest, LinkUp, PhoneSeen, TelephonyEvent

PASSWORD = "a SIP password"
POLL_S = 0.02
Kind = TypeVar("Kind", bound=TelephonyEvent)


async def eventually(condition: Callable[[], object], what: str, within_s: float = 15) -> None:
    """Waits until the condition holds; AssertionError names it otherwise."""
    deadline = asyncio.get_running_loop().time() + within_s
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, f"not within {within_s:g} s: {what}"
        await asyncio.sleep(POLL_S)


def settings_of(server: LocalAsterisk, **changes: object) -> AsteriskSettings:
    secrets = server.secrets()
    settings = AsteriskSettings(
        url=server.ari_url,
        password=secrets.ari_password,
        ami_port=server.ports.ami,
        ami_secret=secrets.ami_secret,
        recording_folder=server.recording_folder,
    )
    return settings.model_copy(update=changes)


def agent(extension: str, *, name: str = "张伟", sip_password: str = PASSWORD, webrtc: bool = False) -> Agent:
    return Agent(
        id=int(extension),
        number=extension,
        name=name,
        extension=extension,
        sip_password=sip_password,
        skills={},
        webrtc=webrtc,
    )


class Listener:
    """A running telephony and all that it told."""

    def __init__(self, telephony: AsteriskTelephony) -> None:
        self.telephony = telephony
        self.told: list[TelephonyEvent] = []

    async def read(self) -> None:
        async for event in self.telephony.events():
            self.told.append(event)

    def of(self, kind: type[Kind], matching: Callable[[Kind], bool] = lambda _: True) -> list[Kind]:
        return [event for event in self.told if isinstance(event, kind) and matching(event)]

    async def hear(self, kind: type[Kind], matching: Callable[[Kind], bool] = lambda _: True, *, nth: int = 1) -> Kind:
        """The nth event of that kind that matches, waited for."""
        await eventually(lambda: len(self.of(kind, matching)) >= nth, f"{kind.__name__} number {nth}")
        return self.of(kind, matching)[nth - 1]

    async def phone_is(self, extension: str, *, reachable: bool) -> None:
        """The last word about a phone, soon: after a lost OPTIONS it is asked again half a minute later."""

        def last() -> PhoneSeen | None:
            seen = self.of(PhoneSeen, lambda event: event.extension == extension)
            return seen[-1] if seen else None

        def so() -> bool:
            seen = last()
            return seen is not None and seen.reachable == reachable

        await eventually(so, f"phone {extension} reachable: {reachable}; last: {last()}", within_s=45)

    async def caller(self) -> ChannelEntered:
        """The next caller's channel; answered."""
        known = len(self.of(ChannelEntered, _is_caller))
        entered = await self.hear(ChannelEntered, _is_caller, nth=max(known, 1))
        assert await self.telephony.answer(entered.channel_id) == "done"
        return entered


def _is_caller(event: ChannelEntered) -> bool:
    return event.arguments[:1] != ("leg",)


@asynccontextmanager
async def listening(settings: AsteriskSettings) -> AsyncGenerator[Listener]:
    telephony = AsteriskTelephony(settings)
    listener = Listener(telephony)
    await telephony.start()
    reading = asyncio.create_task(listener.read())
    try:
        yield listener
    finally:
        await telephony.stop()
        await reading


@pytest.fixture
async def edge(asterisk: LocalAsterisk) -> AsyncGenerator[Listener]:
    """Connected, with accounts 1001 and 1002; afterwards without channels, bridges and accounts."""
    async with listening(settings_of(asterisk)) as edge:
        await edge.hear(LinkUp)
        edge.telephony.use_directory(Directory(agents=(agent("1001"), agent("1002"))))
        await eventually(lambda: edge.of(PhoneSeen, lambda event: event.extension == "1002"), "the accounts")
        yield edge
        await _clean_up(edge, settings_of(asterisk, app="cleaning"))


async def _clean_up(edge: Listener, settings: AsteriskSettings) -> None:
    """By a connection of its own: the test may have ended or replaced its one."""
    async with listening(settings) as cleaner:
        await cleaner.hear(LinkUp)
        for channel in await cleaner.telephony.channels():
            await cleaner.telephony.hang_up(channel.channel_id)
        for bridge in await cleaner.telephony.bridges():
            await cleaner.telephony.destroy_bridge(bridge.bridge_id)
    if edge.telephony.problems()["ari"] == "":
        told = len(edge.of(PhoneSeen))
        edge.telephony.use_directory(Directory())
        await eventually(lambda: edge.of(PhoneSeen)[told:], "the accounts' end")


@pytest.fixture
async def phones(asterisk: LocalAsterisk, edge: Listener, tmp_path: Path) -> AsyncGenerator[SipPhones]:
    async with SipPhones(asterisk.sip_address, folder=tmp_path) as phones:
        yield phones


def offer(caller: str, leg: str, *, extension: str = "1001", timeout_s: float = 20, auto: bool = False) -> DialRequest:
    return DialRequest(
        channel_id=leg,
        endpoint=f"PJSIP/{extension}",
        originator=caller,
        caller_number="13800138000",
        caller_name='张伟 "老张" ${SHELL(id)}',
        timeout_s=timeout_s,
        call_id="n1-7",
        auto_answer=auto,
    )
