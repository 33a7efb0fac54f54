"""A phone is rung about unheard messages, and hears them by pressing keys.

    NoticeDue ─▶ dialling: it rings ── answered ─▶ menu: [pin] ─▶ menu ── 1 ─▶ announcing ─▶ playing ─▶ after ─┐
                    │                                ▲                                                1, 2, 7 ──┤
                    └─ not answered: NoticeTried     └──────────────────────────────────────────────────────────┘
                                                                                     9, nothing left: goodbye

A message that was heard to its end is read, as is one for which 7 was pressed. What somebody else has read meanwhile is
not offered any more, and a phone that rings for nothing else stops. The phone's leg is CALL.l1, in the caller's place.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from ctiserver.call.commands import DialAgent, HangUp, StopPrompt
from ctiserver.call.decide import notice_texts as texts
from ctiserver.call.decide.causes import refusal_cause
from ctiserver.call.decide.ending import end
from ctiserver.call.decide.turn import PROMPT_DEADLINE, Turn
from ctiserver.call.events import (
    AgentLegAnswered,
    AgentLegEnded,
    CallerHungUp,
    CallInput,
    CallRecovered,
    CallStarted,
    DeadlinePassed,
    DigitReceived,
    MessageHeard,
    MessagesTaken,
    NoticeDue,
    PromptFinished,
)
from ctiserver.call.notice import MessageNotice, Stage
from ctiserver.call.pin import LONGEST, MOST_WRONG, is_pin
from ctiserver.call.states import Call, Phase
from ctiserver.ivr.messages import Kept, Spoken, Utterance

Handler = Callable[[Turn, MessageNotice, Any], None]
RING, KEY, LONGEST_CALL = "notice_ring", "notice_key", "notice_longest"
RING_GRACE_S = 10.0
KEY_S = 8.0
MOST_SILENCES = 3
LONGEST_CALL_S = 1800.0


def begin(event: NoticeDue, now: float) -> Call:
    notice = event.notice
    return Call(
        id=event.call_id,
        channel_id=f"{event.call_id}.l1",
        dialled=notice.shown,
        caller_number=notice.phone,
        caller_name="",
        started_at=now,
        phase="dialling",
        phase_since=now,
        direction="internal" if notice.inside else "outbound",
        legs=1,
        notice=notice,
    )


def ring(turn: Turn) -> None:
    call, notice = turn.call, turn.call.notice
    if notice is None:
        return
    turn.note(
        CallStarted(
            call_id=call.id,
            dialled=call.dialled,
            caller_number=call.caller_number,
            caller_name="",
            flow="",
            direction=call.direction,
        )
    )
    turn.do(
        DialAgent(
            offer_id=call.channel_id,
            endpoint=notice.endpoint,
            originator="",
            caller_number=notice.shown,
            caller_name=texts.caller_name(notice) if notice.inside else "",
            timeout_s=notice.ring_timeout_s,
        )
    )
    turn.set_deadline(RING, notice.ring_timeout_s + RING_GRACE_S)


def handler_for(call: Call, event: CallInput) -> Callable[[Turn, Any], None] | None:
    """None: no call of ours, or an input that means here what it means for any call."""
    notice, handler = call.notice, TABLE.get((call.phase, type(event)))
    if notice is None or handler is None:
        return None
    return lambda turn, told: handler(turn, notice, told)


# ── the phone ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _answered(turn: Turn, notice: MessageNotice, event: AgentLegAnswered) -> None:
    if event.offer_id != turn.call.channel_id:
        turn.do(HangUp(channel_id=event.offer_id))
    elif notice.stage == "ringing":
        turn.clear_deadlines(RING)
        turn.set_deadline(LONGEST_CALL, LONGEST_CALL_S)
        turn.change(was_answered=True)
        turn.enter("menu")
        if notice.pin_hash:
            _say(turn, "pin", texts.ask_pin(notice))
        else:
            _offer(turn)


def _gone(turn: Turn, notice: MessageNotice, event: CallerHungUp | AgentLegEnded) -> None:
    if isinstance(event, AgentLegEnded) and event.offer_id != turn.call.channel_id:
        return
    if notice.stage == "ringing":
        reason = refusal_cause(event.cause, event.tech_cause)
        end(turn, by="caller", reason=reason, cause=event.cause, outcome="failed")
    else:
        end(turn, by="caller", reason="hung_up", cause=event.cause)


def _hang_up(turn: Turn, reason: str) -> None:
    turn.stop_playing()
    turn.do(HangUp(channel_id=turn.call.channel_id))
    end(turn, by="system", reason=reason, outcome="answered" if turn.call.was_answered else "failed")


# ── what is heard ───────────────────────────────────────────────────────────────────────────────────────────────────


def _say(turn: Turn, stage: Stage, text: str, *more: Utterance, **fields: Any) -> None:
    """Says it and is in that stage; a key may come at any time."""
    notice = turn.call.notice
    if notice is None:
        return
    turn.clear_deadlines(KEY)
    turn.change(notice=msgspec.structs.replace(notice, stage=stage, **fields))
    spoken = Spoken(text=text, language=notice.language)
    turn.play(f"channel:{turn.call.channel_id}", (spoken, *more))


def _offer(turn: Turn) -> None:
    """How many there are; or that there are none any more."""
    notice = turn.call.notice
    if notice is None:
        return
    if not notice.left:
        _say(turn, "goodbye", texts.nothing_left(notice))
        return
    position = notice.messages.index(notice.left[0])
    _say(turn, "menu", texts.how_many(notice), typed="", silences=0, position=position)


def _play(turn: Turn, notice: MessageNotice) -> None:
    """The one in hand. At first something else may have taken it: then the next."""
    if notice.stage == "menu" and notice.current.id in notice.taken:
        _next(turn)
        return
    local = datetime.fromtimestamp(notice.current.at, turn.rules.timezone)
    _say(turn, "announcing", texts.which(notice, local), silences=0)


def _next(turn: Turn) -> None:
    """The next one that nobody has taken, from the one in hand on; what was skipped stays unread."""
    notice = turn.call.notice
    if notice is None:
        return
    for position in range(notice.position + 1, len(notice.messages)):
        if notice.messages[position].id not in notice.taken:
            turn.change(notice=msgspec.structs.replace(notice, position=position, stage="after"))
            _play(turn, msgspec.structs.replace(notice, position=position, stage="after"))
            return
    _say(turn, "goodbye", texts.nothing_left(notice))


def _read(turn: Turn) -> None:
    """The one in hand is read from now on, once."""
    notice = turn.call.notice
    if notice is None or notice.current.id in notice.taken:
        return
    ident = notice.current.id
    turn.change(notice=msgspec.structs.replace(notice, taken=(*notice.taken, ident)))
    turn.note(MessageHeard(voicemail_id=ident, box=notice.box, phone=notice.phone))


def _prompt_over(turn: Turn, notice: MessageNotice, event: PromptFinished) -> None:
    if event.playback_id != turn.call.playing:
        return
    turn.prompt_over()
    match notice.stage:
        case "announcing":
            turn.change(notice=msgspec.structs.replace(notice, stage="playing"))
            turn.play(f"channel:{turn.call.channel_id}", (Kept(path=notice.current.path),))
        case "playing":
            if event.ok:
                _read(turn)
            _say(turn, "after", texts.what_now(notice) if event.ok else texts.not_to_be_played(notice))
        case "goodbye":
            _hang_up(turn, "message_notice_over")
        case _:
            turn.set_deadline(KEY, KEY_S)


# ── keys and silence ────────────────────────────────────────────────────────────────────────────────────────────────


def _key(turn: Turn, notice: MessageNotice, event: DigitReceived) -> None:
    if notice.stage == "pin":
        _pin_key(turn, notice, event.digit)
        return
    if notice.stage == "goodbye":
        return
    match event.digit:
        case "1":
            _play(turn, notice)
        case "2":
            _next(turn)
        case "7":
            _read(turn)
            _next(turn)
        case "9":
            _say(turn, "goodbye", texts.goodbye(notice))
        case _:
            pass


def _pin_key(turn: Turn, notice: MessageNotice, digit: str) -> None:
    """Ended by # or a pause; * begins anew."""
    turn.stop_playing()
    turn.set_deadline(KEY, KEY_S)
    if digit == "#":
        _check(turn, notice)
    else:
        typed = "" if digit == "*" else (notice.typed + digit)[: LONGEST + 1]
        turn.change(notice=msgspec.structs.replace(notice, typed=typed, silences=0))


