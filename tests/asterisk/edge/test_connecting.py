"""Connecting to a real Asterisk: what it accepts, what it refuses, who may have the application."""

from __future__ import annotations

from ctiserver.asterisk.ami_client import AmiClient
from ctiserver.asterisk.ari_client import AriClient
from ctiserver.asterisk.ari_commands import AriCommand
from ctiserver.asterisk.ari_events import EVENT_TYPES
from ctiserver.asterisk.local import LocalAsterisk
from ctiserver.ports import LinkDown, LinkUp
from tests.asterisk.edge.conftest import eventually, listening, settings_of


async def test_the_filter_lets_only_the_named_events_pass(asterisk: LocalAsterisk) -> None:
    ups: list[object] = []
    client = AriClient(settings_of(asterisk, app="filtered"), on_event=lambda _: None, on_link=ups.append)
    await client.start()
    try:
        await eventually(lambda: ups, "the link")
        answer = await client.request(AriCommand("show", "GET", "applications/filtered"))
        assert answer.status == 200
        assert all(f'{{"type":"{name}"}}' in answer.body for name in EVENT_TYPES)
        beat = await client.request(AriCommand("show", "GET", "asterisk/variable", (("variable", "CTI_HEARTBEAT"),)))
        assert '"value":"1' in beat.body
    finally:
        await client.stop()


async def test_ami_gives_only_the_named_events(asterisk: LocalAsterisk) -> None:
    """Asterisk's own count of filters of our session."""
    client = AmiClient(settings_of(asterisk), on_event=lambda _: None, on_link=lambda _: None)
    await client.start()
    try:
        assert await client.wait_up(10)
        answer = await client.action("MixMonitor", Channel="nobody", File="x.raw")
        assert answer["message"] == "No such channel", "the manager user may record"
        assert await client.listing("PJSIPShowEndpoints") is not None
    finally:
        await client.stop()


async def test_a_wrong_password_is_named(asterisk: LocalAsterisk) -> None:
    async with listening(settings_of(asterisk, app="other", password="wrong", ami_secret="wrong")) as heard:
        await eventually(lambda: "(401)" in heard.telephony.problems()["ari"], "ARI's refusal")
        await eventually(lambda: "refuses user" in heard.telephony.problems()["ami"], "AMI's refusal")
        assert not heard.of(LinkUp)


async def test_the_second_daemon_takes_over(asterisk: LocalAsterisk) -> None:
    settings = settings_of(asterisk, app="rolling")
    async with listening(settings) as old:
        await old.hear(LinkUp)
        async with listening(settings) as new:
            await new.hear(LinkUp)
            assert (await old.hear(LinkDown)).reason == "replaced"
            assert not new.of(LinkDown)
