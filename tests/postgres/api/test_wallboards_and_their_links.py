"""Story: operations set up wallboards, hang one on a wall by a link, and take the link back."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar
from sqlalchemy import text

from ctiserver.api.context import CONTEXT
from ctiserver.channels.notice_words import words_of
from ctiserver.kpi.boards import DEFAULT_BOARD
from ctiserver.live.audience import (
    EVERY_SCREEN,
    EVERYONE,
    STAFF,
    Viewer,
    agent_seen,
    only,
    queue_seen,
    visible_snapshot,
)
from ctiserver.live.board_watch import BoardWatch
from ctiserver.live.feed import Feed
from ctiserver.store.boards import Boards
from ctiserver.store.desk.notices import Notices, OutgoingNotice
from tests.component.api.example_views import agent_view, queue_view
from tests.postgres.api.boards import Figures, hang_boards
from tests.postgres.api.conftest import Office

FLOOR: dict[str, Any] = {
    "name": {"zh-CN": "报修大屏", "en": "Repairs"},
    "queues": ["repairs"],
    "roles": ["supervisor"],
    "figures": [{"figure": "waiting", "target": 2, "limit": 5, "alert": True}, {"figure": "service_level"}],
    "panels": ["queues", "agents"],
}


class Hall:
    """An office with wallboards."""

    def __init__(self, office: Office, figures: Figures, watch: BoardWatch, feed: Feed) -> None:
        self.office, self.figures, self.watch, self.feed = office, figures, watch, feed

    async def send(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        headers = {"X-CSRF-Token": self.office.csrf}
        async with self.office.http.request(method, self.office.url(path), json=body, headers=headers) as answer:
            told = await answer.read()
            return answer.status, json.loads(told) if told else None


@pytest.fixture
async def hall(office: Office) -> Hall:
    async with office.database.writing() as connection:
        await connection.execute(text("TRUNCATE wallboard, wallboard_link, wallboard_alert, notice CASCADE"))
    figures, watch = hang_boards(office)
    await office.sign_in("ops")
    return Hall(office, figures, watch, office.server.app[CONTEXT].feed)


async def screen(hall: Hall, token: str) -> ClientSession:
    """A browser on the wall that has opened the link."""
    browser = ClientSession(cookie_jar=CookieJar(unsafe=True))
    answer = await browser.post(hall.office.url("/api/board"), json={"token": token})
    assert answer.status == 200, await answer.text()
    return browser


async def test_boards_are_made_changed_and_removed(hall: Hall) -> None:
    status, told = await hall.send("GET", "/api/boards")
    assert (status, [board["id"] for board in told["boards"]]) == (200, [DEFAULT_BOARD.id])
    status, made = await hall.send("PUT", "/api/boards/repairs", FLOOR)
    assert (status, made["version"], made["figures"][0]["limit"]) == (200, 1, 5)
    status, _ = await hall.send("PUT", "/api/boards/repairs", {**FLOOR, "panels": ["queues"], "version": 1})
    assert status == 200
    status, told = await hall.send("PUT", "/api/boards/repairs", {**FLOOR, "version": 1})
    assert (status, told["error_id"]) == (409, "version_conflict")
    await hall.send("PUT", "/api/boards/whole", {"name": {"en": "All"}, "figures": [{"figure": "offered"}]})
    _, told = await hall.send("GET", "/api/boards")
    assert ([board["id"] for board in told["boards"]], told["mine"]) == (["repairs", "whole"], "repairs")
    status, state = await hall.send("GET", "/api/boards/repairs")
    assert (status, state["view"]["standings"], state["view"]["targets"]) == (
        200, {"waiting": "ok", "service_level": "none"}, {"waiting": 2.0, "service_level": 0.8},
    )  # fmt: skip
    assert [queue["id"] for queue in state["queues"]] == ["repairs"]
    assert (await hall.send("DELETE", "/api/boards/repairs"))[0] == 204
    assert (await hall.send("DELETE", "/api/boards/repairs"))[0] == 404
    assert (await hall.send("GET", "/api/boards/repairs"))[0] == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"queues": ["nowhere"]}, "queues.0"),
        ({"teams": ["nobody"]}, "teams.0"),
        ({"figures": [{"figure": "luck"}]}, "figures.0.figure"),
        ({"figures": [{"figure": "waiting"}, {"figure": "waiting"}]}, "figures.1.figure"),
        ({"figures": [{"figure": "waiting", "target": 5, "limit": 2}]}, "figures.0.limit"),
        ({"figures": [{"figure": "answer_rate", "target": 95}]}, "figures.0.target"),
        ({"figures": [{"figure": "asa", "alert": True}]}, "figures.0.target"),
        ({"figures": [{"figure": "offered", "target": 1, "alert": True}]}, "figures.0.alert"),
        ({"figures": []}, "figures"),
        ({"name": {}}, "name"),
        ({"panels": ["clock"]}, "panels.0"),
        ({"mail": ["boss@example.com", "boss"]}, "mail.1"),
        ({"sms": ["110", "x"]}, "sms.1"),
    ],
)
async def test_what_can_not_be_is_refused_by_field(hall: Hall, changes: dict[str, Any], field: str) -> None:
    status, told = await hall.send("PUT", "/api/boards/repairs", {**FLOOR, **changes})
    assert (status, told["error_id"]) == (422, "invalid")
    assert field in [".".join(map(str, one["loc"][1:])) for one in told["params"]["errors"]]


async def test_a_screen_sees_figures_and_nobody_who_calls(hall: Hall) -> None:
    await hall.send("PUT", "/api/boards/repairs", FLOOR)
    await hall.send("PUT", "/api/boards/whole", {"name": {"en": "All"}, "figures": [{"figure": "offered"}]})
    status, made = await hall.send("POST", "/api/board-links", {"name": "大厅", "boards": ["repairs"]})
    assert status == 201
    wall = await screen(hall, made["token"])
    try:
        shown = await (await wall.get(hall.office.url("/api/board"))).json()
        assert ([board["id"] for board in shown["boards"]], shown["tiles"]) == (["repairs"], False)
        state = await (await wall.get(hall.office.url("/api/board/boards/repairs"))).json()
        assert state["agents"] == []
        assert (await wall.get(hall.office.url("/api/board/boards/whole"))).status == 404
        assert (await wall.get(hall.office.url("/api/board/bulletins"))).status == 200
        for path in ("/api/calls", "/api/agents", "/api/session", "/api/boards", "/ws/events", "/api/wallboard"):
            assert (await wall.get(hall.office.url(path))).status == 401, path
        async with wall.ws_connect(hall.office.url("/ws/board"), headers={"Origin": hall.office.url("")}) as feed:
            snapshot = (await feed.receive_json())["data"]
            assert (snapshot["calls"], snapshot["agents"], snapshot["broadcasts"]) == ([], [], [])
            hall.feed.publish("call_removed", {"id": "secret"}, STAFF)
            hall.feed.publish("desk", {"topic": "work_order", "id": 1}, EVERYONE)
            hall.feed.publish("pop", {"call_id": "secret"}, only(1))
            hall.figures.waiting = 9
            hall.watch.tell()
            alert, board = [await feed.receive_json(), await feed.receive_json()]
            assert (alert["type"], alert["data"]["figure"]) == ("alert", "waiting")
            assert (board["type"], board["data"]["figures"]["waiting"]) == ("board", 9)
            revoking = asyncio.create_task(hall.send("DELETE", f"/api/board-links/{made['id']}"))
            while not feed.closed:  # what was told meanwhile, then the end
                await feed.receive()
            assert (await revoking)[0] == 204
            assert feed.close_code == 4401
        assert (await wall.get(hall.office.url("/api/board"))).status == 401
    finally:
        await wall.close()
    _, links = await hall.send("GET", "/api/board-links")
    assert [(link["name"], link["revoked_at"] is None, "token" in link) for link in links] == [("大厅", False, False)]


async def test_a_link_that_names_boards_is_told_only_those(hall: Hall) -> None:
    """As they change, and as they are: another board's figures and alerts are nothing for this screen."""
    await hall.send("PUT", "/api/boards/repairs", FLOOR)
    await hall.send("PUT", "/api/boards/boss", {**FLOOR, "name": {"en": "The boss's"}, "queues": []})
    _, named = await hall.send("POST", "/api/board-links", {"name": "大厅", "boards": ["repairs"]})
    _, whole = await hall.send("POST", "/api/board-links", {"name": "机房"})
    wall, room = await screen(hall, named["token"]), await screen(hall, whole["token"])
    address, headers = hall.office.url("/ws/board"), {"Origin": hall.office.url("")}
    try:
        async with wall.ws_connect(address, headers=headers) as one, room.ws_connect(address, headers=headers) as all_:
            for feed in (one, all_):
                assert (await feed.receive_json())["type"] == "snapshot"
            hall.figures.waiting = 9
            hall.watch.tell()
            hall.feed.publish("boards", {}, EVERY_SCREEN)
            assert [await _told(one) for _ in range(3)] == [("alert", "repairs"), ("board", "repairs"), ("boards", "")]
            assert {await _told(all_) for _ in range(5)} == {
                (kind, board) for kind in ("alert", "board") for board in ("boss", "repairs")
            } | {("boards", "")}
        assert [alert.board for alert in hall.watch.alerts()] == ["boss", "repairs"]
        snapshot = hall.office.server.app[CONTEXT].centre.snapshot(None)
        snapshot = msgspec.structs.replace(snapshot, boards=hall.watch.views(), alerts=hall.watch.alerts())
        seen = visible_snapshot(snapshot, Viewer(staff=False, board=True, of_boards=frozenset({"repairs"})))
        assert ([view.id for view in seen.boards], [alert.board for alert in seen.alerts]) == (["repairs"], ["repairs"])
        assert len(visible_snapshot(snapshot, Viewer(staff=False, board=True)).boards) == 2
        await hall.send("DELETE", "/api/boards/repairs")
        shown = await (await wall.get(hall.office.url("/api/board"))).json()
        assert shown["boards"] == []  # not the others instead
        assert (await wall.get(hall.office.url("/api/board/boards/boss"))).status == 404
    finally:
        await wall.close()
        await room.close()


