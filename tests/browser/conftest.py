"""Debian's Chromium for every browser test. Without it the ring fails, unless CTI_SKIP_BROWSER=1 leaves it out."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest

MISSING = "Chromium is missing; as root: apt-get install chromium fonts-noto-cjk"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CTI_SKIP_BROWSER") == "1":
            pytest.skip(f"CTI_SKIP_BROWSER=1: {MISSING}")
        pytest.fail(MISSING)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
    # Phones in the page reach an Asterisk on this machine, and are heard without a click.
    sound = ["--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required"]
    return {**browser_type_launch_args, "executable_path": chromium, "args": [*sandbox, *sound]}
