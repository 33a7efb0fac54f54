"""Flows behind the API: the real keeper and publishing over a small folder, with a store in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from ctiserver.errors import DatabaseAwayError
from ctiserver.ivr.messages import Spoken
from ctiserver.live.flow_copies import FlowCopies
from ctiserver.live.flow_desk import FlowDesk
from ctiserver.live.flow_keeper import FlowKeeper
from ctiserver.live.flow_publishing import FlowPublishing
from ctiserver.live.flow_statistics import FlowStatistics
from ctiserver.store.flow_rows import (
    Author,
    DraftConflict,
    DraftRow,
    NewRelease,
    Passage,
    Release,
    ReleaseConflict,
    ReleasePage,
    ReleaseRow,
    TakenRow,
)

MAIN = """flow: main
entry: welcome
keys: {"0": people}
nodes:
  welcome:
    menu: {say: 水费请按1。, choices: {"1": bill}, no_input: people}
  bill: {say: 请稍候。, next: people}
  people: {queue: service}
tests:
  - name: a key leads on
    keys: ["1"]
    expect: [welcome, bill, queue service]
"""
LINES = 'lines: {"96100": {flow: main, name: 热线}}\n'
FILES = {"main.yaml": MAIN, "lines.yaml": LINES}


class MemoryReleases:
    """As store/flow_releases.py, whose own tests prove that Postgres does the same."""

    def __init__(self) -> None:
        self.away = False
        self.releases: list[Release] = []
        self.kept: dict[str, DraftRow] = {}
        self.nodes: dict[str, TakenRow] = {}

    def reach(self) -> None:
        if self.away:
            raise DatabaseAwayError("Postgres can't be reached", hint="start it")

    async def newest(self, *, known: int | None = None) -> Release | None:
        self.reach()
        last = self.releases[-1] if self.releases else None
        return None if last is None or last.row.number == known else last

    async def release(self, number: int) -> Release | None:
        self.reach()
        return next((release for release in self.releases if release.row.number == number), None)

    async def history(self, page: int, page_size: int) -> ReleasePage:
        self.reach()
        rows = tuple(release.row for release in reversed(self.releases))
        return ReleasePage(items=rows, total=len(rows), page=page, page_size=page_size)

    async def publish(self, new: NewRelease) -> ReleaseRow:
        self.reach()
        last = self.releases[-1].row if self.releases else None
        if (last.number if last else 0) != new.after:
            assert last is not None
            raise ReleaseConflict(last)
        for file, revision in new.drafts.items():
            await self.drop_draft(file, revision)
        if last is None and new.first is not None:
            last = msgspec.structs.replace(new.first.row, number=1)
            self.releases.append(Release(row=last, texts=new.first.texts))
        row = ReleaseRow(
            number=(last.number if last else 0) + 1,
            at=1_700_000_000.0 + new.after,
            kind=new.kind,
            author=new.author.name,
            note=new.note,
            digest=new.digest,
            files=new.hashes,
            back_to=new.back_to,
            changed=tuple(sorted(n for n, h in new.hashes.items() if last is None or last.files.get(n) != h)),
        )
        self.releases.append(Release(row=row, texts=dict(new.texts)))
        return row

    async def drafts(self) -> list[DraftRow]:
        self.reach()
        return list(self.kept.values())

    async def draft(self, file: str) -> DraftRow | None:
        self.reach()
        return self.kept.get(file)

    async def save_draft(self, file: str, content: str | None, *, base: str, revision: int, author: Author) -> DraftRow:
        self.reach()
        now = self.kept.get(file)
        if (now.revision if now else 0) != revision:
            raise DraftConflict(file, now)
        row = DraftRow(
            file=file, text=content, base=base, revision=revision + 1, author=author.name, saved_at=1_700_000_000.0
        )
        self.kept[file] = row
        return row

    async def drop_draft(self, file: str, revision: int) -> None:
        self.reach()
        row = self.kept.get(file)
        if row is None or row.revision != revision:
            raise DraftConflict(file, row)
        del self.kept[file]

    async def note_taken(self, node: str, number: int, problem: str) -> None:
        self.reach()
        self.nodes[node] = TakenRow(node=node, number=number, at=1_700_000_000.0, problem=problem)

    async def taken(self) -> list[TakenRow]:
        self.reach()
        return list(self.nodes.values())


class MemoryPrompts:
    """`missing`: how many texts the engine can't speak."""

    def __init__(self) -> None:
        self.missing = 0
        self.rendered: list[str] = []

    async def prerender(self, texts: Iterable[Spoken]) -> int:
        self.rendered += [text.text for text in texts]
        return self.missing


class MemoryPassages:
    def __init__(self) -> None:
        self.rows: list[Passage] = []

    async def of(self, flow: str, since: float, until: float, *, bucket: str = "") -> list[Passage]:
        return self.rows


def flow_desk(
    folder: Path,
    *,
    copies: Path | None = None,
    store: MemoryReleases | None = None,
    recordings: Callable[[], Mapping[str, frozenset[str]]] | None = None,
) -> FlowDesk:
    """Over `folder`, which gets two files unless it has some."""
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")
    keeper = FlowKeeper(
        folder, frozenset({"service"}), copies=FlowCopies(copies) if copies else None, recordings=recordings
    )
    return FlowDesk(
        publishing=FlowPublishing(keeper, store or MemoryReleases(), MemoryPrompts(), node="n1", taken=lambda: None),
        statistics=FlowStatistics(ZoneInfo("Asia/Shanghai")),
        passages=MemoryPassages(),
        positions=lambda: {("main", "welcome"): 2},
    )
