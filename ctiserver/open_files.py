"""How many files and sockets this process may have open at once."""

from __future__ import annotations

import resource
from contextlib import suppress

WANTED = 65_536


def allow_many() -> int:
    """Raises the soft limit as far as the hard one lets us, up to WANTED; returns what is in force."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    goal = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < goal:
        with suppress(OSError, ValueError):  # then what there is must do
            resource.setrlimit(resource.RLIMIT_NOFILE, (goal, hard))
    return allowed()


def allowed() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return WANTED if soft == resource.RLIM_INFINITY else soft
