"""Story: recordings lie sealed on the disk; who may hear them hears them, in parts too, and a lost key is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctiserver.store.audio_files import AudioFiles
from ctiserver.store.sealed_files import CHUNK, Keyring, load_keyring, make_key
from tests.component.api.conftest import SignIn, Stage

RAW = bytes(at * 5 % 251 for at in range(2 * CHUNK + 400))
AT = 1_780_000_000.0


@pytest.fixture
def keyring(stage: Stage, tmp_path: Path) -> Keyring:
    make_key(tmp_path / "keys", "k1")
    ring = load_keyring(tmp_path / "keys", "k1")
    object.__setattr__(stage.context, "audio", AudioFiles(stage.settings.recordings, keyring=ring))
    return ring


@pytest.fixture
async def sound(stage: Stage, keyring: Keyring, tmp_path: Path) -> bytes:
    """The WAV in clear, as the page must hear it; on the disk lies something else."""
    raw = tmp_path / "raw"
    raw.write_bytes(RAW)
    path, _, size, _ = await AudioFiles(stage.settings.recordings, keyring=keyring).keep("c1.r1", raw, AT, {})
    clear, _, _, _ = await AudioFiles(tmp_path / "clear").keep("c1.r1", raw, AT, {})
    stage.recordings.paths["c1.r1"] = Path(path)
    wav = (tmp_path / "clear" / clear).read_bytes()
    assert size == len(wav)
    assert RAW[:64] not in (stage.settings.recordings / path).read_bytes()
    return wav


@pytest.mark.parametrize(
    ("part", "start", "stop"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=65530-65600", 65530, 65601),
        ("bytes=-10", -10, None),
        ("bytes=70000-", 70000, None),
    ],
)
async def test_any_part_is_heard(sign_in: SignIn, sound: bytes, part: str, start: int, stop: int | None) -> None:
    page = await sign_in("1001")
    answer = await page.get("/api/recordings/c1.r1/audio", headers={"Range": part})
    assert (answer.status, await answer.read()) == (206, sound[start:stop])
    begin = start % len(sound)
    assert answer.headers["Content-Range"] == f"bytes {begin}-{(stop or len(sound)) - 1}/{len(sound)}"


async def test_the_whole_is_heard_and_beyond_the_end_is_refused(sign_in: SignIn, sound: bytes) -> None:
    page = await sign_in("1001")
    whole = await page.get("/api/recordings/c1.r1/audio")
    assert (whole.status, whole.content_type, await whole.read()) == (200, "audio/wav", sound)
    for part in (f"bytes={len(sound)}-", "bytes=nonsense"):
        assert (await page.get("/api/recordings/c1.r1/audio", headers={"Range": part})).status == 416


@pytest.mark.usefixtures("sound")
async def test_a_lost_key_is_named(stage: Stage, sign_in: SignIn) -> None:
    object.__setattr__(stage.context, "audio", AudioFiles(stage.settings.recordings))
    answer = await (await sign_in("1001")).get("/api/recordings/c1.r1/audio")
    body = await answer.json()
    assert (answer.status, body["error_id"]) == (500, "recording_sealed")
    assert "k1" in body["detail"]
