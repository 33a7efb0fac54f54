"""Where local parts keep what they download, so that all stacks of a checkout share it."""

from __future__ import annotations

import os
from pathlib import Path

from ctiserver.unprivileged import reachable_folder, service_user

CHECKOUT = Path(__file__).parents[1]


def cache_folder() -> Path:
    """CTI_CACHE, or var/cache of the checkout; reachable for the user whom servers run as."""
    return reachable_folder(Path(os.environ.get("CTI_CACHE") or CHECKOUT / "var" / "cache"), service_user())
