"""Does it answer? One question per part; each raises PartError in the words for a log line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp

from ctiserver.config import Settings
from ctiserver.errors import PartError
from ctiserver.watchdog.ami_login import sign_in_with_other_client
from ctiserver.watchdog.sip_options import ask_options

TIMEOUT_S = 5.0
Probe = Callable[[], Awaitable[object]]


def asterisk_probe(settings: Settings) -> Probe:
    """All three doors: an Asterisk in a deadlock may still open one of them."""
    asterisk = settings.asterisk

    async def ask() -> None:
        sign_in = (asterisk.ami_host, asterisk.ami_port, asterisk.ami_user, asterisk.ami_secret)
        async with asyncio.timeout(3 * TIMEOUT_S):
            await asyncio.to_thread(sign_in_with_other_client, *sign_in)
        await _get(f"{asterisk.url}/ari/asterisk/ping", aiohttp.encode_basic_auth(asterisk.user, asterisk.password))
        if settings.watchdog.sip:
            await ask_options(asterisk.sip_address, TIMEOUT_S)

    return _told(ask)


def daemon_probe(settings: Settings) -> Probe:
    """The process runs and its loop turns; whether all its parts are ready is for alerts, a restart mends no part."""

    async def ask() -> None:
        await _get(f"http://{settings.http.host}:{settings.http.port}/health/live")

    return _told(ask)


def _told(ask: Callable[[], Awaitable[None]]) -> Probe:
    async def probe() -> None:
        try:
            await ask()
        except TimeoutError:
            raise PartError(f"no answer within {TIMEOUT_S:g} s") from None

    return probe


async def _get(url: str, user: str | None = None) -> None:
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, headers={"Authorization": user} if user else {}) as http,
            http.get(url) as answer,
        ):
            await answer.read()
            if answer.status >= 400:
                raise PartError(f"{url} answers {answer.status}")
    except aiohttp.ClientError as error:
        raise PartError(f"{url}: {error}") from None
