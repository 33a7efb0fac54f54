"""Steps are numbered, written, and told to listeners in order once they are on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest

from ctiserver.call.events import Step
from ctiserver.store.journal import JournalLimits, SpoolJournal
from ctiserver.store.spool_files import list_segments, remove_shipped
from ctiserver.store.spool_reader import SpoolReader
from tests.unit.store.journal_tools import Heard, digit


async def run(
    folder: Path, limits: JournalLimits | None = None, checkpoint: Callable[[], bytes] = bytes
) -> SpoolJournal:
    journal = SpoolJournal(folder, limits=limits)
    await journal.start(checkpoint)
    return journal


async def test_listeners_hear_of_numbered_steps_in_order(tmp_path: Path) -> None:
    digits = [digit(number) for number in range(10)]
    journal = await run(tmp_path)
    heard = Heard(journal)
    for step in digits:
        journal.append(step)
    assert heard.steps == [], "nobody hears before the disk has it"
    await heard.until(10)
    assert [step.seq for step in heard.steps] == list(range(1, 11))
    assert [step.at for step in heard.steps] == [step.at for step in digits]
    assert journal.durable_seq == 10
    await journal.close()


async def test_many_steps_share_one_fsync(tmp_path: Path) -> None:
    journal = await run(tmp_path, JournalLimits(gather_s=0.05))
    heard = Heard(journal)
    writer = journal._writer  # pyright: ignore[reportPrivateUsage] - group commit is invisible from outside
    assert writer is not None
    for number in range(500):
        journal.append(digit(number))
    await heard.until(500)
    assert writer.syncs <= 2
    await journal.close()


async def test_a_restart_goes_on_without_a_gap(tmp_path: Path) -> None:
    first = await run(tmp_path, checkpoint=lambda: b"at start")
    first.append(digit(1))
    first.append(digit(2))
    await first.close()
    second = SpoolJournal(tmp_path)
    assert second.recovered.checkpoint == b"at start"
    assert [step.seq for step in second.recovered.steps] == [1, 2]
    await second.start(lambda: b"rebuilt")
    second.append(digit(3))
    await second.close()
    third = SpoolJournal(tmp_path)
    assert third.recovered.checkpoint == b"rebuilt"
    assert [step.seq for step in third.recovered.steps] == [3]
    assert third.next_seq == 4


async def test_restarts_without_steps_leave_one_segment(tmp_path: Path) -> None:
    for _ in range(3):
        journal = await run(tmp_path)
        await journal.close()
    assert len(list_segments(tmp_path)) == 1


async def test_a_lost_spool_goes_on_where_postgres_is(tmp_path: Path) -> None:
    journal = SpoolJournal(tmp_path, at_least=1001)
    await journal.start(bytes)
    heard = Heard(journal)
    journal.append(digit(1))
    assert [step.seq for step in await heard.until(1)] == [1001]
    await journal.close()


async def test_the_subject_state_stays_with_its_step(tmp_path: Path) -> None:
    journal = await run(tmp_path)
    journal.append(msgspec.structs.replace(digit(1), state=msgspec.Raw(b'{"phase":"menu"}')))
    await journal.close()
    assert bytes(SpoolJournal(tmp_path).recovered.steps[0].state) == b'{"phase":"menu"}'


async def test_segments_rotate_and_each_begins_with_the_state_between_two_steps(tmp_path: Path) -> None:
    applied: list[str] = []
    journal = await run(tmp_path, JournalLimits(segment_bytes=400), lambda: str(len(applied)).encode())
    heard = Heard(journal)
    for number in range(20):
        journal.append(digit(number))
        applied.append("only now is the state changed")  # append first, apply after: the checkpoint must wait
        await heard.until(number + 1)
    await journal.close()
    segments = list_segments(tmp_path)
    assert len(segments) > 3
    assert SpoolJournal(tmp_path).recovered.checkpoint == str(segments[-1].first_seq - 1).encode()


async def test_shipped_segments_go_except_the_newest(tmp_path: Path) -> None:
    journal = await run(tmp_path, JournalLimits(segment_bytes=400))
    heard = Heard(journal)
    for number in range(20):
        journal.append(digit(number))
        await heard.until(number + 1)
    await journal.close()
    segments = list_segments(tmp_path)
    remove_shipped(tmp_path, segments[2].first_seq - 1)
    assert list_segments(tmp_path) == segments[2:]
    remove_shipped(tmp_path, 20)
    assert list_segments(tmp_path) == segments[-1:]


async def test_the_reader_follows_the_journal_through_rotations(tmp_path: Path) -> None:
    journal = await run(tmp_path, JournalLimits(segment_bytes=700))
    heard = Heard(journal)
    reader = SpoolReader(tmp_path, 1)
    read: list[int] = []
    for number in range(30):
        journal.append(digit(number))
        await heard.until(number + 1)
        if number % 4 == 3:
            read += [step.seq for step in reader.read(journal.durable_seq, 3)]
    while steps := reader.read(journal.durable_seq, 3):
        read += [step.seq for step in steps]
    assert read == list(range(1, 31))
    assert reader.missing_steps == 0
    await journal.close()


async def test_the_reader_never_runs_ahead_of_what_is_confirmed(tmp_path: Path) -> None:
    journal = await run(tmp_path)
    for number in range(5):
        journal.append(digit(number))
    await journal.close()
    reader = SpoolReader(tmp_path, 2)
    assert [step.seq for step in reader.read(3, 100)] == [2, 3]
    assert reader.read(3, 100) == []
    assert [step.seq for step in reader.read(5, 100)] == [4, 5]


async def test_a_step_is_numbered_once(tmp_path: Path) -> None:
    journal = await run(tmp_path)
    with pytest.raises(ValueError, match="step 7 of n1-1 has been numbered before"):
        journal.append(msgspec.structs.replace(digit(1), seq=7))
    await journal.close()
    with pytest.raises(RuntimeError, match="closed"):
        journal.append(digit(1))


async def test_a_listener_that_fails_does_not_silence_the_others(tmp_path: Path) -> None:
    journal = await run(tmp_path)

    def broken(_steps: Sequence[Step]) -> None:
        raise ZeroDivisionError

    journal.on_durable(broken)
    heard = Heard(journal)
    journal.append(digit(1))
    assert [step.seq for step in await heard.until(1)] == [1]
    await journal.close()
