"""Calls against the routing engine: every caller who waits has a place there, every agent it calls taken has a call."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from acd.views import Holding
from ctiserver.call.events import CallRecovered
from ctiserver.call.states import Call
from ctiserver.live.contacts import call_of_contact
from ctiserver.live.differences import Difference
from ctiserver.live.dispatcher import Dispatcher
from ctiserver.live.registry import CallRegistry


def routing_differences(registry: CallRegistry, dispatcher: Dispatcher, node: str) -> Iterator[Difference]:
    """Calls are the truth: whatever the engine lacks is told again, whatever it has beyond is taken from it."""
    holdings = {holding.contact_id: holding for holding in dispatcher.router.holdings()}
    agents = {agent.id for agent in dispatcher.directory.agents}
    for session in registry:
        call = session.call
        if call is None or call.phase == "ended":
            continue
        for contact_id, agent_id in engaged(call):
            known = holdings.get(contact_id)
            if agent_id in agents and (known is None or agent_id not in _agents_of(known)):
                told = functools.partial(session.post, CallRecovered())
                yield Difference("agent_not_taken", f"{contact_id} with {agent_id}", told)
        if call.phase == "waiting" and call.queue is not None and call.id not in holdings:
            yield Difference("place_lost", call.id, functools.partial(session.post, CallRecovered()))
    yield from _kept(registry, dispatcher, node, holdings)


def _kept(
    registry: CallRegistry, dispatcher: Dispatcher, node: str, holdings: Mapping[str, Holding]
) -> Iterator[Difference]:
    """Contacts of calls that are over, or that have gone on to something else."""
    for contact_id, holding in holdings.items():
        if holding.is_callback or not contact_id.startswith(f"{node}-"):
            continue
        session = registry.find(call_of_contact(contact_id))
        call = session.call if session is not None else None
        if call is None or call.phase == "ended" or not _is_needed(call, holding):
            yield Difference("contact_kept", contact_id, functools.partial(dispatcher.let_go, contact_id))


def _is_needed(call: Call, holding: Holding) -> bool:
    if call.transfer is not None or call.dialling is not None or call.consult is not None:
        return True  # somebody is sought or asked under one of several names
    if holding.contact_id != call.id:
        return call.party(holding.contact_id) is not None or holding.contact_id in _contacts(call)
    if holding.phase == "connected":
        return any(agent_id in _agents_of(holding) for _, agent_id in engaged(call))
    return call.queue is not None


def _contacts(call: Call) -> tuple[str, ...]:
    return tuple(contact_id for contact_id, _ in engaged(call))


def engaged(call: Call) -> Iterator[tuple[str, int]]:
    """(contact, agent) of all who are rung or talk, by the name that the engine knows."""
    for talk in (call.talk, call.returning):
        if talk is not None:
            yield talk.contact_id or call.id, talk.agent_id
    if call.phase in ("ringing", "connecting"):
        for offer in call.offers:
            yield call.id, offer.agent_id
    for party in call.parties:
        if party.agent_id is not None and party.state != "queued":
            yield party.id, party.agent_id


def _agents_of(holding: Holding) -> frozenset[int]:
    return frozenset(int(agent_id) for agent_id in holding.agents)
