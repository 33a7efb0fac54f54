"""Composes what an agent's screen shows about the call at hand. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ctiserver.call.screen_pop import EnteredValue, LastContact, PathEntry, ScreenPop
from ctiserver.call.states import Call

RegionOf = Callable[[str], dict[str, str]]


def compose(call: Call, last_contacts: Sequence[LastContact], region_of: RegionOf, now: float) -> ScreenPop | None:
    """The pop for the agent who is being rung or talks, or who has just talked; None if there is nobody."""
    cursor = call.cursor
    if call.offer is not None and call.queue is not None:
        offer_id, agent_id, state, since = call.offer.offer_id, call.offer.agent_id, "ringing", call.offer.started_at
        queue_id, waited_s = call.queue.queue_id, now - call.queue.entered_at
    elif (talk := call.talk or call.last_talk) is not None:
        state = "talking" if call.talk is not None else "wrap_up"
        offer_id, agent_id, queue_id, since = talk.offer_id, talk.agent_id, talk.queue_id, talk.started_at
        waited_s = talk.started_at - talk.entered_queue_at
    else:
        return None
    return ScreenPop(
        call_id=call.id,
        offer_id=offer_id,
        agent_id=agent_id,
        state=state,
        since=since,
        dialled=call.dialled,
        queue_id=queue_id,
        waited_s=max(0.0, waited_s),
        caller_number=call.caller_number,
        caller_name=call.caller_name,
        region=region_of(call.caller_number),
        matches=call.matches,
        customer=call.customer,
        path=tuple(PathEntry(flow=v.flow, node=v.node, at=v.at.timestamp()) for v in cursor.path) if cursor else (),
        entered=tuple(EnteredValue(name=e.name, value=e.value) for e in cursor.entered) if cursor else (),
        last_contacts=tuple(contact for contact in last_contacts if contact.call_id != call.id),
    )
