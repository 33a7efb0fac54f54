"""Holding: the caller waits with music, at the agent's word or a phone's, until nobody holds any more."""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import ReportHold
from ctiserver.call.decide.ending import end_holds
from ctiserver.call.decide.placing import arrange
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import HoldChanged, HoldRequested, HoldStarted
from ctiserver.call.states import HeldBy


def requested(turn: Turn, event: HoldRequested) -> None:
    """On the page. During a consult the caller waits anyway."""
    if turn.call.consult is not None or turn.call.caller_gone:
        return
    if _changed(turn, "agent", held=event.held):
        turn.stop_playing()
        arrange(turn)


def by_phone(turn: Turn, event: HoldChanged) -> None:
    """By re-INVITE. A caller whom the agent's phone holds is given our own music: Asterisk's does not last."""
    if event.by == "caller":
        _changed(turn, "caller_phone", held=event.held)
    elif _changed(turn, "agent_phone", held=event.held) and not turn.call.caller_gone:
        if turn.call.consult is None:
            turn.stop_playing()
        arrange(turn)


def _changed(turn: Turn, by: HeldBy, *, held: bool) -> bool:
    talk = turn.call.talk
    if talk is None or held == (by in talk.holds):
        return False
    holds = (*talk.holds, by) if held else tuple(each for each in talk.holds if each != by)
    if not holds:
        end_holds(turn)
        return True
    if talk.held_since is None:
        turn.note(HoldStarted(by=by, agent_id=talk.agent_id))
        turn.do(ReportHold(agent_id=talk.agent_id, held=True))
        talk = msgspec.structs.replace(talk, held_since=turn.now)
    turn.change(talk=msgspec.structs.replace(talk, holds=holds))
    return True
