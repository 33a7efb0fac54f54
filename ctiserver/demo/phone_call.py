"""One SIP call as a person with a phone sees it: what happened, what to press, what is heard."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ctiserver.demo import phone_protocol as protocol
from ctiserver.demo import tones
from ctiserver.demo.phone_link import PhoneLink, PhoneRefused
from ctiserver.demo.phone_protocol import SAMPLE_RATE, CallEventName, DtmfMethod, MediaFlow
from ctiserver.demo.received_audio import IN_FLIGHT_S, ReceivedAudio
from ctiserver.demo.waiting import Changes

SIGNALLING_S = 10.0


class CallEnded(Exception):
    """The call ended before what was waited for happened."""


class NotHeard(AssertionError):
    """The phone did not hear what it was to hear, or heard what it was not to hear."""


@dataclass(frozen=True)
class CallEvent:
    """What happened to a call. `at` is CLOCK_MONOTONIC in seconds; `code` and `reason` are SIP's; `q850` the cause of
    the Reason header in the message that ended the call (ITU-T Q.850), 0 without one."""

    name: CallEventName
    at: float
    code: int
    reason: str
    q850: int = 0


class PhoneCall:
    """A call placed or received by one of the phones.

    `number` and `name` are the caller's as presented to an incoming call (empty for an outgoing one), `headers` the
    INVITE's. `events` grows; names in the order of a usual call:
    invite_sent or invite_received, ringing, progress, answered (200), connected (ACK), ended.
    """

    def __init__(
        self,
        link: PhoneLink,
        key: str,
        recording: Path,
        *,
        number: str = "",
        name: str = "",
        headers: Mapping[str, str] | None = None,
        sip_call_id: str = "",
    ) -> None:
        self.key = key
        self.number = number
        self.name = name
        self.headers: Mapping[str, str] = headers or {}
        self.sip_call_id = sip_call_id
        self.events: list[CallEvent] = []
        self.hung_up_here = False
        self._link = link
        self._changes = Changes()
        self._audio = ReceivedAudio(recording)

    def __repr__(self) -> str:
        return f"<PhoneCall {self.key}: {', '.join(event.name for event in self.events) or 'nothing yet'}>"

    # What happened

    @property
    def ended(self) -> CallEvent | None:
        """The end of the call, None while it lasts."""
        return self.event("ended")

    def event(self, name: CallEventName) -> CallEvent | None:
        """The first event of that name, None if it did not happen yet."""
        return next((event for event in self.events if event.name == name), None)

    def header(self, name: str) -> str | None:
        """A header of the INVITE that brought this call, whatever the case of its name."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)

    async def wait_for(self, name: CallEventName, timeout: float | None = 10.0) -> CallEvent:  # noqa: ASYNC109
        """The first event `name`, now or within `timeout` seconds (None: for ever). Raises CallEnded, TimeoutError."""
        return await self._next(name, 0, timeout)

    async def _next(self, name: CallEventName, after: int, timeout_s: float | None) -> CallEvent:
        """The first event `name` from the index `after` of `events` on."""

        def found() -> CallEvent | None:
            return next((event for event in self.events[after:] if event.name == name), None)

        try:
            await self._changes.until(lambda: found() is not None or self.ended is not None, timeout_s)
        except TimeoutError:
            raise TimeoutError(f"{self!r} was not {name} within {timeout_s:g} s") from None
        event = found()
        if event is None:
            raise CallEnded(f"{self!r} {self._ending()} before it was {name}")
        return event

    def _ending(self) -> str:
        end = self.ended
        return f"ended with {end.code} {end.reason}" if end else "goes on"

    # What a person does

    async def _order(self, command: Callable[[int], protocol.AnyCommand]) -> None:
        """Have the phone do it. Raises CallEnded if the call is over, PhoneRefused for other reasons."""
        try:
            await self._link.ask(command)
        except PhoneRefused:
            if self.ended is not None:
                raise CallEnded(f"{self!r} {self._ending()}") from None
            raise

    async def answer(self) -> CallEvent:
        """Pick up, and wait until the caller's side has confirmed."""
        await self._order(partial(protocol.AnswerCall, call=self.key, code=200))
        return await self.wait_for("connected", SIGNALLING_S)

    async def reject(self, code: int = 603, *, contact: str = "") -> CallEvent:
        """Refuse a ringing call: 486 busy, 480 unavailable, 603 declined; 302 sends it to `contact`."""
        await self._order(partial(protocol.AnswerCall, call=self.key, code=code, contact=contact))
        self.hung_up_here = True
        return await self.wait_for("ended", SIGNALLING_S)

    async def hang_up(self) -> CallEvent:
        """End the call in whatever state it is. No error if it ended in the same moment, or long ago."""
        if self.ended is None:
            self.hung_up_here = True
            try:
                await self._order(partial(protocol.HangUp, call=self.key))
            except (CallEnded, PhoneRefused):
                self.hung_up_here = False  # the other side was faster
        return await self.wait_for("ended", SIGNALLING_S)

    async def dtmf(self, digits: str, method: DtmfMethod = "rfc4733", duration_ms: int = 100) -> None:
        """Press keys. By INFO, returns when each has been confirmed; in RTP, when they are on their way."""
        confirmed_before = self._count("dtmf_confirmed")
        await self._order(
            partial(protocol.SendDtmf, call=self.key, digits=digits, method=method, duration_ms=duration_ms)
        )
        if method == "info":
            wanted = confirmed_before + len(digits)
            await self._changes.until(lambda: self._count("dtmf_confirmed") >= wanted or bool(self.ended), SIGNALLING_S)

    def _count(self, name: CallEventName) -> int:
        return sum(event.name == name for event in self.events)

    async def hold(self) -> CallEvent:
        """Hold the other side by re-INVITE (sendonly), and wait for its answer."""
        after = len(self.events)
        await self._order(partial(protocol.Hold, call=self.key, on=True))
        return await self._next("held", after, SIGNALLING_S)

    async def unhold(self) -> CallEvent:
        """Resume the conversation by re-INVITE, and wait for its answer."""
        after = len(self.events)
        await self._order(partial(protocol.Hold, call=self.key, on=False))
        return await self._next("resumed", after, SIGNALLING_S)

    async def transfer(self, uri: str) -> CallEvent:
        """Blind transfer: REFER the other side to `uri`. Returns the first status that it gives: 100 is PJSIP's way of
        saying 202 Accepted, 4xx to 6xx refuse. Later ones follow as further `transfer_status` events."""
        after = len(self.events)
        await self._order(partial(protocol.Transfer, call=self.key, uri=uri))
        return await self._next("transfer_status", after, SIGNALLING_S)

    async def join(self, other: "PhoneCall") -> CallEvent:
        """Attended transfer: the far ends of this call and of `other`, of the same phone, go on with each other.

        Returns the first status, as `transfer` does.
        """
        after = len(self.events)
        await self._order(partial(protocol.Join, call=self.key, other=other.key))
        return await self._next("transfer_status", after, SIGNALLING_S)

    # What is heard

    def received_audio(self) -> Path:
        """The wav file of what this phone heard: 8 kHz mono, whole once the call has ended."""
        return self._audio.path

    @property
    def heard_s(self) -> float:
        """How much audio has been received until now, seconds."""
        return self._audio.position()

    async def longest_gap(self, hz: float, since_s: float) -> float:
        """The longest stretch without the tone `hz` in what was received since `heard_s` was `since_s`, seconds."""
        heard = await self._audio.since(since_s)
        return tones.longest_gap(heard, SAMPLE_RATE, hz)

    async def hears(self, hz: float, timeout: float = 10.0, lasting: float = tones.LASTING_S) -> None:  # noqa: ASYNC109
        """Wait until the tone `hz` arrives, from now on, for `lasting` seconds. Raises NotHeard."""
        await self.hears_one_of((hz,), timeout, lasting)

    async def hears_one_of(
        self,
        frequencies: Sequence[float],
        timeout: float | None = 10.0,  # noqa: ASYNC109
        lasting: float = tones.LASTING_S,
    ) -> float:
        """Wait until one of several tones arrives, from now on, and return which one. Raises NotHeard."""
        found: list[float] = []

        def heard_one(heard: tones.Samples) -> bool:
            hz = tones.first_heard(heard, SAMPLE_RATE, frequencies, lasting)
            found.extend([] if hz is None else [hz])
            return hz is not None

        await self._listen(heard_one, timeout, lasting, " or ".join(f"{hz:g} Hz" for hz in frequencies))
        return found[0]

    async def hears_sound(self, timeout: float = 10.0, lasting: float = 0.5) -> None:  # noqa: ASYNC109
        """Wait until anything that is not silence (a prompt, music, a voice) arrives, from now on. Raises NotHeard."""

        def heard_sound(heard: tones.Samples) -> bool:
            return tones.longest_sound(heard, SAMPLE_RATE) >= lasting

        await self._listen(heard_sound, timeout, lasting, "any sound")

    async def _listen(
        self, satisfied: Callable[[tones.Samples], bool], timeout_s: float | None, lasting_s: float, what: str
    ) -> None:
        begun = time.monotonic()
        deadline = math.inf if timeout_s is None else begun + timeout_s
        start = look_from = self._audio.position()
        while True:
            over = self.ended is not None or time.monotonic() >= deadline
            heard = await self._audio.since(look_from)
            if satisfied(heard):
                return
            if over:
                heard = await self._audio.since(start)
                raise NotHeard(
                    f"{self!r} {self._ending()}; it did not hear {what} within {time.monotonic() - begun:.1f} s but "
                    f"{tones.describe(heard, SAMPLE_RATE)}"
                )
            heard_until = look_from + len(heard) / SAMPLE_RATE
            look_from = max(look_from, heard_until - lasting_s - 2 * tones.WINDOW_S)  # a stretch may have begun there
            await self._audio.more_than(heard_until, deadline, lambda: self.ended is not None)

    async def hears_not(self, hz: float, seconds_of_audio: float = 1.0) -> None:
        """Listen to the next `seconds_of_audio` and raise NotHeard if `hz` is in them, CallEnded if they never come."""
        start = self._audio.position() + IN_FLIGHT_S
        deadline = time.monotonic() + seconds_of_audio + SIGNALLING_S
        while True:
            over = self.ended is not None
            heard = await self._audio.since(start)
            if tones.longest_run(heard, SAMPLE_RATE, hz) >= 2 * tones.WINDOW_S:
                raise NotHeard(f"{self!r} hears {hz:g} Hz: {tones.describe(heard, SAMPLE_RATE)}")
            if len(heard) >= seconds_of_audio * SAMPLE_RATE:
                return
            if over:
                raise CallEnded(f"{self!r} {self._ending()} before it received {seconds_of_audio:g} s of audio")
            if time.monotonic() >= deadline:
                raise NotHeard(f"{self!r} receives no audio: {tones.describe(heard, SAMPLE_RATE)}")
            heard_until = start + len(heard) / SAMPLE_RATE
            await self._audio.more_than(heard_until, deadline, lambda: self.ended is not None)

    # What the phone process reports

    def happened(self, notice: protocol.CallChanged) -> None:
        """Take in an event."""
        self.sip_call_id = notice.sip_call_id or self.sip_call_id
        self.events.append(CallEvent(notice.name, notice.at, notice.code, notice.reason, notice.q850))
        if notice.name == "ended":
            self._audio.media_changed("none", notice.at)
        self._changes.announce()

    def media_changed(self, flow: MediaFlow, at: float) -> None:
        """Take in that audio started or stopped."""
        self._audio.media_changed(flow, at)
        self._changes.announce()

    def lost(self, reason: str) -> None:
        """The phone process is gone, and the call with it."""
        if self.ended is None:
            self.happened(protocol.CallChanged(call=self.key, name="ended", at=time.monotonic(), reason=reason))
