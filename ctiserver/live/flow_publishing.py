"""Publishing flows: checked as a whole, their tests run, their prompts rendered, written down, and then in force.

    changes ─▶ check ─▶ tests inside the flows ─▶ prompts ─▶ Postgres (one transaction) ─▶ FlowKeeper.take
                 └──────────── on any error the former flows stay, and one refusal says why ────────────┘

Releases that another node or the command line published are noticed within half a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

import msgspec
import structlog

from ctiserver.errors import DatabaseAwayError, Rejected
from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.flow_error import FlowError, FlowErrors
from ctiserver.ivr.flow_file import content_hash, set_digest
from ctiserver.ivr.messages import Spoken
from ctiserver.ivr.simulate import run_test
from ctiserver.ivr.static_prompts import static_prompts
from ctiserver.live.flow_keeper import FlowKeeper
from ctiserver.store.flow_rows import Author, DraftRow, NewRelease, Release, ReleasePage, ReleaseRow, TakenRow

log = structlog.get_logger()

LOOK_EVERY_S = 0.5
RENDERING_BUDGET_S = 30.0

Changes = Mapping[str, str | None]
"""File name → new content; None: the file goes."""


class ReleaseStore(Protocol):
    """Provided by store/flow_releases.py; all raise DatabaseAwayError."""

    async def newest(self, *, known: int | None = None) -> Release | None: ...

    async def release(self, number: int) -> Release | None: ...

    async def history(self, page: int, page_size: int) -> ReleasePage: ...

    async def publish(self, new: NewRelease) -> ReleaseRow: ...

    async def drafts(self) -> list[DraftRow]: ...

    async def draft(self, file: str) -> DraftRow | None: ...

    async def save_draft(
        self, file: str, content: str | None, *, base: str, revision: int, author: Author
    ) -> DraftRow: ...

    async def drop_draft(self, file: str, revision: int) -> None: ...

    async def note_taken(self, node: str, number: int, problem: str) -> None: ...

    async def taken(self) -> list[TakenRow]: ...


class PromptCache(Protocol):
    async def prerender(self, texts: Iterable[Spoken]) -> int:
        """Answers how many can't be had."""
        ...


class TestResult(msgspec.Struct, frozen=True, kw_only=True):
    """One test inside a flow file; `problems` is empty where all happened as it says."""

    __test__ = False  # not for pytest

    flow: str
    name: str
    problems: tuple[str, ...]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What would be in force, or why it can't be."""

    texts: dict[str, str]
    flows: FlowSet | None
    errors: tuple[FlowError, ...] = ()


class FlowsRefused(Rejected):
    """The set as a whole has errors; nothing has changed."""

    def __init__(self, errors: Sequence[FlowError]) -> None:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"{errors[0]}{more}", hint="the former flows stay in force")
        self.errors = tuple(errors)


class TestsFailed(Rejected):
    """Tests inside the flow files failed; nothing has changed."""

    __test__ = False  # not for pytest

    def __init__(self, failed: Sequence[TestResult]) -> None:
        first = failed[0]
        more = f" (and {len(failed) - 1} more tests)" if len(failed) > 1 else ""
        super().__init__(
            f'{first.flow}: the test "{first.name}" fails: {first.problems[0]}{more}',
            hint="the former flows stay in force",
        )
        self.failed = tuple(failed)


class PromptsMissing(Rejected):
    """Some texts could not be rendered; nothing has changed."""

    def __init__(self, missing: int) -> None:
        super().__init__(
            f"{missing} texts could not be spoken by the engine", hint="look at its log, or publish without them"
        )
        self.missing = missing


