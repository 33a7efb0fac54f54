"""SIGHUP and the wish to drain may come while the daemon still starts: they are noted, and end nobody."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from ctiserver.one_daemon import DRAIN


def test_a_reload_and_a_drain_come_too_early(tmp_path: Path) -> None:
    """Postgres takes the connection and says nothing, so that the start lasts; later it is away, which ends it."""
    with socket.socket() as postgres:
        postgres.bind(("127.0.0.1", 0))
        postgres.listen()
        postgres.settimeout(60)
        url = f"postgresql://u:p@127.0.0.1:{postgres.getsockname()[1]}/ctiserver"
        settings = {"DATABASE_URL": url, "CTI_VAR": str(tmp_path / "var"), "CTI_RECORDINGS": str(tmp_path / "audio")}
        daemon = subprocess.Popen(
            [sys.executable, "-m", "ctiserver", "serve"], env=os.environ | settings, stderr=subprocess.PIPE, text=True
        )
        asked, _ = postgres.accept()
    try:
        with asked:
            assert daemon.stderr is not None
            for what in (signal.SIGHUP, DRAIN):
                daemon.send_signal(what)
                assert f"signal={what.name}" in daemon.stderr.readline()
        _, said = daemon.communicate(timeout=60)
    finally:
        daemon.kill()
        daemon.wait()
    assert daemon.returncode == 1, said
    assert "Postgres at 127.0.0.1" in said
