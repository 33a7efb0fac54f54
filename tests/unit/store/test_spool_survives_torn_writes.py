"""Whatever the disk keeps of the last write, a restart finds every confirmed step and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctiserver.call.events import DigitReceived, Step
from ctiserver.errors import PartError
from ctiserver.store.spool_files import create_segment, recover, write_all
from ctiserver.store.spool_format import STEP, encode_step, frame
from ctiserver.store.spool_reader import SpoolReader


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


@pytest.mark.parametrize("at", [0, 4, 8, 9, -3], ids=["length", "CRC", "kind", "first byte", "text"])
def test_a_flipped_bit_costs_one_step_and_leaves_evidence(tmp_path: Path, at: int) -> None:
    damaged = bytearray(record(2))
    damaged[at] ^= 1
    path = segment(tmp_path / "spool", 1, record(1) + bytes(damaged) + record(3) + record(4))
    before = path.read_bytes()
    for _ in range(2):  # the next start finds the same
        found = recover(path.parent)
        assert [step.seq for step in found.steps] == [1, 3, 4]
        assert (found.next_seq, found.dropped_bytes) == (5, 0)
    assert path.with_suffix(".damaged").read_bytes() == before


def test_damage_in_the_last_step_is_a_torn_tail(tmp_path: Path) -> None:
    damaged = bytearray(record(2))
    damaged[-3] ^= 1
    path = segment(tmp_path / "spool", 1, record(1) + bytes(damaged))
    assert [step.seq for step in recover(path.parent).steps] == [1]
    assert not path.with_suffix(".damaged").exists()


@pytest.mark.parametrize("lost", [slice(0, 1), slice(0, 40), slice(10, 11)], ids=["a bit", "a hole", "a byte of text"])
def test_what_follows_a_damaged_place_is_shipped(tmp_path: Path, lost: slice) -> None:
    records = [bytearray(record(seq)) for seq in (1, 2, 3, 4)]
    records[1][lost] = bytes(len(records[1][lost]))
    segment(tmp_path / "spool", 1, b"".join(records))
    segment(tmp_path / "spool", 5, record(5))
    reader = SpoolReader(tmp_path / "spool", 1)
    assert [step.seq for step in reader.read(5, 100)] == [1, 3, 4, 5]
    assert reader.missing_steps == 1


def test_a_record_that_is_being_written_is_no_damage(tmp_path: Path) -> None:
    path = segment(tmp_path / "spool", 1, record(1) + record(2)[:-4])
    reader = SpoolReader(path.parent, 1)
    assert [step.seq for step in reader.read(2, 100)] == [1]
    with path.open("ab") as file:
        file.write(record(2)[-4:])
    assert [step.seq for step in reader.read(2, 100)] == [2]
    assert reader.missing_steps == 0


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
