"""What the decision log keeps of the engine's reasons: figures by name, never a sentence."""

from __future__ import annotations

from acd.decisions import Offer

Params = dict[str, str | int | float | bool]


def offer_params(offer: Offer) -> Params:
    """Why this agent: the rule and what it went by. Seconds; `step` 0 is unrelaxed."""
    why = offer.why
    return {
        "queue_id": offer.queue_id,
        "strategy": why.strategy,
        "step": why.step,
        "waited_s": round(why.waited_s, 1),
        "score_s": round(why.score_s, 1),
        "idle_s": round(why.idle_s, 1),
        "level": why.proficiency,
        "last_agent": why.last_agent,
    }
