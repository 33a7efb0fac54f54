"""The call in its flow: hands inputs to the interpreter and turns the interpreter's actions into ours."""

from __future__ import annotations

from collections.abc import Mapping

from ctiserver.call.commands import HangUp
from ctiserver.call.decide import conference_room, errands, queueing, secrecy, voice_message
from ctiserver.call.decide.ending import end, end_talk, take_back
from ctiserver.call.decide.placing import arrange
from ctiserver.call.decide.progress import note_progress
from ctiserver.call.decide.turn import Turn
from ctiserver.call.screen_pop import CustomerCard
from ctiserver.ivr import interpreter
from ctiserver.ivr.cursor import Step
from ctiserver.ivr.messages import (
    Action,
    AgentDone,
    AnswerSurvey,
    CreateWorkOrder,
    DialOut,
    DropMessage,
    Enqueue,
    FlowInput,
    JoinRoom,
    KeepMessage,
    LeaveQueue,
    LeaveRoom,
    Listen,
    LookUp,
    Play,
    QueueLeft,
    QueueRequest,
    ReceiveFax,
    RecordMessage,
    RequestCallback,
    SendFax,
    SendSms,
    StopPlaying,
)
from ctiserver.ivr.messages import HangUp as FlowHangsUp

INPUT_DEADLINE = "input"


def begin(turn: Turn, flow_id: str, known: Mapping[str, object] | None = None) -> None:
    """`known`: further variables, such as the agent whose work a survey asks about."""
    variables: dict[str, object] = {
        "caller": {"number": turn.call.caller_number, "name": turn.call.caller_name, "region": turn.call.region},
        "dialled": turn.call.dialled,
        "call": turn.call.id,
        "on_duty": None,
        "agents_signed_in": None,
        "customer": _customer(turn.call.customer) if turn.call.customer is not None else None,
        **(line.vars if (line := turn.rules.flows.line(turn.call.dialled)) is not None else {}),
    }
    variables.update(known or {})
    _follow(turn, interpreter.start(turn.rules.flows, flow_id, variables, turn.local_time()))


def inform(turn: Turn, card: CustomerCard | None) -> None:
    """The caller was identified: the flow sees it from its next step on."""
    if turn.call.cursor is None or card is None:
        return
    turn.change(cursor=interpreter.inform(turn.call.cursor, {"customer": _customer(card)}))


def _customer(card: CustomerCard) -> dict[str, object]:
    """What a flow may use of a customer."""
    return {
        "id": card.id,
        "name": card.name,
        "number": card.customer_number,
        "area": card.district,
        "estate": card.estate,
        "vip": "vip" in card.tags,
        "tags": list(card.tags),
    }


def feed(turn: Turn, what: FlowInput) -> None:
    """Lets the flow go on; without a cursor (the call never had a flow) there is nothing to do."""
    if turn.call.cursor is not None:
        _follow(turn, interpreter.step(turn.rules.flows, turn.call.cursor, what, turn.local_time()))


def told(turn: Turn, what: FlowInput | None) -> None:
    """As `feed`, where something may have been of no matter to the flow."""
    if what is not None:
        feed(turn, what)


def _follow(turn: Turn, step: Step) -> None:
    note_progress(turn, turn.call.cursor, step.cursor)
    turn.change(cursor=step.cursor)
    secrecy.keep(turn)
    errands.give_up_stale(turn)
    for action in step.actions:
        _perform(turn, action)


def _perform(turn: Turn, action: Action) -> None:
    match action:
        case Play():
            turn.clear_deadlines(INPUT_DEADLINE)
            turn.leave_music()
            turn.play(f"channel:{turn.call.channel_id}", action.prompts, action.turn)
        case StopPlaying():
            turn.stop_playing()
        case Listen():
            turn.change(turn=action.turn)
            turn.clear_deadlines(INPUT_DEADLINE)
            turn.leave_music()
            errands.stop_listening(turn)
            if action.words and turn.rules.hears_words:
                voice_message.listen_for_words(turn, action)
            elif action.deadline_s is not None:
                turn.set_deadline(INPUT_DEADLINE, action.deadline_s)
        case Enqueue():
            turn.clear_deadlines(INPUT_DEADLINE)
            if (waits := turn.call.returning) is not None:  # an errand that ends in a queue does not come back
                turn.do(HangUp(channel_id=waits.offer_id))
                let_go_of_agent(turn)
            queueing.enter(turn, action.request)
        case LeaveQueue():
            queueing.leave_by_key(turn)
            feed(turn, QueueLeft(reason="key", key=action.key))
        case LeaveRoom():
            told(turn, conference_room.leave(turn))
        case LookUp() | RecordMessage() | DialOut() | JoinRoom() | ReceiveFax() | SendFax():
            turn.clear_deadlines(INPUT_DEADLINE)
            told(turn, errands.begin(turn, action))
        case RequestCallback() | AnswerSurvey() | SendSms() | CreateWorkOrder() | KeepMessage() | DropMessage():
            errands.report(turn, action)
        case FlowHangsUp():
            _hang_up(turn, action.reason)


def resume(turn: Turn) -> None:
    """After a restart: the node in which the caller stood begins afresh."""
    voice_message.keep_all(turn, again=True)
    if errands.goes_on(turn):
        return
    turn.stop_playing()
    if turn.call.cursor is not None:
        _follow(turn, interpreter.resume(turn.rules.flows, turn.call.cursor, turn.local_time()))


def _hang_up(turn: Turn, reason: str) -> None:
    if turn.call.playing:  # said in the same breath: it is to be heard first
        turn.change(leaving=reason)
        return
    hang_up_now(turn, reason)


def after_talk(turn: Turn) -> None:
    """The conversation is over and the caller is there: the flow goes on, or says that there is nothing more."""
    said = len(turn.commands)
    feed(turn, AgentDone())
    if turn.call.phase == "menu" and not turn.call.playing and len(turn.commands) == said:
        hang_up_now(turn, "agent_done")


def let_go_of_agent(turn: Turn) -> None:
    """The agent who waited for the caller's return does so no longer."""
    take_back(turn)
    end_talk(turn)
    turn.drop_bridge()


def hang_up_now(turn: Turn, reason: str) -> None:
    if turn.call.returning is not None:  # an agent waits for the caller: this flow was an errand
        turn.stop_playing()
        turn.clear_deadlines(INPUT_DEADLINE)
        turn.change(leaving="")
        take_back(turn)
        turn.enter("talking")
        secrecy.keep(turn)
        arrange(turn)
        return
    fallback = turn.rules.fallback_queue
    if reason == "flow_error" and fallback and not turn.call.was_queued:
        language = turn.call.cursor.language if turn.call.cursor else "zh-CN"
        queueing.enter(turn, QueueRequest(queue=fallback, language=language))
        return
    turn.do(HangUp(channel_id=turn.call.channel_id))
    end(turn, by="agent" if reason == "agent_done" else "flow", reason=reason)
