"""Joining caller and agent, and the conversation until one of them leaves."""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import AdoptOffer, ConnectParties, ReportOffer, StartRecording
from ctiserver.call.decide import queueing
from ctiserver.call.decide.ending import end_talk, leave_queue
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import OfferEnded, TalkStarted
from ctiserver.call.states import LiveOffer, RunningRecording, Talk
from ctiserver.ivr import announcements


def connect(turn: Turn) -> None:
    """The agent has picked up. A prompt that still runs would make Asterisk wait, so it is stopped first."""
    offer = turn.call.offer
    if offer is None:
        return
    turn.stop_playing()
    turn.enter("connecting")
    turn.do(ConnectParties(bridge_id=turn.call.bridge_id, channel_ids=(turn.call.channel_id, offer.offer_id)))


def connected(turn: Turn) -> None:
    offer, stay = turn.call.offer, turn.call.queue
    if offer is None or stay is None:
        return
    queue = turn.rules.queues.get(stay.queue_id)
    record = queue is None or queue.record
    recording_id = f"{turn.call.id}.r{turn.call.recordings + 1}" if record else ""
    turn.note(
        OfferEnded(
            offer_id=offer.offer_id,
            agent_id=offer.agent_id,
            queue_id=stay.queue_id,
            started_at=offer.started_at,
            outcome="answered",
        ),
    )
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
        ),
    )
    turn.enter("talking")
    turn.do(ReportOffer(offer_id=offer.offer_id, result="answered"))
    if record:
        _record(turn, recording_id, offer, stay.queue_id)
    if queue is None or queue.announce_agent:
        pieces = announcements.agent_number(offer.agent_number, stay.request.language)
        turn.play(f"bridge:{turn.call.bridge_id}", pieces)


def _record(turn: Turn, recording_id: str, offer: LiveOffer, queue_id: str) -> None:
    running = RunningRecording(
        recording_id=recording_id,
        agent_id=offer.agent_id,
        agent_number=offer.agent_number,
        queue_id=queue_id,
        started_at=turn.now,
    )
    turn.change(recordings=turn.call.recordings + 1, recording=(*turn.call.recording, running))
    turn.do(StartRecording(recording_id=recording_id, channel_id=turn.call.channel_id))


def connect_failed(turn: Turn) -> None:
    """One of the two had gone in that instant; whoever it was, its own hang-up is on the way."""
    queueing.refused(turn, "failed", hang_up=True)


def recording_began(turn: Turn, recording_id: str) -> None:
    """From here on its length counts."""
    turn.change(
        recording=tuple(
            msgspec.structs.replace(r, started_at=turn.now) if r.recording_id == recording_id and not r.ended_at else r
            for r in turn.call.recording
        )
    )


def held(turn: Turn, is_held: bool) -> None:
    talk = turn.call.talk
    if talk is None or is_held == (talk.held_since is not None):
        return
    if is_held:
        turn.change(talk=msgspec.structs.replace(talk, held_since=turn.now))
        return
    so_far = talk.hold_s + (turn.now - (talk.held_since or turn.now))
    turn.change(talk=msgspec.structs.replace(talk, held_since=None, hold_s=so_far))


def agent_left(turn: Turn) -> None:
    """The agent is gone, the caller is still there: back into the flow, which usually says goodbye."""
    turn.stop_playing()
    end_talk(turn)
    turn.drop_bridge()
    turn.enter("menu")


def resume(turn: Turn) -> None:
    """After a restart: the two went on talking; the engine is told that the agent is taken."""
    if (talk := turn.call.talk) is not None:
        turn.do(
            AdoptOffer(
                offer_id=talk.offer_id,
                agent_id=talk.agent_id,
                queue_id=talk.queue_id,
                entered_at=talk.entered_queue_at,
                answered=True,
            )
        )
