"""Is a folder that the settings name really ours to write to? Asked at the start, not by the first call."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ctiserver.errors import ConfigurationError


def require_writable(folder: Path, setting: str) -> None:
    """Makes the folder if need be and tries to write in it. Raises ConfigurationError that names the setting."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0")
    except OSError as error:
        raise ConfigurationError(
            f"the folder {folder} can't be written to: {error.strerror or error}",
            hint=f"check its owner and the disk, or set `{setting}` (CTI_{setting.upper()}) to another folder",
        ) from None