async def test_a_link_that_names_boards_is_told_of_their_queues_and_agents_alone(hall: Hall) -> None:
    """Whoever has the link could read all that it is sent, whatever the page shows of it."""
    repairs, bills = (
        msgspec.structs.replace(queue_view(), id="repairs"),
        msgspec.structs.replace(queue_view(), id="bills"),
    )
    centre = hall.office.server.app[CONTEXT].centre
    object.__setattr__(centre, "queues", lambda: [bills, repairs])
    object.__setattr__(centre, "agents", lambda: [agent_view(1), agent_view(2)])
    await hall.send("PUT", "/api/boards/repairs", FLOOR)
    hall.figures.members = {"repairs": frozenset({1})}
    hall.watch.tell()
    _, made = await hall.send("POST", "/api/board-links", {"name": "大厅", "boards": ["repairs"], "tiles": True})
    headers = {"Authorization": f"Bearer {made['token']}"}
    async with (
        ClientSession(headers=headers) as wall,
        wall.ws_connect(hall.office.url("/ws/board")) as feed,
    ):
        assert _named((await feed.receive_json())["data"]) == (["repairs"], [1])
        polled = await (await wall.get(hall.office.url("/api/board/boards/repairs"))).json()
        assert _named(polled) == (["repairs"], [1])
        for queue in (bills, repairs):
            hall.feed.publish("queue", queue, queue_seen(queue.id))
        for agent in (2, 1):
            hall.feed.publish("agent", agent_view(agent), agent_seen(agent))
        hall.feed.publish("boards", {}, EVERY_SCREEN)
        assert [await _told(feed) for _ in range(3)] == [("queue", "repairs"), ("agent", 1), ("boards", "")]
        hall.figures.members = {"repairs": frozenset({2})}  # somebody else serves it from now on
        hall.watch.tell()
        fresh = await feed.receive_json()
        assert (fresh["type"], _named(fresh["data"])) == ("snapshot", (["repairs"], [2]))


