"""Every input in every situation of a call that people work on: consult, conference, transfer, own calls, restart.

From the arrival on, every kind of input is given in every situation that can be reached. Whatever happens: nobody is
left alone in a bridge, no phone rings on, no agent stays taken, no bridge and no recording is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from ctiserver.call.commands import (
    AdoptOffer,
    CollectRecording,
    Command,
    ConnectParties,
    DestroyBridge,
    DialAgent,
    HangUp,
    HoldWithMusic,
    JoinBridge,
    LeaveQueue,
    MakeBridge,
    ReleaseAgent,
    ReportOffer,
    ReportTalkEnded,
)
from ctiserver.call.decide import Decided, decide
from ctiserver.call.decide.diagram import beginnings
from ctiserver.call.decide.placing import MUSIC, placement
from ctiserver.call.decide.trials import inputs, situation
from ctiserver.call.errands import OutsideLeg
from ctiserver.call.events import (
    AgentLegEnded,
    AsteriskRestarted,
    CallerHungUp,
    CallInput,
    CallRecovered,
    OfferWithdrawn,
    PartyInvited,
    PartyLeft,
    TransferEnded,
    TransferStarted,
)
from ctiserver.call.states import Call
from ctiserver.live.recovery import caller_expected, legs_of


@dataclass(frozen=True)
class Case:
    before: Call
    event: CallInput
    decided: Decided

    @property
    def after(self) -> Call:
        return self.decided.call

    def commands(self, kind: type[Command]) -> list[Command]:
        return [command for command in self.decided.commands if isinstance(command, kind)]

    def __str__(self) -> str:
        return f"{situation(self.before)} + {self.event} → {situation(self.after)}: {self.decided.commands}"


@cache
def cases() -> tuple[Case, ...]:
    return tuple(_walk())


def _walk() -> Iterator[Case]:
    calls, rules = beginnings()
    seen, waiting, now = {situation(call) for call in calls}, list(calls), 0.0
    while waiting:
        before = waiting.pop()
        now += 1.0
        for event in inputs(before):
            decided = decide(before, event, now, rules)
            yield Case(before, event, decided)
            if (reached := situation(decided.call)) not in seen:
                seen.add(reached)
                waiting.append(decided.call)


def test_there_is_a_matrix_to_speak_of() -> None:
    assert len({situation(case.before) for case in cases()}) > 150
    reached = {case.before.phase for case in cases()}
    assert reached == {
        *("menu", "waiting", "ringing", "connecting", "talking"),
        *("dialling", "transferring", "forwarded", "ended"),
    }


def test_who_leaves_the_call_is_hung_up_and_nobody_rings_on() -> None:
    for case in cases():
        if isinstance(case.event, AsteriskRestarted):
            continue
        gone = set(_channels(case.before)) - set(_channels(case.after))
        told = {command.channel_id for command in case.commands(HangUp) if isinstance(command, HangUp)}
        if isinstance(case.event, AgentLegEnded):
            told.add(case.event.offer_id)
        if isinstance(case.event, CallerHungUp):
            told.add(case.before.channel_id)
        assert gone <= told, str(case)


def _channels(call: Call) -> Iterator[str]:
    if call.phase == "ended":
        return
    yield from legs_of(call)
    if caller_expected(call):
        yield call.channel_id


def test_nobody_who_is_still_on_the_call_is_hung_up() -> None:
    for case in cases():
        told = {command.channel_id for command in case.commands(HangUp) if isinstance(command, HangUp)}
        assert not told & set(_channels(case.after)), str(case)


def test_nobody_is_alone_in_a_bridge() -> None:
    """Only an agent may: while the caller holds the line with music, or while the one asked is being rung."""
    for case in cases():
        call = case.after
        places = placement(call)
        for bridge in set(places.values()) - {MUSIC}:
            inside = [channel for channel, place in places.items() if place == bridge]
            lines = [[call.talk.offer_id], [call.consult.via] if call.consult else []] if call.talk is not None else []
            waits = inside in lines
            assert len(inside) >= 2 or (waits and not call.caller_gone), str(case)


def test_everybody_is_where_they_belong() -> None:
    for case in cases():
        places = dict(case.before.places)
        for command in case.decided.commands:
            match command:
                case JoinBridge():
                    places[command.channel_id] = command.bridge_id
                case HoldWithMusic():
                    places[command.channel_id] = MUSIC
                case _:
                    pass
        for channel, place in placement(case.after).items():
            known = case.after.places.get(channel)
            assert known == place == places.get(channel, place), str(case)


def test_every_agent_is_given_back_once() -> None:
    for case in cases():
        gone = _agents(case.before) - _agents(case.after)
        given_back = {
            command.agent_id for command in case.decided.commands if isinstance(command, ReleaseAgent | ReportTalkEnded)
        }
        queue_let_go = bool(case.commands(LeaveQueue) or case.commands(ReportOffer)) or isinstance(
            case.event, OfferWithdrawn
        )
        assert gone <= given_back or queue_let_go, str(case)


def _agents(call: Call) -> set[int]:
    """Those whom the routing engine believes to be taken by this call, however the queue's own offers stand."""
    if call.phase == "ended":
        return set()
    taken = {talk.agent_id for talk in (call.talk, call.returning) if talk is not None}
    taken |= {party.agent_id for party in call.parties if party.agent_id is not None}
    return taken | ({call.dialling.agent.agent_id} if call.dialling is not None else set())


