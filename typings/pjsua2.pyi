# The part of PJSIP's pjsua2 (PyPI: pjsua2-python, which ships no types) that ctiserver.demo uses.
from collections.abc import Sequence

PJSIP_TRANSPORT_UDP: int
PJSIP_TRANSPORT_TLS: int
PJMEDIA_SRTP_MANDATORY: int
PJSIP_INV_STATE_CALLING: int
PJSIP_INV_STATE_INCOMING: int
PJSIP_INV_STATE_EARLY: int
PJSIP_INV_STATE_CONNECTING: int
PJSIP_INV_STATE_CONFIRMED: int
PJSIP_INV_STATE_DISCONNECTED: int
PJSIP_EVENT_TSX_STATE: int
PJSIP_EVENT_RX_MSG: int
PJSIP_ROLE_UAC: int
PJSIP_TSX_STATE_COMPLETED: int
PJMEDIA_TYPE_AUDIO: int
PJSUA_CALL_MEDIA_NONE: int
PJSUA_CALL_MEDIA_ACTIVE: int
PJSUA_CALL_MEDIA_LOCAL_HOLD: int
PJSUA_CALL_MEDIA_REMOTE_HOLD: int
PJSUA_CALL_UNHOLD: int
PJSUA_DTMF_METHOD_RFC2833: int
PJSUA_DTMF_METHOD_SIP_INFO: int
PJSUA_SIP_TIMER_INACTIVE: int
PJSUA_DESTROY_NO_NETWORK: int

class Error(Exception):
    status: int
    title: str
    reason: str
    def info(self, multi_line: bool = ...) -> str: ...

class LogConfig:
    level: int
    consoleLevel: int

class UaConfig:
    maxCalls: int
    threadCnt: int
    mainThreadOnly: bool
    userAgent: str

class MediaConfig:
    clockRate: int
    sndClockRate: int
    channelCount: int
    audioFramePtime: int
    ptime: int
    quality: int
    noVad: bool
    ecTailLen: int
    threadCnt: int
    sndAutoCloseTime: int

class EpConfig:
    uaConfig: UaConfig
    logConfig: LogConfig
    medConfig: MediaConfig

class TlsConfig:
    verifyServer: bool

class TransportConfig:
    tlsConfig: TlsConfig
    port: int
    boundAddress: str
    publicAddress: str

class TransportInfo:
    localName: str

class Version:
    full: str

class CodecInfo:
    codecId: str

class AudDevManager:
    def setNullDev(self) -> None: ...

class Endpoint:
    def libCreate(self) -> None: ...
    def libInit(self, prmEpConfig: EpConfig) -> None: ...
    def libStart(self) -> None: ...
    def libHandleEvents(self, msec_timeout: int) -> int: ...
    def libDestroy(self, prmFlags: int = ...) -> None: ...
    def libVersion(self) -> Version: ...
    def transportCreate(self, type: int, cfg: TransportConfig) -> int: ...
    def transportGetInfo(self, id: int) -> TransportInfo: ...
    def audDevManager(self) -> AudDevManager: ...
    def codecEnum2(self) -> Sequence[CodecInfo]: ...
    def codecSetPriority(self, codec_id: str, priority: int) -> None: ...

class AuthCredInfo:
    def __init__(self, scheme: str, realm: str, user_name: str, data_type: int, data: str) -> None: ...

class AuthCredInfoVector:
    def append(self, x: AuthCredInfo) -> None: ...

class AccountRegConfig:
    registrarUri: str
    registerOnAdd: bool
    timeoutSec: int
    retryIntervalSec: int
    firstRetryIntervalSec: int

class AccountSipConfig:
    authCreds: AuthCredInfoVector

class AccountCallConfig:
    timerUse: int

class AccountNatConfig:
    contactRewriteUse: int
    viaRewriteUse: int
    sipOutboundUse: int
    udpKaIntervalSec: int

class AccountMediaConfig:
    srtpUse: int
    srtpSecureSignaling: int
    transportConfig: TransportConfig
    lockCodecEnabled: bool

class AccountConfig:
    idUri: str
    regConfig: AccountRegConfig
    sipConfig: AccountSipConfig
    callConfig: AccountCallConfig
    natConfig: AccountNatConfig
    mediaConfig: AccountMediaConfig

