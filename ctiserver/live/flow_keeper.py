"""The flows in force on this node: the release that was published last, or the folder's files until there is one.

A change takes all files or none; calls go on with the set that they began with, also over a restart: see FlowCopies.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import structlog

from ctiserver.errors import ConfigurationError
from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.flow_error import FlowErrors
from ctiserver.ivr.flow_file import content_hash, read_sources, recordings_in, set_digest
from ctiserver.ivr.graph import prompts_needed, prompts_played
from ctiserver.ivr.nodes.hours import Hours
from ctiserver.ivr.nodes.queue import Queue
from ctiserver.ivr.nodes.survey import Survey
from ctiserver.ivr.opening_hours import Calendar, HolidayTable
from ctiserver.live.floor_views import FlowChoice
from ctiserver.live.flow_copies import FlowCopies
from ctiserver.live.flow_surroundings import FlowSurroundings
from ctiserver.store.flow_rows import Release, ReleaseRow

log = structlog.get_logger()

Digests = Callable[[], Collection[str]]
Names = Callable[[], Collection[str]]


class FlowKeeper:
    """Loads at once; raises ConfigurationError that lists every defect with file, line and column.

    `release`: what was published last, as far as is known; None: the folder's files. `in_use` tells the digests of
    the sets that calls under way began with; until it is set, all are kept. `lookups` tells the outside systems that
    flows may ask; without it their names are not checked. `recordings` tells the recorded prompts; without it they
    are those of the folder.
    """

    def __init__(
        self,
        folder: Path,
        queues: frozenset[str],
        *,
        calendars: Mapping[str, Calendar] | None = None,
        copies: FlowCopies | None = None,
        release: Release | None = None,
        lookups: Names | None = None,
        recordings: Callable[[], Mapping[str, frozenset[str]]] | None = None,
    ) -> None:
        self._folder = folder
        self._recordings = recordings or (lambda: recordings_in(folder))
        self._lookups = lookups
        self._queues = queues
        self._calendars: Mapping[str, Calendar] = calendars or {}
        self._holidays: HolidayTable | None = None
        self._copies = copies
        self.in_use: Digests | None = None
        self.changed: Callable[[], None] | None = None  # told when other flows or calendars are in force
        try:
            if release is None:
                release = self.folder_release()
                self.flows: FlowSet = self.build(release.texts)
            else:
                self.flows = self._build_published(release)
        except FlowErrors as refused:
            where = f"release {release.row.number}" if release is not None and release.row.number else str(folder)
            hint = "`ctiserver flows rollback`" if release is not None and release.row.number else ""
            raise ConfigurationError(
                f"the flows in {where} can't be used:\n{refused}", hint=hint or "`ctiserver flows check` tells the same"
            ) from None
        self.release = release
        self._write_copies(release)

    # ── what is in force ────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def published(self) -> bool:
        """Whether a release is in force, rather than the folder's files."""
        return self.release.row.number > 0

    def build(self, texts: Mapping[str, str]) -> FlowSet:
        """Checks a whole set as it would be used here. Raises FlowErrors. Fit for a thread."""
        return self._set_of(texts, self._queues)

    def take(self, flows: FlowSet, release: Release) -> None:
        """From now on these answer; what is needed for a restart is on the disk before."""
        self._write_copies(release)
        in_use = {*self.in_use(), self.flows.digest} if self.in_use is not None else None
        self.flows = flows.following(self.flows, in_use)
        self.release = release
        log.info("flows_taken", release=release.row.number, by=release.row.author, flows=sorted(flows.flows))
        self._tell_change()

    def _tell_change(self) -> None:
        if self.changed is not None:
            self.changed()

    def reload(self) -> FlowErrors | None:
        """Takes the folder's files as they are now, unless a release is in force.

        On any error everything stays as it was and the errors are returned.
        """
        try:
            folder = self.folder_release()
            if self.published:
                if folder.row.digest != self.release.row.digest:
                    log.info("flows_folder_differs", in_force=self.release.row.number, hint="ctiserver flows publish")
                return None
            fresh = self.build(folder.texts)
        except FlowErrors as refused:
            log.error("flows_refused", errors=[str(error) for error in refused.errors], in_force="the former flows")
            return refused
        self.take(fresh, folder)
        log.info("flows_reloaded", flows=sorted(self.flows.flows))
        return None

    def recall(self, digests: Iterable[str]) -> None:
        """After a restart: reads again the sets with which calls under way began."""
        missing = {digest for digest in digests if digest not in ("", self.flows.digest, *self.flows.former)}
        found = [earlier for digest in sorted(missing) if (earlier := self._read_copy(digest)) is not None]
        self.flows = self.flows.remembering(*found)

    def use_calendars(self, calendars: Mapping[str, Calendar], holidays: HolidayTable) -> None:
        """Calendars that go before those of the files, and the public holidays, from the next question on."""
        own = {name: calendar for name, calendar in self.flows.calendars.items() if name not in self._calendars}
        removed = self._calendars.keys() - calendars.keys()
        self._calendars, self._holidays = calendars, holidays
        if removed:  # a file may have one of that name
            try:
                own = self.build(self.release.texts).calendars
            except FlowErrors as refused:
                log.error("calendar_missed", errors=[str(error) for error in refused.errors][:5])
        self.flows = replace(self.flows, calendars={**own, **calendars}, holidays=holidays)
        self._tell_change()

    def use_recordings(self) -> None:
        """Recorded prompts have come or gone; calls under way hear them too."""
        self.flows = self.flows.with_recordings(self._recordings())

    def prompt_users(self, prompt: str, *, needed: bool = False) -> list[str]:
        """Nodes, as "flow:node", that play the recording; `needed`: only those with no text to say instead."""
        return [
            f"{flow.id}:{name}"
            for flow in self.flows.flows.values()
            for name, node in flow.nodes.items()
            if prompt in (prompts_needed(node) if needed else prompts_played(node))
        ]

    def prompts_named(self) -> frozenset[str]:
        """Ids of all recordings that a flow plays, whether there or not."""
        nodes = [node for flow in self.flows.flows.values() for node in flow.nodes.values()]
        return frozenset[str]().union(*(prompts_played(node) for node in nodes))

    def calendar_users(self, name: str) -> list[str]:
        """Nodes, as "flow:node", that ask for the calendar."""
        return [
            f"{flow.id}:{node_name}"
            for flow in self.flows.flows.values()
            for node_name, node in flow.nodes.items()
            if isinstance(node, Hours) and str(node.calendar) == name
        ]

    def use_queues(self, queues: frozenset[str]) -> None:
        """The queues that exist from now on; the next check is against them."""
        self._queues = queues

    def folder_release(self) -> Release:
        """The folder's files, checked by nobody. Raises FlowErrors where they can't be read."""
        return folder_release(self._folder)

    # ── what calls and pages ask ────────────────────────────────────────────────────────────────────────────────────

    def flow_for(self, dialled: str, *, inside: bool = False) -> str:
        """The flow that answers a dialled number; "" if none does.

        The line that answers all other numbers is for the outside: an agent's phone (`inside`) gets what is listed.
        """
        line = self.flows.lines.get(dialled) if inside else self.flows.line(dialled)
        return str(line.flow) if line is not None else ""

    def nodes_into(self, queue_id: str) -> list[str]:
        """Nodes, as "flow:node", that lead into the queue."""
        return [
            f"{flow.id}:{name}"
            for flow in self.flows.flows.values()
            for name, node in flow.nodes.items()
            if isinstance(node, Queue) and str(node.queue) == queue_id
        ]

    def line_names(self) -> dict[str, str]:
        return {dialled: line.name for dialled, line in self.flows.lines.items()}

    def node_titles(self) -> dict[str, dict[str, dict[str, str]]]:
        """Flow → node → title by language, where the flow gives one."""
        return self.flows.titles()

    def choices(self) -> tuple[list[FlowChoice], list[str]]:
        """Flows to which agents may send a caller, and the recorded prompts that they may play."""
        flows = [
            FlowChoice(
                id=str(flow.id),  # plain: the answer is encoded as it is
                title=dict(entry.title) if (entry := flow.nodes.get(flow.entry)) and entry.title else {},
                survey=any(isinstance(node, Survey) for node in flow.nodes.values()),
            )
            for flow in self.flows.flows.values()
        ]
        return flows, sorted(self.flows.prompts)

    # ── reading and writing ─────────────────────────────────────────────────────────────────────────────────────────

    def _build_published(self, release: Release) -> FlowSet:
        """A queue that was removed since must not keep the daemon from starting: the caller is then put through to the
        fallback queue."""
        try:
            return self.build(release.texts)
        except FlowErrors as refused:
            log.error("flows_need_attention", release=release.row.number, errors=[str(e) for e in refused.errors])
            return self._set_of(release.texts, None)

    def _set_of(self, texts: Mapping[str, str], queues: frozenset[str] | None) -> FlowSet:
        """With the recordings and documents of the folder; `queues` None: names of queues and outside systems are not
        checked. Raises FlowErrors."""
        lookups = self._lookups() if queues is not None and self._lookups is not None else None
        around = FlowSurroundings(
            folder=self._folder,
            queues=queues,
            lookups=lookups,
            calendars=self._calendars,
            holidays=self._holidays,
            recordings=self._recordings(),
        )
        return around.build(texts)

    def _read_copy(self, digest: str) -> FlowSet | None:
        texts = self._copies.find(digest) if self._copies is not None else None
        if texts is None:
            log.error("flows_of_calls_missing", digest=digest, instead="the flows in force")
            return None
        try:
            return self._set_of(texts, None)
        except FlowErrors as refused:
            log.error("flows_of_calls_unusable", digest=digest, errors=[str(error) for error in refused.errors][:5])
            return None

    def _write_copies(self, release: Release) -> None:
        """A full disk must not keep calls from being answered: then a restart goes on with what is in force by then."""
        if self._copies is None:
            return
        try:
            self._copies.keep(release.row.digest, release.texts)
            self._copies.put_in_force(release.row)
            self._copies.prune({*(self.in_use() if self.in_use is not None else ()), release.row.digest})
        except OSError as error:
            log.error("flows_copy_not_written", problem=str(error))


def folder_release(folder: Path) -> Release:
    """The files of a folder as if they had been published. Raises FlowErrors where they can't be read."""
    texts = read_sources(folder)
    hashes = {name: content_hash(text) for name, text in texts.items()}
    newest = max((path.stat().st_mtime for path in folder.glob("*.yaml")), default=time.time())
    row = ReleaseRow(number=0, at=newest, kind="files", author="", note="", digest=set_digest(hashes), files=hashes)
    return Release(row=row, texts=texts)
