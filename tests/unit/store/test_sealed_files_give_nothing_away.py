"""A recording lies on a disk that somebody takes away, or changes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctiserver.errors import ConfigurationError
from ctiserver.store.sealed_files import CHUNK, Keyring, SealedFile, SealError, SealingWriter, load_keyring, make_key

RING = Keyring({"k1": b"1" * 32, "k2": b"2" * 32}, current="k1")


def sealed(content: bytes, ring: Keyring = RING, piece: int = 10_000) -> bytes:
    target = io.BytesIO()
    writer = SealingWriter(target, len(content), ring)
    for at in range(0, len(content), piece):
        writer.write(content[at : at + piece])
    writer.finish()
    return target.getvalue()


def opened(data: bytes, ring: Keyring = RING) -> SealedFile:
    return SealedFile(io.BytesIO(data), ring)


@given(
    size=st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7]),
    start=st.integers(0, 4 * CHUNK),
    length=st.integers(0, 4 * CHUNK),
    piece=st.integers(1_000, 100_000),
)
def test_any_part_reads_as_it_was_written(size: int, start: int, length: int, piece: int) -> None:
    content = bytes(at * 7 % 251 for at in range(size))
    file = opened(sealed(content, piece=piece))
    assert file.size == size
    assert file.read(start, length) == content[start : start + length]


def test_the_disk_shows_nothing_of_the_content() -> None:
    content = b"RIFF the caller said" * 5_000
    assert b"caller" not in sealed(content)
    assert sealed(content) != sealed(content)


@given(at=st.integers(0, 2 * CHUNK), flip=st.integers(1, 255))
def test_a_changed_byte_is_noticed(at: int, flip: int) -> None:
    content = bytes(2 * CHUNK)
    data = bytearray(sealed(content))
    data[at] ^= flip
    with pytest.raises(SealError):
        opened(bytes(data)).read(0, len(content))


def test_chunks_can_not_be_cut_off_or_come_from_another_file() -> None:
    one, other = sealed(bytes(2 * CHUNK)), sealed(bytes(2 * CHUNK))
    header = len(one) - 2 * (CHUNK + 16)
    with pytest.raises(SealError):
        opened(one[:-1]).read(0, 2 * CHUNK)
    with pytest.raises(SealError):
        opened(one[: header + CHUNK + 16] + other[header + CHUNK + 16 :]).read(0, 2 * CHUNK)


def test_a_new_key_leaves_old_files_readable_and_a_lost_one_is_named() -> None:
    data = sealed(b"before")
    assert opened(data, Keyring(RING.keys, current="k2")).read(0, 6) == b"before"
    with pytest.raises(SealError, match="k1"):
        opened(data, Keyring({"k2": b"2" * 32}))


def test_less_than_announced_is_an_error() -> None:
    writer = SealingWriter(io.BytesIO(), 10, RING)
    writer.write(b"short")
    with pytest.raises(ValueError, match="5 bytes"):
        writer.finish()


def test_keys_are_made_kept_and_checked(tmp_path: Path) -> None:
    file = make_key(tmp_path / "keys", "k2026")
    assert file.stat().st_mode & 0o077 == 0
    ring = load_keyring(tmp_path / "keys", "k2026")
    assert opened(sealed(b"x", ring), ring).read(0, 1) == b"x"
    with pytest.raises(ConfigurationError, match="exists"):
        make_key(tmp_path / "keys", "k2026")
    with pytest.raises(ConfigurationError, match="name"):
        make_key(tmp_path, "../evil")
    with pytest.raises(ConfigurationError, match="new-key other"):
        load_keyring(tmp_path / "keys", "other")
    with pytest.raises(ConfigurationError, match=r"sealing\.folder"):
        load_keyring(None, "k")
    (tmp_path / "keys" / "bad.key").write_text("not hex", encoding="ascii")
    with pytest.raises(ConfigurationError, match=r"bad\.key"):
        load_keyring(tmp_path / "keys", "k2026")
