"""SIP phones on PJSIP: one endpoint with its accounts, calls and tones. See sip_call for the rules of that library."""

import os
import time
from collections.abc import Callable

import pjsua2 as pj

from ctiserver.demo import phone_protocol as protocol
from ctiserver.demo.phone_protocol import CALLS_PER_PROCESS, SAMPLE_RATE, Notice
from ctiserver.demo.sip_call import SipAccount, SipCall, clean
from ctiserver.demo.sip_text import headers_of

OUTSIDE = ""  # key of the account that callers without a registration use

_CODECS_WANTED = {"PCMA/8000/1": 255, "PCMU/8000/1": 254}  # G.711 keeps tones pure
_TONE_VOLUME = 9000  # of 32767: loud, and three of them mixed do not clip
_FAINT_TONE_VOLUME = 1800  # -25 dBFS: found by tones.presence in the pauses of speech
_REGISTRATION_S = 300
Tell = Callable[[Notice], None]


class Phones:
    """One PJSIP endpoint with up to PHONES_PER_PROCESS registered phones and CALLS_PER_PROCESS calls."""

    def __init__(self, bind: str, recordings: str, tell: Tell, *, encrypted: bool = False) -> None:
        """`encrypted`: SIP over TLS (whatever the certificate) and nothing but SRTP."""
        self._tell = tell
        self.accounts: dict[str, SipAccount] = {}
        self.calls: dict[str, SipCall] = {}
        self._bind = bind
        self._recordings = recordings
        self._encrypted = encrypted
        self._tones: dict[tuple[int, bool], pj.ToneGenerator] = {}
        self._ended: list[tuple[SipCall, protocol.CallChanged]] = []
        self._due: list[tuple[float, SipCall]] = []
        self._arrived = 0
        self._endpoint = _endpoint()
        self._transport = pj.TransportConfig()
        self._transport.boundAddress = bind
        self._transport.tlsConfig.verifyServer = False
        kind = pj.PJSIP_TRANSPORT_TLS if encrypted else pj.PJSIP_TRANSPORT_UDP
        transport_id = self._endpoint.transportCreate(kind, self._transport)
        self._endpoint.libStart()
        sound = self._endpoint.audDevManager()
        sound.setNullDev()
        address = self._endpoint.transportGetInfo(transport_id)
        self.address = address.localName
        outside = SipAccount(self, OUTSIDE, protocol.AnswerPlan(refuse_with=404), protocol.Voice())
        outside.create(self._account_config(f"sip:outside@{bind}"))
        self.accounts[OUTSIDE] = outside

    def tell(self, notice: Notice) -> None:
        """Report."""
        self._tell(notice)

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
            self._pick_up(call)
        self._bury_ended()

    def _pick_up(self, call: SipCall) -> None:
        if call.over:
            return
        try:
            self.answer(call, 200)
        except pj.Error as refused:  # the caller hangs up at this moment
            self._tell(protocol.Fault(text=f"{call.key} could not be answered: {refused.reason}"))

    def register(self, order: protocol.Register) -> None:
        """Create the account and send REGISTER."""
        if order.phone in self.accounts:
            raise ValueError(f"phone {order.phone} is registered already")
        over = ";transport=tls" if self._encrypted else ""
        config = self._account_config(f"sip:{order.phone}@{order.registrar}")
        config.regConfig.registrarUri = f"sip:{order.registrar}{over}"
        config.regConfig.timeoutSec = _REGISTRATION_S
        config.regConfig.firstRetryIntervalSec = 1
        config.regConfig.retryIntervalSec = 2
        credentials = config.sipConfig.authCreds
        credentials.append(pj.AuthCredInfo("digest", "*", order.phone, 0, order.password))
        account = SipAccount(self, order.phone, order.answer, order.voice)
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
        account.call_voices[order.call] = order.voice
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
        headers = {name: clean(value) for name, value in headers_of(rdata.wholeMsg).items()}
        info = call.getInfo()
        self._tell(
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

    def answer(self, call: SipCall, code: int, contact: str = "") -> None:
        """Send a provisional or final response to an INVITE; one of 300 or more may name another `contact`."""
        prm = _audio_call()
        prm.statusCode = code
        if contact:
            header = pj.SipHeader()
            header.hName, header.hValue = "Contact", f"<{contact}>"
            prm.txOption.headers.append(header)
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

    def join(self, call: SipCall, other: SipCall) -> None:
        """Send a REFER that replaces `other`."""
        prm = pj.CallOpParam()
        call.xferReplaces(other, prm)

    def tone(self, hz: int, *, faint: bool) -> pj.ToneGenerator:
        """The one generator of the tone `hz`, which all calls that send it share."""
        if (hz, faint) not in self._tones:
            volume = _FAINT_TONE_VOLUME if faint else _TONE_VOLUME
            generator = pj.ToneGenerator()
            generator.createToneGenerator(SAMPLE_RATE, 1)
            tone = pj.ToneDesc()
            tone.freq1, tone.freq2, tone.on_msec, tone.off_msec, tone.volume = hz, 0, 1000, 0, volume
            tones = pj.ToneDescVector()
            tones.append(tone)
            generator.play(tones, True)
            self._tones[hz, faint] = generator
        return self._tones[hz, faint]

    def bury(self, call: SipCall, farewell: protocol.CallChanged) -> None:
        """Called from the call's last callback: destroy it after that has returned, and tell when its wav is whole."""
        self.calls.pop(call.key, None)
        call.account.call_voices.pop(call.key, None)
        self._ended.append((call, farewell))

    def _bury_ended(self) -> None:
        for call, farewell in self._ended:
            call.close_media()
            self._tell(farewell)
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
        if self._encrypted:
            config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_MANDATORY
            config.mediaConfig.srtpSecureSignaling = 1  # keys never travel in clear
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
