"""Asks one outside system, within all of its limits."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

import aiohttp
import orjson
from yarl import URL

from ctiserver.channels.breaker import Breaker
from ctiserver.channels.lookups import metrics
from ctiserver.channels.lookups.answers import BadAnswer, parse
from ctiserver.channels.lookups.guard import GuardedResolver, Resolve, TargetRefused, require_literal, target
from ctiserver.channels.lookups.retry_budget import RetryBudget
from ctiserver.channels.lookups.sources import Source
from ctiserver.ports import LookupAnswer, LookupRequest

MAX_REDIRECTS = 2
CACHED_ANSWERS = 2_000
RETRY_PAUSE_S = 0.1
_PASSING = frozenset({"unreachable", "broken_off", "status_429", "status_502", "status_503", "status_504"})
"""Reasons that may be gone in a moment. A time-out is not among them: the caller has waited long enough."""
_ITS_FAULT = _PASSING | {"timeout", "too_large", "too_deep", "not_json", "redirected"}
"""Reasons that speak against the source's health; so does any status from 500 on."""


class SourceClient:
    """One source: its connections, breaker, retry budget and cache. Never raises for what the other side does."""

    def __init__(
        self,
        name: str,
        source: Source,
        *,
        resolve: Resolve | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.source = source
        self._base = URL(source.base_url)
        self._clock = clock
        self._breaker = Breaker(after=source.breaker_after, rest_s=source.breaker_rest)
        self._budget = RetryBudget()
        self._slots = asyncio.Semaphore(source.at_once)
        self._cache: OrderedDict[str, tuple[float, LookupAnswer]] = OrderedDict()
        self._resolve = resolve
        self._session: aiohttp.ClientSession | None = None
        self._under_way = 0
        self._closing = False
        self.last_failure = ""

    @property
    def is_resting(self) -> bool:
        """Whether the breaker keeps questions away from the source."""
        return self._breaker.is_open(self._clock())

    async def ask(self, request: LookupRequest) -> LookupAnswer:
        """Always ends within the source's time-out, or the request's if that is shorter."""
        began = self._clock()
        self._under_way += 1
        try:
            answer = await self._ask(request)
        finally:
            self._under_way -= 1
            if self._closing and not self._under_way:
                await self._close_session()
        metrics.seconds.labels(self.name).observe(self._clock() - began)
        metrics.answers.labels(self.name, answer.outcome).inc()
        if answer.outcome == "failed":
            metrics.failures.labels(self.name, answer.reason).inc()
        metrics.open_breakers.labels(self.name).set(0 if self._breaker.is_closed else 1)
        return answer

    async def close(self) -> None:
        """Questions under way still end; then the connections are closed."""
        self._closing = True
        if not self._under_way:
            await self._close_session()

    async def abort(self) -> None:
        """Closes the connections now; questions under way fail."""
        self._closing = True
        await self._close_session()

    async def _ask(self, request: LookupRequest) -> LookupAnswer:
        key = request.path if request.method == "GET" and self.source.cache else ""
        if key and (known := self._cached(key)) is not None:
            metrics.cached.labels(self.name).inc()
            return known
        try:
            url = target(self._base, request.path, allow_private=self.source.allow_private)
            body = orjson.dumps(request.body) if request.body is not None else None
        except TargetRefused:
            return _failed("refused_target")
        except orjson.JSONEncodeError:
            return _failed("bad_request")
        if not self._breaker.allows(self._clock()):
            return _failed("breaker_open")
        self._budget.earn()
        allowed = self.source.timeout if request.timeout_s is None else min(self.source.timeout, request.timeout_s)
        asking = False
        try:
            async with asyncio.timeout(allowed), self._slots:
                asking = True
                answer = await self._tries(request, url, body)
        except TimeoutError:
            answer = _failed("timeout" if asking else "busy")
        self._note(answer)
        if key and answer.outcome != "failed":
            self._keep(key, answer)
        return answer

    async def _tries(self, request: LookupRequest, url: URL, body: bytes | None) -> LookupAnswer:
        left = self.source.retries if request.method == "GET" else 0  # a POST may have been done though it failed
        while True:
            answer = await self._once(request.method, url, body)
            if left == 0 or answer.reason not in _PASSING:
                return answer
            granted = self._budget.spend()
            metrics.retries.labels(self.name, "made" if granted else "refused").inc()
            if not granted:
                return answer
            left -= 1
            await asyncio.sleep(RETRY_PAUSE_S)

    async def _once(self, method: str, url: URL, body: bytes | None) -> LookupAnswer:
        try:
            for _ in range(MAX_REDIRECTS + 1):
                answer = await self._exchange(method, url, body)
                if isinstance(answer, LookupAnswer):
                    return answer
                url = answer
            return _failed("redirected")
        except TargetRefused:
            return _failed("refused_target")
        except aiohttp.ClientConnectorError as error:
            refused = isinstance(error.__cause__, TargetRefused) or isinstance(error.os_error, TargetRefused)
            return _failed("refused_target" if refused else "unreachable")
        except (aiohttp.ClientError, OSError):
            return _failed("broken_off")
        except ValueError:  # aiohttp's word for a header or an address that can't be
            return _failed("broken_off")

    async def _exchange(self, method: str, url: URL, body: bytes | None) -> LookupAnswer | URL:
        """The answer, or where the source says that it is."""
        async with self._http().request(
            method,
            url,
            data=body,
            headers={"Content-Type": "application/json"} if body is not None else None,
            allow_redirects=False,
        ) as response:
            status = response.status
            if status in (404, 410):
                return LookupAnswer(outcome="not_found")
            if 300 <= status < 400:
                return self._redirect(method, url, response.headers.get("Location", ""))
            if not 200 <= status < 300:
                return _failed(f"status_{status}")
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                return _failed("not_json")  # we asked for plain text; unpacking is where bombs go off
            read = await self._read(response)
        if read is None:
            return _failed("too_large")
        if not read.strip():
            return LookupAnswer(outcome="ok")
        try:
            return LookupAnswer(outcome="ok", data=parse(read, self.source.max_depth))
        except BadAnswer as bad:
            return _failed(str(bad))

    def _redirect(self, method: str, url: URL, location: str) -> LookupAnswer | URL:
        """Followed only within the source, and only for questions that change nothing."""
        try:
            to = url.join(URL(location)) if location else None
        except ValueError:
            to = None
        if to is None or method != "GET":
            return _failed("redirected")
        if to.origin() != self._base.origin():
            raise TargetRefused("the source redirects to elsewhere")
        require_literal(to, allow_private=self.source.allow_private)
        return to

    async def _read(self, response: aiohttp.ClientResponse) -> bytes | None:
        """The body; None if it is longer than it may be."""
        most = self.source.max_kb * 1024
        if (response.content_length or 0) > most:
            response.close()
            return None
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > most:
                response.close()
                return None
        return bytes(body)

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = GuardedResolver(allow_private=self.source.allow_private, resolve=self._resolve)
            connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, limit=self.source.at_once)
            self._session = aiohttp.ClientSession(
                connector=connector,
                headers={
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                    "User-Agent": "ctiserver",
                    **self.source.headers,
                },
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),  # ours is around the whole question
                auto_decompress=False,
                trust_env=False,  # a proxy would resolve names in our place
                max_line_size=8190,
                max_field_size=8190,
            )
        return self._session

    async def _close_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _note(self, answer: LookupAnswer) -> None:
        """Only what speaks for or against the source's health moves the breaker."""
        if answer.reason in _ITS_FAULT or answer.reason.startswith("status_5"):
            self.last_failure = answer.reason
            self._breaker.failed(self._clock())
        elif answer.outcome != "failed" or answer.reason.startswith("status_"):
            self._breaker.succeeded()

    def _cached(self, key: str) -> LookupAnswer | None:
        found = self._cache.get(key)
        if found is None or self._clock() - found[0] >= self.source.cache:
            return None
        return found[1]

    def _keep(self, key: str, answer: LookupAnswer) -> None:
        self._cache[key] = (self._clock(), answer)
        self._cache.move_to_end(key)
        while len(self._cache) > CACHED_ANSWERS:
            self._cache.popitem(last=False)


def _failed(reason: str) -> LookupAnswer:
    return LookupAnswer(outcome="failed", reason=reason)
