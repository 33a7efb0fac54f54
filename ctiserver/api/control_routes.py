"""What people do with live calls: the agent of a call, and who supervises (each act of theirs is audited).

Refusals: 403 not your call · 404 no such call · 409 with why: not_now, agent_not_free, number_not_allowed …
"""

from __future__ import annotations

from typing import Any

from ctiserver.api.audit import note
from ctiserver.api.control_schemas import (
    BroadcastBody,
    CallBody,
    ConsultBody,
    ConsultChoiceBody,
    DigitsBody,
    HoldBody,
    InviteBody,
    MadeCall,
    MuteBody,
    PauseBody,
    PieceBody,
    PriorityBody,
    QueueMoveBody,
    ToAgent,
    ToFlow,
    ToNumber,
    ToQueue,
    TransferBody,
)
from ctiserver.api.identity import EVERY_ROLE, SUPERVISOR_UP
from ctiserver.api.problems import ApiError, forbidden, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Accepted
from ctiserver.api.scope import require_scope
from ctiserver.call.events import (
    CallInput,
    ConsultChosen,
    ConsultRequested,
    DigitsRequested,
    HoldRequested,
    InviteRequested,
    LeaveRequested,
    MuteRequested,
    PieceRequested,
    PriorityRequested,
    QueueMoveRequested,
    RecordingPauseRequested,
    RemoveRequested,
    TakeOverRequested,
    TransferRequested,
)
from ctiserver.call.parties import Dialled, FlowTarget, QueueTarget
from ctiserver.live.audience import agents_on, is_own
from ctiserver.live.views import LiveCallView


async def hold(ask: Ask, call_id: str, body: HoldBody) -> Accepted:
    """The caller waits with music, or is taken back."""
    return await _give(ask, call_id, "hold", HoldRequested(held=body.held, user_id=ask.who.user_id))


async def mute(ask: Ask, call_id: str, body: MuteBody) -> Accepted:
    """The agent, the caller or a party is not heard by the others, or is again. Whoever is on the call mutes itself."""
    event = MuteRequested(party_id=body.party, muted=body.muted, user_id=ask.who.user_id)
    if _is_party(_live(ask, call_id), body.party, ask.who.viewer.agent_id):
        ask.context.centre.controls.give(call_id, event)
        return Accepted()
    return await _give(ask, call_id, "mute", event)


async def send_digits(ask: Ask, call_id: str, body: DigitsBody) -> Accepted:
    """Keys, to the other side of the conversation; never journaled in clear."""
    _check_may(ask, call_id)
    event = DigitsRequested(digits=body.digits, user_id=ask.who.user_id)
    ask.context.centre.controls.give(call_id, event, always=True)
    return Accepted()


async def play_piece(ask: Ask, call_id: str, body: PieceBody) -> Accepted:
    """A recorded piece for everybody in the conversation; an empty one stops it."""
    event = PieceRequested(prompt=body.prompt, language=body.language, user_id=ask.who.user_id)
    return await _give(ask, call_id, "piece", event)


async def pause_recording(ask: Ask, call_id: str, body: PauseBody) -> Accepted:
    """Silence is recorded while card data are told; the gap stays visible."""
    event = RecordingPauseRequested(paused=body.paused, user_id=ask.who.user_id)
    return await _give(ask, call_id, "recording", event)


async def transfer(ask: Ask, call_id: str, body: TransferBody) -> Accepted:
    """Blind: the agent is rid of the caller at once. Nobody answers: back to the agent, then to the queue."""
    _check_may(ask, call_id)
    event = TransferRequested(target=_target(ask, body.to), user_id=ask.who.user_id)
    return await _give(ask, call_id, "transfer", event, body.to.model_dump())


async def consult(ask: Ask, call_id: str, body: ConsultBody) -> Accepted:
    """Asks an agent, a number or somebody of a queue while the caller waits."""
    _check_may(ask, call_id)
    event = ConsultRequested(target=_target(ask, body.to), user_id=ask.who.user_id)
    return await _give(ask, call_id, "consult", event)


async def choose_in_consult(ask: Ask, call_id: str, body: ConsultChoiceBody) -> Accepted:
    """swap, merge (all together), complete (the caller goes there), cancel."""
    return await _give(ask, call_id, "consult", ConsultChosen(choice=body.choice, user_id=ask.who.user_id))


async def invite(ask: Ask, call_id: str, body: InviteBody) -> Accepted:
    """One more into the conversation."""
    _check_may(ask, call_id)
    event = InviteRequested(target=_person(ask, body.to), user_id=ask.who.user_id)
    return await _give(ask, call_id, "invite", event)


async def remove(ask: Ask, call_id: str, party_id: str) -> Accepted:
    """A party out of the conversation."""
    return await _give(ask, call_id, "remove", RemoveRequested(party_id=party_id, user_id=ask.who.user_id))


async def leave(ask: Ask, call_id: str) -> Accepted:
    """The asking agent leaves; the others go on where that makes sense."""
    event = LeaveRequested(agent_id=ask.agent_id, user_id=ask.who.user_id)
    if not is_own(_live(ask, call_id), ask.who.viewer):
        raise forbidden("you are not in this call")
    ask.context.centre.controls.give(call_id, event)
    return Accepted()


