"""Joining caller and agent, and the conversation until one of them leaves."""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import (
    AdoptOffer,
    ConnectParties,
    EnterQueue,
    ReportHold,
    ReportOffer,
    StartRecording,
)
from ctiserver.call.decide import legs, queueing
from ctiserver.call.decide.ending import collect, end_consult, end_talk, leave_queue, offer_over
from ctiserver.call.decide.placing import are_placed, arrange
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import TalkStarted
from ctiserver.call.parties import Party
from ctiserver.call.states import LiveOffer, RunningRecording, Talk
from ctiserver.ivr import announcements


def connect(turn: Turn, offer: LiveOffer) -> None:
    """The agent has picked up. A prompt that still runs would make Asterisk wait, so it is stopped first."""
    losers = queueing.choose(turn, offer)
    turn.stop_playing()
    turn.enter("connecting")
    turn.do(ConnectParties(bridge_id=turn.call.bridge_id, channel_ids=(turn.call.channel_id, offer.offer_id)))
    queueing.let_go(turn, losers)


def connected(turn: Turn) -> None:
    offer, stay = turn.call.offer, turn.call.queue
    if offer is None or stay is None:
        return
    queue = turn.rules.queues.get(stay.queue_id)
    record = queue is None or queue.record
    recording_id = f"{turn.call.id}.r{turn.call.recordings + 1}" if record else ""
    offer_over(turn, offer, "answered")
    leave_queue(turn, "answered", "")
    turn.note(TalkStarted(agent_id=offer.agent_id, queue_id=stay.queue_id, recording_id=recording_id))
    turn.clear_deadlines()
    turn.change(
        queue=None,
        offer=None,
        was_answered=True,
        talk=Talk(
            agent_id=offer.agent_id,
            agent_number=offer.agent_number,
            offer_id=offer.offer_id,
            queue_id=stay.queue_id,
            entered_queue_at=stay.entered_at,
            started_at=turn.now,
            recording_id=recording_id,
            agent_name=offer.agent_name,
            endpoint=offer.endpoint,
        ),
        priority_s=stay.priority_s,
    )
    turn.enter("talking")
    are_placed(turn)
    if turn.call.callback is None or not turn.call.callback.agent_told:
        turn.do(ReportOffer(offer_id=offer.offer_id, result="answered"))
    if record:
        _record(turn, recording_id, offer.agent_id, offer.agent_number, stay.queue_id)
    if queue is None or queue.announce_agent:
        pieces = announcements.agent_number(offer.agent_number, stay.request.language)
        turn.play(f"bridge:{turn.call.bridge_id}", pieces)


def record_talk(turn: Turn) -> None:
    """A conversation that did not come out of a queue begins."""
    talk = turn.call.talk
    queue = turn.rules.queues.get(talk.queue_id) if talk else None
    if talk is None or (queue is not None and not queue.record):
        return
    recording_id = f"{turn.call.id}.r{turn.call.recordings + 1}"
    turn.change(talk=msgspec.structs.replace(talk, recording_id=recording_id))
    _record(turn, recording_id, talk.agent_id, talk.agent_number, talk.queue_id)


def _record(turn: Turn, recording_id: str, agent_id: int, agent_number: str, queue_id: str) -> None:
    running = RunningRecording(
        recording_id=recording_id,
        agent_id=agent_id,
        agent_number=agent_number,
        queue_id=queue_id,
        started_at=turn.now,
    )
    turn.change(recordings=turn.call.recordings + 1, recording=(*turn.call.recording, running))
    turn.do(StartRecording(recording_id=recording_id, channel_id=turn.call.channel_id))


def connect_failed(turn: Turn) -> None:
    """One of the two had gone in that instant; whoever it was, its own hang-up is on the way."""
    if turn.call.offer is not None:
        queueing.refused(turn, turn.call.offer, "failed", hang_up=True)


def recording_began(turn: Turn, recording_id: str) -> None:
    """From here on its length counts."""
    turn.change(
        recording=tuple(
            msgspec.structs.replace(r, started_at=turn.now) if r.recording_id == recording_id and not r.ended_at else r
            for r in turn.call.recording
        )
    )


def agent_left(turn: Turn) -> None:
    """The agent is gone, the caller is still there: back into the flow, which usually says goodbye."""
    turn.stop_playing()
    back_to_flow(turn)


def back_to_flow(turn: Turn) -> None:
    """Out of the conversation, and of all that belongs to it."""
    end_talk(turn)
    collect_all(turn)
    legs.remove_all(turn, "cancelled")
    end_consult(turn)
    turn.change(transfer=None, places={})
    turn.drop_bridge()
    turn.enter("menu")


def collect_all(turn: Turn) -> None:
    """The caller's channel is about to do something else than talk."""
    for recording in turn.call.recording:
        if recording.ended_at is None:
            collect(turn, recording)


def resume(turn: Turn) -> None:
    """After a restart: they went on talking. The engine is told who is taken; a command that was lost is repeated."""
    call = turn.call
    for talk in (call.talk, call.returning):
        if talk is not None:
            turn.do(
                AdoptOffer(
                    offer_id=talk.offer_id,
                    agent_id=talk.agent_id,
                    queue_id=talk.queue_id,
                    entered_at=talk.entered_queue_at,
                    answered=True,
                    contact_id=talk.contact_id,
                )
            )
            if talk.held_since is not None:
                turn.do(ReportHold(agent_id=talk.agent_id, held=True))
    for party in call.parties:
        _adopt(turn, party)
    arrange(turn, afresh=bool(call.parties or call.consult or call.transfer or (call.talk and call.talk.holds)))


def _adopt(turn: Turn, party: Party) -> None:
    if party.agent_id is not None:
        turn.do(
            AdoptOffer(
                offer_id=party.leg,
                agent_id=party.agent_id,
                queue_id=party.queue_id,
                entered_at=party.since,
                answered=party.joined,
                contact_id=party.id,
            )
        )
    elif party.state == "queued":
        turn.do(
            EnterQueue(
                queue_id=party.queue_id,
                skills={},
                priority_s=0.0,
                entered_at=party.since,
                contact_id=party.id,
                offers_before=turn.call.last_offer,
            )
        )
