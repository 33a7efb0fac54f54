"""How often Python looks for garbage in circles: rarely, and never through what lives as long as the daemon.

With Python's own thresholds the search runs several times for each call and stops all calls for up to 30 ms where it
goes through everything; most of what a call leaves is freed without it.
"""

from __future__ import annotations

import gc

NEW_OBJECTS = 50_000  # containers made and not freed, a few megabytes
YOUNG_PASSES = 20  # … before those that stayed are looked at as well
WHOLE_PASSES = 20


def not_while_starting() -> None:
    """What the start loads stays: to search it again and again is a third of the time until calls are taken up."""
    gc.disable()


def spare_what_lives_long() -> None:
    """Call it when the daemon is ready, and again when something large was loaded."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(NEW_OBJECTS, YOUNG_PASSES, WHOLE_PASSES)
