"""Is every part there? One line each for /health/ready and for whoever is on duty."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ctiserver.channels.speech import Speech
from ctiserver.live.views import ComponentHealth
from ctiserver.store.journal import SpoolJournal
from ctiserver.store.shipper import Shipper


class Health:
    """`problems` tells per link to Asterisk what is wrong; an empty text is good news.

    `optional` tell the same of what calls can do without: outside systems, holidays known so far.
    """

    def __init__(
        self,
        problems: Callable[[], Mapping[str, str]],
        journal: SpoolJournal,
        shipper: Shipper,
        speech: Speech,
        *optional: Callable[[], Mapping[str, str]],
    ) -> None:
        self._problems = problems
        self._journal = journal
        self._shipper = shipper
        self._speech = speech
        self._optional = optional

    def components(self) -> list[ComponentHealth]:
        links = [_component(f"asterisk-{link}", problem) for link, problem in self._problems().items()]
        beside = [_component(name, problem, needed=False) for ask in self._optional for name, problem in ask().items()]
        return [*links, self._written(), self._shipped(), self._spoken(), *beside]

    def _written(self) -> ComponentHealth:
        failure = self._journal.failure
        problem = f"the disk refuses: {failure}" if failure else ""
        return _component("journal", problem, f"step {self._journal.durable_seq}")

    def _shipped(self) -> ComponentHealth:
        """Calls don't need Postgres; those who sign in and look up do."""
        failure = self._shipper.failure
        if not failure and self._shipper.shipped_seq is None:
            failure = "not asked yet"
        return _component("postgres", failure, f"{self._shipper.lag} steps behind")

    def _spoken(self) -> ComponentHealth:
        problem = self._speech.last_error if self._speech.is_resting else ""
        return _component("speech", problem)


def _component(name: str, problem: str, detail: str = "", *, needed: bool = True) -> ComponentHealth:
    return ComponentHealth(name=name, ready=not problem, detail=problem or detail, needed=needed)
