"""Which Debian mirror this machine uses, read from its own apt sources (deb822 and one-line format)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ctiserver.errors import PartError

APT_FOLDER = Path("/etc/apt")


@dataclass(frozen=True, slots=True)
class AptSource:
    uri: str
    suite: str
    components: tuple[str, ...]


def debian_mirror(apt_folder: Path = APT_FOLDER) -> str:
    """The address of a Debian mirror: CTI_DEBIAN_MIRROR, or the first in the host's sources that carries Debian's main.

    Raises PartError when the host has none (an Ubuntu machine, for instance).
    """
    if chosen := os.environ.get("CTI_DEBIAN_MIRROR"):
        return chosen
    for source in read_sources(apt_folder):
        # Mirrors keep the archive under …/debian; security and third parties have other paths.
        if "main" in source.components and re.search(r"/debian/?$", source.uri):
            return source.uri
    raise PartError(
        f"No Debian mirror among the apt sources in {apt_folder}",
        hint="set CTI_DEBIAN_MIRROR to the address of one (it ends in /debian)",
    )


def read_sources(apt_folder: Path) -> Iterator[AptSource]:
    """All enabled `deb` sources, in apt's order: sources.list first, then sources.list.d by name."""
    parts = apt_folder / "sources.list.d"
    files = [apt_folder / "sources.list", *(sorted(parts.iterdir()) if parts.is_dir() else [])]
    for file in files:
        if not file.is_file():
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        if file.suffix == ".sources":
            yield from _deb822(text)
        elif file.suffix == ".list":
            yield from _one_line(text.splitlines())


def _one_line(lines: Iterable[str]) -> Iterator[AptSource]:
    """`deb [signed-by=…] http://mirror/debian bookworm main contrib`."""
    for line in lines:
        match = re.match(r"\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)\s*([^#]*)", line)
        if match:
            yield AptSource(match[1], match[2], tuple(match[3].split()))


def _deb822(text: str) -> Iterator[AptSource]:
    for stanza in re.split(r"\n\s*\n", "\n".join(line for line in text.splitlines() if not line.startswith("#"))):
        fields = _fields(stanza)
        if "deb" not in fields.get("types", ()) or fields.get("enabled", ("yes",))[0] in ("no", "false", "0"):
            continue
        for uri in fields.get("uris", ()):
            for suite in fields.get("suites", ()):
                yield AptSource(uri, suite, fields.get("components", ()))


def _fields(stanza: str) -> dict[str, tuple[str, ...]]:
    """Field names in lower case → words; a line that begins with white space continues the field above it."""
    fields: dict[str, tuple[str, ...]] = {}
    name = ""
    for line in stanza.splitlines():
        if line[:1].isspace():
            fields[name] = (*fields.get(name, ()), *line.split())
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = tuple(value.split())
    return fields
