"""A call and an account of PJSIP's pjsua2, turned into notices. With phone_endpoint the only module that touches it.

Rules of that library which shape the code of both:

* Objects handed out by a SWIG object die with it, so `info = call.getInfo()` keeps its variable while
  its parts are read.
* Nothing may be asked of a call that has ended (an assertion in C ends the process), hence `SipCall.over`.
* Calls are destroyed outside of their own callbacks, in `Phones.turn`.
* All callbacks run in the thread that calls `Phones.turn`; an exception that left one would cross C++ frames.
"""

import functools
import time
import traceback
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import msgspec
import pjsua2 as pj

from ctiserver.demo import phone_protocol as protocol
from ctiserver.demo.phone_protocol import CallEventName, MediaFlow, Notice
from ctiserver.demo.sip_text import q850_cause

_STATE_NAMES: dict[int, CallEventName] = {
    pj.PJSIP_INV_STATE_CALLING: "invite_sent",
    pj.PJSIP_INV_STATE_CONNECTING: "answered",
    pj.PJSIP_INV_STATE_CONFIRMED: "connected",
    pj.PJSIP_INV_STATE_DISCONNECTED: "ended",
}

_P = ParamSpec("_P")
_R = TypeVar("_R", bound="SipAccount | SipCall")


class PhoneHost(Protocol):
    """What calls and accounts need of the endpoint that they belong to."""

    def tell(self, notice: Notice, /) -> None: ...

    def tone(self, hz: int, *, faint: bool) -> pj.ToneGenerator: ...

    def bury(self, call: "SipCall", farewell: protocol.CallChanged) -> None: ...

    def take_incoming(self, account: "SipAccount", prm: pj.OnIncomingCallParam) -> None: ...


