"""What these handlers share: the store, which boxes somebody is responsible for, and telling the pages."""

from __future__ import annotations

from ctiserver.api.problems import not_found
from ctiserver.api.route import Ask
from ctiserver.errors import DatabaseAwayError
from ctiserver.live.audience import EVERYONE
from ctiserver.store.callers.rows import BoxRow
from ctiserver.store.callers.store import CallersStore


def store_of(ask: Ask) -> CallersStore:
    if ask.context.callers is None:
        raise DatabaseAwayError("this daemon runs without messages")
    return ask.context.callers


def user_of(ask: Ask) -> int | None:
    """None for machines, which have no row to refer to."""
    return ask.who.user_id or None


async def boxes_of(ask: Ask) -> list[str] | None:
    """The boxes of the one who asks; None: all, for who supervises."""
    if ask.who.viewer.staff:
        return None
    boxes = await store_of(ask).voicemails.boxes()
    return [box.name for box in boxes if is_responsible(box, ask.who.agent_id, ask.who.team)]


def is_responsible(box: BoxRow, agent_id: int | None, team: str | None) -> bool:
    return agent_id in box.agents or (team is not None and team in box.teams)


async def check_box(ask: Ask, box: str, what: str) -> None:
    """A message of somebody else's box is not even said to exist."""
    mine = await boxes_of(ask)
    if mine is not None and box not in mine:
        raise not_found(what)


def tell_pages(ask: Ask, topic: str, row_id: str) -> None:
    """Pages that show it read it again; the message itself says nothing that a role might not see."""
    ask.context.feed.publish("callers", {"topic": topic, "id": row_id}, EVERYONE)
