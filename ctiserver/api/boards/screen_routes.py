"""What a screen with a link's token may see: boards, figures, bulletins, the feed; no caller, no customer, no call.

The token comes as a bearer key, or in a cookie that POST /api/board sets for browsers.
"""

from __future__ import annotations

from aiohttp import web

from ctiserver.api.boards.board_routes import boards_of, bulletins, state_of
from ctiserver.api.boards.bodies import BoardState, BulletinLine, OpenBody, Screen
from ctiserver.api.boards.screens import COOKIE, key_of, token_of
from ctiserver.api.problems import ApiError, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import FeedPosition
from ctiserver.api.websocket import serve
from ctiserver.errors import DatabaseAwayError
from ctiserver.kpi.boards import BOARD_FIGURES, Board, for_everybody
from ctiserver.live.audience import Viewer, hangs
from ctiserver.store.boards import BoardLink

YEAR_S = 365 * 86_400


async def open_screen(ask: Ask, body: OpenBody) -> Screen:
    """A browser hands in the token of its link; from then on a cookie has it."""
    ask.context.attempts.begin("board", ask.address)
    link = await ask.context.screens.link_of(body.token, boards_of(ask).store.link_of)
    if link is None:
        raise _refused()
    ask.context.attempts.succeeded("board", ask.address)
    secure = ask.context.settings.http.base_url.startswith("https:")

    def remember(response: web.StreamResponse) -> None:
        response.set_cookie(
            COOKIE, body.token, max_age=YEAR_S, path="/", httponly=True, samesite="Strict", secure=secure
        )

    ask.finishing.append(remember)
    return _screen(ask, link)


async def read_screen(ask: Ask) -> Screen:
    """The boards of this screen and how they are set up."""
    return _screen(ask, await _link(ask))


async def read_screen_board(ask: Ask, board_id: str) -> BoardState:
    """One of its boards with the figures now, for screens that poll."""
    link = await _link(ask)
    if board_id not in {board.id for board in _boards(ask, link)}:
        raise not_found("board")
    return state_of(ask, board_id, viewer_of(link))


async def list_screen_bulletins(ask: Ask) -> list[BulletinLine]:
    """Bulletins that hold now or are to come."""
    await _link(ask)
    return await bulletins(ask)


async def watch_board(ask: Ask, query: FeedPosition) -> web.StreamResponse:
    """The feed for screens: snapshot, then board, queue, totals, alert, and agent where the link shows agents."""
    token, by_cookie = token_of(ask.http)
    link = await _link(ask)

    async def still_valid() -> bool:
        try:
            return await ask.context.screens.link_of(token, boards_of(ask).store.link_of) is not None
        except DatabaseAwayError:
            return True  # nobody can tell: the screen stays

    viewer = viewer_of(link)
    return await serve(ask, query, viewer, session=key_of(link.id), by_cookie=by_cookie, still_valid=still_valid)


def viewer_of(link: BoardLink) -> Viewer:
    named = frozenset(link.boards) if link.boards else None
    return Viewer(staff=False, board=True, tiles=link.tiles, of_boards=named)


async def _link(ask: Ask) -> BoardLink:
    link = await ask.context.screens.link_of(token_of(ask.http)[0], boards_of(ask).store.link_of)
    if link is None:
        raise _refused()
    return link


def _refused() -> ApiError:
    return ApiError(401, "link_over", "this link is not known, was revoked or is over: ask for another one")


def _boards(ask: Ask, link: BoardLink) -> tuple[Board, ...]:
    """Those named as far as they are still there; all where none is named."""
    viewer = viewer_of(link)
    return tuple(for_everybody(board) for board in boards_of(ask).watch.boards if hangs(viewer, board.id))


def _screen(ask: Ask, link: BoardLink) -> Screen:
    return Screen(
        name=link.name,
        boards=_boards(ask, link),
        figures=tuple(BOARD_FIGURES.values()),
        tiles=link.tiles,
        language=link.language,
        theme=link.theme,
        server_time=ask.context.clock.now(),
        timezone=ask.context.settings.timezone,
    )


ROUTES: tuple[Route, ...] = (
    route("POST", "/api/board", open_screen, "public"),
    route("GET", "/api/board", read_screen, "public"),
    route("GET", "/api/board/bulletins", list_screen_bulletins, "public"),
    route("GET", "/api/board/boards/{board_id}", read_screen_board, "public"),
    Route(method="GET", path="/ws/board", handler=watch_board, access="public", hidden=True),
)
