"""All live calls: finds the call that an event from Asterisk belongs to, and makes a session for a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

import structlog

from ctiserver.call.events import (
    AgentLegAnswered,
    AgentLegEnded,
    AgentLegRinging,
    CallArrived,
    CallbackDue,
    CallerHungUp,
    CallInput,
    ConsultDialled,
    DigitReceived,
    FaxFinished,
    HoldChanged,
    MessageFinished,
    NoticeDue,
    OutboundRequested,
    PromptFinished,
    ReferReceived,
)
from ctiserver.call.parties import Dialled, NumberTarget
from ctiserver.call.states import Call
from ctiserver.live import metrics
from ctiserver.live.admission import Admission
from ctiserver.live.contacts import call_of_contact
from ctiserver.live.performer import Performer, PerformerServices
from ctiserver.live.session import CallSession, SessionServices
from ctiserver.live.trunks import trunk_of_channel
from ctiserver.log import mask_number
from ctiserver.ports import (
    ChannelEntered,
    ChannelLeft,
    ChannelRinging,
    DigitPressed,
    HoldToggled,
    MessageEnded,
    PlaybackEnded,
    ReferAsked,
    Telephony,
    TelephonyEvent,
)

log = structlog.get_logger()

LEG, AGENT, FAX = "leg", "agent", "fax"
NO_FLOW = "?"  # no file can have that name: the call goes to the fallback queue
OVER_REMEMBERED = 10_000


class FlowFor(Protocol):
    def __call__(self, dialled: str, *, inside: bool = False) -> str:
        """The flow that answers a number; "" if none does. `inside`: dialled by one of our agents' phones."""
        ...


class Staffing(NamedTuple):
    """Who is there as a call begins."""

    on_duty: int | None
    signed_in: int


