"""The engine's decisions in the words of the journal and of the calls."""

from __future__ import annotations

from acd import decisions as decided
from acd.decisions import Why
from ctiserver.call.events import OfferMade, RoutingDecided
from ctiserver.directory import Agent
from ctiserver.live.decision_log import Params
from ctiserver.routing.check import OWN_FLOWS


def routing_decided(
    agent_id: int, decision: str, call_id: str = "", offer_id: str = "", why: str = "", params: Params | None = None
) -> RoutingDecided:
    return RoutingDecided(
        agent_id=agent_id, decision=decision, call_id=call_id, offer_id=offer_id, why=why, params=params or {}
    )


def offer_made(offer: decided.Offer, agent: Agent, ring_timeout_s: float) -> OfferMade:
    return OfferMade(
        offer_id=offer.offer_id,
        agent_id=agent.id,
        agent_number=agent.number,
        agent_name=agent.name,
        endpoint=f"PJSIP/{agent.extension}",
        ring_timeout_s=ring_timeout_s,
        auto_answer=agent.auto_answer,
        why=reason_of(offer.why),
    )


def flow_after(overflow: decided.ContactOverflowed) -> str:
    """The flow that the queue's rule leads into: the one it names, or the one called like the action."""
    if overflow.action == "flow":
        return overflow.target or ""
    return overflow.target or overflow.action if overflow.action in OWN_FLOWS else ""


def reason_of(why: Why) -> str:
    """Why this agent, in words and figures that pages translate."""
    last = " last_agent" if why.last_agent else ""
    return (
        f"{why.strategy} step={why.step} waited={why.waited_s:.1f} score={why.score_s:.1f}"
        f" idle={why.idle_s:.1f} level={why.proficiency}{last}"
    )
