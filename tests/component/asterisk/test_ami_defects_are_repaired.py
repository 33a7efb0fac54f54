"""The three defects of panoramisk 1.4, each shown against a server that provokes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest

from ctiserver.asterisk.ami_client import EVENTS, AmiClient
from ctiserver.asterisk.ami_protocol import AmiMessage
from ctiserver.config import AsteriskSettings
from ctiserver.errors import LinkDownError
from tests.component.fake_asterisk import FakeAsterisk

EVENT = "Event: DeviceStateChange\r\nDevice: PJSIP/1001\r\nState: INUSE\r\nNote: 张伟在说话\r\n\r\n".encode()


@asynccontextmanager
async def client(
    settings: AsteriskSettings, on_event: Callable[[AmiMessage], None] = lambda _: None
) -> AsyncGenerator[AmiClient]:
    ami = AmiClient(settings, on_event=on_event, on_link=lambda _: None)
    await ami.start()
    try:
        assert await ami.wait_up(30)
        yield ami
    finally:
        await ami.stop()


async def test_a_chinese_name_cut_in_two_is_whole(fake: FakeAsterisk) -> None:
    """TCP may cut anywhere, in the middle of a character too."""
    events: list[AmiMessage] = []
    async with client(fake.settings, events.append) as ami:
        (session,) = fake.ami.sessions
        for cut in range(1, len(EVENT)):
            session.writer.write(EVENT[:cut])
            await asyncio.sleep(0.02)
            session.writer.write(EVENT[cut:])
            await fake.until(lambda number=cut: len(events) == number, f"the event cut at byte {cut}")
            assert events[-1]["note"] == "张伟在说话"
            assert events[-1]["device"] == "PJSIP/1001"
        assert ami.up


async def test_a_silent_peer_is_noticed(fake: FakeAsterisk) -> None:
    async with client(fake.settings) as ami:
        fake.ami.silent = True
        await fake.until(lambda: not ami.up, within_s=15)
        fake.ami.silent = False
        assert await ami.wait_up(30)


async def test_what_was_asked_before_a_reconnect_is_not_asked_again(fake: FakeAsterisk) -> None:
    """A stale Originate or MixMonitor must not happen minutes later."""
    async with client(fake.settings) as ami:
        fake.ami.silent = True
        asking = asyncio.create_task(ami.action("Originate", Channel="PJSIP/1001"))
        await fake.until(lambda: [a for a in fake.ami.actions if a["Action"] == "Originate"])
        fake.ami.drop()
        async with asyncio.timeout(1):  # at once, not only when its time is over
            with pytest.raises(LinkDownError):
                await asking
        fake.ami.silent = False
        await fake.until(lambda: ami.up)
        await ami.action("Ping")
        assert len([a for a in fake.ami.actions if a["Action"] == "Originate"]) == 1


async def test_a_listing_cut_off_fails_instead_of_waiting_for_ever(fake: FakeAsterisk) -> None:
    async with client(fake.settings) as ami:
        fake.ami.silent = True
        asking = asyncio.create_task(ami.listing("PJSIPShowEndpoints"))
        await fake.until(lambda: [a for a in fake.ami.actions if a["Action"] == "PJSIPShowEndpoints"])
        (session,) = fake.ami.sessions
        ident = {"ActionID": fake.ami.actions[-1]["ActionID"]}
        session.send({"Response": "Success", **ident, "EventList": "start", "Message": "A listing follows"})
        session.send({"Event": "EndpointList", **ident, "ObjectName": "1001"})
        await asyncio.sleep(1)
        fake.ami.drop()
        async with asyncio.timeout(1):  # at once, not only when its time is over
            with pytest.raises(LinkDownError):
                await asking


async def test_a_line_break_can_not_smuggle_in_an_action(fake: FakeAsterisk) -> None:
    async with client(fake.settings) as ami:
        with pytest.raises(ValueError, match="line break"):
            await ami.action("Getvar", Channel="x\r\nAction: Originate", Variable="y")


async def test_only_what_we_act_on_passes(fake: FakeAsterisk) -> None:
    """Asterisk's test build sends a TestEvent for every port and contact."""
    events: list[AmiMessage] = []
    async with client(fake.settings, events.append):
        await fake.until(lambda: all(len(session.filters) == len(EVENTS) for session in fake.ami.sessions))
        fake.ami.event("TestEvent", {"State": "x"})
        fake.ami.event("DeviceStateChange", {"Device": "PJSIP/1001", "State": "INUSE"})
        await fake.until(lambda: events)
        assert [event["event"] for event in events] == ["DeviceStateChange"]