def test_a_call_that_is_over_leaves_nothing() -> None:
    for case in cases():
        call = case.after
        if call.phase != "ended":
            continue
        left = (call.parties, call.consult, call.transfer, call.dialling, call.returning, call.talk, call.queue)
        assert not any(left), str(case)
        assert not any((call.deadlines, call.playing, call.places)), str(case)
        assert all(recording.ended_at is not None for recording in call.recording), str(case)


def test_bridges_are_made_before_and_destroyed_after_they_are_used() -> None:
    for case in cases():
        there = {bridge for bridge in _bridges(case.before) if bridge}
        for command in case.decided.commands:
            match command:
                case MakeBridge():
                    there.add(command.bridge_id)
                case DestroyBridge():
                    assert command.bridge_id in there, str(case)
                    there.discard(command.bridge_id)
                case JoinBridge() | ConnectParties():
                    assert command.bridge_id in there, str(case)
                case _:
                    pass
        assert there == {bridge for bridge in _bridges(case.after) if bridge}, str(case)


def _bridges(call: Call) -> tuple[str, ...]:
    errand = call.errand.bridge_id if isinstance(call.errand, OutsideLeg) else ""
    return call.bridge_id, call.consult.bridge_id if call.consult else "", errand


def test_a_leg_is_dialled_once_and_by_a_name_of_its_own() -> None:
    for case in cases():
        for command in case.decided.commands:
            if isinstance(command, DialAgent):
                assert command.offer_id not in set(_channels(case.before)), str(case)
                assert command.offer_id in set(_channels(case.after)), str(case)


def test_parties_and_transfers_begin_and_end_in_pairs() -> None:
    for case in cases():
        invited = sum(isinstance(fact, PartyInvited) and fact.role != "agent" for fact in case.decided.facts)
        left = sum(isinstance(fact, PartyLeft) for fact in case.decided.facts)
        own = case.before.phase == "dialling"  # the number that is called is no party
        if not own:
            assert len(case.after.parties) == len(case.before.parties) + invited - left, str(case)
        started = sum(isinstance(fact, TransferStarted) for fact in case.decided.facts)
        ended = sum(isinstance(fact, TransferEnded) for fact in case.decided.facts)
        open_before, open_after = _open(case.before), _open(case.after)
        assert open_before + started - ended == open_after, str(case)


def _open(call: Call) -> int:
    return int(call.transfer is not None)


def test_one_conversation_is_one_recording() -> None:
    """Through hold, consult, conference and transfer to people it goes on; it ends with the conversation."""
    for case in cases():
        spoken = ("talking", "transferring", "forwarded")
        running = [recording for recording in case.after.recording if recording.ended_at is None]
        assert len(running) <= 1, str(case)
        if case.before.phase in spoken and case.after.phase in spoken and not case.after.caller_gone:
            assert not case.commands(CollectRecording), str(case)
        forwarded = isinstance(case.after.errand, OutsideLeg)
        if case.after.phase not in spoken and case.after.returning is None and not forwarded:
            assert not running, str(case)


@pytest.mark.parametrize("phase", ["talking", "dialling", "transferring", "forwarded"])
def test_after_a_restart_the_engine_knows_everybody_again(phase: str) -> None:
    for case in cases():
        if case.before.phase == phase and isinstance(case.event, CallRecovered):
            adopted = {command.agent_id for command in case.commands(AdoptOffer) if isinstance(command, AdoptOffer)}
            assert adopted == _agents(case.before), str(case)
