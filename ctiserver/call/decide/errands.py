"""What the flow sends for and waits for: begun, ended, given up, taken up again after a restart.

Each kind has its module; here they meet. Whatever ends an errand is answered to the flow as its input.
"""

from __future__ import annotations

from ctiserver.call.commands import DeleteMessage
from ctiserver.call.decide import conference_room, fax, lookup, outside_leg, voice_message
from ctiserver.call.decide.turn import Turn
from ctiserver.call.errands import AskedLookup, OutsideLeg, RoomStay, RunningFax, RunningMessage
from ctiserver.call.events import CallbackRequested, SmsRequested, SurveyAnswered, WorkOrderRequested
from ctiserver.ivr.cursor import Phase
from ctiserver.ivr.messages import (
    AnswerSurvey,
    CreateWorkOrder,
    DialOut,
    DropMessage,
    Errand,
    FlowInput,
    JoinRoom,
    KeepMessage,
    LookUp,
    ReceiveFax,
    RecordMessage,
    Report,
    RequestCallback,
    SendFax,
    SendSms,
)

DEADLINE = "errand"
_PHASE: dict[type, Phase] = {
    AskedLookup: "lookup",
    RunningMessage: "recording",
    OutsideLeg: "outside",
    RoomStay: "room",
    RunningFax: "fax",
}


def begin(turn: Turn, errand: Errand) -> FlowInput | None:
    """The input with which the flow goes on at once, where the errand can't even be begun."""
    match errand:
        case LookUp():
            return lookup.begin(turn, errand)
        case RecordMessage():
            return voice_message.begin(turn, errand)
        case DialOut():
            return outside_leg.begin(turn, errand)
        case JoinRoom():
            return conference_room.begin(turn, errand)
        case ReceiveFax() | SendFax():
            return fax.begin(turn, errand)


def report(turn: Turn, what: Report) -> None:
    call = turn.call
    customer_id = call.customer.id if call.customer else None
    match what:
        case RequestCallback():
            left = call.left_queue
            kept = what.keep_place and left is not None and left.queue_id == what.queue
            turn.note(
                CallbackRequested(
                    request_id=turn.next_id("w"),
                    queue_id=what.queue,
                    number=what.number,
                    keep_place=what.keep_place,
                    waiting_since=left.entered_at if kept and left is not None else turn.now,
                    customer_id=customer_id,
                )
            )
        case AnswerSurvey():
            talk = call.last_talk
            turn.note(
                SurveyAnswered(
                    answer_id=turn.next_id("w"),
                    survey=what.survey,
                    question=what.question,
                    score=what.score,
                    agent_id=talk.agent_id if talk else None,
                    queue_id=talk.queue_id if talk else "",
                )
            )
        case SendSms():
            turn.note(SmsRequested(message_id=turn.next_id("w"), number=what.number, text=what.text))
        case CreateWorkOrder():
            turn.note(
                WorkOrderRequested(
                    request_id=turn.next_id("w"),
                    category=what.category,
                    title=what.title,
                    text=what.text,
                    area=what.area,
                    fields=what.fields,
                    customer_id=customer_id,
                )
            )
        case KeepMessage():
            voice_message.keep(turn, what.recording)
        case DropMessage():
            voice_message.forget(turn, what.recording)
            turn.do(DeleteMessage(message_id=what.recording))


def give_up_stale(turn: Turn) -> None:
    """The flow has gone elsewhere (a global key, a fault): what it had sent for is not waited for any more."""
    call = turn.call
    if call.errand is not None and call.cursor is not None and call.cursor.phase != phase_of(call.errand):
        give_up(turn)


def phase_of(errand: object) -> Phase:
    """What the flow says of itself meanwhile."""
    if isinstance(errand, RunningMessage) and errand.purpose == "words":
        return "listening"
    return _PHASE[type(errand)]


def give_up(turn: Turn) -> None:
    """The caller has gone, or the flow elsewhere: nobody is left alone on a line, what was said is kept."""
    match turn.call.errand:
        case RunningMessage():
            voice_message.give_up(turn)
        case OutsideLeg():
            outside_leg.give_up(turn)
        case RoomStay():
            conference_room.give_up(turn)
        case RunningFax():
            fax.give_up(turn)
        case _:
            pass
    turn.change(errand=None)
    turn.clear_deadlines(DEADLINE)


def stop_listening(turn: Turn) -> None:
    """A key was pressed, or we listen anew: what is being said is of no matter any more."""
    if isinstance(turn.call.errand, RunningMessage) and turn.call.errand.purpose == "words":
        give_up(turn)


def overdue(turn: Turn) -> FlowInput | None:
    """The deadline of what is waited for has passed."""
    match turn.call.errand:
        case AskedLookup():
            return lookup.overdue(turn)
        case RunningMessage():
            return voice_message.overdue(turn)
        case OutsideLeg():
            return outside_leg.overdue(turn)
        case RunningFax():
            return fax.overdue(turn)
        case _:
            return None


def goes_on(turn: Turn) -> bool:
    """After a restart: whether Asterisk carries the errand on by itself. Otherwise the node begins afresh."""
    match turn.call.errand:
        case OutsideLeg():
            outside_leg.resume(turn)
            return True
        case RunningFax():
            fax.resume(turn)
            return True
        case RunningMessage(purpose="voicemail" | "record") | RoomStay():
            return True
        case _:
            turn.change(errand=None)
            turn.clear_deadlines(DEADLINE)
            return False
