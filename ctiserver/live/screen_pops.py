"""Composes what an agent's screen shows about the call at hand. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ctiserver.call.screen_pop import EnteredValue, LastContact, PathEntry, ScreenPop
from ctiserver.call.states import Call

RegionOf = Callable[[str], dict[str, str]]


def compose_all(
    call: Call, last_contacts: Sequence[LastContact], region_of: RegionOf, now: float
) -> tuple[ScreenPop, ...]:
    """For the agent in charge, for whoever is rung beside, and for the agent who makes the call."""
    pops = [compose(call, last_contacts, region_of, now)]
    if call.queue is not None:
        stay = call.queue
        for also in call.also_ringing:
            waited_s = now - stay.entered_at
            told = (also.agent_id, also.offer_id, "ringing", also.started_at, stay.queue_id, waited_s)
            pops.append(_pop(call, last_contacts, region_of, *told))
    places: list[tuple[int, str, str, float]] = [
        (party.agent_id, party.leg, "talking" if party.joined else "ringing", party.joined_at or party.since)
        for party in call.parties
        if party.agent_id is not None
    ]
    if call.dialling is not None:
        places.append((call.dialling.agent.agent_id, call.dialling.leg, "ringing", call.started_at))
    for agent_id, leg, state, since in places:
        pops.append(_pop(call, last_contacts, region_of, agent_id, leg, state, since, "", 0.0))
    return tuple(pop for pop in pops if pop is not None)


def compose(call: Call, last_contacts: Sequence[LastContact], region_of: RegionOf, now: float) -> ScreenPop | None:
    """The pop for the agent who is being rung or talks, or who has just talked; None if there is nobody."""
    if call.offer is not None and call.queue is not None:
        offer_id, agent_id, state, since = call.offer.offer_id, call.offer.agent_id, "ringing", call.offer.started_at
        queue_id, waited_s = call.queue.queue_id, now - call.queue.entered_at
    elif (talk := call.talk or call.returning or call.last_talk) is not None:
        state = "wrap_up" if talk is call.last_talk else "talking"
        offer_id, agent_id, queue_id, since = talk.offer_id, talk.agent_id, talk.queue_id, talk.started_at
        waited_s = talk.started_at - talk.entered_queue_at
    else:
        return None
    return _pop(call, last_contacts, region_of, agent_id, offer_id, state, since, queue_id, waited_s)


def _pop(
    call: Call,
    last_contacts: Sequence[LastContact],
    region_of: RegionOf,
    agent_id: int,
    offer_id: str,
    state: str,
    since: float,
    queue_id: str,
    waited_s: float,
) -> ScreenPop:
    cursor = call.cursor
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
        identified=call.identified if call.caller_number else "done",
        matches=call.matches,
        customer=call.customer,
        outside=(),  # put in by whoever asks outside systems
        path=tuple(PathEntry(flow=v.flow, node=v.node, at=v.at.timestamp()) for v in cursor.path) if cursor else (),
        entered=tuple(EnteredValue(name=e.name, value=e.value) for e in cursor.entered) if cursor else (),
        last_contacts=tuple(contact for contact in last_contacts if contact.call_id != call.id),
    )