async def take_over(ask: Ask, call_id: str) -> Accepted:
    """A caller who waits or rings at a colleague (代答); who supervises also a conversation (拦截)."""
    call = _live(ask, call_id)
    if call.phase not in ("waiting", "ringing") and not ask.who.viewer.staff:
        raise ApiError(403, "supervisors_only", "only who supervises may take over a conversation")
    target = ask.context.centre.controls.agent(ask.agent_id)
    ask.context.centre.controls.give(call_id, TakeOverRequested(by=target, user_id=ask.who.user_id))
    await note(ask, "call.take_over", f"call:{call_id}", {"from": call.agent_id})
    return Accepted()


async def move(ask: Ask, call_id: str, body: QueueMoveBody) -> Accepted:
    """A caller who waits goes into another queue, with the time waited."""
    ask.context.centre.controls.queue(body.queue_id, None)
    event = QueueMoveRequested(queue_id=body.queue_id, user_id=ask.who.user_id)
    return await _give(ask, call_id, "queue", event, {"queue": body.queue_id})


async def set_priority(ask: Ask, call_id: str, body: PriorityBody) -> Accepted:
    """Seconds that a caller who waits is ahead of others."""
    event = PriorityRequested(priority_s=body.priority_s, user_id=ask.who.user_id)
    return await _give(ask, call_id, "priority", event, {"priority_s": body.priority_s})


async def make_call(ask: Ask, body: CallBody) -> MadeCall:
    """The asking agent's phone rings first, then the other side's. Without `to`: a conference."""
    target = _person(ask, body.to) if body.to is not None else None
    return MadeCall(call_id=ask.context.centre.controls.dial(ask.agent_id, target, ask.who.user_id))


async def broadcast(ask: Ask, body: BroadcastBody) -> Accepted:
    """A line to all agents, or to those of a team; from the supervisor of a team, to that one."""
    team = body.team
    if ask.who.scope is not None:
        team = team or ask.who.team
        if team != ask.who.team:
            raise ApiError(403, "other_team", "supervisors of a team write to their own")
    ask.context.centre.broadcast(body.text, ask.who.login, team)
    await note(ask, "broadcast", f"team:{team or '*'}", {"text": body.text})
    return Accepted()


async def _give(ask: Ask, call_id: str, act: str, event: CallInput, detail: dict[str, Any] | None = None) -> Accepted:
    own = _check_may(ask, call_id)
    ask.context.centre.controls.give(call_id, event)
    if not own:
        await note(ask, f"call.{act}", f"call:{call_id}", detail or {})
    return Accepted()


def _check_may(ask: Ask, call_id: str) -> bool:
    """Whether it is the asking agent's own call; raises for somebody who neither has it nor supervises."""
    call = _live(ask, call_id)
    own = call.agent_id is not None and call.agent_id == ask.who.viewer.agent_id
    if not own and not ask.who.viewer.staff:
        raise forbidden("only the agent of a call may do that")
    return own


def _is_party(call: LiveCallView, party_id: str, agent_id: int | None) -> bool:
    return agent_id is not None and any(each.id == party_id and each.agent_id == agent_id for each in call.parties)


def _live(ask: Ask, call_id: str) -> LiveCallView:
    call = next((call for call in ask.context.centre.calls() if call.id == call_id), None)
    if call is None:
        raise not_found("call")
    require_scope(ask, agents_on(call))
    return call


def _target(ask: Ask, to: ToAgent | ToNumber | ToQueue | ToFlow) -> Dialled | QueueTarget | FlowTarget:
    controls = ask.context.centre.controls
    match to:
        case ToQueue():
            return controls.queue(to.queue_id, to.priority_s)
        case ToFlow():
            return controls.flow(to.flow, come_back=to.come_back)
        case _:
            return _person(ask, to)


def _person(ask: Ask, to: ToAgent | ToNumber) -> Dialled:
    controls = ask.context.centre.controls
    if isinstance(to, ToAgent):
        return controls.agent(to.agent_id)
    return controls.number(to.number, shown=to.shown)


ROUTES: tuple[Route, ...] = (
    route("POST", "/api/calls/{call_id}/hold", hold, EVERY_ROLE, 202),
    route("POST", "/api/calls/{call_id}/mute", mute, EVERY_ROLE, 202),
    route("POST", "/api/calls/{call_id}/digits", send_digits, EVERY_ROLE, 202),
    route("POST", "/api/calls/{call_id}/piece", play_piece, EVERY_ROLE, 202),
    route("POST", "/api/calls/{call_id}/recording", pause_recording, EVERY_ROLE, 202),
    route("POST", "/api/calls/{call_id}/transfer", transfer, EVERY_ROLE, 202),
    route("POST", "/api/calls/{call_id}/consult", consult, EVERY_ROLE, 202),
    route("PUT", "/api/calls/{call_id}/consult", choose_in_consult, EVERY_ROLE, 202),
    route("POST", "/api/calls/{call_id}/parties", invite, EVERY_ROLE, 202),
    route("DELETE", "/api/calls/{call_id}/parties/{party_id}", remove, EVERY_ROLE, 202),
    route("POST", "/api/calls/{call_id}/leave", leave, EVERY_ROLE, 202),
    route("POST", "/api/calls/{call_id}/take-over", take_over, EVERY_ROLE, 202),
    route("POST", "/api/calls/{call_id}/queue", move, SUPERVISOR_UP, 202),
    route("POST", "/api/calls/{call_id}/priority", set_priority, SUPERVISOR_UP, 202),
    route("POST", "/api/agents/me/calls", make_call, EVERY_ROLE, 202),
    route("POST", "/api/broadcast", broadcast, SUPERVISOR_UP, 202),
)
