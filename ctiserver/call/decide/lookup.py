"""A question of the flow to an outside system."""

from __future__ import annotations

from ctiserver.call.commands import RunLookup
from ctiserver.call.decide.turn import Turn
from ctiserver.call.errands import AskedLookup
from ctiserver.call.events import LookupEnded, LookupFinished
from ctiserver.ivr.messages import FlowInput, LookUp, LookupDone

GRACE_S = 2.0  # whoever asks ends in time by himself; this is for the day he doesn't
LONGEST_S = 15.0


def begin(turn: Turn, asked: LookUp) -> FlowInput | None:
    lookup_id = turn.next_id("q")
    turn.change(errand=AskedLookup(lookup_id=lookup_id, source=asked.source, since=turn.now))
    turn.set_deadline("errand", (asked.timeout_s or LONGEST_S) + GRACE_S)
    turn.do(
        RunLookup(
            lookup_id=lookup_id,
            source=asked.source,
            path=asked.path,
            method=asked.method,
            body=asked.body,
            timeout_s=asked.timeout_s,
            secret=asked.secret,
        )
    )
    return None


def finished(turn: Turn, event: LookupFinished) -> FlowInput | None:
    """None: an answer to a question that nobody waits for any more."""
    errand = turn.call.errand
    if not isinstance(errand, AskedLookup) or errand.lookup_id != event.lookup_id:
        return None
    turn.change(errand=None)
    turn.clear_deadlines("errand")
    took_s = turn.now - errand.since
    turn.note(LookupEnded(source=errand.source, outcome=event.outcome, reason=event.reason, took_s=took_s))
    return LookupDone(outcome=event.outcome, value=event.data)


def overdue(turn: Turn) -> FlowInput | None:
    errand = turn.call.errand
    if not isinstance(errand, AskedLookup):
        return None
    return finished(turn, LookupFinished(lookup_id=errand.lookup_id, outcome="failed", reason="timeout"))
