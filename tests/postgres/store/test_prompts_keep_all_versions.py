"""Story: a recorded prompt in Postgres: versions in a row also from several hands, back to an earlier one, removed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ctiserver.live.prompt_library import PromptLibrary
from ctiserver.recorded_prompts import PreparedRecording
from ctiserver.store.database import Database
from ctiserver.store.flow_rows import Author
from ctiserver.store.prompt_recordings import PromptRecordings

OPS = Author(name="运维", user_id=None)


def recording(content: bytes) -> PreparedRecording:
    return PreparedRecording(sound=content, seconds=1.5, loudness_db=-18.5, peak_db=-3.0, clipped=False)


async def test_versions_of_several_hands_are_in_a_row_and_can_be_gone_back_to(database: Database) -> None:
    store = PromptRecordings(database)
    assert await store.revision() == 0
    made = await asyncio.gather(
        *(store.add("welcome", "zh-CN", recording(b"%d" % n), note=str(n), author=OPS) for n in range(5))
    )
    assert sorted(row.version for row in made) == [1, 2, 3, 4, 5]
    first = next(row for row in made if row.version == 1)
    assert await store.sound("welcome", "zh-CN", 1) == first.note.encode()
    back = await store.restore("welcome", "zh-CN", 1, note="zurück", author=OPS)
    assert back is not None
    assert (back.version, back.back_to, back.sha256, back.duration_ms) == (6, 1, first.sha256, 1500)
    assert await store.restore("welcome", "zh-CN", 99, note="", author=OPS) is None
    gone = await store.remove("welcome", "zh-CN", note="", author=OPS)
    assert gone is not None
    assert gone.removed
    assert await store.remove("welcome", "zh-CN", note="", author=OPS) is None
    assert await store.restore("welcome", "zh-CN", 7, note="", author=OPS) is None
    assert [row.version for row in await store.versions("welcome", "zh-CN")] == [7, 6, 5, 4, 3, 2, 1]
    assert [row.removed for row in await store.in_force()] == [True]


async def test_every_node_takes_a_change_at_its_next_look(database: Database, tmp_path: Path) -> None:
    store = PromptRecordings(database)
    changes: list[int] = []
    library = PromptLibrary(store, tmp_path / "recorded", tmp_path, lambda: changes.append(1))
    await library.start()
    await store.add("welcome", "", recording(b"RIFF-hello"), note="", author=OPS)
    seen = len(changes)
    await library.look()
    await library.look()
    assert len(changes) == seen + 1
    found = await asyncio.to_thread(library.find, "welcome", "en")
    assert found is not None
    assert await asyncio.to_thread(found.read_bytes) == b"RIFF-hello"
