"""Somebody has to hand a recording over: the command makes keys and opens what they sealed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctiserver.__main__ import main
from ctiserver.store.sealed_files import SealingWriter, load_keyring


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "ctiserver.yaml"
    file.write_text(f"sealing: {{folder: {tmp_path}/keys}}\n", encoding="utf-8")
    return file


def test_a_key_is_made_and_a_sealed_file_opened(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recordings", "new-key", "k1", "--config", str(config)]) == 0
    assert "keep a copy" in capsys.readouterr().out
    sealed, clear = tmp_path / "r1.wav.sealed", tmp_path / "out.wav"
    with sealed.open("wb") as target:
        writer = SealingWriter(target, 5, load_keyring(tmp_path / "keys", "k1"))
        writer.write(b"sound")
        writer.finish()
    assert main(["recordings", "open", str(sealed), "-o", str(clear), "--config", str(config)]) == 0
    assert clear.read_bytes() == b"sound"
    assert main(["recordings", "open", str(sealed), "-o", str(clear), "--config", str(config)]) == 1
    assert "exists" in capsys.readouterr().err


def test_what_is_no_sealed_file_is_said(tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plain.wav").write_bytes(b"RIFF")
    for name, words in (("plain.wav", "no sealed file"), ("missing.wav", "missing.wav")):
        output = str(tmp_path / "o")
        assert main(["recordings", "open", str(tmp_path / name), "-o", output, "--config", str(config)]) == 1
        assert words in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
