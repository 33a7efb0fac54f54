"""SIP phones on PJSIP: the only module that touches pjsua2.

Rules of that library which shape the code below:

* Objects handed out by a SWIG object die with it, so `info = call.getInfo()` keeps its variable while
  its parts are read.
* Nothing may be asked of a call that has ended (an assertion in C ends the process), hence `SipCall.over`.
* Calls are destroyed outside of their own callbacks, in `Phones.turn`.
* All callbacks run in the thread that calls `Phones.turn`; an exception that left one would cross C++ frames.
"""

import functools
import os
import time
import traceback
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import pjsua2 as pj

from ctiserver.demo import phone_protocol as protocol
from ctiserver.demo.phone_protocol import CALLS_PER_PROCESS, SAMPLE_RATE, CallEventName, MediaFlow, Notice
from ctiserver.demo.sip_text import headers_of, q850_cause

OUTSIDE = ""  # key of the account that callers without a registration use

_CODECS_WANTED = {"PCMA/8000/1": 255, "PCMU/8000/1": 254}  # G.711 keeps tones pure
_TONE_VOLUME = 9000  # of 32767: loud, and three of them mixed do not clip
_REGISTRATION_S = 300
_STATE_NAMES: dict[int, CallEventName] = {
    pj.PJSIP_INV_STATE_CALLING: "invite_sent",
    pj.PJSIP_INV_STATE_CONNECTING: "answered",
    pj.PJSIP_INV_STATE_CONFIRMED: "connected",
    pj.PJSIP_INV_STATE_DISCONNECTED: "ended",
}

Tell = Callable[[Notice], None]
_P = ParamSpec("_P")
_R = TypeVar("_R", bound="SipAccount | SipCall")


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
        self._recorder: pj.AudioMediaRecorder | None = None

    def event(self, name: CallEventName, code: int = 0, reason: str = "", q850: int = 0) -> protocol.CallChanged:
        """An event of this call that happens now."""
        info = self.getInfo()
        return protocol.CallChanged(
            call=self.key,
            name=name,
            at=time.monotonic(),
            code=code,
            reason=_clean(reason),
            q850=q850,
            sip_call_id=info.callIdString,
        )

    def tell(self, name: CallEventName, code: int = 0, reason: str = "") -> None:
        """Report an event of this call that happens now."""
        self.phones.tell(self.event(name, code, reason))

    @_callback
    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        info = self.getInfo()
        name = _STATE_NAMES.get(info.state)
        if info.state == pj.PJSIP_INV_STATE_EARLY:
            name = "ringing" if info.lastStatusCode == 180 else "progress"
        if name is None:
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
        tone = self.phones.tone(self.account.tone_of(self))
        if tone is not None:
            tone.startTransmit(audio)

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

    def close_recording(self) -> None:
        """Complete the wav file's header."""
        self._recorder = None


class SipAccount(pj.Account):
    """One phone: a registered extension, or the caller from outside."""

    def __init__(self, phones: "Phones", key: str, answer: protocol.AnswerPlan, tone_hz: int | None) -> None:
        super().__init__()
        self.phones = phones
        self.key = key
        self.answer_plan = answer
        self.tone_hz = tone_hz
        self.registered = False
        self.call_tones: dict[str, int | None] = {}

    def tone_of(self, call: SipCall) -> int | None:
        """The tone that `call` is to send, None for silence."""
        return self.call_tones.get(call.key, self.tone_hz)

    @_callback
    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        self.phones.take_incoming(self, prm)

    @_callback
    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        expires = prm.expiration if prm.code // 100 == 2 else 0
        self.registered = expires > 0
        self.phones.tell(
            protocol.RegistrationChanged(
                phone=self.key, code=prm.code, reason=_clean(prm.reason), expires_s=expires, at=time.monotonic()
            )
        )


