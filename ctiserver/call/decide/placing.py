"""Who hears whom: where each channel of a conversation belongs, and the commands that bring it there.

    talking       caller + agent + conference          in the call's bridge
      held        agent (+ conference)                 in the bridge, the caller with music
      consult     agent + consulted in a bridge of their own; the caller with music, or with the conference
        by phone  the phone's second channel + consulted in it; the first channel waits for the held caller
    transferring  caller with music (or with the conference) until somebody answers
    forwarded     caller + who is outside              in the call's bridge

Nobody is left alone in silence: whoever would be the only one in a bridge hears music instead.
`Call.places` holds what was commanded last, so that only differences are sent.
"""

from __future__ import annotations

from ctiserver.call.commands import HoldWithMusic, JoinBridge
from ctiserver.call.decide.turn import Turn
from ctiserver.call.states import Call, HeldBy, Phase

MUSIC = "music"
HOLDS_OF_AGENT: frozenset[HeldBy] = frozenset({"agent", "agent_phone"})
PLACED: tuple[Phase, ...] = ("talking", "transferring", "forwarded")


def placement(call: Call) -> dict[str, str]:
    """Channel → bridge id or MUSIC, for all on the line; empty in phases where the queue or the flow decides."""
    if call.phase not in PLACED:
        return {}
    together, aside, alone = _groups(call)
    waits_for_held = call.talk is not None and together == [call.talk.offer_id] and not call.caller_gone
    if len(together) == 1 and not waits_for_held:
        alone, together = [*alone, *together], []
    return {
        **dict.fromkeys(together, call.bridge_id),
        **dict.fromkeys(aside, call.consult.bridge_id if call.consult else ""),
        **dict.fromkeys(alone, MUSIC),
    }


def _groups(call: Call) -> tuple[list[str], list[str], list[str]]:
    """Who is in the conversation, who speaks aside, who waits."""
    together: list[str] = []
    aside: list[str] = []
    alone: list[str] = []
    asks_aside = call.consult is not None and call.consult.active == "consulted"
    if not call.caller_gone:
        held = call.talk is not None and not HOLDS_OF_AGENT.isdisjoint(call.talk.holds)
        (alone if held else together).append(call.channel_id)
    for party in call.parties:
        if not party.joined:
            continue
        if party.role != "consulted":
            together.append(party.leg)
        else:
            (aside if asks_aside else alone).append(party.leg)
    via = call.consult.via if call.consult is not None else ""
    if asks_aside and via:
        aside.append(via)
    if call.talk is not None:
        (aside if asks_aside and not via else together).append(call.talk.offer_id)
    return together, aside, alone


def arrange(turn: Turn, *, afresh: bool = False) -> None:
    """Moves whoever is not where they belong; `afresh`: everybody, since a restart may have lost a command."""
    wanted = placement(turn.call)
    known = {} if afresh else turn.call.places
    for channel_id, place in wanted.items():
        if known.get(channel_id) == place:
            continue
        if place == MUSIC:
            turn.do(HoldWithMusic(channel_id=channel_id, music=hold_music(turn)))
        else:
            turn.do(JoinBridge(bridge_id=place, channel_id=channel_id))
    turn.change(places=wanted)


def are_placed(turn: Turn) -> None:
    """They have just been joined by another command."""
    turn.change(places=placement(turn.call))


def hold_music(turn: Turn) -> str:
    queue_id = turn.call.talk.queue_id if turn.call.talk else ""
    queue = turn.rules.queues.get(queue_id)
    return queue.music if queue is not None else "default"