def _named(state: dict[str, Any]) -> tuple[list[str], list[int]]:
    return [queue["id"] for queue in state["queues"]], [agent["id"] for agent in state["agents"]]


async def _told(feed: ClientWebSocketResponse) -> tuple[str, str]:
    """What a message is, and of which board."""
    message = await feed.receive_json()
    return message["type"], message["data"].get("board", message["data"].get("id", ""))


async def test_a_link_that_shows_agents_and_a_key_for_other_screens(hall: Hall) -> None:
    _, made = await hall.send("POST", "/api/board-links", {"name": "厂家大屏", "tiles": True})
    headers = {"Authorization": f"Bearer {made['token']}"}
    async with (
        ClientSession(headers=headers) as vendor,
        vendor.ws_connect(hall.office.url("/ws/board")) as feed,
    ):
        snapshot = (await feed.receive_json())["data"]
        assert snapshot["agents"]
        hall.feed.publish("agent", agent_view(2), only(2))
        hall.feed.publish("agent", agent_view(1), agent_seen(1))
        assert (await feed.receive_json())["data"]["id"] == 1


async def test_links_that_hold_no_longer(hall: Hall) -> None:
    browser = ClientSession()
    async with browser:
        for token in ("0" * 43, "x" * 43):
            refused = await browser.post(hall.office.url("/api/board"), json={"token": token})
            assert (refused.status, (await refused.json())["error_id"]) == (401, "link_over")
    status, _ = await hall.send("POST", "/api/board-links", {"name": "x", "expires_at": 1.0})
    assert status == 422
    status, _ = await hall.send("POST", "/api/board-links", {"name": "x", "boards": ["nowhere"]})
    assert status == 422
    assert (await hall.send("DELETE", "/api/board-links/99999"))[0] == 404


