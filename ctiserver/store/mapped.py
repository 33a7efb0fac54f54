"""The tables as typed models, loaded when the first of them is used: `from ctiserver.store import mapped`.

To load them takes as long as a tenth of the daemon's start, and no call needs them: calls are taken up without.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

MODELS = "ctiserver.store.tables"


def load_models() -> None:
    """Blocking: call it in a thread."""
    importlib.import_module(MODELS)


if TYPE_CHECKING:
    from ctiserver.store.tables import *  # noqa: F403 - the names are those of the package
else:

    def __getattr__(name: str) -> Any:
        return getattr(importlib.import_module(MODELS), name)
