"""A fax: the caller's channel goes to Asterisk's fax engine in the dialplan and comes back.

Meanwhile Asterisk tells us nothing of it, so we look every few seconds whether the caller is still there. Machines hang
up as soon as the last page is confirmed: what was received is kept then, too.
"""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import SeeCaller, StartFax
from ctiserver.call.decide import voice_message
from ctiserver.call.decide.turn import Turn
from ctiserver.call.errands import KeptSound, RunningFax
from ctiserver.call.events import FaxFinished, FaxSent
from ctiserver.ivr.messages import FaxDone, FlowInput, ReceiveFax, SendFax

LOOK_EVERY_S = 3.0
LONGEST_S = 1800.0


def begin(turn: Turn, asked: ReceiveFax | SendFax) -> FlowInput | None:
    fax_id = turn.next_id("f")
    document = asked.document if isinstance(asked, SendFax) else ""
    box = asked.box if isinstance(asked, ReceiveFax) else ""
    turn.stop_playing()
    turn.leave_music()
    turn.change(errand=RunningFax(fax_id=fax_id, since=turn.now, box=box, document=document))
    turn.set_deadline("errand", LOOK_EVERY_S)
    turn.do(StartFax(fax_id=fax_id, channel_id=turn.call.channel_id, dialled=turn.call.dialled, document=document))
    return None


def finished(turn: Turn, event: FaxFinished) -> FlowInput | None:
    running = turn.call.errand
    if not isinstance(running, RunningFax) or running.fax_id != event.fax_id:
        return None
    turn.change(errand=None)
    turn.clear_deadlines("errand")
    if running.document:
        _sent(turn, running, ok=event.ok, pages=event.pages, detail=event.detail)
    elif event.ok:
        _keep(turn, running)
    return FaxDone(ok=event.ok, pages=event.pages)


def overdue(turn: Turn) -> FlowInput | None:
    running = turn.call.errand
    if not isinstance(running, RunningFax):
        return None
    if turn.now - running.since > LONGEST_S:
        return finished(turn, FaxFinished(fax_id=running.fax_id, ok=False, detail="too_long"))
    resume(turn)
    return None


def resume(turn: Turn) -> None:
    turn.set_deadline("errand", LOOK_EVERY_S)
    running = turn.call.errand
    fax_id = running.fax_id if isinstance(running, RunningFax) else ""
    turn.do(SeeCaller(channel_id=turn.call.channel_id, fax_id=fax_id))


def confirmed(turn: Turn, pages: int | None) -> None:
    """The caller has gone, and the engine had the last page confirmed before."""
    if pages is not None and isinstance(running := turn.call.errand, RunningFax):
        turn.change(errand=msgspec.structs.replace(running, confirmed=pages))


def give_up(turn: Turn) -> None:
    """The caller has gone: after the last page, or before."""
    running = turn.call.errand
    if not isinstance(running, RunningFax):
        return
    if running.document and running.confirmed is not None:
        _sent(turn, running, ok=True, pages=running.confirmed, detail="")
    elif running.document:
        _sent(turn, running, ok=False, pages=0, detail="hung_up")
    else:
        _keep(turn, running)


def _sent(turn: Turn, running: RunningFax, *, ok: bool, pages: int, detail: str) -> None:
    turn.note(FaxSent(fax_id=running.fax_id, document=running.document, ok=ok, pages=pages, detail=detail))


def _keep(turn: Turn, running: RunningFax) -> None:
    sound = KeptSound(message_id=running.fax_id, purpose="fax", box=running.box, node="", since=running.since)
    turn.change(kept=(*turn.call.kept, sound))
    voice_message.keep(turn, running.fax_id)