async def test_an_alert_is_seen_and_kept(hall: Hall) -> None:
    await hall.send("PUT", "/api/boards/repairs", FLOOR)
    hall.figures.waiting = 9
    hall.watch.tell()
    await hall.watch._write()  # pyright: ignore[reportPrivateUsage] - instead of a second of waiting
    _, (alert,) = await hall.send("GET", "/api/alerts")
    status, seen = await hall.send("POST", f"/api/alerts/{alert['id']}/acknowledge", {"note": "已加派"})
    assert (status, seen["note"], bool(seen["acknowledged_by"])) == (200, "已加派", True)
    status, told = await hall.send("POST", f"/api/alerts/{alert['id']}/acknowledge", {})
    assert status == 409
    hall.figures.waiting = 0
    hall.watch.tell()
    await hall.watch._write()  # pyright: ignore[reportPrivateUsage] - instead of a second of waiting
    assert (await hall.send("GET", "/api/alerts"))[1] == []
    _, (kept,) = await hall.send("GET", "/api/alerts/past?from=0&to=4000000000")
    assert (kept["note"], kept["cleared_at"] is not None) == ("已加派", True)
    async with hall.office.database.reading() as connection:
        told = (await connection.execute(text("SELECT kind, duty FROM notice"))).all()
        actions = (await connection.execute(text("SELECT action FROM audit_log ORDER BY id"))).scalars().all()
    assert [tuple(row) for row in told] == [("board_alert", "supervisor")]
    assert [one for one in actions if one.startswith(("board", "alert"))] == ["board.change", "alert.acknowledge"]


async def _notices(hall: Hall) -> list[tuple[str, str]]:
    async with hall.office.database.reading() as connection:
        rows = await connection.execute(
            text("SELECT channel, address FROM notice WHERE kind = 'board_alert' ORDER BY id")
        )
        return [(row.channel, row.address) for row in rows]


async def _raised(watch: BoardWatch, figures: Figures) -> None:
    figures.waiting = 9
    watch.tell()
    await watch._write()  # pyright: ignore[reportPrivateUsage] - instead of a second of waiting


ONCE = [("page", ""), ("mail", "boss@example.com"), ("mail", "night@example.com"), ("sms", "+8613800138000")]
TOLD = {**FLOOR, "mail": ["boss@example.com", "night@example.com"], "sms": ["+86 138-0013-8000"]}


async def test_an_alert_is_sent_to_each_recipient_once_also_over_a_restart(hall: Hall) -> None:
    assert (await hall.send("PUT", "/api/boards/repairs", TOLD))[0] == 200
    await _raised(hall.watch, hall.figures)
    assert await _notices(hall) == ONCE
    figures, restarted = hang_boards(hall.office)
    assert await restarted.read()  # knows the alert that is open; nobody waits as long as Asterisk has not answered
    restarted.tell()
    await _raised(restarted, figures)
    assert await _notices(hall) == ONCE
    figures, again = hang_boards(hall.office)
    again._boards = restarted.boards  # pyright: ignore[reportPrivateUsage] - known, but not what is open: Postgres was away
    await _raised(again, figures)
    assert await again.read()
    await again._write()  # pyright: ignore[reportPrivateUsage]
    assert await _notices(hall) == ONCE
    assert len(await Boards(hall.office.database).open_alerts()) == 1
    figures.waiting = 0
    again.tell()
    await again._write()  # pyright: ignore[reportPrivateUsage]
    await _raised(again, figures)  # missed anew: that is another alert
    assert await _notices(hall) == ONCE * 2


async def test_what_is_sent_says_what_is_wrong(hall: Hall) -> None:
    await hall.send("PUT", "/api/boards/repairs", TOLD)
    await _raised(hall.watch, hall.figures)
    sent: list[OutgoingNotice] = []

    async def take(notice: OutgoingNotice) -> None:
        sent.append(notice)

    notices = Notices(hall.office.database, timezone="Asia/Shanghai")
    await notices.send_waiting(take)
    await notices.send_waiting(take)
    assert [(one.channel, one.address) for one in sent] == ONCE[1:]
    assert words_of(sent[0].kind, sent[0].params, "zh-CN") == (
        "大屏告警：正在等待",
        "报修大屏：正在等待 当前 9，目标 2。",
    )


async def test_nobody_but_operations_sees_the_recipients(hall: Hall) -> None:
    await hall.send("PUT", "/api/boards/repairs", TOLD)
    _, told = await hall.send("GET", "/api/boards")
    assert told["boards"][0]["sms"] == ["+8613800138000"]
    _, state = await hall.send("GET", "/api/boards/repairs")
    _, made = await hall.send("POST", "/api/board-links", {"name": "大厅"})
    wall = await screen(hall, made["token"])
    try:
        shown = [
            json.dumps(state),
            await (await wall.get(hall.office.url("/api/board"))).text(),
            await (await wall.get(hall.office.url("/api/board/boards/repairs"))).text(),
        ]
    finally:
        await wall.close()
    await hall.office.sign_in("supervisor")
    shown.append(json.dumps((await hall.send("GET", "/api/boards"))[1]))
    assert not [one for one in shown if "example.com" in one or "138000" in one]
