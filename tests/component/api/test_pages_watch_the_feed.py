"""Story: a page opens the websocket, gets a snapshot, then news; it may lose the line, be slow, or sign out."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from ctiserver.api import websocket
from ctiserver.live.audience import EVERYONE, STAFF, only, staff_and
from tests.component.api.conftest import Page, SignIn, Stage
from tests.component.api.example_views import agent_view, call_view, screen_pop


async def watch(page: Page, query: str = "", **headers: str) -> ClientWebSocketResponse:
    sent = {"Origin": page.stage.url("").rstrip("/"), **headers}
    return await page.http.ws_connect(page.stage.url(f"/ws/events{query}"), headers=sent)


async def read(socket: ClientWebSocketResponse) -> dict[str, Any]:
    async with asyncio.timeout(5):
        return json.loads(await socket.receive_str())


async def test_a_supervisor_sees_everything_and_then_what_happens(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    socket = await watch(page)
    first = await read(socket)
    assert first["type"] == "snapshot"
    assert first["epoch"] == stage.feed.epoch
    assert [call["id"] for call in first["data"]["calls"]] == ["c1", "c2"]
    assert first["data"]["pop"] is None
    stage.feed.publish("agent", agent_view(2, presence="break"), staff_and(2))
    stage.feed.publish("pop", screen_pop(1), only(1))
    stage.feed.publish("call_removed", {"id": "c2"}, STAFF)
    second, third = await read(socket), await read(socket)
    assert (second["type"], second["data"]["presence"]) == ("agent", "break")
    assert (third["type"], third["data"]) == ("call_removed", {"id": "c2"})  # the pop was not for this page
    assert [first["seq"] + 1, first["seq"] + 2] == [second["seq"], third["seq"]]


async def test_an_agent_sees_the_own_place_only(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    socket = await watch(page)
    first = (await read(socket))["data"]
    assert [agent["id"] for agent in first["agents"]] == [1]
    assert [call["id"] for call in first["calls"]] == ["c1"]
    assert first["pop"]["agent_id"] == 1
    stage.feed.publish("agent", agent_view(2), staff_and(2))
    stage.feed.publish("call", call_view("c2"), staff_and(None))
    stage.feed.publish("pop", screen_pop(1), only(1))
    assert (await read(socket))["type"] == "pop"


async def test_the_others_agents_page_gets_no_pop(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1002")
    socket = await watch(page)
    assert (await read(socket))["data"]["pop"] is None
    stage.feed.publish("pop", screen_pop(1), only(1))
    stage.feed.publish("directory", {}, EVERYONE)
    assert (await read(socket))["type"] == "directory"


async def test_a_page_that_lost_the_line_gets_what_it_missed(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    socket = await watch(page)
    first = await read(socket)
    await socket.close()
    for presence in ("break", "ready"):
        stage.feed.publish("agent", agent_view(2, presence=presence), staff_and(2))
    again = await watch(page, f"?epoch={first['epoch']}&after={first['seq']}")
    missed = [await read(again), await read(again)]
    assert [message["data"]["presence"] for message in missed] == ["break", "ready"]
    assert [message["seq"] for message in missed] == [first["seq"] + 1, first["seq"] + 2]


async def test_a_page_of_another_epoch_starts_afresh(sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    socket = await watch(page, "?epoch=0123456789abcdef&after=7")
    assert (await read(socket))["type"] == "snapshot"


async def test_a_page_that_missed_too_much_starts_afresh(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    socket = await watch(page)
    first = await read(socket)
    await socket.close()
    for _ in range(600):
        stage.feed.publish("agent", agent_view(2), staff_and(2))
    again = await watch(page, f"?epoch={first['epoch']}&after={first['seq']}")
    fresh = await read(again)
    assert (fresh["type"], fresh["seq"]) == ("snapshot", first["seq"] + 600)


async def test_a_slow_page_gets_a_fresh_snapshot_and_slows_nobody(stage: Stage, sign_in: SignIn) -> None:
    slow, quick = await watch(await sign_in("supervisor")), await watch(await sign_in("supervisor"))
    await read(slow)
    start = (await read(quick))["seq"]
    name = "x" * 2000
    published = 6000
    for number in range(published):  # 12 MB: more than the slow page's line holds
        stage.feed.publish("agent", agent_view(2, name=name), staff_and(2))
        if number % 100 == 99:
            for _ in range(100):
                await read(quick)
    last = 0
    while (message := await read(slow))["type"] != "snapshot":
        last = message["seq"]
    assert start < last < message["seq"] <= start + published
    while message["seq"] < start + published:  # from there on without gaps
        following = await read(slow)
        assert following["seq"] == message["seq"] + 1 or following["type"] == "snapshot"
        message = following


async def test_foreign_pages_are_refused(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
        with pytest.raises(WSServerHandshakeError) as refused:
            await watch(page, **headers)
        assert refused.value.status == 403
    with pytest.raises(WSServerHandshakeError) as refused:
        await page.http.ws_connect(stage.url("/ws/events"))  # no Origin at all
    assert refused.value.status == 403


async def test_nobody_watches_without_a_session(stage: Stage, visitor: ClientSession) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await visitor.ws_connect(stage.url("/ws/events"), headers={"Origin": stage.url("").rstrip("/")})
    assert refused.value.status == 401


async def test_signing_out_closes_the_pages_of_the_session(sign_in: SignIn) -> None:
    page, other = await sign_in("1001"), await sign_in("1001")
    socket, untouched = await watch(page), await watch(other)
    await read(socket)
    await page.delete("/api/session")
    async with asyncio.timeout(5):
        message = await socket.receive()
    assert (message.type, message.data) == (WSMsgType.CLOSE, 4401)
    assert (await read(untouched))["type"] == "snapshot"


async def test_a_ping_repeats_the_last_number_and_a_revoked_session_ends(
    stage: Stage, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "PING_S", 0.02)
    page = await sign_in("supervisor")
    socket = await watch(page)
    first, ping = await read(socket), await read(socket)
    assert (ping["type"], ping["seq"], ping["data"]) == ("ping", first["seq"], {})
    stage.store.sessions.clear()
    stage.clock.time += 60
    async with asyncio.timeout(5):
        while (message := await socket.receive()).type == WSMsgType.TEXT:
            pass
    assert (message.type, message.data) == (WSMsgType.CLOSE, 4401)


async def test_a_session_has_a_bounded_number_of_pages(sign_in: SignIn) -> None:
    page = await sign_in("1001")
    sockets = [await watch(page) for _ in range(12)]
    with pytest.raises(WSServerHandshakeError) as refused:
        await watch(page)
    assert refused.value.status == 429
    await sockets[0].close()


async def test_a_page_that_talks_too_much_is_cut_off(sign_in: SignIn) -> None:
    page = await sign_in("1001")
    socket = await watch(page)
    await read(socket)
    await socket.send_str("ignored")
    await socket.send_str("x" * 10_000)
    async with asyncio.timeout(5):
        message = await socket.receive()
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1009)
