"""What comes in and goes out about flows. Texts of files may be long; the flow checker is who limits them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field, StringConstraints

from ctiserver.api.schemas import NO_CONTROL_CHARACTERS, NO_NUL, Body, Instant, Query, Word
from ctiserver.ivr.flow_error import FlowError
from ctiserver.live.flow_publishing import TestResult
from ctiserver.store.flow_rows import DraftRow, Passage, ReleaseRow, TakenRow

FILE_NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,60}\.yaml$"
LARGEST_BODY = 12 * 1024 * 1024
"""So large that a file which is far too large is refused by the checker, with its name."""

FileName = Annotated[str, StringConstraints(pattern=FILE_NAME)]
FileText = Annotated[str, StringConstraints(pattern=NO_NUL)]
Changes = Annotated[
    dict[FileName, FileText | None], Field(max_length=100, default_factory=dict)
]  # None: the file goes; left out: no changes
Note = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=NO_NUL)]
Number = Annotated[int, Field(ge=0, le=2_147_483_647)]
Deed = Annotated[str, StringConstraints(max_length=64, pattern=NO_CONTROL_CHARACTERS)]


class FlowChanges(Body):
    """Files as they would be, over those in force."""

    changes: Changes


class FlowTestRun(FlowChanges):
    """`flow` empty: the tests of all flows."""

    flow: Word = ""


class FlowDrawingOf(FlowChanges):
    flow: Annotated[Word, Field(min_length=1)]


class FlowWalk(FlowChanges):
    """A caller of `start` (a flow or a dialled number) who does these things one after another: keys, `silence`, or how
    a queue ends. `at`: the moment of the call; empty: now.
    """

    start: Annotated[Word, Field(min_length=1)]
    does: Annotated[list[Deed], Field(max_length=300, default_factory=list)]
    at: Instant | None = None


class DraftText(Body):
    """`revision`: of the draft that was edited, 0 for a new one. `base`: hash of the published file it builds on."""

    text: FileText | None
    base: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{16})?$")]
    revision: Number


class Publication(Body):
    """`drafts`: file → revision, as they were read. `changes`: files that were never drafts, for machines.

    `after`: number of the release that was in force when the author looked.
    """

    after: Number
    note: Note
    drafts: Annotated[dict[FileName, Number], Field(max_length=100, default_factory=dict)]
    changes: Changes
    without_prompts: bool = False


class GoingBack(Body):
    to: Annotated[int, Field(ge=1, le=2_147_483_647)]
    after: Number
    note: Note


class DroppedDraft(Query):
    revision: Number


class ReleaseSearch(Query):
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=200)] = 50


class Comparison(Query):
    """Numbers of releases; 0: what is in force."""

    from_: Annotated[Number, Field(alias="from")]
    to: Number = 0


class PassageSearch(Query):
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    by: Literal["", "hour", "day"] = ""


class SchemaOf(Query):
    kind: Literal["flow", "lines"] = "flow"


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class DraftInfo(msgspec.Struct, frozen=True, kw_only=True):
    author: str
    saved_at: float
    revision: int
    removes: bool  # the file is to go


class FlowFileRow(msgspec.Struct, frozen=True, kw_only=True):
    """`flow` is empty for lines.yaml and for files that exist as drafts only. Figures are today's."""

    file: str
    flow: str
    version: int
    nodes: int
    tests: int
    numbers: tuple[str, ...]  # dialled numbers that lead here
    hash: str
    changed_in: int  # release; 0: unknown, or nothing was published yet
    changed_by: str
    changed_at: float | None
    callers: int
    hung_up: int
    inside: int  # callers who are in it now
    draft: DraftInfo | None


class FlowOverview(msgspec.Struct, frozen=True, kw_only=True):
    """`release.number` 0: the folder's files are in force. `complete` False: without drafts, Postgres is away."""

    release: ReleaseRow
    files: tuple[FlowFileRow, ...]
    nodes: tuple[TakenRow, ...]
    complete: bool


class FlowFileText(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is None for a file that is not published yet."""

    file: str
    flow: str
    text: str | None
    hash: str
    release: int
    draft: DraftRow | None


class FlowCheck(msgspec.Struct, frozen=True, kw_only=True):
    errors: tuple[FlowError, ...]
    flows: tuple[str, ...]


class FlowTests(msgspec.Struct, frozen=True, kw_only=True):
    results: tuple[TestResult, ...]
    failed: int


class WalkStep(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller did (empty: rang), came to and heard. `problem`: why it could not be done."""

    did: str
    visited: tuple[str, ...]
    heard: tuple[str, ...]
    problem: str


class WalkedCall(msgspec.Struct, frozen=True, kw_only=True):
    """`node` is where the caller stands; `ended` why the call is over, else empty; `queue`: where the caller waits."""

    steps: tuple[WalkStep, ...]
    flow: str
    node: str
    ended: str
    queue: str
    waits: bool


class ReleaseTexts(msgspec.Struct, frozen=True, kw_only=True):
    release: ReleaseRow
    texts: dict[str, str]


class FileDiff(msgspec.Struct, frozen=True, kw_only=True):
    """`diff` in the unified form; one of the texts is None where the file is new or gone."""

    file: str
    before: str | None
    after: str | None
    diff: str


class FlowPassages(msgspec.Struct, frozen=True, kw_only=True):
    """`inside`: callers per node at this moment; only in today's figures."""

    flow: str
    since: float
    until: float
    passages: tuple[Passage, ...]
    inside: dict[str, int] = {}


class FlowSchema(msgspec.Struct, frozen=True, kw_only=True):
    json_schema: dict[str, Any]