class CallRegistry:
    """`session_services` and `performer_services` are set by whoever wires the parts, before the first event."""

    session_services: SessionServices
    target_of: Callable[[str], Dialled | None]  # what a phone dialled → where that is; None: nowhere
    call_of_phone: Callable[[str], str]  # an extension → the call that its agent talks in; "": none
    performer_services: PerformerServices

    def __init__(
        self,
        node: str,
        flow_for: FlowFor,
        region_of: Callable[[str], dict[str, str]],
        staffing: Callable[[], Staffing],
        telephony: Telephony,
    ) -> None:
        self._node = node
        self.admission = Admission(telephony, self._take)
        self._flow_for = flow_for
        self.target_of = lambda _: None
        self.call_of_phone = lambda _: ""
        self._region_of = region_of
        self._staffing = staffing
        self._sessions: dict[str, CallSession] = {}
        self._by_caller_channel: dict[str, CallSession] = {}
        self._caller_channels: dict[str, str] = {}  # by call
        self._second_lines: dict[str, CallSession] = {}  # channels that agents' phones dialled while in a call
        self._unreadable: frozenset[str] = frozenset()
        self._over: dict[str, None] = {}  # the last calls that ended: Asterisk may still list their channels

    def __len__(self) -> int:
        """Calls that are not over, and callers who ring on."""
        return len(self._sessions) + len(self.admission)

    def __iter__(self) -> Iterator[CallSession]:
        return iter(list(self._sessions.values()))

    def find(self, call_id: str) -> CallSession | None:
        return self._sessions.get(call_id)

    def is_over(self, call_id: str) -> bool:
        """The call has ended here, not long ago; whatever Asterisk still has of it is only to be hung up."""
        return call_id in self._over

    def note_over(self, call_ids: Iterable[str]) -> None:
        for call_id in call_ids:
            self._over[call_id] = None
        while len(self._over) > OVER_REMEMBERED:
            del self._over[next(iter(self._over))]

    def note_unreadable(self, call_ids: Iterable[str]) -> None:
        """Calls that may still be in Asterisk, of which the last run's state can't be read."""
        self._unreadable = frozenset(call_ids)

    def suspend(self) -> None:
        """The daemon goes down; calls stay as they are."""
        self.admission.stop()
        for session in self:
            session.suspend()

    def post(self, call_id: str, event: CallInput) -> bool:
        """False: no such call is live any more."""
        session = self._sessions.get(call_id)
        if session is None:
            return False
        session.post(event)
        return True

    def call_of_id(self, made_id: str) -> CallSession | None:
        """Channels, playbacks and recordings of ours are named CALL.xN."""
        return self._sessions.get(call_of_contact(made_id)) if "." in made_id else None

    # from Asterisk

    def on_event(self, event: TelephonyEvent) -> None:
        match event:
            case ChannelEntered():
                self._entered(event)
            case ChannelLeft():
                self._left(event)
            case ChannelRinging():
                self._to_leg(event, AgentLegRinging(offer_id=event.channel_id))
            case DigitPressed():
                self._to_caller(event, event.channel_id, DigitReceived(digit=event.digit))
            case PlaybackEnded():
                if session := self.call_of_id(event.playback_id):
                    session.post(PromptFinished(playback_id=event.playback_id, ok=event.ok))
            case MessageEnded():
                if session := self.call_of_id(event.message_id):
                    session.post(
                        MessageFinished(
                            message_id=event.message_id, ok=event.ok, seconds=event.seconds, sound_s=event.sound_s
                        )
                    )
            case HoldToggled():
                self._hold_toggled(event)
            case ReferAsked():
                self._refer_asked(event)
            case _:
                _unknown(event)

    def _refer_asked(self, event: ReferAsked) -> None:
        """A phone's own transfer. Where it leads is looked up as if it had been asked for on the page."""
        if session := self.call_of_id(event.channel_id) or self._second_lines.get(event.channel_id):
            target = None if event.attended else self.target_of(event.destination)
            session.post(
                ReferReceived(
                    leg=event.channel_id, target=target, attended=event.attended, other=event.other_channel_id
                )
            )
        else:
            _unknown(event)

    def _entered(self, event: ChannelEntered) -> None:
        if event.arguments[:1] == (LEG,):
            self._to_leg(event, AgentLegAnswered(offer_id=event.channel_id))
            return
        if event.arguments[1:2] == (FAX,):
            self._back_from_fax(event)
            return
        dialled, *origin = event.arguments or ("",)
        if AGENT in origin and not self._flow_for(dialled, inside=True) and self._is_dialled_beside(event, dialled):
            return
        self.newcomer(event)

    def newcomer(self, event: ChannelEntered) -> None:
        """Somebody is in our application, told or found in a listing."""
        # Agents are few, and somebody sits there and waits. Who has a call already is no new caller.
        if AGENT in event.arguments[1:] or event.channel_id in self._by_caller_channel:
            self._take(event)
        else:
            self.admission.enter(event)

    def take_all(self) -> None:
        """Who still rings is lost with Asterisk; as calls they are on record."""
        for channel_id in self.admission:
            if (caller := self.admission.gives_up(channel_id)) is not None:
                self._take(caller)

    def _is_dialled_beside(self, event: ChannelEntered, dialled: str) -> bool:
        """An agent in a conversation rings somebody on the phone's second line. False: that agent is in no call."""
        extension = event.channel_name.removeprefix("PJSIP/").rpartition("-")[0]
        session = self._sessions.get(self.call_of_phone(extension))
        if session is None:
            return False
        self._second_lines[event.channel_id] = session
        session.post(ConsultDialled(channel_id=event.channel_id, target=self.target_of(dialled)))
        return True

    def is_second_line(self, channel_id: str) -> bool:
        return channel_id in self._second_lines

    def _back_from_fax(self, event: ChannelEntered) -> None:
        """The dialplan gives a channel back: LINE, "fax", id, status, pages, what happened."""
        _, _, fax_id, status, pages, detail = (*event.arguments, "", "", "", "")[:6]
        session = self._by_caller_channel.get(event.channel_id)
        if session is None:
            _unknown(event)
            return
        counted = int(pages) if pages.isdigit() else 0
        session.post(FaxFinished(fax_id=fax_id, ok=status == "SUCCESS", pages=counted, detail=detail))

    def _take(self, event: ChannelEntered, *, gave_up: bool = False) -> None:
        """Makes a call of a caller. A channel that has its call is left alone."""
        call_id = self.call_id_for(event.channel_id)
        if call_id in self._sessions or call_id in self._over:
            return
        dialled, *origin = event.arguments or ("",)
        flow = self._flow_for(dialled, inside=AGENT in origin)
        if call_id in self._unreadable:
            # to people, rather than silently to the beginning of a menu that the caller has been through
            log.error("caller_with_lost_state", call_id=call_id, instead="the fallback queue")
            flow = NO_FLOW
        number, staffing = event.caller_number, self._staffing()
        arrived = CallArrived(
            call_id=call_id,
            channel_id=event.channel_id,
            dialled=dialled,
            caller_number=number,
            caller_name=event.caller_name,
            flow=flow,
            region=self._region_of(number).get("zh-CN", "") if number else "",
            on_duty=staffing.on_duty,
            agents_signed_in=staffing.signed_in,
            trunk=trunk_of_channel(event.channel_name),
            gave_up=gave_up,
        )
        log.info("call_arrived", call_id=call_id, dialled=dialled, caller=mask_number(number))
        self._open(call_id, event.channel_id, None).post(arrived)

    def open_outbound(self, event: OutboundRequested) -> None:
        """An agent makes a call: its own legs, with the other side's in the caller's place."""
        channel_id = f"{event.call_id}.l2" if isinstance(event.target, NumberTarget) else ""
        self._open(event.call_id, channel_id, None).post(event)

    def open_callback(self, event: CallbackDue) -> None:
        """Somebody is to be rung back: the call waits for an agent, the customer's leg in the caller's place."""
        self._open(event.call_id, f"{event.call_id}.l1", None).post(event)

    def open_notice(self, event: NoticeDue) -> None:
        """A phone is rung about messages: its leg stands in the caller's place."""
        self._open(event.call_id, f"{event.call_id}.l1", None).post(event)

    def adopt(self, call: Call) -> CallSession:
        """A call found in the spool after a restart."""
        session = self._open(call.id, call.channel_id, call)
        if call.consult is not None and call.consult.via:
            self._second_lines[call.consult.via] = session
        return session

    def call_id_for(self, channel_id: str) -> str:
        """Asterisk's unique id (instant of creation and a counter) with our node: the same for a repeated event.

        Where Asterisk carries the node's name (`systemname`) its ids begin with it already.
        """
        name, prefix = channel_id.replace(".", "-"), f"{self._node}-"
        return name if name.startswith(prefix) else prefix + name

    def _open(self, call_id: str, channel_id: str, call: Call | None) -> CallSession:
        performer = Performer(call_id, self.performer_services, lambda event: self._posted_back(call_id, event))
        session = CallSession(call_id, self.session_services, performer, call)
        self._sessions[call_id] = session
        if channel_id:
            self._by_caller_channel[channel_id] = session
            self._caller_channels[call_id] = channel_id
        metrics.calls_live.set(len(self._sessions))
        return session

    def _posted_back(self, call_id: str, event: CallInput) -> None:
        if not self.post(call_id, event):
            log.debug("outcome_for_closed_call", call_id=call_id, input=type(event).__name__)

    def close(self, session: CallSession) -> None:
        if self._sessions.pop(session.id, None) is None:
            return
        self._by_caller_channel.pop(self._caller_channels.pop(session.id, ""), None)
        for channel_id in [line for line, owner in self._second_lines.items() if owner is session]:
            del self._second_lines[channel_id]
        self.note_over((session.id,))
        metrics.calls_live.set(len(self._sessions))

    def _left(self, event: ChannelLeft) -> None:
        caller = self.admission.gives_up(event.channel_id)
        if session := self._by_caller_channel.get(event.channel_id):
            session.post(CallerHungUp(cause=event.cause, tech_cause=event.tech_cause))
            return
        if caller is not None:
            self._take(caller, gave_up=True)
            return
        if session := self.call_of_id(event.channel_id) or self._second_lines.pop(event.channel_id, None):
            session.post(AgentLegEnded(offer_id=event.channel_id, cause=event.cause, tech_cause=event.tech_cause))
            return
        _unknown(event)

    def _to_leg(self, event: TelephonyEvent, told: AgentLegAnswered | AgentLegRinging) -> None:
        if session := self.call_of_id(told.offer_id):
            session.post(told)
        else:
            _unknown(event)

    def _to_caller(self, event: TelephonyEvent, channel_id: str, told: CallInput) -> None:
        if session := self._by_caller_channel.get(channel_id):
            session.post(told)
        elif self.call_of_id(channel_id) is None and not self.is_second_line(channel_id):
            # an agent's keys have no meaning yet, a stranger's are counted
            _unknown(event)

    def _hold_toggled(self, event: HoldToggled) -> None:
        if session := self._by_caller_channel.get(event.channel_id):
            session.post(HoldChanged(held=event.held, by="caller"))
        elif session := self.call_of_id(event.channel_id):
            talk = session.call.talk if session.call is not None else None
            if talk is not None and talk.offer_id == event.channel_id:
                session.post(HoldChanged(held=event.held, by="agent"))
        elif event.channel_id not in self._second_lines:
            _unknown(event)


def _unknown(event: TelephonyEvent) -> None:
    metrics.unknown_events.labels(type(event).__name__).inc()
