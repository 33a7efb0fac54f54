"""Debian packages: downloaded and unpacked once; what was interrupted is done anew; failures speak apt's words.

apt-get and dpkg-deb are small scripts here, which write down how they were called.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from ctiserver.asterisk import debian_packages
from ctiserver.asterisk.debian_packages import find_unpacked, unpack
from ctiserver.errors import PartError

APT_GET = r"""#!/bin/sh
echo "apt-get $*" >> "$CALLS"
case "$*" in
    *update*) [ ! -e "$OFFLINE" ] || { echo "E: Could not resolve host" >&2; exit 100; } ;;
    *print-uris*) echo "'http://mirror.test/a.deb' asterisk_22.10.1-1_amd64.deb 1500000 SHA256:0" ;;
    *download-only*)
        cd "$(dirname "$APT_CONFIG")/cache/archives"
        touch asterisk_1%3a22.10.1-1_amd64.deb libc6_2.41_amd64.deb ;;
esac
"""
DPKG_DEB = r"""#!/bin/sh
echo "dpkg-deb $*" >> "$CALLS"
[ ! -e "$BROKEN" ] || { echo "dpkg-deb: error: no space left on device" >&2; exit 2; }
touch "$3/$(basename "$2")"
"""
APT_CONFIG = """#!/bin/sh
echo 'Acquire::http::Proxy "http://proxy.test:3128";'
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with our apt; files `offline` and `broken` in the folder make it fail."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, script in (("apt-get", APT_GET), ("dpkg-deb", DPKG_DEB), ("apt-config", APT_CONFIG), ("apt-cache", "")):
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    (tmp_path / "keyring.gpg").write_text("")
    monkeypatch.setattr(debian_packages, "KEYRINGS", (tmp_path / "keyring.gpg",))
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("CTI_DEBIAN_MIRROR", "http://mirror.test/debian")
    for name in ("calls", "offline", "broken"):
        monkeypatch.setenv(name.upper(), str(tmp_path / name))
    return tmp_path


def unpacked(machine: Path, *, without: tuple[str, ...] = ()) -> Path:
    return unpack("forky", ["asterisk"], machine / "cache", lambda _: None, without=without).root


def test_a_second_start_downloads_nothing(machine: Path) -> None:
    root = unpacked(machine)
    assert {file.name for file in root.iterdir()} == {"asterisk_1%3a22.10.1-1_amd64.deb", "libc6_2.41_amd64.deb"}
    calls = (machine / "calls").read_text()
    assert unpacked(machine) == root
    assert (machine / "calls").read_text() == calls


def test_versions_are_remembered(machine: Path) -> None:
    assert find_unpacked(machine / "cache") is None
    unpacked(machine, without=("libc6",))
    found = find_unpacked(machine / "cache")
    assert found is not None
    assert found.versions == {"asterisk": "1:22.10.1-1"}


def test_what_was_interrupted_is_done_anew(machine: Path) -> None:
    (machine / "broken").touch()
    with pytest.raises(PartError, match="no space left on device"):
        unpacked(machine)
    assert find_unpacked(machine / "cache") is None
    (machine / "broken").unlink()
    (machine / "cache" / "root.new" / "half").mkdir(parents=True)
    root = unpacked(machine)
    assert not (root / "half").exists()


def test_a_download_that_fails_is_told_in_the_words_of_apt(machine: Path) -> None:
    (machine / "offline").touch()
    with pytest.raises(PartError, match=r"Could not resolve host.*CTI_DEBIAN_MIRROR"):
        unpacked(machine)


def test_apt_is_private_but_knows_the_hosts_proxy(machine: Path) -> None:
    unpacked(machine)
    settings = (machine / "cache" / "apt" / "apt.conf").read_text()
    assert 'Acquire::http::Proxy "http://proxy.test:3128";' in settings
    assert f'Dir::State "{machine}/cache/apt/state";' in settings
    source = (machine / "cache" / "apt" / "debian.sources").read_text()
    assert "URIs: http://mirror.test/debian\n" in source
    assert f"Signed-By: {machine}/keyring.gpg\n" in source


def test_two_that_start_at_once_unpack_once(machine: Path) -> None:
    threads = [threading.Thread(target=unpacked, args=(machine,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (machine / "calls").read_text().count("download-only") == 1


def test_a_machine_without_debians_keyring_is_told_what_to_install(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debian_packages, "KEYRINGS", (machine / "missing.gpg",))
    with pytest.raises(PartError, match="install the package debian-archive-keyring"):
        unpacked(machine)


def test_a_stamp_without_its_folder_does_not_count(machine: Path) -> None:
    root = unpacked(machine)
    root.rename(machine / "elsewhere")
    assert json.loads((machine / "cache" / "unpacked.json").read_text())["suite"] == "forky"
    assert unpacked(machine).is_dir()
