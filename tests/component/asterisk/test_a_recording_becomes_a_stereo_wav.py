"""Raw samples in, a WAV out that any reader understands, with its length and checksum told truly."""

from __future__ import annotations

import hashlib
import wave
from pathlib import Path

import pytest

from ctiserver.errors import Rejected
from ctiserver.store.audio_files import AudioFiles, labels_of

AT = 1_767_283_200.0  # 2026-01-01 16:00 UTC: already the next day in Shanghai
LABELS = {"call": "n1-7", "agent": "1001 张伟", "queue": "repairs"}


def raw(folder: Path, frames: int) -> Path:
    file = folder / "in.raw"
    file.write_bytes(b"\x01\x00\xfe\xff" * frames)
    return file


def files_below(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


async def test_a_recording_becomes_a_stereo_wav(tmp_path: Path) -> None:
    store = AudioFiles(tmp_path / "recordings", "Asia/Shanghai")
    path, duration_ms, size, checksum = await store.keep("n1-7-r1", raw(tmp_path, 12_000), AT, LABELS)

    assert path == "2026/01/02/n1-7-r1.wav"
    file = store.locate(path)
    assert file is not None
    content = file.read_bytes()
    assert (duration_ms, size, checksum) == (1500, len(content), hashlib.sha256(content).hexdigest())
    with wave.open(str(file)) as audio:
        assert (audio.getnchannels(), audio.getsampwidth(), audio.getframerate()) == (2, 2, 8000)
        assert audio.readframes(12_001) == b"\x01\x00\xfe\xff" * 12_000
    assert labels_of(file) == LABELS
    assert [entry.name for entry in file.parent.iterdir()] == ["n1-7-r1.wav"], "nothing half-written is left"


async def test_a_torn_last_frame_is_dropped(tmp_path: Path) -> None:
    file = tmp_path / "in.raw"
    file.write_bytes(b"\x01\x00\xfe\xff" * 800 + b"\x01\x00\xfe")
    store = AudioFiles(tmp_path / "recordings")
    path, duration_ms, _, _ = await store.keep("r1", file, AT, {})
    assert duration_ms == 100
    with wave.open(str(tmp_path / "recordings" / path)) as audio:
        assert audio.getnframes() == 800
    assert labels_of(tmp_path / "recordings" / path) == {}


async def test_an_empty_recording_is_a_file_of_no_length(tmp_path: Path) -> None:
    path, duration_ms, _, _ = await AudioFiles(tmp_path).keep("r1", raw(tmp_path, 0), AT, LABELS)
    assert duration_ms == 0
    with wave.open(str(tmp_path / path)) as audio:
        assert audio.getnframes() == 0


async def test_keeping_again_replaces(tmp_path: Path) -> None:
    store = AudioFiles(tmp_path)
    await store.keep("r1", raw(tmp_path, 80), AT, {})
    path, duration_ms, _, _ = await store.keep("r1", raw(tmp_path, 160), AT, {})
    assert duration_ms == 20
    with wave.open(str(tmp_path / path)) as audio:
        assert audio.getnframes() == 160


@pytest.mark.parametrize("name", ["../r1", "a/b", "", ".hidden", "r" * 200, "r1\n"])
async def test_a_name_can_lead_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(Rejected):
        await AudioFiles(tmp_path).keep(name, raw(tmp_path, 1), AT, {})


async def test_a_missing_source_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await AudioFiles(tmp_path / "recordings").keep("r1", tmp_path / "none.raw", AT, {})
    assert files_below(tmp_path) == []


@pytest.mark.parametrize("path", ["../secret.wav", "/etc/hostname", "2026/01/02/none.wav"])
def test_only_files_of_the_folder_are_located(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.wav").write_bytes(b"x")
    (tmp_path / "recordings").mkdir()
    assert AudioFiles(tmp_path / "recordings").locate(path) is None
