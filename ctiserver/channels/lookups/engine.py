"""All outside systems behind one question: what flows and screen pops use (ports.Lookups)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import structlog

from ctiserver.channels.lookups.client import SourceClient
from ctiserver.channels.lookups.guard import Resolve
from ctiserver.channels.lookups.sources import LookupsFile, PopCard, load_sources
from ctiserver.errors import ConfigurationError
from ctiserver.ivr.flow_error import FlowErrors
from ctiserver.last_resort import end_without_memory
from ctiserver.ports import LookupAnswer, LookupRequest

log = structlog.get_logger()


class LookupEngine:
    """`use` exchanges the sources under running questions; those that did not change keep breaker and cache."""

    def __init__(
        self,
        file: LookupsFile | None = None,
        *,
        resolve: Resolve | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._resolve = resolve
        self._clock = clock
        self._clients: dict[str, SourceClient] = {}
        self.cards: Sequence[PopCard] = ()
        self._take(file or LookupsFile())

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._clients)

    async def look_up(self, request: LookupRequest) -> LookupAnswer:
        """Never raises and always ends within the time-out."""
        client = self._clients.get(request.source)
        if client is None:
            log.error("lookup_source_unknown", source=request.source)
            return LookupAnswer(outcome="failed", reason="unknown_source")
        began = self._clock()
        try:
            answer = await client.ask(request)
        except Exception as error:  # a defect of ours in here must not end the caller's call
            end_without_memory(error)
            log.error("lookup_crashed", source=request.source, exc_info=error)
            return LookupAnswer(outcome="failed", reason="crashed")
        if answer.outcome == "failed":
            took_s = round(self._clock() - began, 3)
            log.warning("lookup_failed", source=request.source, reason=answer.reason, took_s=took_s)
        return answer

    async def use(self, file: LookupsFile) -> None:
        """These sources from now on; questions to former ones still end."""
        for client in self._take(file):
            await client.close()

    async def reload(self, folder: Path) -> FlowErrors | None:
        """The file as it is now; with any error everything stays as it was."""
        try:
            fresh = await asyncio.to_thread(load_sources, folder)
        except FlowErrors as refused:
            log.error("lookups_refused", errors=[str(error) for error in refused.errors], in_force="the former file")
            return refused
        await self.use(fresh)
        return None

    def problems(self) -> Mapping[str, str]:
        """Per source what is wrong with it now; an empty text is good news."""
        return {
            f"lookups-{name}": f"left alone for a while after: {client.last_failure}" if client.is_resting else ""
            for name, client in sorted(self._clients.items())
        }

    async def stop(self) -> None:
        for client in self._clients.values():
            await client.abort()

    def _take(self, file: LookupsFile) -> list[SourceClient]:
        """Answers the clients that are no longer needed."""
        former, self._clients = self._clients, {}
        for name, source in file.sources.items():
            known = former.get(name)
            if known is not None and known.source == source:
                self._clients[name] = former.pop(name)
            else:
                self._clients[name] = SourceClient(name, source, resolve=self._resolve, clock=self._clock)
        self.cards = file.pop
        return list(former.values())


def load_engine(folder: Path) -> LookupEngine:
    """With the file of the flows' folder. Raises ConfigurationError that lists every defect with line and field."""
    try:
        return LookupEngine(load_sources(folder))
    except FlowErrors as refused:
        raise ConfigurationError(f"the outside systems in {folder} can't be used:\n{refused}") from None
