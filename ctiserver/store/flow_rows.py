"""Published flows and drafts as the store hands them out, and why it refuses to change them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ctiserver.errors import Rejected


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """Who changes something; `name` is what people read, also when the user is gone. `user_id` is None for machines."""

    name: str
    user_id: int | None = None


class ReleaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """All flow files as they were put in force together, without their texts. Number 0: the folder's files."""

    number: int
    at: float
    kind: str  # files | publish | rollback
    author: str
    note: str
    digest: str
    files: dict[str, str]  # name → hash of its content
    back_to: int | None = None
    changed: tuple[str, ...] = ()  # files that differ from the release before


class Release(msgspec.Struct, frozen=True, kw_only=True):
    row: ReleaseRow
    texts: dict[str, str]  # file name → content


class ReleasePage(msgspec.Struct, frozen=True, kw_only=True):
    items: tuple[ReleaseRow, ...]  # newest first
    total: int
    page: int
    page_size: int


class DraftRow(msgspec.Struct, frozen=True, kw_only=True):
    """A file that somebody works on; `text` None: it is to be removed. `base`: hash of the content it builds on."""

    file: str
    text: str | None
    base: str
    revision: int
    author: str
    saved_at: float


class TakenRow(msgspec.Struct, frozen=True, kw_only=True):
    """Which release a node's daemon has in force, or why it refused that one."""

    node: str
    number: int
    at: float
    problem: str


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """Callers who left a node by one way (words: call.words.WayOut); `spent_s` is of all of them together."""

    node: str
    way: str
    edge: str
    to_flow: str
    to_node: str
    callers: int
    spent_s: float
    at: float | None = None  # start of the interval, where it was asked for


class NewRelease(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be published. `after`: the release that the author had seen; `drafts` (file → revision) end by it."""

    after: int
    kind: str
    texts: Mapping[str, str]
    digest: str
    hashes: dict[str, str]
    author: Author
    note: str
    back_to: int | None = None
    drafts: Mapping[str, int] = {}
    first: Release | None = None  # what was in force before anything was ever published


class DraftConflict(Rejected):
    """Somebody else has saved this draft meanwhile; `row` is theirs (None: it was published or thrown away)."""

    def __init__(self, file: str, row: DraftRow | None) -> None:
        who = f"{row.author} has saved {file} meanwhile" if row else f"the draft of {file} was published or thrown away"
        super().__init__(who, hint="look at what was changed, then save again")
        self.file = file
        self.row = row


class ReleaseConflict(Rejected):
    """Somebody else has published meanwhile; `row` is their release."""

    def __init__(self, row: ReleaseRow) -> None:
        super().__init__(
            f"{row.author} has published release {row.number} meanwhile", hint="look at what was changed, then go on"
        )
        self.row = row
