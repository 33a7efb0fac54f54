"""The first moments of a call: emergency announcements, then the flow.

An announcement for an area waits a moment for the customers' table, whose address is better than the number's region.
So does the flow, where callers with certain tags get another one or none.
"""

from __future__ import annotations

import msgspec

from ctiserver.call.commands import HangUp
from ctiserver.call.decide import flow
from ctiserver.call.decide.ending import end
from ctiserver.call.decide.turn import Turn
from ctiserver.call.events import AnnouncementHeard, CallArrived, CustomerTreated
from ctiserver.call.states import Opening
from ctiserver.ivr.emergency import Announcement, depend_on_place, to_be_heard

IDENTIFY_DEADLINE = "identify"
IDENTIFY_S = 1.0


def begin(turn: Turn, arrival: CallArrived) -> None:
    turn.change(
        opening=Opening(
            flow=arrival.flow,
            on_duty=arrival.on_duty,
            agents_signed_in=arrival.agents_signed_in,
            waits=bool(turn.call.caller_number),
        )
    )
    go_on(turn)


def go_on(turn: Turn) -> None:
    """Says what is to be said, waits where somebody may still tell more, and begins the flow when all is said."""
    opening = turn.call.opening
    if opening is None or turn.call.playing:
        return
    unheard = [one for one in turn.rules.announcements if one.id not in opening.heard]
    fresh = to_be_heard(unheard, turn.now, turn.call.dialled, _places(turn))
    may_be_told = opening.waits and turn.call.identified == "looking"
    if fresh:
        turn.clear_deadlines(IDENTIFY_DEADLINE)
        _say(turn, opening, fresh)
    elif may_be_told and (depend_on_place(unheard, turn.now, turn.call.dialled) or _depends_on_tags(turn)):
        if IDENTIFY_DEADLINE not in turn.call.deadlines:
            turn.set_deadline(IDENTIFY_DEADLINE, IDENTIFY_S)
    elif opening.hang_up:
        turn.do(HangUp(channel_id=turn.call.channel_id))
        end(turn, by="flow", reason="announcement")
    else:
        turn.clear_deadlines(IDENTIFY_DEADLINE)
        turn.change(opening=None)
        _let_in(turn, opening)


def _let_in(turn: Turn, opening: Opening) -> None:
    """The line's flow, or what the customer's tags ask for. A flow that is no longer there lets everybody in."""
    wanted = turn.treatment()
    target = wanted.flow if wanted.flow is not None and turn.rules.flows.find(wanted.flow) is not None else opening.flow
    if wanted.refuse or target != opening.flow:
        turn.note(CustomerTreated(flow="" if wanted.refuse else target, refused=wanted.refuse))
    if wanted.refuse:
        turn.do(HangUp(channel_id=turn.call.channel_id))
        end(turn, by="flow", reason="customer_refused", outcome="refused")
        return
    staffing = {"on_duty": opening.on_duty, "agents_signed_in": opening.agents_signed_in}
    flow.begin(turn, target, staffing)


def _depends_on_tags(turn: Turn) -> bool:
    return any(rule.diverts for rule in turn.rules.treatments.values())


def waited_enough(turn: Turn) -> None:
    """The customers' table is slow: the caller is not kept in silence for it."""
    if turn.call.opening is not None:
        turn.change(opening=msgspec.structs.replace(turn.call.opening, waits=False))
        go_on(turn)


def resume(turn: Turn) -> None:
    """After a restart: what was interrupted is said again."""
    turn.stop_playing()
    if turn.call.opening is not None:
        turn.change(opening=msgspec.structs.replace(turn.call.opening, heard=(), hang_up=False))
        go_on(turn)


def _say(turn: Turn, opening: Opening, fresh: tuple[Announcement, ...]) -> None:
    language = turn.rules.flows.language_of(opening.flow)
    pieces = tuple(piece for one in fresh for piece in one.utterances(language))
    heard = (*opening.heard, *(one.id for one in fresh))
    hang_up = opening.hang_up or any(one.hang_up for one in fresh)
    turn.change(opening=msgspec.structs.replace(opening, heard=heard, hang_up=hang_up))
    turn.note(*(AnnouncementHeard(announcement_id=one.id, title=one.title) for one in fresh))
    if pieces:
        turn.play(f"channel:{turn.call.channel_id}", pieces)
    else:
        go_on(turn)


def _places(turn: Turn) -> list[str]:
    card = turn.call.customer
    known = [card.district, card.estate, card.address] if card is not None else []
    return [place for place in (*known, turn.call.region) if place]
