"""Callers and phones, played by the test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tests.component.fake_asterisk.errands import ONE_PAGE
from tests.component.fake_asterisk.world import TECH_CAUSES, Channel, Playback

if TYPE_CHECKING:
    from tests.component.fake_asterisk.fake import FakeAsterisk

RETRY_S = 1.0  # the dialplan tries Stasis again
RETRIES = 15


class Party:
    """One channel and who sits at its other end."""

    def __init__(self, fake: FakeAsterisk, channel: Channel) -> None:
        self._fake = fake
        self.channel = channel

    @property
    def channel_id(self) -> str:
        return self.channel.id

    @property
    def gone(self) -> bool:
        return self.channel.gone

    @property
    def gone_reason(self) -> str:
        """ "hangup": by themselves; "timeout": not answered in time; otherwise the reason that the daemon gave."""
        return self.channel.gone_reason

    @property
    def by_us(self) -> bool:
        """The daemon hung up."""
        return self.gone and self.gone_reason not in ("hangup", "timeout", "restart")

    @property
    def hears(self) -> str:
        """ "prompt:<media,…>", "music:<class>", "<channel id>,…" of the others in the bridge, or "silence"."""
        world = self._fake.world
        if playback := world.playing_on(self.channel):
            return "prompt:" + ",".join(playback.media)
        bridge = world.bridges.get(self.channel.bridge_id)
        if bridge is None:
            return "silence"
        for playback in world.playbacks.values():
            if playback.target == f"bridge:{bridge.id}":
                return "prompt:" + ",".join(playback.media)
        if bridge.kind == "holding":
            return f"music:{bridge.music}" if bridge.music else "silence"
        return ",".join(other.id for other in bridge.channels if other is not self.channel) or "silence"

    @property
    def recorded(self) -> bool:
        """A recording of this channel runs."""
        return any(r.channel is self.channel and r.ended is None for r in self._fake.world.recordings.values())

    def press(self, digits: str) -> None:
        for digit in digits:
            self._fake.world.press(self.channel, digit)

    def hang_up(self, cause: int = 16) -> None:
        self._fake.world.end_channel(self.channel, cause)

    def hold(self) -> None:
        self._fake.world.tell(self.channel, "ChannelHold")

    def refer(self, destination: str) -> None:
        """The phone asks for a blind transfer."""
        to: dict[str, object] = {
            "requested_destination": {"destination": destination, "additional_protocol_params": []}
        }
        by = {"source_channel": self._fake.world.channel_json(self.channel)}
        self._fake.world.tell(self.channel, "ChannelTransfer", {"refer_to": to, "referred_by": by})

    def refer_to_call(self, other: Party) -> None:
        """The phone asks for its two calls to become one: REFER on this one, with Replaces of the other."""
        to: dict[str, object] = {
            "requested_destination": {"protocol_id": f"sip-{other.channel_id}", "additional_protocol_params": []},
            "destination_channel": self._fake.world.channel_json(other.channel),
        }
        by = {"source_channel": self._fake.world.channel_json(self.channel)}
        self._fake.world.tell(self.channel, "ChannelTransfer", {"refer_to": to, "referred_by": by})

    def unhold(self) -> None:
        self._fake.world.tell(self.channel, "ChannelUnhold")

    async def wait_until_gone(self, within_s: float = 30) -> None:
        await self._fake.until(lambda: self.gone, f"{self.channel_id} is gone", within_s)

    async def wait_for_music(self, music: str = "", within_s: float = 30) -> None:
        await self._wait(lambda: self.hears.startswith(f"music:{music}"), f"music {music}", within_s)

    async def wait_until_talking_to(self, other: Party, within_s: float = 30) -> None:
        await self._wait(lambda: self.hears == other.channel_id, f"talking to {other.channel_id}", within_s)

    async def wait_for_prompt(self, containing: str = "", within_s: float = 30) -> Playback:
        """A prompt that this party hears, on its channel or on its bridge."""
        await self._wait(
            lambda: self.hears.startswith("prompt:") and containing in self.hears, f"a prompt {containing}", within_s
        )
        return self.prompt()

    def prompt(self) -> Playback:
        targets = (f"channel:{self.channel_id}", f"bridge:{self.channel.bridge_id}")
        return next(playback for playback in self._fake.world.playbacks.values() if playback.target in targets)

    def finish_prompt(self, *, ok: bool = True) -> None:
        self._fake.world.end_playback(self.prompt(), ok=ok)

    async def _wait(self, condition: Callable[[], bool], what: str, within_s: float) -> None:
        await self._fake.until(condition, f"{self.channel_id}: {what} (hears {self.hears})", within_s)


class FakeCaller(Party):
    """`fallback` is True once the dialplan gave up on the daemon."""

    fallback = False

    async def run_dialplan(self, app: str) -> None:
        """The retry loop of dialplan/: Stasis again each second while nobody serves the application."""
        for _ in range(RETRIES):
            if self.gone:
                return
            if self._fake.serves(app):
                self._fake.world.enter_stasis(self.channel, app, [self.channel.exten])
                return
            self.channel.state = "Up"
            await asyncio.sleep(RETRY_S)
        self.fallback = True

    @property
    def is_recorded_alone(self) -> bool:
        """A message of this caller is being recorded."""
        return self._fake.ari.rest.errands.messages.of(self.channel) is not None

    async def wait_for_the_tone(self, within_s: float = 30) -> None:
        await self._wait(lambda: self.is_recorded_alone, "a message being recorded", within_s)

    def falls_silent(self) -> None:
        """Whoever was being recorded has said enough."""
        messages = self._fake.ari.rest.errands.messages
        message = messages.of(self.channel)
        assert message is not None, "nobody records"
        messages.end(message)

    async def wait_for_the_fax_engine(self, within_s: float = 30) -> None:
        await self._wait(lambda: self.channel.lent_to.startswith("cti-fax/"), "the fax engine", within_s)

    async def fax_is_done(self, app: str = "cti", *, ok: bool = True) -> None:
        """The engine has ended: [cti-fax] of dialplan/ gives the channel back, also to a daemon that comes later."""
        world, variables = self._fake.world, self.channel.variables
        fax_id = variables["CTI_FAX_ID"]
        if ok and world.spool is not None and self.channel.lent_to.endswith("receive"):
            (world.spool / "fax").mkdir(exist_ok=True)
            (world.spool / "fax" / f"{fax_id}.tif").write_bytes(ONE_PAGE)
        status, pages = ("SUCCESS", "1") if ok else ("FAILED", "0")
        arguments = [variables["CTI_FAX_LINE"], "fax", fax_id, status, pages, "OK" if ok else "no carrier"]
        for _ in range(RETRIES):
            if self.gone:
                return
            if self._fake.serves(app):
                world.enter_stasis(self.channel, app, arguments)
                return
            await asyncio.sleep(RETRY_S)

    def hangs_up_on_the_last_page(self, pages: str) -> None:
        """Extension h of [cti-fax]: the channel ends in the dialplan, of which nobody is told."""
        name = f"CTI_FAX_CONFIRMED_{self.channel.variables['CTI_FAX_ID']}"
        self._fake.ari.rest.globals[name] = pages
        self.hang_up()


class FakeLeg(Party):
    """A ringing attempt at a phone."""

    @property
    def extension(self) -> str:
        return self.channel.endpoint.removeprefix("PJSIP/")

    @property
    def caller_name(self) -> str:
        return self.channel.caller_name

    @property
    def caller_number(self) -> str:
        return self.channel.caller_number

    @property
    def headers(self) -> dict[str, str]:
        """SIP headers that were added to the INVITE."""
        prefix = "PJSIP_HEADER(add,"
        variables = self.channel.variables.items()
        return {key.removeprefix(prefix).rstrip(")"): value for key, value in variables if key.startswith(prefix)}

    def ring(self) -> None:
        self._fake.world.set_state(self.channel, "Ringing")

    def answer(self) -> None:
        self._fake.world.answer_leg(self.channel)

    def reject(self, status: int = 486) -> None:
        """`status`: SIP, 486 busy, 603 declined, 480 unavailable, 503 …"""
        self._fake.world.end_channel(self.channel, TECH_CAUSES.get(status, 16), status)

    def end(self, cause: int = 16, tech_cause: int = 0) -> None:
        self._fake.world.end_channel(self.channel, cause, tech_cause)


class FakePhone:
    """A phone that can be rung. Plays its part by itself where told how; otherwise the test does (`next_dial`)."""

    def __init__(
        self,
        fake: FakeAsterisk,
        extension: str,
        *,
        rings_after: float = 0.0,
        answers_after: float | None = None,
        rejects_with: int | None = None,
    ) -> None:
        self._fake = fake
        self.extension = extension
        self.rings_after = rings_after
        self.answers_after = answers_after
        self.rejects_with = rejects_with
        self.legs: list[FakeLeg] = []
        self.register()

    def register(self) -> None:
        self._fake.world.registered.add(self.extension)
        self._fake.world.on_device(self.extension)

    def unregister(self) -> None:
        self._fake.world.registered.discard(self.extension)
        self._fake.world.on_device(self.extension)

    def rung(self, leg: FakeLeg) -> Awaitable[None] | None:
        """What this phone does by itself; None: nothing."""
        self.legs.append(leg)
        if self.rejects_with is None and self.answers_after is None:
            return None
        return self._react(leg)

    async def _react(self, leg: FakeLeg) -> None:
        await asyncio.sleep(self.rings_after)
        leg.ring()
        if self.rejects_with is not None:
            leg.reject(self.rejects_with)
        elif self.answers_after is not None:
            await asyncio.sleep(self.answers_after)
            leg.answer()
