"""Local Asterisk comes from the mirror that this machine already uses, whatever format its sources have."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctiserver.asterisk.apt_sources import AptSource, debian_mirror, read_sources
from ctiserver.errors import PartError


@pytest.fixture(autouse=True)
def no_choice_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CTI_DEBIAN_MIRROR", raising=False)


@pytest.fixture
def apt(tmp_path: Path) -> Path:
    (tmp_path / "sources.list.d").mkdir()
    return tmp_path


def test_one_line_format_with_options_and_comments(apt: Path) -> None:
    (apt / "sources.list").write_text(
        "# deb http://commented.test/debian bookworm main\n"
        "deb-src http://source.test/debian bookworm main\n"
        "deb [arch=amd64 signed-by=/k.gpg] http://mirror.test/debian bookworm main contrib # near\n"
    )
    assert list(read_sources(apt)) == [AptSource("http://mirror.test/debian", "bookworm", ("main", "contrib"))]
    assert debian_mirror(apt) == "http://mirror.test/debian"


def test_deb822_with_several_words_comments_and_folded_lines(apt: Path) -> None:
    (apt / "sources.list.d" / "debian.sources").write_text(
        "Types: deb deb-src\n"
        "# a note in between\n"
        "URIs: http://mirror.test/debian/\n"
        "Suites: bookworm\n bookworm-updates\n"
        "Components: main\n"
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
    )
    assert [source.suite for source in read_sources(apt)] == ["bookworm", "bookworm-updates"]
    assert debian_mirror(apt) == "http://mirror.test/debian/"


def test_security_third_parties_and_disabled_sources_are_passed_by(apt: Path) -> None:
    (apt / "sources.list").write_text(
        "deb http://security.test/debian-security bookworm-security main\ndeb http://other.test/debian stable free\n"
    )
    (apt / "sources.list.d" / "off.sources").write_text(
        "Enabled: no\nTypes: deb\nURIs: http://off.test/debian\nSuites: bookworm\nComponents: main\n"
    )
    (apt / "sources.list.d" / "on.sources").write_text(
        "Types: deb\nURIs: http://on.test/debian\nSuites: bookworm\nComponents: main\n"
    )
    assert debian_mirror(apt) == "http://on.test/debian"


def test_a_host_without_a_debian_mirror_is_told_what_to_set(apt: Path) -> None:
    (apt / "sources.list").write_text("deb http://archive.test/ubuntu noble main\n")
    with pytest.raises(PartError, match="set CTI_DEBIAN_MIRROR"):
        debian_mirror(apt)


def test_the_environment_wins(apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CTI_DEBIAN_MIRROR", "http://chosen.test/debian")
    assert debian_mirror(apt) == "http://chosen.test/debian"