class SipRxData:
    wholeMsg: str

class OnIncomingCallParam:
    callId: int
    rdata: SipRxData

class OnRegStateParam:
    status: int
    code: int
    reason: str
    expiration: int

class Account:
    def __init__(self) -> None: ...
    def create(self, cfg: AccountConfig, make_default: bool = ...) -> None: ...
    def shutdown(self) -> None: ...
    def setRegistration(self, renew: bool) -> None: ...
    def onIncomingCall(self, prm: OnIncomingCallParam) -> None: ...
    def onRegState(self, prm: OnRegStateParam) -> None: ...

class SipHeader:
    hName: str
    hValue: str

class SipHeaderVector:
    def append(self, x: SipHeader) -> None: ...

class SipTxOption:
    localUri: str
    headers: SipHeaderVector

class CallSetting:
    flag: int
    audioCount: int
    videoCount: int

class CallOpParam:
    opt: CallSetting
    statusCode: int
    reason: str
    txOption: SipTxOption
    def __init__(self, useDefaultCallSetting: bool = ...) -> None: ...

class CallSendDtmfParam:
    method: int
    duration: int
    digits: str

class SipTransaction:
    role: int
    method: str
    state: int
    statusCode: int
    statusText: str

class TsxStateEventSrc:
    rdata: SipRxData

class TsxStateEvent:
    src: TsxStateEventSrc
    tsx: SipTransaction
    type: int

class SipEventBody:
    tsxState: TsxStateEvent

class SipEvent:
    type: int
    body: SipEventBody

class OnCallStateParam:
    e: SipEvent

class OnCallTsxStateParam:
    e: SipEvent

class OnCallMediaStateParam: ...
class OnCallSdpCreatedParam: ...

class OnCallTransferStatusParam:
    statusCode: int
    reason: str
    finalNotify: bool
    cont: bool

class CallMediaInfo:
    index: int
    type: int
    status: int

class CallInfo:
    callIdString: str
    state: int
    lastStatusCode: int
    lastReason: str
    media: Sequence[CallMediaInfo]

class AudioMedia:
    def startTransmit(self, sink: AudioMedia) -> None: ...
    def stopTransmit(self, sink: AudioMedia) -> None: ...

class AudioMediaRecorder(AudioMedia):
    def __init__(self) -> None: ...
    def createRecorder(self, file_name: str, enc_type: int = ..., max_size: int = ..., options: int = ...) -> None: ...

class AudioMediaPlayer(AudioMedia):
    def __init__(self) -> None: ...
    def createPlayer(self, file_name: str, options: int = ...) -> None: ...

class ToneDesc:
    freq1: int
    freq2: int
    on_msec: int
    off_msec: int
    volume: int

class ToneDescVector:
    def append(self, x: ToneDesc) -> None: ...

class ToneGenerator(AudioMedia):
    def __init__(self) -> None: ...
    def createToneGenerator(self, clock_rate: int = ..., channel_count: int = ...) -> None: ...
    def play(self, tones: ToneDescVector, loop: bool = ...) -> None: ...

class Call:
    def __init__(self, acc: Account, call_id: int = ...) -> None: ...
    def getInfo(self) -> CallInfo: ...
    def makeCall(self, dst_uri: str, prm: CallOpParam) -> None: ...
    def answer(self, prm: CallOpParam) -> None: ...
    def hangup(self, prm: CallOpParam) -> None: ...
    def setHold(self, prm: CallOpParam) -> None: ...
    def reinvite(self, prm: CallOpParam) -> None: ...
    def xfer(self, dest: str, prm: CallOpParam) -> None: ...
    def xferReplaces(self, destCall: Call, prm: CallOpParam) -> None: ...
    def sendDtmf(self, param: CallSendDtmfParam) -> None: ...
    def getAudioMedia(self, med_idx: int) -> AudioMedia: ...
    def onCallSdpCreated(self, prm: OnCallSdpCreatedParam) -> None: ...
    def onCallState(self, prm: OnCallStateParam) -> None: ...
    def onCallTsxState(self, prm: OnCallTsxStateParam) -> None: ...
    def onCallMediaState(self, prm: OnCallMediaStateParam) -> None: ...
    def onCallTransferStatus(self, prm: OnCallTransferStatusParam) -> None: ...