class FlowPublishing:
    """`run` watches for releases of others; it belongs into a task. `taken` is called when other flows are in force."""

    def __init__(
        self, keeper: FlowKeeper, store: ReleaseStore, prompts: PromptCache, *, node: str, taken: Callable[[], None]
    ) -> None:
        self.keeper = keeper
        self.store = store
        self._prompts = prompts
        self._node = node
        self._taken = taken
        self._one_at_a_time = asyncio.Lock()
        self._refused = 0  # the last release that this node could not take: said once

    # ── before publishing ───────────────────────────────────────────────────────────────────────────────────────────

    async def check(self, changes: Changes) -> Checked:
        """The set in force with these changes."""
        return await self._check_whole(changed(self.keeper.release.texts, changes))

    async def _check_whole(self, texts: dict[str, str]) -> Checked:
        try:
            return Checked(texts=texts, flows=await asyncio.to_thread(self.keeper.build, texts))
        except FlowErrors as refused:
            return Checked(texts=texts, flows=None, errors=refused.errors)

    async def run_tests(self, flows: FlowSet, flow_id: str | None = None) -> tuple[TestResult, ...]:
        """Of one flow, or of all."""
        return await asyncio.to_thread(_run_tests, flows, flow_id)

    # ── publishing ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def publish(
        self,
        changes: Changes,
        *,
        after: int,
        author: Author,
        note: str,
        drafts: Mapping[str, int] | None = None,
        without_prompts: bool = False,
    ) -> ReleaseRow:
        """Raises FlowsRefused, TestsFailed, PromptsMissing, ReleaseConflict, DraftConflict, DatabaseAwayError:
        then everything stays as it was.
        """
        async with self._one_at_a_time:
            await self._catch_up()
            checked = await self.check(changes)
            flows = _usable(checked)
            failed = [result for result in await self.run_tests(flows) if result.problems]
            if failed:
                raise TestsFailed(failed)
            missing = await self._render(flows)
            if missing and not without_prompts:
                raise PromptsMissing(missing)
            new = new_release(
                checked.texts, "publish", after=after, author=author, note=note, drafts=drafts, first=self._first
            )
            return await self._put_in_force(flows, new)

    async def roll_back(self, to: int, *, after: int, author: Author, note: str) -> ReleaseRow | None:
        """Brings release `to` back as a new one; None if there is none of that number. It was tested when it was
        published, so that nothing but an error of the whole set stands in the way. Raises as `publish`.
        """
        async with self._one_at_a_time:
            await self._catch_up()
            earlier = await self.store.release(to)
            if earlier is None:
                return None
            flows = _usable(await self._check_whole(earlier.texts))
            new = new_release(earlier.texts, "rollback", after=after, author=author, note=note, back_to=to)
            return await self._put_in_force(flows, new)

    @property
    def _first(self) -> Release | None:
        """What was in force before anything was published, so that it can be gone back to."""
        return None if self.keeper.published else self.keeper.release

    async def _put_in_force(self, flows: FlowSet, new: NewRelease) -> ReleaseRow:
        row = await self.store.publish(new)
        self._take(flows, Release(row=row, texts=dict(new.texts)))
        await self._note_taken(row.number, "")
        return row

    def _take(self, flows: FlowSet, release: Release) -> None:
        self.keeper.take(flows, release)
        self._taken()

    # ── what others publish ─────────────────────────────────────────────────────────────────────────────────────────

    async def run(self) -> None:
        """For ever: takes what another node or the command line has published."""
        while True:
            try:
                async with self._one_at_a_time:
                    await self._catch_up()
            except DatabaseAwayError:
                pass  # health says so; what is in force stays in force
            await asyncio.sleep(LOOK_EVERY_S)

    async def _catch_up(self) -> None:
        release = await self.store.newest(known=self.keeper.release.row.number)
        if release is None or release.row.number in (self._refused, self.keeper.release.row.number):
            return
        checked = await self._check_whole(release.texts)
        if checked.flows is None:
            self._refused = release.row.number
            problem = str(FlowsRefused(checked.errors))
            log.error("flows_refused", release=release.row.number, problem=problem, in_force="the former flows")
            await self._note_taken(release.row.number, problem)
            return
        if missing := await self._render(checked.flows):
            log.warning("flows_taken_without_prompts", release=release.row.number, missing=missing)
        self._take(checked.flows, release)
        await self._note_taken(release.row.number, "")

    async def _note_taken(self, number: int, problem: str) -> None:
        try:
            await self.store.note_taken(self._node, number, problem)
        except DatabaseAwayError as error:  # for people only: what is in force is in force
            log.warning("flows_taken_not_noted", release=number, problem=error.message)

    async def _render(self, flows: FlowSet) -> int:
        """Fills the cache with what is new; answers how many texts are missing."""
        known = set(static_prompts(self.keeper.flows))
        new = [text for text in static_prompts(flows) if text not in known]
        try:
            async with asyncio.timeout(RENDERING_BUDGET_S):
                return await self._prompts.prerender(new)
        except TimeoutError:
            return len(new)


def new_release(
    texts: Mapping[str, str],
    kind: str,
    *,
    after: int,
    author: Author,
    note: str,
    back_to: int | None = None,
    drafts: Mapping[str, int] | None = None,
    first: Release | None = None,
) -> NewRelease:
    """What the store is asked to write down."""
    hashes = {name: content_hash(text) for name, text in texts.items()}
    return NewRelease(
        after=after,
        kind=kind,
        texts=texts,
        digest=set_digest(hashes),
        hashes=hashes,
        author=author,
        note=note,
        back_to=back_to,
        drafts=drafts or {},
        first=first,
    )


def changed(texts: Mapping[str, str], changes: Changes) -> dict[str, str]:
    """The files with the changes."""
    whole: dict[str, str | None] = {**texts, **changes}
    return {name: text for name, text in whole.items() if text is not None}


def _usable(checked: Checked) -> FlowSet:
    if checked.flows is None:
        raise FlowsRefused(checked.errors)
    return checked.flows


def _run_tests(flows: FlowSet, flow_id: str | None) -> tuple[TestResult, ...]:
    wanted = [flow for flow in flows.flows.values() if flow_id in (None, flow.id)]
    return tuple(
        TestResult(flow=str(flow.id), name=test.name, problems=tuple(run_test(flows, flow, test)))
        for flow in wanted
        for test in flow.tests
    )