class Phones:
    """One PJSIP endpoint with up to PHONES_PER_PROCESS registered phones and CALLS_PER_PROCESS calls."""

    def __init__(self, bind: str, recordings: str, tell: Tell) -> None:
        self.tell = tell
        self.accounts: dict[str, SipAccount] = {}
        self.calls: dict[str, SipCall] = {}
        self._bind = bind
        self._recordings = recordings
        self._tones: dict[int, pj.ToneGenerator] = {}
        self._ended: list[tuple[SipCall, protocol.CallChanged]] = []
        self._due: list[tuple[float, SipCall]] = []
        self._arrived = 0
        self._endpoint = _endpoint()
        self._transport = pj.TransportConfig()
        self._transport.boundAddress = bind
        transport_id = self._endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, self._transport)
        self._endpoint.libStart()
        sound = self._endpoint.audDevManager()
        sound.setNullDev()
        address = self._endpoint.transportGetInfo(transport_id)
        self.address = address.localName
        outside = SipAccount(self, OUTSIDE, protocol.AnswerPlan(refuse_with=404), None)
        outside.create(self._account_config(f"sip:outside@{bind}"))
        self.accounts[OUTSIDE] = outside

    def started(self) -> protocol.Started:
        """Where this endpoint can be reached, and what it is."""
        version = self._endpoint.libVersion()
        return protocol.Started(address=self.address, version=version.full)

    def turn(self, at_most_s: float) -> None:
        """Handle what the network brought, waiting at most `at_most_s` seconds for it."""
        self._endpoint.libHandleEvents(int(at_most_s * 1000))
        now = time.monotonic()
        due = [call for at, call in self._due if at <= now]
        self._due = [(at, call) for at, call in self._due if at > now]
        for call in due:
            if not call.over:
                self.answer(call, 200)
        self._bury_ended()

    def register(self, order: protocol.Register) -> None:
        """Create the account and send REGISTER."""
        if order.phone in self.accounts:
            raise ValueError(f"phone {order.phone} is registered already")
        config = self._account_config(f"sip:{order.phone}@{order.registrar}")
        config.regConfig.registrarUri = f"sip:{order.registrar}"
        config.regConfig.timeoutSec = _REGISTRATION_S
        config.regConfig.firstRetryIntervalSec = 1
        config.regConfig.retryIntervalSec = 2
        credentials = config.sipConfig.authCreds
        credentials.append(pj.AuthCredInfo("digest", "*", order.phone, 0, order.password))
        account = SipAccount(self, order.phone, order.answer, order.tone_hz)
        account.create(config)
        self.accounts[order.phone] = account

    def unregister(self, phone: str) -> None:
        """Send REGISTER with Expires 0."""
        self.accounts[phone].setRegistration(False)

    def remove(self, phone: str) -> None:
        """Free the account of a phone that is no longer registered."""
        account = self.accounts.pop(phone, None)
        if account is not None:
            account.shutdown()

    def place(self, order: protocol.PlaceCall) -> None:
        """Send an INVITE."""
        account = self.accounts[order.phone or OUTSIDE]
        call = SipCall(account, order.call, order.recording)
        account.call_tones[order.call] = order.tone_hz
        prm = _audio_call()
        if order.caller_uri:
            prm.txOption.localUri = order.caller_uri
        for name, value in order.headers.items():
            header = pj.SipHeader()
            header.hName = name
            header.hValue = value
            prm.txOption.headers.append(header)
        self.calls[order.call] = call
        try:
            call.makeCall(order.uri, prm)
        except pj.Error:
            self.calls.pop(order.call, None)
            raise

    def take_incoming(self, account: SipAccount, prm: pj.OnIncomingCallParam) -> None:
        """Ring, and do what the phone's answer plan says."""
        at = time.monotonic()
        self._arrived += 1
        key = f"in-{self._arrived}"
        call = SipCall(account, key, f"{self._recordings}/{key}.wav", prm.callId)
        self.calls[key] = call
        rdata = prm.rdata
        headers = {name: _clean(value) for name, value in headers_of(rdata.wholeMsg).items()}
        info = call.getInfo()
        self.tell(
            protocol.CallArrived(
                phone=account.key,
                call=key,
                sip_call_id=info.callIdString,
                recording=call.recording,
                headers=headers,
                at=at,
            )
        )
        plan = account.answer_plan
        if plan.refuse_with is not None:
            self.answer(call, plan.refuse_with)
            return
        self.answer(call, 180)
        if plan.after_s == 0:
            self.answer(call, 200)
        elif plan.after_s is not None:
            self._due.append((at + plan.after_s, call))

    def answer(self, call: SipCall, code: int) -> None:
        """Send a provisional or final response to an INVITE."""
        prm = _audio_call()
        prm.statusCode = code
        call.answer(prm)

    def hang_up(self, call: SipCall) -> None:
        """End a call in whatever state it is."""
        prm = pj.CallOpParam()
        call.hangup(prm)

    def hold(self, call: SipCall, on: bool) -> None:
        """Send a re-INVITE that holds or resumes."""
        prm = _audio_call()
        if on:
            call.setHold(prm)
        else:
            prm.opt.flag = pj.PJSUA_CALL_UNHOLD
            call.reinvite(prm)

    def transfer(self, call: SipCall, uri: str) -> None:
        """Send a REFER."""
        prm = pj.CallOpParam()
        call.xfer(uri, prm)

    def tone(self, hz: int | None) -> pj.ToneGenerator | None:
        """The one generator of the tone `hz`, which all calls that send it share."""
        if hz is None:
            return None
        if hz not in self._tones:
            generator = pj.ToneGenerator()
            generator.createToneGenerator(SAMPLE_RATE, 1)
            tone = pj.ToneDesc()
            tone.freq1, tone.freq2, tone.on_msec, tone.off_msec, tone.volume = hz, 0, 1000, 0, _TONE_VOLUME
            tones = pj.ToneDescVector()
            tones.append(tone)
            generator.play(tones, True)
            self._tones[hz] = generator
        return self._tones[hz]

    def bury(self, call: SipCall, farewell: protocol.CallChanged) -> None:
        """Called from the call's last callback: destroy it after that has returned, and tell when its wav is whole."""
        self.calls.pop(call.key, None)
        call.account.call_tones.pop(call.key, None)
        self._ended.append((call, farewell))

    def _bury_ended(self) -> None:
        for call, farewell in self._ended:
            call.close_recording()
            self.tell(farewell)
        self._ended.clear()

    def close(self) -> None:
        """Destroy everything in the order PJSIP wants. Calls must have ended before."""
        self._due.clear()
        self._bury_ended()
        self.calls.clear()
        for phone in list(self.accounts):
            self.remove(phone)
        self._tones.clear()
        self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_NETWORK)  # all has been said; do not wait for more

    def _account_config(self, identity: str) -> pj.AccountConfig:
        config = pj.AccountConfig()
        config.idUri = identity
        config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_INACTIVE
        config.natConfig.contactRewriteUse = 0
        config.natConfig.viaRewriteUse = 0
        config.natConfig.sipOutboundUse = 0
        config.natConfig.udpKaIntervalSec = 0
        config.mediaConfig.lockCodecEnabled = False  # no second INVITE because two codecs were accepted
        config.mediaConfig.transportConfig.boundAddress = self._bind
        config.mediaConfig.transportConfig.port = _first_rtp_port()
        return config


