"""Whatever the disk keeps of the last write, a restart finds every confirmed step and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctiserver.call.events import DigitReceived, Step
from ctiserver.errors import PartError
from ctiserver.store.spool_files import create_segment, recover, write_all
from ctiserver.store.spool_format import STEP, encode_step, frame


def record(seq: int) -> bytes:
    return frame(STEP, encode_step(Step(seq=seq, at=float(seq), subject="n1-1", input=DigitReceived(digit="5"))))


def segment(folder: Path, first: int, records: bytes, checkpoint: bytes = b"state") -> Path:
    folder.mkdir(exist_ok=True)
    descriptor, _ = create_segment(folder, first, checkpoint)
    write_all(descriptor, records)
    return folder / f"{first:016d}.segment"


def test_nothing_there_is_a_fresh_start(tmp_path: Path) -> None:
    found = recover(tmp_path / "spool")
    assert (found.checkpoint, found.steps, found.next_seq, found.dropped_bytes) == (None, (), 1, 0)


@pytest.mark.parametrize("kept", range(len(record(3))))
def test_a_tail_torn_at_any_byte_is_dropped_and_cut(tmp_path: Path, kept: int) -> None:
    whole = record(1) + record(2)
    path = segment(tmp_path / "spool", 1, whole + record(3)[:kept])
    found = recover(path.parent)
    assert found.checkpoint == b"state"
    assert [step.seq for step in found.steps] == [1, 2]
    assert found.next_seq == 3
    assert found.dropped_bytes == kept
    assert recover(path.parent).dropped_bytes == 0, "the tail is gone from the file as well"


def test_a_tail_of_zeros_is_no_record(tmp_path: Path) -> None:
    path = segment(tmp_path / "spool", 1, record(1) + bytes(4096))
    assert [step.seq for step in recover(path.parent).steps] == [1]


def test_a_flipped_bit_ends_the_segment_there(tmp_path: Path) -> None:
    damaged = bytearray(record(2))
    damaged[-3] ^= 1
    path = segment(tmp_path / "spool", 1, record(1) + bytes(damaged) + record(3))
    assert [step.seq for step in recover(path.parent).steps] == [1]


def test_the_newest_segment_alone_is_read(tmp_path: Path) -> None:
    segment(tmp_path / "spool", 1, record(1) + record(2), b"old")
    path = segment(tmp_path / "spool", 3, record(3), b"new")
    found = recover(path.parent)
    assert found.checkpoint == b"new"
    assert [step.seq for step in found.steps] == [3]


def test_a_segment_without_a_whole_checkpoint_is_moved_aside(tmp_path: Path) -> None:
    older = segment(tmp_path / "spool", 1, record(1) + record(2), b"old")
    newest = segment(tmp_path / "spool", 3, b"", b"new")
    newest.write_bytes(newest.read_bytes()[:-1])
    found = recover(older.parent)
    assert found.checkpoint == b"old"
    assert found.next_seq == 3
    assert newest.with_suffix(".damaged").exists(), "evidence is kept"


def test_a_rotation_that_did_not_finish_leaves_no_trace(tmp_path: Path) -> None:
    older = segment(tmp_path / "spool", 1, record(1), b"old")
    draft = older.with_name("0000000000000002.new")
    draft.write_bytes(b"CTI")
    assert recover(older.parent).checkpoint == b"old"
    assert not draft.exists()


def test_a_step_of_a_later_version_refuses_the_start_with_the_way_out(tmp_path: Path) -> None:
    alien = frame(STEP, b'{"seq":1,"at":1,"subject":"x","input":{"type":"TeleportRequested"}}')
    path = segment(tmp_path / "spool", 1, alien)
    with pytest.raises(PartError, match=r"0000000000000001.segment .*TeleportRequested.* start the version"):
        recover(path.parent)


def test_an_unusable_folder_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file where a folder should be")
    with pytest.raises(PartError, match=r"The journal's folder .* can't be used"):
        recover(tmp_path / "spool")


def test_text_that_is_no_unicode_is_kept_readable() -> None:
    step = Step(at=1.0, subject="caf\udcff", input=DigitReceived(digit="1"))
    assert b'"subject":"caf?"' in encode_step(step)
