"""Sees which phone processes exist."""

import psutil


def phone_processes(parent: psutil.Process | None = None) -> list[psutil.Process]:
    """Those started by `parent` (by default this process), directly or not, and still running."""
    found: list[psutil.Process] = []
    for child in (parent or psutil.Process()).children(recursive=True):
        try:
            if "ctiserver.demo.phone_process" in child.cmdline():
                found.append(child)
        except psutil.NoSuchProcess:  # it ended while we looked
            continue
    return found