def _check(turn: Turn, notice: MessageNotice) -> None:
    wrong = notice.wrong_pins + 1
    if is_pin(notice.typed, notice.pin_hash):
        _offer(turn)
    elif wrong >= MOST_WRONG:
        _say(turn, "goodbye", texts.pin_wrong_too_often(notice), typed="", wrong_pins=wrong)
    else:
        _say(turn, "pin", texts.pin_wrong(notice), typed="", wrong_pins=wrong)


def _deadline(turn: Turn, notice: MessageNotice, event: DeadlinePassed) -> None:
    turn.clear_deadlines(event.name)
    match event.name:
        case "notice_ring":
            _hang_up(turn, "no_answer")
        case "notice_longest":
            _hang_up(turn, "too_long")
        case "notice_key":
            _silence(turn, notice)
        case name if name == PROMPT_DEADLINE and turn.call.playing:
            overdue = turn.call.playing
            turn.do(StopPrompt(playback_id=overdue))
            _prompt_over(turn, notice, PromptFinished(playback_id=overdue, ok=False))
        case _:
            pass


def _silence(turn: Turn, notice: MessageNotice) -> None:
    """Nobody pressed anything: said again, and then no more."""
    if notice.stage == "pin" and notice.typed:
        _check(turn, notice)
    elif notice.silences + 1 >= MOST_SILENCES:
        _hang_up(turn, "no_input")
    else:
        silences = notice.silences + 1
        match notice.stage:
            case "pin":
                _say(turn, "pin", texts.ask_pin(notice), silences=silences)
            case "menu":
                _say(turn, "menu", texts.how_many(notice), silences=silences)
            case _:
                _say(turn, "after", texts.what_now(notice), silences=silences)


