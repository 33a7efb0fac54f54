"""Story: an agent chooses the browser as phone; its SIP goes through our own websocket, and only there."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from aiohttp import ClientSession, WSServerHandshakeError, web
from aiohttp.test_utils import TestServer

from ctiserver.directory import Agent, Directory
from ctiserver.errors import Refused
from ctiserver.live.phone_choices import PhoneChoices
from tests.component.api.conftest import SignIn, Stage


class SipServer:
    """Asterisk's /ws as far as we need it: says back what it hears."""

    def __init__(self) -> None:
        self.open = 0

    async def serve(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["Sec-WebSocket-Protocol"] == "sip"
        socket = web.WebSocketResponse(protocols=("sip",))
        await socket.prepare(request)
        self.open += 1
        async for message in socket:
            await socket.send_str(f"200 OK {message.data}")
            if message.data == "LEAVE":
                await socket.close()
        self.open -= 1
        return socket


@pytest.fixture
async def sip(stage: Stage) -> AsyncIterator[SipServer]:
    """Stands where the settings say that Asterisk is."""
    sip = SipServer()
    app = web.Application()
    app.router.add_get("/ws", sip.serve)
    server = TestServer(app)
    await server.start_server()
    asterisk = stage.settings.asterisk.model_copy(update={"url": str(server.make_url(""))})
    object.__setattr__(stage.context, "settings", stage.settings.model_copy(update={"asterisk": asterisk}))
    yield sip
    await server.close()


async def status(
    stage: Stage, http: ClientSession, *, origin: str | None = "", protocols: tuple[str, ...] = ("sip",)
) -> int:
    """How the upgrade is answered; 101: accepted. `origin` empty: our own page's."""
    own = stage.url("").rstrip("/")
    try:
        async with http.ws_connect(stage.url("/sip"), origin=own if origin == "" else origin, protocols=protocols):
            return 101
    except WSServerHandshakeError as error:
        return error.status


async def test_what_the_page_says_reaches_asterisk_and_back(stage: Stage, sip: SipServer, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    before = await (await page.get("/api/phone")).json()
    assert (before["kind"], before["secret"], before["browser_allowed"]) == ("desk", "", True)
    assert await status(stage, page.http) == 409, "who uses the desk phone has none in the browser"

    chosen = await (await page.put("/api/phone", {"kind": "browser"})).json()
    assert chosen["kind"] == "browser"
    assert len(chosen["secret"]) >= 32
    assert (await (await page.get("/api/phone")).json()) == chosen, "the same after a reload of the page"
    assert [action for _, action, *_ in stage.store.audited] == ["agent.phone"]
    assert chosen["secret"] not in str(stage.store.audited)

    origin = stage.url("").rstrip("/")
    async with page.http.ws_connect(stage.url("/sip"), origin=origin, protocols=("sip",)) as socket:
        await socket.send_str("REGISTER sip:1001")
        assert await socket.receive_str(timeout=10) == "200 OK REGISTER sip:1001"
        await socket.send_str("LEAVE")
        await socket.receive_str(timeout=10)
        assert (await socket.receive(timeout=10)).type.name in ("CLOSE", "CLOSED", "CLOSING")

    again = await (await page.put("/api/phone", {"kind": "browser"})).json()
    assert again["secret"] != chosen["secret"], "an earlier page is out"


async def test_strangers_find_no_way_in(stage: Stage, sip: SipServer, sign_in: SignIn, visitor: ClientSession) -> None:
    page = await sign_in("1001")
    await page.put("/api/phone", {"kind": "browser"})
    assert await status(stage, visitor) == 401
    assert await status(stage, page.http, origin="https://evil.example") == 403
    assert await status(stage, page.http, origin=None) == 403
    assert await status(stage, page.http, protocols=()) == 426
    assert await status(stage, page.http, protocols=("xmpp",)) == 426
    assert (await page.get("/sip", headers={"Origin": stage.url("").rstrip("/")})).status == 426
    supervisor = await sign_in("supervisor")
    assert await status(stage, supervisor.http) == 404, "takes no calls"
    assert sip.open == 0
    assert await status(stage, page.http) == 101


async def test_the_end_of_the_session_ends_the_phone(stage: Stage, sip: SipServer, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    await page.put("/api/phone", {"kind": "browser"})
    origin = stage.url("").rstrip("/")
    async with page.http.ws_connect(stage.url("/sip"), origin=origin, protocols=("sip",)) as socket:
        await socket.send_str("REGISTER")
        await socket.receive_str(timeout=10)
        await page.delete("/api/session")
        assert (await socket.receive(timeout=10)).data == 4401


async def test_asterisk_is_away(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    await page.put("/api/phone", {"kind": "browser"})
    nowhere = stage.settings.asterisk.model_copy(update={"url": "http://127.0.0.1:9"})
    object.__setattr__(stage.context, "settings", stage.settings.model_copy(update={"asterisk": nowhere}))
    assert await status(stage, page.http) == 503


async def test_not_in_the_middle_of_a_call(stage: Stage, sign_in: SignIn) -> None:
    view = stage.centre.views[0]
    stage.centre.views[0] = msgspec.structs.replace(view, phone="in_use")
    page = await sign_in("1001")
    answer = await page.put("/api/phone", {"kind": "browser"})
    assert (answer.status, (await answer.json())["error_id"]) == (409, "phone_in_use")
    assert (await page.put("/api/phone", {"kind": "carrier pigeon"})).status == 422


# ── the choice itself ───────────────────────────────────────────────────────────────────────────────────────────────


def agent(number: int, *, webrtc: bool = False) -> Agent:
    return Agent(
        id=number,
        number=f"{number}",
        name="王芳",
        extension=f"100{number}",
        sip_password="desk-secret",
        skills={},
        webrtc=webrtc,
    )


def choices(folder: Path, pushed: list[Directory], *, allowed: bool = True) -> PhoneChoices:
    phones = PhoneChoices(folder / "phones.json", pushed.append, browser_allowed=allowed)
    phones.use_directory(Directory(agents=(agent(1), agent(2, webrtc=True))))
    return phones


async def test_the_browser_gets_a_secret_of_its_own_that_outlives_us(tmp_path: Path) -> None:
    pushed: list[Directory] = []
    phones = choices(tmp_path, pushed)
    chosen = await phones.choose(1, "browser")
    first, second = pushed[-1].agents
    assert (first.webrtc, first.sip_password) == (True, chosen.secret)
    assert second == agent(2, webrtc=True), "an account for another WebRTC phone stays as configured"
    assert (tmp_path / "phones.json").stat().st_mode & 0o777 == 0o600

    after_a_restart: list[Directory] = []
    assert choices(tmp_path, after_a_restart).of(1) == chosen
    assert after_a_restart[-1].agents[0] == first

    await phones.choose(1, "desk")
    assert pushed[-1].agents[0] == agent(1)
    assert phones.of(1).secret == ""


async def test_switched_off_by_configuration(tmp_path: Path) -> None:
    await choices(tmp_path, []).choose(1, "browser")
    pushed: list[Directory] = []
    phones = choices(tmp_path, pushed, allowed=False)
    assert phones.of(1).kind == "desk", "also for whoever chose it before"
    assert pushed[-1].agents[0] == agent(1)
    with pytest.raises(Refused) as refusal:
        await phones.choose(1, "browser")
    assert refusal.value.error_id == "browser_phones_off"


async def test_a_damaged_file_costs_the_choices_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "phones.json").write_text(json.dumps({"1001": {"kind": "smoke signals"}}))
    assert choices(tmp_path, []).of(1).kind == "desk"
