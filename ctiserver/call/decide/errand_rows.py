"""The rows of the table for what a flow has sent for: each outcome goes to its module, and what follows to the flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from ctiserver.call.decide import conference_room, control_table, errands, flow, lookup, outside_leg, voice_message
from ctiserver.call.decide import fax as fax_machine
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import (
    AgentLegAnswered,
    AgentLegEnded,
    ConnectFailed,
    FaxFinished,
    LookupFinished,
    MessageCollected,
    MessageFinished,
    MessageLost,
    PartiesConnected,
    RoomRefused,
    WordsUnderstood,
)
from ctiserver.call.states import Phase


def _lookup_finished(turn: Turn, event: LookupFinished) -> None:
    flow.told(turn, lookup.finished(turn, event))


def _message_finished(turn: Turn, event: MessageFinished) -> None:
    flow.told(turn, voice_message.finished(turn, event))


def _words_understood(turn: Turn, event: WordsUnderstood) -> None:
    flow.told(turn, voice_message.understood(turn, event))


def _collected(turn: Turn, event: MessageCollected) -> None:
    voice_message.collected(turn, event)


def _lost(turn: Turn, event: MessageLost) -> None:
    voice_message.lost(turn, event)


def _room_refused(turn: Turn, event: RoomRefused) -> None:
    flow.told(turn, conference_room.refused(turn, event))


def _fax_finished(turn: Turn, event: FaxFinished) -> None:
    flow.told(turn, fax_machine.finished(turn, event))


def _leg_answered(turn: Turn, event: AgentLegAnswered) -> None:
    if outside_leg.is_leg(turn, event.offer_id):
        outside_leg.answered(turn, event)
    else:
        control_table.TABLE["menu", AgentLegAnswered](turn, event)


def _leg_ended(turn: Turn, event: AgentLegEnded) -> None:
    if outside_leg.is_leg(turn, event.offer_id):
        flow.told(turn, outside_leg.ended(turn, event))
    else:
        control_table.TABLE["menu", AgentLegEnded](turn, event)


def _connected(turn: Turn, event: PartiesConnected) -> None:
    outside_leg.connected(turn, event)


def _connect_failed(turn: Turn, event: ConnectFailed) -> None:
    flow.told(turn, outside_leg.connect_failed(turn, event))


def overdue(turn: Turn) -> None:
    flow.told(turn, errands.overdue(turn))


IN_FLOW: dict[type[Any], Callable[[Turn, Any], None]] = {
    LookupFinished: _lookup_finished,
    MessageFinished: _message_finished,
    WordsUnderstood: _words_understood,
    RoomRefused: _room_refused,
    FaxFinished: _fax_finished,
    AgentLegAnswered: _leg_answered,
    AgentLegEnded: _leg_ended,
    PartiesConnected: _connected,
    ConnectFailed: _connect_failed,
}
"""In phase menu."""
ALWAYS: dict[type[Any], Callable[[Turn, Any], None]] = {MessageCollected: _collected, MessageLost: _lost}
"""In any phase."""
_ELSEWHERE: tuple[Phase, ...] = tuple(phase for phase in get_args(Phase) if phase != "menu")
ERRANDS_IGNORED: dict[type[Any], tuple[tuple[Phase, ...], str]] = {
    LookupFinished: (_ELSEWHERE, "the flow did not wait for it any more"),
    MessageFinished: (_ELSEWHERE, "it ended with the call, and is kept"),
    WordsUnderstood: (_ELSEWHERE, "the flow did not wait for it any more"),
    RoomRefused: (_ELSEWHERE, "the caller had gone in that instant"),
    FaxFinished: (_ELSEWHERE, "the caller had gone in that instant"),
}