# ── from elsewhere ──────────────────────────────────────────────────────────────────────────────────────────────────


def _taken(turn: Turn, notice: MessageNotice, event: MessagesTaken) -> None:
    mine = {message.id for message in notice.left}
    fresh = tuple(ident for ident in event.voicemail_ids if ident in mine)
    if not fresh:
        return
    known = msgspec.structs.replace(notice, taken=(*notice.taken, *fresh))
    turn.change(notice=known)
    if not known.left and notice.stage == "ringing":
        _hang_up(turn, "heard_elsewhere")
    elif notice.stage == "menu":
        _offer(turn)


def _recovered(turn: Turn, notice: MessageNotice, event: CallRecovered) -> None:
    """After a restart: a phone rings on; whoever listens hears again what was interrupted."""
    if notice.stage == "ringing":
        return
    turn.stop_playing()
    match notice.stage:
        case "pin":
            _say(turn, "pin", texts.ask_pin(notice), typed="")
        case "announcing" | "playing":
            _play(turn, notice)
        case "after":
            _say(turn, "after", texts.what_now(notice))
        case "goodbye":
            _say(turn, "goodbye", texts.goodbye(notice))
        case _:
            _offer(turn)


TABLE: dict[tuple[Phase, type[Any]], Handler] = {
    ("dialling", AgentLegAnswered): _answered,
    ("menu", AgentLegAnswered): _answered,
    ("dialling", CallerHungUp): _gone,
    ("menu", CallerHungUp): _gone,
    ("dialling", AgentLegEnded): _gone,
    ("menu", AgentLegEnded): _gone,
    ("menu", PromptFinished): _prompt_over,
    ("menu", DigitReceived): _key,
    ("dialling", DeadlinePassed): _deadline,
    ("menu", DeadlinePassed): _deadline,
    ("dialling", MessagesTaken): _taken,
    ("menu", MessagesTaken): _taken,
    ("dialling", CallRecovered): _recovered,
    ("menu", CallRecovered): _recovered,
}
"""Every other input means what it means for any call in that phase without a flow."""
