"""Story: people sign in with a password and out again; guessing is slow and tells nothing."""

from __future__ import annotations

from aiohttp import ClientSession
from structlog.testing import capture_logs

from tests.component.api.conftest import SignIn, Stage
from tests.component.api.fake_store import PASSWORD


async def test_an_agent_signs_in_and_is_told_who_they_are(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    session = await (await page.get("/api/session")).json()
    assert session["user"] == {
        "id": 1,
        "login": "1001",
        "name": "1001",
        "role": "agent",
        "language": "zh-CN",
        "team": None,
    }
    assert session["agent"] == {"id": 1, "number": "1001", "extension": "1001"}
    assert session["server_time"] == stage.clock.now()
    assert session["timezone"] == "Asia/Shanghai"


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(stage: Stage, visitor: ClientSession) -> None:
    answer = await visitor.post(stage.url("/api/session"), json={"login": "admin", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("cti_session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


async def test_who_is_not_signed_in_is_told_so(stage: Stage, visitor: ClientSession) -> None:
    answer = await visitor.get(stage.url("/api/session"))
    assert answer.status == 401
    assert answer.content_type == "application/problem+json"
    assert (await answer.json())["error_id"] == "not_signed_in"


async def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(stage: Stage, visitor: ClientSession) -> None:
    wrong = await visitor.post(stage.url("/api/session"), json={"login": "1001", "password": "guess"})
    unknown = await visitor.post(stage.url("/api/session"), json={"login": "nobody", "password": "guess"})
    assert wrong.status == unknown.status == 401
    assert await wrong.json() == await unknown.json()
    assert (await wrong.json())["error_id"] == "wrong_credentials"


async def test_guessing_is_stopped_and_goes_on_later(stage: Stage, visitor: ClientSession) -> None:
    async def guess(login: str, password: str) -> int:
        answer = await visitor.post(stage.url("/api/session"), json={"login": login, "password": password})
        return answer.status

    statuses = [await guess("1001", f"guess {n}") for n in range(9)]
    assert statuses == [401] * 8 + [429]
    assert await guess("1001", PASSWORD) == 429  # even the right one, or the answer would tell
    assert await guess("1002", PASSWORD) == 200  # a colleague at the same address
    stage.clock.time += 301
    assert await guess("1001", PASSWORD) == 200


async def test_guessing_across_logins_is_stopped_by_address(stage: Stage, visitor: ClientSession) -> None:
    statuses = [
        (await visitor.post(stage.url("/api/session"), json={"login": f"user{n}", "password": "x"})).status
        for n in range(61)
    ]
    assert statuses == [401] * 60 + [429]


async def test_signing_out_ends_the_session_and_the_agents_shift(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    assert (await page.delete("/api/session")).status == 204
    assert stage.centre.commands == [("choose_presence", 1, "signed_out", "", "agent")]
    assert stage.store.sessions == {}
    assert (await page.get("/api/session")).status == 401


async def test_a_stolen_cookie_is_useless_after_sign_out(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("admin")
    token = next(iter(stage.store.sessions))
    await page.delete("/api/session")
    async with ClientSession(cookies={"cti_session": token}) as thief:
        assert (await thief.get(stage.url("/api/agents"))).status == 401


async def test_the_language_is_kept(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    assert (await page.post("/api/session/language", {"language": "en"})).status == 204
    assert (await (await page.get("/api/session")).json())["user"]["language"] == "en"


async def test_those_signed_in_stay_so_while_postgres_is_away(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    stage.store.away = True
    stage.clock.time += 600
    answer = await page.post("/api/agents/me/presence", {"presence": "break", "reason": "lunch"})
    assert answer.status == 202
    assert stage.centre.commands == [("choose_presence", 1, "break", "lunch", "agent")]


async def test_nobody_new_signs_in_while_postgres_is_away(stage: Stage, visitor: ClientSession) -> None:
    stage.store.away = True
    answer = await visitor.post(stage.url("/api/session"), json={"login": "1001", "password": PASSWORD})
    assert answer.status == 503
    assert (await answer.json())["error_id"] == "database_away"
    assert answer.headers["Retry-After"] == "5"


async def test_a_role_taken_away_is_gone_within_seconds(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    assert (await page.get("/api/agents")).status == 200
    stage.store.people["supervisor"] = stage.store.people["1002"]
    stage.clock.time += 16
    assert (await page.get("/api/agents")).status == 403


async def test_machines_use_a_key_and_need_no_csrf_token(stage: Stage, visitor: ClientSession) -> None:
    key = {"Authorization": "Bearer machine-key"}
    assert (await visitor.get(stage.url("/api/agents"), headers=key)).status == 200
    answer = await visitor.post(stage.url("/api/calls/c1/hang-up"), headers=key)
    assert answer.status == 202
    wrong = await visitor.get(stage.url("/api/agents"), headers={"Authorization": "Bearer guess"})
    assert wrong.status == 401


async def test_neither_passwords_nor_tokens_are_logged(stage: Stage, sign_in: SignIn) -> None:
    with capture_logs() as lines:
        page = await sign_in("1001")
        await page.get("/api/session")
    text = str(lines)
    assert "signed_in" in text
    assert PASSWORD not in text
    assert "token-1" not in text
