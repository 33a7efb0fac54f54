"""What became of ringing a phone about messages, noted once, with the call's end."""

from __future__ import annotations

from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import NoticeTried
from ctiserver.call.notice import MessageNotice
from ctiserver.call.pin import MOST_WRONG


def note_notice(turn: Turn, reason: str) -> None:
    """Before the call is taken apart."""
    notice = turn.call.notice
    if notice is None or turn.call.phase == "ended":
        return
    turn.note(
        NoticeTried(
            box=notice.box,
            phone=notice.phone,
            voicemail_ids=tuple(message.id for message in notice.messages),
            attempt=notice.attempt,
            outcome=_outcome(notice, reason),
        )
    )


def _outcome(notice: MessageNotice, reason: str) -> str:
    if notice.stage == "ringing":
        return reason
    if notice.wrong_pins >= MOST_WRONG:
        return "wrong_pin"
    return "no_pin" if notice.stage == "pin" else "listened"
