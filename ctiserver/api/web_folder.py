"""The built pages on disk, found by walking the folder: a path from outside is looked up, never opened."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ctiserver.clock import Clock

LOOK_AGAIN_S = 1.0  # after a new build


class WebFolder:
    """The files of the build, by URL path without the leading slash."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._files: dict[str, Path] = {}
        self._looked_at = float("-inf")

    async def find(self, path: str) -> Path | None:
        if path not in self._files and self._clock.now() - self._looked_at >= LOOK_AGAIN_S:
            self._looked_at = self._clock.now()
            self._files = await asyncio.to_thread(_files_below, self._folder)
        return self._files.get(path)


def _files_below(folder: Path) -> dict[str, Path]:
    root = folder.resolve()
    return {
        file.relative_to(root).as_posix(): file
        for file in sorted(root.rglob("*"))
        if file.is_file() and file.suffix != ".gz" and file.resolve().is_relative_to(root)
    }
