"""Wallboards: how they are set up, and their figures for whoever polls; pages and screens listen to the feed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from ctiserver.api.audit import require
from ctiserver.api.boards.bodies import BoardBody, BoardCatalogue, BoardState, BulletinLine
from ctiserver.api.boards.desk import BoardDesk
from ctiserver.api.identity import EVERY_ROLE, OPS_UP
from ctiserver.api.problems import ApiError, invalid, not_found
from ctiserver.api.recipients import problems_of_mail, problems_of_numbers
from ctiserver.api.route import Ask, Route, route
from ctiserver.errors import DatabaseAwayError
from ctiserver.kpi.boards import BOARD_FIGURES, Board, FigureRule, board_for, for_everybody
from ctiserver.live.audience import Viewer, visible_agents
from ctiserver.outside_numbers import plain_number

MOST_BULLETINS = 20


def boards_of(ask: Ask) -> BoardDesk:
    if ask.context.boards is None:
        raise DatabaseAwayError("this daemon runs without wallboards")
    return ask.context.boards


async def list_boards(ask: Ask) -> BoardCatalogue:
    """All wallboards and what their figures mean. Until one is stored there is one for the whole centre."""
    boards = boards_of(ask).watch.boards
    if ask.who.role not in OPS_UP:
        boards = tuple(for_everybody(board) for board in boards)
    mine = board_for(boards, ask.who.role).id
    return BoardCatalogue(boards=boards, mine=mine, figures=tuple(BOARD_FIGURES.values()))


async def read_wallboard_state(ask: Ask, board_id: str) -> BoardState:
    """One wallboard with its figures now: the same that the feed tells as "board", "queue" and "agent"."""
    return state_of(ask, board_id, ask.who.viewer)


async def list_board_bulletins(ask: Ask) -> list[BulletinLine]:
    """Bulletins that hold now or are to come: outages, repairs, notices."""
    return await bulletins(ask)


async def put_board(ask: Ask, board_id: str, body: BoardBody) -> Board:
    """Makes a wallboard, or replaces it whole; every screen has it at once."""
    wanted = _made(ask, board_id, body)
    made = await boards_of(ask).store.put(wanted)
    if made is None:
        raise ApiError(409, "version_conflict", "somebody has changed it meanwhile: read it again")
    await require(ask, "board.change", f"board:{made.id}", msgspec.to_builtins(made))
    await boards_of(ask).watch.read()
    return made


async def delete_board(ask: Ask, board_id: str) -> None:
    """Removes it. Links that name it show the others that they name."""
    if not await boards_of(ask).store.delete(board_id):
        raise not_found("board")
    await require(ask, "board.delete", f"board:{board_id}", {})
    await boards_of(ask).watch.read()


def state_of(ask: Ask, board_id: str, viewer: Viewer) -> BoardState:
    watch, centre = boards_of(ask).watch, ask.context.centre
    board = next((one for one in watch.boards if one.id == board_id), None)
    view = next((one for one in watch.views() if one.id == board_id), None)
    if board is None or view is None:
        raise not_found("board")
    shown = ask.context.feed.shown
    agents = visible_agents(centre.agents(), viewer, shown)
    return BoardState(
        board=for_everybody(board),
        now=ask.context.clock.now(),
        view=view,
        queues=tuple(queue for queue in centre.queues() if queue.id in view.queues),
        agents=tuple(agent for agent in agents if board_id not in shown or agent.id in shown[board_id].agents),
    )


async def bulletins(ask: Ask) -> list[BulletinLine]:
    if ask.context.desk is None:
        return []
    found = await ask.context.desk.bulletins.list(ask.context.clock.now())
    return [
        BulletinLine(kind=one.kind, title=one.title, text=one.text, starts_at=one.starts_at, ends_at=one.ends_at)
        for one in found[:MOST_BULLETINS]
    ]


def _made(ask: Ask, board_id: str, body: BoardBody) -> Board:
    """Raises ApiError 422 that names the fields."""
    directory = ask.context.centre.directory
    rules = [FigureRule(**rule.model_dump()) for rule in body.figures]
    problems = [
        *_unknown("queues", body.queues, {queue.id for queue in directory.queues}),
        *_unknown("teams", body.teams, set(directory.teams)),
        *(
            (["body", "figures", at, field], problem)
            for at, rule in enumerate(rules)
            for field, problem in _problems(rule, {earlier.figure for earlier in rules[:at]})
        ),
        *(
            (["body", "mail", at], wrong)
            for at, wrong in problems_of_mail(body.mail, ask.context.settings.mail.recipients)
        ),
        *((["body", "sms", at], wrong) for at, wrong in problems_of_numbers(body.sms)),
    ]
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", board_id):
        problems.append((["path", "board_id"], "lower-case letters, digits and _, a letter first, at most 40"))
    if problems:
        raise invalid(*problems)
    return Board(
        id=board_id,
        name={str(language): name.strip() for language, name in body.name.items()},
        queues=tuple(dict.fromkeys(body.queues)),
        teams=tuple(dict.fromkeys(body.teams)),
        roles=tuple(dict.fromkeys(body.roles)),
        figures=tuple(rules),
        panels=tuple(dict.fromkeys(body.panels)),
        rotate_s=body.rotate_s,
        mail=tuple(dict.fromkeys(body.mail)),
        sms=tuple(dict.fromkeys(plain_number(number) for number in body.sms)),
        position=body.position,
        version=body.version,
    )


def _unknown(field: str, named: list[str], known: set[str]) -> list[tuple[list[str | int], str]]:
    return [(["body", field, at], "there is none of this name") for at, one in enumerate(named) if one not in known]


def _problems(rule: FigureRule, earlier: set[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a figure's rule, as (field, message)."""
    figure = BOARD_FIGURES.get(rule.figure)
    if figure is None:
        yield "figure", f"one of {', '.join(BOARD_FIGURES)}"
        return
    if rule.figure in earlier:
        yield "figure", "each figure once"
    if rule.target is not None and rule.target > 1 and figure.unit == "share":
        yield "target", "a share is 0 to 1"
    if rule.target is not None and rule.limit is not None:
        worse = rule.limit >= rule.target if figure.better == "less" else rule.limit <= rule.target
        if figure.better and not worse:
            yield "limit", "must be worse than the target, or the same"
    if rule.alert and not figure.better:
        yield "alert", "more of it is neither better nor worse"
    elif rule.alert and rule.target is None and not figure.contract:
        yield "target", "an alert needs a target"


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/boards", list_boards, EVERY_ROLE),
    route("GET", "/api/board-bulletins", list_board_bulletins, EVERY_ROLE),
    route("GET", "/api/boards/{board_id}", read_wallboard_state, EVERY_ROLE),
    route("PUT", "/api/boards/{board_id}", put_board, OPS_UP),
    route("DELETE", "/api/boards/{board_id}", delete_board, OPS_UP, 204),
)
