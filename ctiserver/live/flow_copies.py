"""Flow sets on this node's disk, named by their digests: a restart finds the one in force and those of calls under way,
also while Postgres is away.

    var/flows/in_force.json        which release is in force
    var/flows/DIGEST.json          file name → content
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec
import structlog

from ctiserver.store.flow_rows import Release, ReleaseRow

log = structlog.get_logger()

KEPT_S = 14 * 86_400.0
_DIGEST = re.compile(r"[0-9a-f]{16}")


class FlowCopies:
    """Blocking: a few small files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, digest: str, texts: Mapping[str, str]) -> None:
        """On the disk when this returns. Raises OSError."""
        path = self._path(digest)
        if path.exists():
            os.utime(path)
            return
        _replace(path, msgspec.json.encode(dict(texts)))

    def put_in_force(self, row: ReleaseRow) -> None:
        """Raises OSError."""
        _replace(self._folder / "in_force.json", msgspec.json.encode(row))

    def in_force(self) -> Release | None:
        """The release that was in force last; None: there was none, or it can't be read."""
        try:
            row = msgspec.json.decode((self._folder / "in_force.json").read_bytes(), type=ReleaseRow)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            log.error("flows_copy_unreadable", problem=str(error))
            return None
        texts = self.find(row.digest)
        return Release(row=row, texts=texts) if texts is not None else None

    def find(self, digest: str) -> dict[str, str] | None:
        """The files of a set; None: unknown, or unreadable."""
        if _DIGEST.fullmatch(digest) is None:  # it comes from a stored state and becomes a path
            return None
        try:
            return msgspec.json.decode(self._path(digest).read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            log.error("flows_copy_unreadable", digest=digest, problem=str(error))
            return None

    def prune(self, keep: Collection[str]) -> None:
        """Removes sets that nobody has needed for a fortnight."""
        oldest = time.time() - KEPT_S
        for path in self._folder.glob("*.json"):
            if _DIGEST.fullmatch(path.stem) and path.stem not in keep and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.json"


def _replace(path: Path, content: bytes) -> None:
    """In one piece, and there after a loss of power."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