def _callback(method: Callable[Concatenate[_R, _P], None]) -> Callable[Concatenate[_R, _P], None]:
    @functools.wraps(method)
    def guarded(self: _R, *args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            method(self, *args, **kwargs)
        except Exception:  # whatever it is: a Python exception that enters C++ frames aborts the process
            self.phones.tell(protocol.Fault(text=traceback.format_exc()))

    return guarded


class SipCall(pj.Call):
    """One call of one phone, and the recorder of what it hears."""

    def __init__(self, account: "SipAccount", key: str, recording: str, call_id: int | None = None) -> None:
        if call_id is None:
            super().__init__(account)
        else:
            super().__init__(account, call_id)
        self.account = account
        self.phones = account.phones
        self.key = key
        self.recording = recording
        self.over = False
        self.flow: MediaFlow = "none"
        self.digits_left = ""
        self.digit_ms = 100
        self._offered_at = 0.0
        self._recorder: pj.AudioMediaRecorder | None = None
        self._speech: pj.AudioMediaPlayer | None = None

    def event(self, name: CallEventName, code: int = 0, reason: str = "", q850: int = 0) -> protocol.CallChanged:
        """An event of this call that happens now."""
        info = self.getInfo()
        return protocol.CallChanged(
            call=self.key,
            name=name,
            at=time.monotonic(),
            code=code,
            reason=clean(reason),
            q850=q850,
            sip_call_id=info.callIdString,
        )

    def tell(self, name: CallEventName, code: int = 0, reason: str = "") -> None:
        """Report an event of this call that happens now."""
        self.phones.tell(self.event(name, code, reason))

    @_callback
    def onCallSdpCreated(self, prm: pj.OnCallSdpCreatedParam) -> None:
        """The last moment before an INVITE is sent; its onCallState comes when the other side may have it already."""
        self._offered_at = self._offered_at or time.monotonic()

    @_callback
    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        info = self.getInfo()
        name = _STATE_NAMES.get(info.state)
        if info.state == pj.PJSIP_INV_STATE_EARLY:
            name = "ringing" if info.lastStatusCode == 180 else "progress"
        if name is None:
            return
        if name == "invite_sent":
            self.phones.tell(msgspec.structs.replace(self.event(name), at=self._offered_at))
            return
        if name != "ended":
            self.tell(name, info.lastStatusCode, info.lastReason)
            return
        self.over = True
        cause = q850_cause(_received_message(prm.e))
        self.phones.bury(self, self.event(name, info.lastStatusCode, info.lastReason, cause))

    @_callback
    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        info = self.getInfo()
        flow: MediaFlow = "none"
        for media in info.media:
            if media.type != pj.PJMEDIA_TYPE_AUDIO:
                continue
            if media.status in (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD):
                self._connect_audio(media.index)
                flow = "both_ways"
            elif media.status == pj.PJSUA_CALL_MEDIA_LOCAL_HOLD:
                flow = "held_here"
        if flow == self.flow:
            return
        before, self.flow = self.flow, flow
        self.phones.tell(protocol.MediaChanged(call=self.key, flow=flow, at=time.monotonic()))
        if flow == "held_here":
            self.tell("held")
        elif before == "held_here":
            self.tell("resumed")

    def _connect_audio(self, index: int) -> None:
        audio = self.getAudioMedia(index)
        if self._recorder is None:
            self._recorder = pj.AudioMediaRecorder()
            self._recorder.createRecorder(self.recording)
        audio.startTransmit(self._recorder)
        voice = self.account.voice_of(self)
        if voice.tone_hz is not None:
            tone = self.phones.tone(voice.tone_hz, faint=bool(voice.speech))
            tone.startTransmit(audio)
        if voice.speech:
            if self._speech is None:
                self._speech = pj.AudioMediaPlayer()
                self._speech.createPlayer(voice.speech)  # 16-bit PCM; it starts again at its end
            self._speech.startTransmit(audio)

    @_callback
    def onCallTsxState(self, prm: pj.OnCallTsxStateParam) -> None:
        event = prm.e
        if event.type != pj.PJSIP_EVENT_TSX_STATE:
            return
        body = event.body
        state = body.tsxState
        transaction = state.tsx
        if transaction.role != pj.PJSIP_ROLE_UAC or transaction.method != "INFO":
            return
        if transaction.state == pj.PJSIP_TSX_STATE_COMPLETED and not self.over:
            self.tell("dtmf_confirmed", transaction.statusCode, transaction.statusText)
            self.send_next_info_digit()

    @_callback
    def onCallTransferStatus(self, prm: pj.OnCallTransferStatusParam) -> None:
        self.tell("transfer_status", prm.statusCode, prm.reason)
        prm.cont = not prm.finalNotify

    def send_next_info_digit(self) -> None:
        """One INFO at a time: the next leaves when the one before is confirmed."""
        if not self.digits_left:
            return
        digit, self.digits_left = self.digits_left[0], self.digits_left[1:]
        self._send_digits(digit, pj.PJSUA_DTMF_METHOD_SIP_INFO, self.digit_ms)

    def press(self, digits: str, method: protocol.DtmfMethod, duration_ms: int) -> None:
        """Press `digits`; those by INFO are confirmed one by one as `dtmf_confirmed`."""
        if method == "rfc4733":
            self._send_digits(digits, pj.PJSUA_DTMF_METHOD_RFC2833, duration_ms)
            return
        idle = not self.digits_left
        self.digits_left += digits
        self.digit_ms = duration_ms
        if idle:
            self.send_next_info_digit()

    def _send_digits(self, digits: str, method: int, duration_ms: int) -> None:
        prm = pj.CallSendDtmfParam()
        prm.method = method
        prm.duration = duration_ms
        prm.digits = digits
        self.sendDtmf(prm)

    def close_media(self) -> None:
        """Complete the recording's header, close the speech."""
        self._recorder = None
        self._speech = None


class SipAccount(pj.Account):
    """One phone: a registered extension, or the caller from outside."""

    def __init__(self, phones: PhoneHost, key: str, answer: protocol.AnswerPlan, voice: protocol.Voice) -> None:
        super().__init__()
        self.phones = phones
        self.key = key
        self.answer_plan = answer
        self.voice = voice
        self.registered = False
        self.call_voices: dict[str, protocol.Voice] = {}

    def voice_of(self, call: SipCall) -> protocol.Voice:
        """What `call` is to send."""
        return self.call_voices.get(call.key, self.voice)

    @_callback
    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        self.phones.take_incoming(self, prm)

    @_callback
    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        expires = prm.expiration if prm.code // 100 == 2 else 0
        self.registered = expires > 0
        self.phones.tell(
            protocol.RegistrationChanged(
                phone=self.key, code=prm.code, reason=clean(prm.reason), expires_s=expires, at=time.monotonic()
            )
        )


def _received_message(event: pj.SipEvent) -> str:
    if event.type != pj.PJSIP_EVENT_TSX_STATE:
        return ""
    body = event.body
    state = body.tsxState
    if state.type != pj.PJSIP_EVENT_RX_MSG:
        return ""
    source = state.src
    rdata = source.rdata
    return rdata.wholeMsg


def clean(text: str) -> str:
    """`text` without bytes that are not UTF-8 (they arrive as lone surrogates)."""
    return text.encode("utf-8", "replace").decode("utf-8")
