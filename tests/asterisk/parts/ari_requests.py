"""The few ARI requests that these tests make themselves, without the daemon's client."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from ctiserver.asterisk.local import LocalAsterisk


class AriRequests:
    def __init__(self, server: LocalAsterisk, http: aiohttp.ClientSession) -> None:
        self._base = f"{server.ari_url}/ari"
        self._http = http

    async def ask(self, method: str, path: str, body: object = None, **query: str) -> Any:
        async with self._http.request(method, f"{self._base}/{path}", params=query, json=body) as answer:
            assert answer.status < 300, f"{method} {path}: {answer.status} {await answer.text()}"
            return await answer.json() if answer.content_length else None

    async def add_account(self, extension: str, password: str) -> None:
        account = {
            "auth": {"auth_type": "userpass", "username": extension, "password": password},
            "aor": {"max_contacts": "1", "remove_existing": "yes"},
            "endpoint": {"auth": extension, "aors": extension, "context": "agents", "allow": "!all,alaw,ulaw"},
        }
        for kind, fields in account.items():
            attributes = [{"attribute": name, "value": value} for name, value in fields.items()]
            await self.ask("PUT", f"asterisk/config/dynamic/res_pjsip/{kind}/{extension}", {"fields": attributes})

    async def set_global(self, name: str, value: object) -> None:
        await self.ask("POST", "asterisk/variable", variable=name, value=str(value))

    async def next_arrival(self, events: aiohttp.ClientWebSocketResponse, timeout_s: float = 10) -> dict[str, Any]:
        """The next StasisStart that an app's socket hears."""
        async with asyncio.timeout(timeout_s):
            while True:
                event = await events.receive_json()
                if event["type"] == "StasisStart":
                    return event

    def app(self, name: str = "cti") -> Any:
        """A socket that serves the app as the daemon does."""
        return self._http.ws_connect(f"{self._base}/events", params={"app": name})


def signed_in(server: LocalAsterisk) -> aiohttp.ClientSession:
    token = aiohttp.encode_basic_auth("ctiserver", server.secrets().ari_password)
    return aiohttp.ClientSession(headers={"Authorization": token})
