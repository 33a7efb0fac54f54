"""What became of an attempt to ring somebody back, noted once, with the call's end."""

from __future__ import annotations

from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import CallbackTried
from ctiserver.call.parties import Callback
from ctiserver.call.words import EndedBy

POSTPONED_S = 30.0  # where nobody was rung at all


def note_outcome(turn: Turn, by: EndedBy, reason: str) -> None:
    """Before the call is taken apart."""
    callback = turn.call.callback
    if callback is None or turn.call.phase == "ended":
        return
    if turn.call.was_answered or turn.call.talk is not None:
        _note(turn, callback, "answered", made=callback.attempt)
    elif _customer_was_rung(turn, callback) and by == "caller":
        _note(turn, callback, reason, made=callback.attempt)
    else:
        _note(turn, callback, reason, made=callback.attempt - 1)


def _customer_was_rung(turn: Turn, callback: Callback) -> bool:
    dialling = turn.call.dialling
    return callback.stage != "agent" or (dialling is not None and dialling.stage == "target")


def _note(turn: Turn, callback: Callback, outcome: str, *, made: int) -> None:
    """An attempt counts where the customer's phone was rung to its end; `made` are those that do."""
    if outcome == "answered":
        told = CallbackTried(request_id=callback.request_id, attempt=made, outcome=outcome, status="done")
    elif made >= callback.max_attempts:
        told = CallbackTried(request_id=callback.request_id, attempt=made, outcome=outcome, status="failed")
    else:
        pause_s = callback.pause_s if made == callback.attempt else POSTPONED_S
        told = CallbackTried(
            request_id=callback.request_id, attempt=made, outcome=outcome, status="open", next_at=turn.now + pause_s
        )
    turn.note(told)
