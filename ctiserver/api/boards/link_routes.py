"""Links to wallboards for screens that nobody signs in to: made and revoked by those who run the centre."""

from __future__ import annotations

from ctiserver.api.audit import require
from ctiserver.api.boards.board_routes import boards_of
from ctiserver.api.boards.bodies import LinkBody, MadeLink
from ctiserver.api.boards.screens import key_of
from ctiserver.api.identity import OPS_UP
from ctiserver.api.problems import invalid, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.store.boards import BoardLink


async def list_links(ask: Ask) -> list[BoardLink]:
    """All links, newest first, revoked ones too; without their tokens, which nobody knows any more."""
    return await boards_of(ask).store.links()


async def add_link(ask: Ask, body: LinkBody) -> MadeLink:
    """Makes a link. Its token is told in this answer and never again."""
    known = {board.id for board in boards_of(ask).watch.boards}
    if unknown := [at for at, one in enumerate(body.boards) if one not in known]:
        raise invalid(*((["body", "boards", at], "there is no such board") for at in unknown))
    if body.expires_at is not None and body.expires_at <= ask.context.clock.now():
        raise invalid((["body", "expires_at"], "must be later than now"))
    link, token = await boards_of(ask).store.add_link(
        name=body.name.strip(),
        boards=tuple(dict.fromkeys(body.boards)),
        tiles=body.tiles,
        language=body.language,
        theme=body.theme,
        by=ask.who.name,
        expires_at=body.expires_at,
    )
    detail = {"name": link.name, "boards": list(link.boards), "tiles": link.tiles, "expires_at": link.expires_at}
    await require(ask, "board_link.add", f"board_link:{link.id}", detail)
    return MadeLink(id=link.id, name=link.name, token=token)


async def revoke_link(ask: Ask, link_id: int) -> None:
    """Its screens go dark at once; those on another node within a quarter of a minute."""
    if not await boards_of(ask).store.revoke_link(link_id):
        raise not_found("link")
    await require(ask, "board_link.revoke", f"board_link:{link_id}", {})
    ask.context.screens.forget(link_id)
    await ask.context.sockets.close_session(key_of(link_id))


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/board-links", list_links, OPS_UP),
    route("POST", "/api/board-links", add_link, OPS_UP, 201),
    route("DELETE", "/api/board-links/{link_id}", revoke_link, OPS_UP, 204),
)
