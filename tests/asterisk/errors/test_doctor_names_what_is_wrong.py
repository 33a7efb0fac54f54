"""`ctiserver doctor`: each part with what was found and what to do; wrong ones make the exit code 1."""

from __future__ import annotations

import subprocess
import sys

from ctiserver.free_ports import choose_free_port
from tests.asterisk.errors.conftest import Daemon, clean_environment


def doctor(daemon: Daemon) -> tuple[int, dict[str, str]]:
    """Its exit code and its lines by part."""
    command = [sys.executable, "-m", "ctiserver", "doctor", "--config", str(daemon.file)]
    result = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in result.stderr
    parts = (
        *("Flows", "Folders", "Postgres answers", "ARI answers", "AMI answers", "SIP answers", "ctiserver answers"),
        "Outside systems",
    )
    lines = {part: line for line in result.stdout.splitlines() for part in parts if f" {part} " in line}
    assert lines.keys() == set(parts), result.stdout
    return result.returncode, lines


def test_all_that_is_wrong_at_once(daemon: Daemon) -> None:
    nobody = choose_free_port()
    daemon.settings["database_url"] = f"postgresql://ctiserver:hunter2@127.0.0.1:{nobody}/x"
    daemon.settings["asterisk"] |= {
        "password": "hunter2",
        "ami_secret": "hunter2",
        "sip_address": f"127.0.0.1:{nobody}",
    }
    daemon.settings["recordings"] = "/proc/1/nowhere"
    lookups = f"sources:\n  billing: {{base_url: http://127.0.0.1:{nobody}, allow_private: true, retries: 0}}\n"
    (daemon.folder / "flows" / "lookups.yaml").write_text(lookups, encoding="utf-8")
    (daemon.folder / "flows" / "direct.yaml").write_text("flow: direct\nmenu: nein\n", encoding="utf-8")
    daemon.write_settings()
    code, lines = doctor(daemon)
    assert code == 1
    assert all(line.startswith("✗") for line in lines.values()), lines
    assert "direct.yaml:" in lines["Flows"]
    assert "ctiserver flows check" in lines["Flows"]
    assert "set `recordings`" in lines["Folders"]
    assert "DATABASE_URL" in lines["Postgres answers"]
    assert "asterisk.password" in lines["ARI answers"]
    assert "asterisk.ami_secret" in lines["AMI answers"]
    assert "billing: unreachable" in lines["Outside systems"]
    assert "is it running?" in lines["ctiserver answers"]
    assert not any("hunter2" in line for line in lines.values())


def test_a_daemon_that_is_not_ready_says_which_part_it_misses(daemon: Daemon) -> None:
    daemon.settings["asterisk"]["ami_secret"] = "hunter2"
    daemon.run()
    code, lines = doctor(daemon)
    assert code == 1
    assert lines["Postgres answers"].startswith("✓")
    assert lines["ARI answers"].startswith("✓")
    assert "not ready: " in lines["ctiserver answers"]
    assert "asterisk-ami: " in lines["ctiserver answers"], "beside what is only not connected yet"
