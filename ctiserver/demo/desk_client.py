"""Agents of the demo as their pages would: sign in over HTTP, become ready, sign out."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Self

import aiohttp

from ctiserver.errors import CtiError

POLL_S = 0.1


class DeskClient:
    """`async with DeskClient(base_url) as desk:` signs everybody out at the end."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._sessions: dict[str, tuple[aiohttp.ClientSession, str]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for login in list(self._sessions):
            await self._sign_out(login)

    async def sign_in(self, login: str, password: str) -> None:
        """Raises CtiError with the server's answer where it is refused."""
        http = aiohttp.ClientSession(
            base_url=self._base_url,
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # the demo's address is an IP
            headers={"Origin": self._base_url},
        )
        self._sessions[login] = (http, "")
        answer = await self._request(login, "POST", "/api/session", {"login": login, "password": password})
        self._sessions[login] = (http, answer["csrf_token"])

    async def choose_presence(self, login: str, presence: str, reason: str = "") -> None:
        body = {"presence": presence, "reason": reason}
        await self._request(login, "POST", "/api/agents/me/presence", body)

    async def finish_wrap_up(self, login: str) -> None:
        await self._request(login, "POST", "/api/agents/me/wrap-up/finish", {})

    async def choose_disposition(self, login: str, call_id: str, code: str) -> None:
        await self._request(login, "POST", f"/api/calls/{call_id}/disposition", {"code": code, "note": ""})

    async def agent(self, login: str) -> dict[str, Any]:
        return await self._request(login, "GET", "/api/agents/me", None)

    async def until_reachable(self, login: str) -> None:
        """Returns when the server sees the agent's phone."""
        while (await self.agent(login))["phone"] != "reachable":  # noqa: ASYNC110 - the event is in another process
            await asyncio.sleep(POLL_S)

    def http(self, login: str) -> aiohttp.ClientSession:
        """The signed-in session, for what has no method here."""
        return self._sessions[login][0]

    async def get(self, login: str, path: str) -> Any:
        return await self._request(login, "GET", path, None)

    async def command(self, login: str, method: str, path: str, body: object) -> Any:
        """What a page sends when somebody clicks; raises CtiError with the refusal."""
        return await self._request(login, method, path, body)

    async def _sign_out(self, login: str) -> None:
        http, _ = self._sessions[login]
        try:
            async with asyncio.timeout(5):
                await self._request(login, "DELETE", "/api/session", None)
        except (aiohttp.ClientError, TimeoutError, CtiError):
            pass  # the server may be gone already; the session ends with it
        await http.close()
        del self._sessions[login]

    async def _request(self, login: str, method: str, path: str, body: object | None) -> Any:
        http, token = self._sessions[login]
        async with http.request(method, path, json=body, headers={"X-CSRF-Token": token}) as answer:
            if answer.status >= 400:
                raise CtiError(f"{method} {path} for {login}: {answer.status} {await answer.text()}")
            return await answer.json() if answer.status != 204 else None
