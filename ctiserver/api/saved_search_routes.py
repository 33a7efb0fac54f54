"""Saved searches for records of calls: one's own, and those that the team shares.

A search says what to look for, never what may be seen: whoever opens a shared one gets the own calls.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import StringConstraints

from ctiserver.api.audit import note
from ctiserver.api.identity import EVERY_ROLE
from ctiserver.api.problems import ApiError, forbidden, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import NO_CONTROL_CHARACTERS, Body, CallSearch
from ctiserver.errors import DatabaseAwayError
from ctiserver.store.rows import SavedSearch
from ctiserver.store.saved_searches import SavedSearches

MOST = 100


class SavedSearchBody(Body):
    """`span` is counted from the day on which the search is opened and takes the place of from and to."""

    name: Annotated[
        str,
        StringConstraints(min_length=1, max_length=60, strip_whitespace=True, pattern=NO_CONTROL_CHARACTERS),
    ]
    criteria: CallSearch
    span: Literal["", "today", "yesterday", "week", "month"] = ""
    shared: bool = False


async def list_searches(ask: Ask) -> list[SavedSearch]:
    """The own ones first. Agents are not shown which number others look for."""
    who = ask.who
    everywhere = who.viewer.staff and who.scope is None
    found = await _searches(ask).visible(who.user_id, who.team, everywhere=everywhere)
    hidden = ("number", "customer") if not who.viewer.staff else ()
    return [one for one in found if one.owner_id == who.user_id or not any(one.criteria.get(key) for key in hidden)]


async def add_search(ask: Ask, body: SavedSearchBody) -> SavedSearch:
    """Keeps a search; shared ones are seen by the owner's team, or by everybody where the owner has none."""
    if not ask.who.user_id:
        raise forbidden("searches are kept for people")
    if await _searches(ask).count(ask.who.user_id) >= MOST:
        raise ApiError(409, "too_many_searches", "remove one first", params={"most": MOST})
    made = await _searches(ask).add(ask.who.user_id, _values(ask, body))
    if made is None:
        raise _taken()
    await note(ask, "search.save", f"search:{made.id}", {"name": made.name, "shared": made.shared})
    return made


async def change_search(ask: Ask, search_id: int, body: SavedSearchBody) -> SavedSearch:
    """Only its owner may."""
    await _own(ask, search_id)
    made = await _searches(ask).change(search_id, _values(ask, body))
    if made is None:
        raise _taken()
    await note(ask, "search.change", f"search:{made.id}", {"name": made.name, "shared": made.shared})
    return made


async def remove_search(ask: Ask, search_id: int) -> None:
    """Its owner may, and ops and admins one that is shared."""
    former = await _own(ask, search_id, or_shared=ask.who.role in ("ops", "admin"))
    if not await _searches(ask).remove(search_id):
        raise not_found("search")
    await note(ask, "search.remove", f"search:{search_id}", {"name": former.name})


def _searches(ask: Ask) -> SavedSearches:
    if ask.context.saved_searches is None:
        raise DatabaseAwayError("this daemon runs without saved searches")
    return ask.context.saved_searches


async def _own(ask: Ask, search_id: int, *, or_shared: bool = False) -> SavedSearch:
    found = await _searches(ask).find(search_id)
    if found is None:
        raise not_found("search")
    if found.owner_id != ask.who.user_id and not (or_shared and found.shared):
        raise forbidden("only its owner may change a search")
    return found


def _values(ask: Ask, body: SavedSearchBody) -> dict[str, object]:
    criteria = body.criteria.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    dropped = {"page", "page_size", "from", "to"} if body.span else {"page", "page_size"}
    kept = {name: value for name, value in criteria.items() if name not in dropped}
    return {
        "name": body.name,
        "criteria": json.dumps(kept, ensure_ascii=False),
        "span": body.span,
        "shared": body.shared,
        "team": ask.who.team if body.shared else None,
    }


def _taken() -> ApiError:
    return ApiError(409, "taken", "you have another search of that name", params={"field": "name"})


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/saved-searches", list_searches, EVERY_ROLE),
    route("POST", "/api/saved-searches", add_search, EVERY_ROLE, 201),
    route("PUT", "/api/saved-searches/{search_id}", change_search, EVERY_ROLE),
    route("DELETE", "/api/saved-searches/{search_id}", remove_search, EVERY_ROLE, 204),
)
