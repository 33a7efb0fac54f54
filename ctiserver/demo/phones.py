"""Real SIP phones driven from Python: registered extensions and callers from outside, for the demo and the tests.

    async with SipPhones(registrar="127.0.0.1:5060") as phones:
        agent = await phones.register("1001", password, tone_hz=600)
        call = await phones.call("sip:96100@127.0.0.1:5060", caller_number="13800138000", caller_name="张伟")
        incoming = await agent.next_call()
        await incoming.answer()
        await call.hears(600)

Each phone sends a tone of its own from the moment media flows; `hears` waits for the other's. Nothing here knows the
daemon: the phones are independent observers with times of their own (`CallEvent.at`, CLOCK_MONOTONIC in seconds).
"""

import asyncio
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from ctiserver.demo import phone_protocol as protocol
from ctiserver.demo.phone_call import CallEnded, CallEvent, NotHeard, PhoneCall
from ctiserver.demo.phone_link import PhoneLink, PhoneProcessDied, PhoneRefused
from ctiserver.demo.sip_text import caller_id, caller_uri
from ctiserver.demo.waiting import Changes

__all__ = [
    "AnswerMode",
    "CallEnded",
    "CallEvent",
    "NotHeard",
    "Phone",
    "PhoneCall",
    "PhoneProcessDied",
    "PhoneRefused",
    "RegistrationRefused",
    "SipPhones",
]

AnswerMode = Literal["manual", "auto", "reject", "busy", "ignore"] | float
"""What a phone does with incoming calls: ring until told otherwise ("manual", and "ignore" where nobody attends to it),
answer at once or after so many seconds, or refuse with 603 ("reject") or 486 ("busy")."""

AGENT_TONE_HZ = 600
CALLER_TONE_HZ = 440
UNREGISTER_S = 10.0


class RegistrationRefused(Exception):
    """The registrar did not take the phone: wrong password, unknown extension, or nobody listens there."""


class Phone:
    """A registered extension. `registration` is the registrar's last word."""

    def __init__(self, phones: "SipPhones", link: PhoneLink, number: str, voice: protocol.Voice) -> None:
        self.number = number
        self.voice = voice
        self.registration: protocol.RegistrationChanged | None = None
        self._phones = phones
        self.link = link
        self._arrived: asyncio.Queue[PhoneCall | PhoneProcessDied] = asyncio.Queue()
        self._changes = Changes()

    @property
    def registered(self) -> bool:
        """Whether the registrar knows us, by its last answer."""
        return self.registration is not None and self.registration.expires_s > 0

    async def next_call(self, timeout: float | None = 10.0) -> PhoneCall:  # noqa: ASYNC109 - a test's word
        """The next call that came in and was not asked for yet. Raises TimeoutError, PhoneProcessDied."""
        try:
            arrived = await asyncio.wait_for(self._arrived.get(), timeout)
        except TimeoutError:
            raise TimeoutError(f"no call reached phone {self.number} within {timeout:g} s") from None
        if isinstance(arrived, PhoneProcessDied):
            self._arrived.put_nowait(arrived)  # for whoever asks next
            raise arrived
        return arrived

    async def call(self, uri: str, *, headers: Mapping[str, str] | None = None) -> PhoneCall:
        """Dial from this phone."""
        self.link.calls += 1
        return await self._phones.place(self.link, uri, phone=self.number, voice=self.voice, headers=headers)

    async def set_answer(self, answer: AnswerMode) -> None:
        """Treat the calls that come from now on like this."""
        await self.link.ask(partial(protocol.SetAnswer, phone=self.number, answer=_answer_plan(answer)))

    async def unregister(self) -> None:
        """Give the registration back; afterwards this phone is gone."""
        if self.registered:
            await self.link.ask(partial(protocol.Unregister, phone=self.number))
            await self._changes.until(lambda: not self.registered, UNREGISTER_S)
        await self._phones.remove(self, self.link)

    async def wait_registered(self, timeout_s: float) -> None:
        """Wait for the registrar's first answer. Raises RegistrationRefused."""
        try:
            await self._changes.until(lambda: self.registration is not None, timeout_s)
        except TimeoutError:
            raise RegistrationRefused(f"phone {self.number}: no answer to REGISTER within {timeout_s:g} s") from None
        answer = self.registration
        if answer is not None and not self.registered:
            raise RegistrationRefused(f"phone {self.number}: REGISTER was answered {answer.code} {answer.reason}")

    def took_call(self, call: PhoneCall) -> None:
        """A call came in."""
        self._arrived.put_nowait(call)

    def registration_changed(self, notice: protocol.RegistrationChanged) -> None:
        """The registrar answered."""
        self.registration = notice
        self._changes.announce()

    def lost(self, reason: str) -> None:
        """The phone process is gone."""
        self.registration = None
        self._arrived.put_nowait(PhoneProcessDied(reason))
        self._changes.announce()


