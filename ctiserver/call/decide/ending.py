"""The end of a call, from whatever phase: everything that was begun for it is undone, and one CallEnded is noted."""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.call.commands import (
    DestroyBridge,
    HangUp,
    LeaveQueue,
    ReleaseAgent,
    ReportHold,
    ReportTalkEnded,
    StopPrompt,
)
from ctiserver.call.decide import errands, legs, voice_message
from ctiserver.call.decide.callback_outcome import note_outcome
from ctiserver.call.decide.notice_outcome import note_notice
from ctiserver.call.decide.progress import note_end
from ctiserver.call.decide.recordings import collect
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import (
    CallEnded,
    HoldEnded,
    OfferEnded,
    QueueLeft,
    TalkEnded,
    TransferEnded,
)
from ctiserver.call.states import LiveOffer, Talk
from ctiserver.call.words import EndedBy

Outcome = Literal["answered", "abandoned", "self_service", "refused", "failed"]


def end(turn: Turn, *, by: EndedBy, reason: str, cause: int = 0, outcome: Outcome | None = None) -> None:
    """The caller's channel is gone or has been told to go."""
    call = turn.call
    note_end(turn, by)
    note_outcome(turn, by, reason)
    note_notice(turn, reason)
    outcome = outcome or _outcome(turn, by)
    errands.give_up(turn)
    voice_message.keep_all(turn)
    drop_offer(turn, "caller_gone", hang_up_reason="normal")
    if call.queue is not None and call.phase in ("waiting", "ringing", "connecting"):
        turn.do(LeaveQueue(reason="abandoned"))
        leave_queue(turn, "abandoned", reason)
    take_back(turn)
    if turn.call.talk is not None:
        turn.do(HangUp(channel_id=turn.call.talk.offer_id))
        end_talk(turn)
    _end_beside(turn)
    if call.playing:  # it ends with its channel; on a bridge it would go on to nobody
        turn.do(StopPrompt(playback_id=call.playing))
    turn.drop_bridge()
    turn.clear_deadlines()
    turn.change(playing="", queue=None, offer=None, ended_by=by, places={})
    turn.enter("ended")
    turn.note(
        CallEnded(call_id=call.id, started_at=call.started_at, ended_by=by, reason=reason, outcome=outcome, cause=cause)
    )


def take_back(turn: Turn) -> None:
    """The agent who waited for the caller's return from a flow is the agent of the call again."""
    if turn.call.returning is not None:
        turn.change(talk=turn.call.returning, returning=None)


def _end_beside(turn: Turn) -> None:
    """Whoever is rung, consulted, conferred with or called."""
    legs.remove_all(turn, "call_ended")
    end_consult(turn)
    if turn.call.transfer is not None:
        turn.note(TransferEnded(outcome="caller_gone"))
    if (dialling := turn.call.dialling) is not None:
        turn.do(HangUp(channel_id=dialling.leg))
        agent_id = dialling.agent.agent_id
        turn.do(
            ReleaseAgent(
                offer_id=dialling.leg, contact_id=turn.call.id, agent_id=agent_id, talked=dialling.stage == "target"
            )
        )
    for recording in turn.call.recording:
        if recording.ended_at is None:
            collect(turn, recording)
    turn.change(transfer=None, dialling=None)


def end_consult(turn: Turn) -> None:
    """The bridge in which agent and consulted party spoke is not needed any more, nor the phone's second channel."""
    if turn.call.consult is not None:
        if turn.call.consult.via:
            turn.do(HangUp(channel_id=turn.call.consult.via))
        turn.do(DestroyBridge(bridge_id=turn.call.consult.bridge_id))
        turn.change(consult=None)


def _outcome(turn: Turn, by: EndedBy) -> Outcome:
    if turn.call.was_answered or turn.call.talk is not None or turn.call.returning is not None:
        return "answered"
    if turn.call.direction != "inbound" and by == "agent":
        return "abandoned"
    if by in ("system", "asterisk"):
        return "failed"
    return "abandoned" if turn.call.was_queued and turn.call.queue is not None else "self_service"


def drop_offer(
    turn: Turn, outcome: Literal["refused", "withdrawn", "caller_gone"], *, hang_up_reason: str = ""
) -> None:
    """Forgets whoever was being rung; with `hang_up_reason` the phones are told to stop."""
    for offer in turn.call.offers:
        if hang_up_reason:
            turn.do(HangUp(channel_id=offer.offer_id, reason=hang_up_reason))
        offer_over(turn, offer, outcome)
    turn.change(offer=None, also_ringing=())


def offer_over(
    turn: Turn,
    offer: LiveOffer,
    outcome: Literal["answered", "refused", "withdrawn", "caller_gone"],
    cause: str = "",
) -> None:
    """Notes how one agent's offer ended."""
    if (queue := turn.call.queue) is None:
        return
    turn.note(
        OfferEnded(
            offer_id=offer.offer_id,
            agent_id=offer.agent_id,
            queue_id=queue.queue_id,
            started_at=offer.started_at,
            outcome=outcome,
            cause=cause,
        )
    )


def leave_queue(turn: Turn, outcome: Literal["answered", "abandoned", "overflowed"], reason: str) -> None:
    """Notes how the stay in the queue ended; the place itself is given up by the caller of this function.

    A callback is no caller who waits: the queue's figures count the caller's own stay, before it was asked for.
    """
    if (queue := turn.call.queue) is None or turn.call.callback is not None:
        return
    turn.note(
        QueueLeft(
            queue_id=queue.queue_id,
            outcome=outcome,
            reason=reason,
            entered_at=queue.entered_at,
            waited_s=turn.now - queue.entered_at,
            place_at=queue.place_at,
        )
    )


def end_talk(turn: Turn, *, keep_recording: bool = False) -> None:
    """The agent's conversation is over: measured, the agent handed to wrap-up.

    The recording is collected, unless it goes on with whoever talks to the caller next.
    """
    if (talk := turn.call.talk) is None:
        return
    end_holds(turn)
    talk = turn.call.talk or talk
    hold_s = talk.hold_s
    turn.note(
        TalkEnded(
            agent_id=talk.agent_id,
            queue_id=talk.queue_id,
            started_at=talk.started_at,
            talk_s=max(0.0, turn.now - talk.started_at - hold_s),
            hold_s=hold_s,
        )
    )
    turn.do(ReportTalkEnded(offer_id=talk.offer_id, agent_id=talk.agent_id, contact_id=talk.contact_id))
    for recording in turn.call.recording:
        if recording.ended_at is None and not keep_recording:
            collect(turn, recording)
    turn.change(talk=None, last_talk=talk)


def end_holds(turn: Turn) -> None:
    """Whoever held: nobody does any more."""
    talk = turn.call.talk
    if talk is None or talk.held_since is None:
        return
    held_s = max(0.0, turn.now - talk.held_since)
    turn.note(HoldEnded(agent_id=talk.agent_id, held_s=held_s))
    turn.do(ReportHold(agent_id=talk.agent_id, held=False))
    turn.change(talk=_unheld(talk, held_s))


def _unheld(talk: Talk, held_s: float) -> Talk:
    return msgspec.structs.replace(talk, held_since=None, holds=(), hold_s=talk.hold_s + held_s)