def _endpoint() -> pj.Endpoint:
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    config = pj.EpConfig()
    config.uaConfig.maxCalls = CALLS_PER_PROCESS
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.userAgent = "ctiserver-demo-phone"
    config.logConfig.level = 1
    config.logConfig.consoleLevel = 1
    config.medConfig.clockRate = SAMPLE_RATE
    config.medConfig.sndClockRate = SAMPLE_RATE
    config.medConfig.quality = 3
    config.medConfig.noVad = True
    config.medConfig.ecTailLen = 0
    config.medConfig.sndAutoCloseTime = -1  # the clock that drives recorders never stops
    endpoint.libInit(config)
    codecs = endpoint.codecEnum2()
    for codec in codecs:
        endpoint.codecSetPriority(codec.codecId, _CODECS_WANTED.get(codec.codecId, 0))
    return endpoint


def _first_rtp_port() -> int:
    """Each process starts its search for free RTP ports somewhere else (all at 4000 would collide for a while)."""
    return 12000 + os.getpid() % 500 * 40


def _audio_call() -> pj.CallOpParam:
    prm = pj.CallOpParam(True)
    prm.opt.audioCount = 1
    prm.opt.videoCount = 0
    return prm


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


def _clean(text: str) -> str:
    """`text` without bytes that are not UTF-8 (they arrive as lone surrogates)."""
    return text.encode("utf-8", "replace").decode("utf-8")
