"""Releases without gaps, drafts that nobody overwrites unseen, and figures by hour: on a real Postgres."""

from __future__ import annotations

import asyncio

import pytest

from ctiserver.ivr.flow_file import content_hash
from ctiserver.live.flow_publishing import new_release
from ctiserver.store.database import Database
from ctiserver.store.flow_passages import FlowPassages
from ctiserver.store.flow_releases import FlowReleases
from ctiserver.store.flow_rows import Author, DraftConflict, Release, ReleaseConflict, ReleaseRow
from tests.postgres.store.call_stories import START, arrival
from tests.postgres.store.projecting import project
from tests.postgres.store.test_ways_through_flows_are_counted import hung_up, pressed

LI, ZHOU = Author(name="李"), Author(name="周", user_id=4711)  # no such user: the name stays
FOLDER = {"main.yaml": "flow: main\n", "lines.yaml": "lines: {}\n"}


def folder() -> Release:
    hashes = {name: content_hash(text) for name, text in FOLDER.items()}
    row = ReleaseRow(number=0, at=START, kind="files", author="", note="", digest="d", files=hashes)
    return Release(row=row, texts=FOLDER)


async def test_published_and_gone_back(centre: Database) -> None:
    store = FlowReleases(centre)
    assert await store.newest() is None
    assert (await store.history(1, 20)).items == ()
    changed = {**FOLDER, "main.yaml": "flow: main # 新\n"}
    row = await store.publish(new_release(changed, "publish", after=0, author=ZHOU, note="新", first=folder()))
    assert (row.number, row.author, row.changed) == (2, "周", ("main.yaml",))
    back = await store.publish(new_release(FOLDER, "rollback", after=2, author=LI, note="", back_to=1))
    assert (back.number, back.back_to) == (3, 1)
    newest = await store.newest()
    assert newest is not None
    assert newest.texts == FOLDER
    assert await store.newest(known=3) is None
    page = await store.history(1, 2)
    assert [(one.number, one.kind) for one in page.items] == [(3, "rollback"), (2, "publish")]
    assert page.total == 3
    with pytest.raises(ReleaseConflict, match="李 has published release 3"):
        await store.publish(new_release(changed, "publish", after=2, author=ZHOU, note=""))
    await store.note_taken("n1", 3, "")
    await store.note_taken("n1", 3, "no")
    assert [(one.node, one.problem) for one in await store.taken()] == [("n1", "no")]


async def test_two_publish_in_one_moment(centre: Database) -> None:
    store = FlowReleases(centre)
    both = [
        store.publish(new_release(FOLDER, "publish", after=0, author=author, note="", first=folder()))
        for author in (LI, ZHOU)
    ]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["ReleaseConflict", "ReleaseRow"]


async def test_drafts(centre: Database) -> None:
    store = FlowReleases(centre)
    first = await store.save_draft("main.yaml", "一", base="", revision=0, author=LI)
    assert first.revision == 1
    with pytest.raises(DraftConflict, match="李 has saved"):
        await store.save_draft("main.yaml", "二", base="", revision=0, author=ZHOU)
    second = await store.save_draft("main.yaml", None, base="", revision=1, author=ZHOU)
    assert (second.revision, second.text, second.author) == (2, None, "周")
    with pytest.raises(DraftConflict):
        await store.publish(
            new_release(FOLDER, "publish", after=0, author=LI, note="", drafts={"main.yaml": 1}, first=folder())
        )
    assert await store.newest() is None, "all or nothing"
    await store.publish(
        new_release(FOLDER, "publish", after=0, author=LI, note="", drafts={"main.yaml": 2}, first=folder())
    )
    assert await store.drafts() == []


async def test_figures_by_time(centre: Database) -> None:
    await project(
        centre,
        [arrival("n1-1", 0), pressed("n1-1", 4, "1", 4.0), pressed("n1-1", 899, "1", 1.0), hung_up("n1-1", 7300)],
    )
    passages = FlowPassages(centre, "Asia/Shanghai")
    together = await passages.of("main", START, START + 86_400)
    assert [(one.node, one.way, one.callers, one.spent_s, one.at) for one in together] == [
        ("bill", "hung_up", 1, 1.5, None),
        ("welcome", "edge", 2, 5.0, None),
    ]
    by_hour = await passages.of("main", START, START + 86_400, bucket="hour")
    assert [(one.node, one.at) for one in by_hour] == [("welcome", START), ("bill", START + 7200)]
    assert len(await passages.of("main", START, START + 86_400, bucket="day")) == 2
    assert list(await passages.all(START, START + 86_400)) == ["main"]
    assert await passages.all(START + 86_400, START + 90_000) == {}
