"""Emergency announcements: switched on and off by whoever is responsible at that hour; the next caller hears it."""

from __future__ import annotations

import msgspec

from ctiserver.api.audit import require
from ctiserver.api.hotline.bodies import AnnouncementBody
from ctiserver.api.hotline.today import centre_today
from ctiserver.api.identity import SUPERVISOR_UP
from ctiserver.api.problems import ApiError, invalid, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.ivr.emergency import Announcement


async def list_announcements(ask: Ask) -> list[Announcement]:
    """All announcements, also those that are switched off or over; without those of bulletins (/api/bulletins)."""
    everything = (await ask.context.hotline.read(centre_today(ask))).announcements
    return [one for one in everything if one.id > 0]


async def add_announcement(ask: Ask, body: AnnouncementBody) -> Announcement:
    """Makes an announcement; heard by the next caller if it is enabled and its time has come."""
    made = await ask.context.hotline.add_announcement(_made(body, 0))
    await _changed(ask, "announcement.add", made)
    return made


async def change_announcement(ask: Ask, announcement_id: int, body: AnnouncementBody) -> Announcement:
    """Replaces it whole; to switch it on or off send it with another `enabled`."""
    wanted = _made(body, announcement_id)
    made = await ask.context.hotline.change_announcement(wanted)
    if made is None:
        known = {one.id for one in (await ask.context.hotline.read(centre_today(ask))).announcements}
        if announcement_id not in known:
            raise not_found("announcement")
        raise ApiError(409, "version_conflict", "somebody has changed it meanwhile: read it again")
    await _changed(ask, "announcement.change", made)
    return made


async def delete_announcement(ask: Ask, announcement_id: int) -> None:
    """Removes it for good."""
    if not await ask.context.hotline.delete_announcement(announcement_id):
        raise not_found("announcement")
    await require(ask, "announcement.delete", f"announcement:{announcement_id}", {})
    await ask.context.hotline_changed()


async def _changed(ask: Ask, action: str, made: Announcement) -> None:
    detail = msgspec.to_builtins(made)
    await require(ask, action, f"announcement:{made.id}", detail)
    await ask.context.hotline_changed()


def _made(body: AnnouncementBody, announcement_id: int) -> Announcement:
    if bool(body.texts) == bool(body.prompt):
        raise invalid((["body", "texts"], "either texts or a prompt, not both and not neither"))
    if body.active_from is not None and body.active_until is not None and body.active_until <= body.active_from:
        raise invalid((["body", "active_until"], "it must end after it begins"))
    if any(not text.strip() for text in body.texts.values()):
        raise invalid((["body", "texts"], "a text must say something"))
    return Announcement(
        id=announcement_id,
        title=body.title.strip(),
        texts={str(language): text for language, text in body.texts.items()},
        prompt=body.prompt,
        dialled=tuple(dict.fromkeys(body.dialled)),
        areas=tuple(dict.fromkeys(area.strip() for area in body.areas)),
        active_from=body.active_from,
        active_until=body.active_until,
        enabled=body.enabled,
        hang_up=body.hang_up,
        version=body.version,
    )


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/announcements", list_announcements, SUPERVISOR_UP),
    route("POST", "/api/announcements", add_announcement, SUPERVISOR_UP, 201),
    route("PUT", "/api/announcements/{announcement_id}", change_announcement, SUPERVISOR_UP),
    route("DELETE", "/api/announcements/{announcement_id}", delete_announcement, SUPERVISOR_UP, 204),
)