class SipPhones:
    """A set of phones on as many phone processes as they need; leaving the context ends every call and process.

    `registrar` is "host:port"; `encrypted` phones speak TLS and SRTP only.
    Recordings go to `folder`, by default a temporary one that goes with the context.
    """

    def __init__(
        self, registrar: str, *, folder: Path | None = None, bind: str = "127.0.0.1", encrypted: bool = False
    ) -> None:
        self.registrar = registrar
        self._bind = bind
        self._encrypted = encrypted
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="phones-")
        self._folder = folder or Path(self._temporary.name if self._temporary else "")
        self._phone_links: list[PhoneLink] = []
        self._caller_links: list[PhoneLink] = []
        self._choosing = asyncio.Lock()
        self._phones: dict[str, Phone] = {}
        self._calls: dict[tuple[int, str], PhoneCall] = {}
        self._outgoing = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End all calls, give all registrations back, and wait for the processes' end."""
        closing = asyncio.gather(*(link.close() for link in [*self._phone_links, *self._caller_links]))
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:  # cancelled while closing: still leave no process behind
            await closing
            raise
        finally:
            if self._temporary is not None:
                self._temporary.cleanup()

    async def register(
        self,
        number: str,
        password: str,
        *,
        answer: AnswerMode = "manual",
        tone_hz: int | None = AGENT_TONE_HZ,
        speech: Path | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109 - a test's word
    ) -> Phone:
        """Register the extension `number`, which sends a tone, and speech (a wav file) if given.

        Raises RegistrationRefused.
        """
        if number in self._phones:
            raise RegistrationRefused(f"phone {number} is registered here already")
        link = await self._link_for_phone()
        phone = Phone(self, link, number, _voice(tone_hz, speech))
        self._phones[number] = phone
        try:
            await link.ask(
                partial(
                    protocol.Register,
                    phone=number,
                    registrar=self.registrar,
                    password=password,
                    answer=_answer_plan(answer),
                    voice=phone.voice,
                )
            )
            await phone.wait_registered(timeout)
        except (RegistrationRefused, PhoneRefused):
            await self.remove(phone, link)
            raise
        return phone

    async def call(
        self,
        uri: str,
        *,
        caller_number: str,
        caller_name: str = "",
        tone_hz: int | None = CALLER_TONE_HZ,
        speech: Path | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> PhoneCall:
        """Dial `uri` as somebody outside, without a registration. Returns as soon as the INVITE is on its way."""
        link = await self._link_for_call()
        from_header = caller_uri(caller_number, caller_name, self._bind)
        return await self.place(link, uri, caller=from_header, voice=_voice(tone_hz, speech), headers=headers)

    async def place(
        self,
        link: PhoneLink,
        uri: str,
        *,
        phone: str | None = None,
        caller: str = "",
        voice: protocol.Voice,
        headers: Mapping[str, str] | None,
    ) -> PhoneCall:
        """Send an INVITE from `link`, where a call has been counted; used by `call` here and of Phone."""
        self._outgoing += 1
        key = f"out-{self._outgoing}"
        recording = link.folder / f"{key}.wav"
        call = PhoneCall(link, key, recording)
        self._calls[id(link), key] = call
        order = partial(
            protocol.PlaceCall,
            call=key,
            uri=uri,
            recording=str(recording),
            phone=phone,
            caller_uri=caller,
            voice=voice,
            headers=dict(headers or {}),
        )
        try:
            await link.ask(order)
        except PhoneRefused:
            self._forget(link, key)
            raise
        return call

    async def remove(self, phone: Phone, link: PhoneLink) -> None:
        """Forget a phone that is not registered (any more)."""
        if self._phones.pop(phone.number, None) is not None:
            link.phones -= 1
            await link.ask(partial(protocol.RemovePhone, phone=phone.number))

    async def _link_for_phone(self) -> PhoneLink:
        async with self._choosing:
            links = self._phone_links
            free = [link for link in links if link.alive and link.phones < protocol.PHONES_PER_PROCESS]
            link = free[0] if free else await self._new_link(links)
            link.phones += 1
            return link

    async def _link_for_call(self) -> PhoneLink:
        async with self._choosing:
            links = self._caller_links
            link = next((link for link in links if link.takes_a_call), None) or await self._new_link(links)
            link.calls += 1
            return link

    async def _new_link(self, links: list[PhoneLink]) -> PhoneLink:
        kind = "agents" if links is self._phone_links else "callers"
        folder = self._folder / f"{kind}-{len(links) + 1}"
        link = PhoneLink(folder, self._noticed, self._link_died)
        links.append(link)
        await link.start(self._bind, encrypted=self._encrypted)
        return link

    def _noticed(self, link: PhoneLink, notice: protocol.Notice) -> None:
        match notice:
            case protocol.RegistrationChanged():
                phone = self._phones.get(notice.phone)
                if phone is not None:
                    phone.registration_changed(notice)
            case protocol.CallArrived():
                self._arrived(link, notice)
            case protocol.CallChanged():
                call = self._calls.get((id(link), notice.call))
                if call is not None:
                    call.happened(notice)
                    if notice.name == "ended":
                        self._forget(link, notice.call)
            case protocol.MediaChanged():
                call = self._calls.get((id(link), notice.call))
                if call is not None:
                    call.media_changed(notice.flow, notice.at)
            case _:
                pass  # replies, start and faults are the link's own

    def _arrived(self, link: PhoneLink, notice: protocol.CallArrived) -> None:
        number, name = caller_id(notice.headers.get("From", ""))
        call = PhoneCall(
            link,
            notice.call,
            Path(notice.recording),
            number=number,
            name=name,
            headers=notice.headers,
            sip_call_id=notice.sip_call_id,
        )
        call.happened(protocol.CallChanged(call=notice.call, name="invite_received", at=notice.at))
        self._calls[id(link), notice.call] = call
        link.calls += 1
        phone = self._phones.get(notice.phone)
        if phone is not None:
            phone.took_call(call)

    def _forget(self, link: PhoneLink, key: str) -> None:
        if self._calls.pop((id(link), key), None) is not None:
            link.call_ended()

    def _link_died(self, link: PhoneLink, reason: str) -> None:
        for (owner, key), call in list(self._calls.items()):
            if owner == id(link):
                call.lost(reason)
                self._forget(link, key)
        for phone in self._phones.values():
            if phone.link is link:
                phone.lost(reason)


def _voice(tone_hz: int | None, speech: Path | None) -> protocol.Voice:
    return protocol.Voice(tone_hz=tone_hz, speech=str(speech) if speech else "")


def _answer_plan(answer: AnswerMode) -> protocol.AnswerPlan:
    match answer:
        case "manual" | "ignore":
            return protocol.AnswerPlan()
        case "auto":
            return protocol.AnswerPlan(after_s=0)
        case "reject":
            return protocol.AnswerPlan(refuse_with=603)
        case "busy":
            return protocol.AnswerPlan(refuse_with=486)
        case _:
            return protocol.AnswerPlan(after_s=answer)
