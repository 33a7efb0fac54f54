"""What a phone process is told and what it tells: one JSON object per line, commands in, notices out."""

from typing import Literal

import msgspec

SAMPLE_RATE = 8000  # of what phones send and record, Hz
# Limits that the pjsua2 on PyPI was built with; going beyond the first makes calls fail, the others abort the process.
CALLS_PER_PROCESS = 4  # PJSUA_MAX_CALLS
PHONES_PER_PROCESS = 3  # PJSUA_MAX_ACC would allow 7 and one for outside callers; each phone may have a call and more
SOCKETS_PER_PROCESS = 60  # PJ_IOQUEUE_MAX_HANDLES is 64 for RTP and RTCP of all calls, ...
SOCKET_LINGERS_S = 0.7  # ... and a closed socket keeps its place for half a second

CallEventName = Literal[
    "invite_sent",
    "invite_received",
    "ringing",
    "progress",
    "answered",
    "connected",
    "held",
    "resumed",
    "dtmf_confirmed",
    "transfer_status",
    "ended",
]
MediaFlow = Literal["none", "both_ways", "held_here"]
DtmfMethod = Literal["rfc4733", "info"]


class AnswerPlan(msgspec.Struct, frozen=True):
    """What a phone does by itself with an incoming call, besides ringing. Both None: it just rings."""

    after_s: float | None = None
    refuse_with: int | None = None


class Voice(msgspec.Struct, frozen=True):
    """What a phone sends: a steady tone (None: none), and on top of it a wav file again and again ("": none).

    With speech the tone is faint: still found in the pauses, and no nuisance to people who listen to recordings.
    """

    tone_hz: int | None = None
    speech: str = ""


class Command(msgspec.Struct, frozen=True, tag=True, tag_field="do"):
    """Something a phone is to do; `id` comes back in the `Reply`."""

    id: int


class Register(Command, frozen=True):
    """Create the account of `phone` and send REGISTER; the outcome is a `RegistrationChanged`."""

    phone: str
    registrar: str
    password: str
    answer: AnswerPlan
    voice: Voice


class Unregister(Command, frozen=True):
    """Give the registration back; the outcome is a `RegistrationChanged` with `expires_s` 0."""

    phone: str


class RemovePhone(Command, frozen=True):
    """Forget the account of `phone`, which makes room for another."""

    phone: str


class SetAnswer(Command, frozen=True):
    """How `phone` treats the calls that come from now on."""

    phone: str
    answer: AnswerPlan


class PlaceCall(Command, frozen=True):
    """Send an INVITE to `uri`, from a registered `phone` or (None) as somebody outside."""

    call: str
    uri: str
    recording: str
    phone: str | None
    caller_uri: str
    voice: Voice
    headers: dict[str, str]


class AnswerCall(Command, frozen=True):
    """Answer a ringing call with `code`: 200 takes it, 3xx to 6xx refuse it."""

    call: str
    code: int
    contact: str = ""  # of a 3xx: where else


class HangUp(Command, frozen=True):
    """CANCEL, refuse or BYE, whatever the state of the call asks for."""

    call: str


class Hold(Command, frozen=True):
    """re-INVITE: sendonly when `on`, sendrecv otherwise."""

    call: str
    on: bool


class Transfer(Command, frozen=True):
    """REFER the other side to `uri` (blind transfer)."""

    call: str
    uri: str


class Join(Command, frozen=True):
    """REFER on `call` with Replaces of `other`, another call of the same phone: the two far ends go on together."""

    call: str
    other: str


class SendDtmf(Command, frozen=True):
    """Press keys; with `info` one digit at a time (several INFO at once may overtake each other)."""

    call: str
    digits: str
    method: DtmfMethod
    duration_ms: int


class Reply(msgspec.Struct, frozen=True, tag=True, tag_field="is"):
    """The command `id` was accepted (error None) or refused."""

    id: int
    error: str | None = None


class Started(msgspec.Struct, frozen=True, tag=True, tag_field="is"):
    """First line of a phone process: its SIP address "host:port" and the version of the stack."""

    address: str
    version: str


class RegistrationChanged(msgspec.Struct, frozen=True, tag=True, tag_field="is"):
    """An answer to REGISTER: SIP status, and for how long the registrar keeps us (0: not registered)."""

    phone: str
    code: int
    reason: str
    expires_s: int
    at: float


class CallArrived(msgspec.Struct, frozen=True, tag=True, tag_field="is"):
    """An INVITE reached `phone`. `headers` are the INVITE's own, names as sent, first of each name."""

    phone: str
    call: str
    sip_call_id: str
    recording: str
    headers: dict[str, str]
    at: float


class CallChanged(msgspec.Struct, frozen=True, tag=True, tag_field="is"):
    """Something happened to a call. `at` is CLOCK_MONOTONIC in seconds, comparable between processes.

    `code` and `reason` are SIP's. `q850` is the cause of the Reason header of a BYE or CANCEL, 0 without one.
    """

    call: str
    name: CallEventName
    at: float
    code: int = 0
    reason: str = ""
    q850: int = 0
    sip_call_id: str = ""


class MediaChanged(msgspec.Struct, frozen=True, tag=True, tag_field="is"):
    """Audio of a call started or stopped; what is received is recorded while it flows both ways."""

    call: str
    flow: MediaFlow
    at: float


class Fault(msgspec.Struct, frozen=True, tag=True, tag_field="is"):
    """A defect in the phone process that did not end it."""

    text: str


AnyCommand = (
    Register
    | Unregister
    | RemovePhone
    | SetAnswer
    | PlaceCall
    | AnswerCall
    | HangUp
    | Hold
    | Transfer
    | Join
    | SendDtmf
)
Notice = Reply | Started | RegistrationChanged | CallArrived | CallChanged | MediaChanged | Fault

command_decoder = msgspec.json.Decoder(AnyCommand)
notice_decoder: msgspec.json.Decoder[Notice] = msgspec.json.Decoder(Notice)
encoder = msgspec.json.Encoder()
