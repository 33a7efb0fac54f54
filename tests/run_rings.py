"""Runs the rings of tests and says which failed: `make test` by way of scripts/run_tests.

Phones and browsers run in real time and leave the processor idle for much of it. So there are two lanes: the rings in
real time, one after the other, and at the lowest priority beside them what only computes. With both lanes in use the
output of a ring is shown when it has ended, so that two of them are never mixed.

A machine that is busy elsewhere can starve a story all the same. So stories that failed are told once more at the end,
alone; what then passes is named UNSTABLE and wants looking at. More than five failures of a ring are no accident and
are not tried again.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

ROOT = Path(__file__).parents[1]
CACHES = ROOT / ".pytest_cache"
CHROMIUM = "Chromium; as root: apt-get install chromium fonts-noto-cjk"
END_S = 30.0  # in which a ring that was interrupted takes down what it started
ACCIDENTS = 5
LOWEST_PRIORITY = ("nice", "-n", "19")

Outcome = Literal["passed", "failed", "left out"]
Lane = Literal["computing", "real time"]


@dataclass(frozen=True)
class Ring:
    """`needs`: a program without which it is left out, and what people are told then."""

    name: str
    lane: Lane
    command: tuple[str, ...]
    needs: tuple[str, str] | None = None

    @property
    def cache(self) -> Path:
        """Where pytest keeps what failed: of its own, because rings run at the same time."""
        return CACHES / self.name


def known_rings(jobs: str) -> tuple[Ring, ...]:
    """In the order in which a lane runs them. Each plug-in of pytest that a ring has no use for costs seconds."""
    several = ("-n", jobs, "--dist", "loadfile")
    no_pages = ("-p", "no:playwright")
    no_schema = ("-p", "no:schemathesis")
    no_database = ("-p", "no:pytest_alembic")
    return (
        Ring("check", "computing", ("make", "check")),
        Ring("unit", "computing", _pytest("unit", *several, *no_pages, *no_schema, *no_database)),
        Ring("component", "computing", _pytest("component", *several, *no_pages, *no_database)),
        Ring("journals", "computing", _pytest("journals", *no_pages, *no_schema, *no_database)),
        Ring("postgres", "computing", _pytest("postgres", *several, *no_pages)),
        Ring(
            "asterisk",
            "real time",
            _pytest("asterisk", "-n", jobs, "--dist", "loadscope", *no_pages, *no_schema, *no_database),
        ),
        Ring("browser", "real time", _pytest("browser", *several, *no_schema, *no_database), ("chromium", CHROMIUM)),
    )


def _pytest(ring: str, *options: str) -> tuple[str, ...]:
    return (*_story_teller(ring), f"tests/{ring}", *options)


def _story_teller(ring: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pytest", "-q", "-o", f"cache_dir={CACHES / ring}")


@dataclass
class Runner:
    """`limit_s` is how long a ring may take. `say` writes one line or several."""

    rings: Sequence[Ring]
    limit_s: float
    say: Callable[[str], None]
    outcomes: dict[str, Outcome] = field(default_factory=dict[str, Outcome])
    unstable: list[str] = field(default_factory=list[str])
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list[subprocess.Popen[bytes]])
    _interrupted: bool = False

    def run(self) -> bool:
        """True if all passed."""
        begun = time.monotonic()
        lanes = [[ring for ring in self.rings if ring.lane == lane] for lane in ("computing", "real time")]
        lanes = [lane for lane in lanes if lane]
        threads = [threading.Thread(target=self._run_lane, args=(lane, len(lanes) > 1)) for lane in lanes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._tell_failures_again()
        return self._conclude(round(time.monotonic() - begun))

    def interrupt(self) -> None:
        """Ends what runs; each ring takes down what it started."""
        self._interrupted = True
        for process in list(self._running):
            _end(process)

    def _run_lane(self, rings: Sequence[Ring], beside_another: bool) -> None:
        for ring in rings:
            if self._interrupted:
                return
            if ring.needs and not shutil.which(ring.needs[0]):
                self.outcomes[ring.name] = "left out"
            elif beside_another:
                self._run_quietly(ring)
            else:
                self.say(f"\n== {ring.name}")
                self.outcomes[ring.name] = self._outcome(ring, ring.command, None)

    def _run_quietly(self, ring: Ring) -> None:
        begun = time.monotonic()
        command = ring.command if ring.lane == "real time" else (*LOWEST_PRIORITY, *ring.command)
        self.say(f"== {ring.name} …")
        with tempfile.TemporaryFile() as output:
            outcome = self._outcome(ring, command, output)
            output.seek(0)
            told = output.read().decode(errors="replace").rstrip()
        self.outcomes[ring.name] = outcome
        self.say(f"\n== {ring.name}: {outcome} after {time.monotonic() - begun:.0f} s\n{told}\n")

    def _outcome(self, ring: Ring, command: Sequence[str], output: IO[bytes] | None) -> Outcome:
        shutil.rmtree(ring.cache / "v", ignore_errors=True)  # what failed in former runs
        return "passed" if self._succeeds(command, output, self.limit_s) else "failed"

    def _succeeds(self, command: Sequence[str], output: IO[bytes] | None, limit_s: float) -> bool:
        stderr = subprocess.STDOUT if output else None
        # In a session of its own: Ctrl-C comes by way of us, once. A second one would cut pytest's tidying up short.
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=stderr, start_new_session=True)
        self._running.append(process)
        try:
            return process.wait(limit_s) == 0
        except subprocess.TimeoutExpired:
            _end(process)
            message = f"not done after {limit_s:.0f} s: ended (RING_LIMIT={limit_s * 2:.0f} allows more)\n".encode()
            output.write(message) if output else self.say(message.decode())
            return False
        finally:
            self._running.remove(process)

    def _tell_failures_again(self) -> None:
        for ring in [ring for ring in self.rings if self.outcomes.get(ring.name) == "failed" and not self._interrupted]:
            stories = failed_stories(ring.cache)
            if 0 < len(stories) <= ACCIDENTS:
                self.say(f"\n== {ring.name}: once more, alone")
                if self._succeeds([*_story_teller(ring.name), *stories], None, self.limit_s):
                    self.outcomes[ring.name] = "passed"
                    self.unstable += stories

    def _conclude(self, seconds: int) -> bool:
        def having(outcome: Outcome) -> list[str]:
            return [ring.name for ring in self.rings if self.outcomes.get(ring.name) == outcome]

        self.say("")
        if failed := having("failed"):
            self.say(f"FAILED after {seconds} s: {' '.join(failed)}")
            return False
        self.say(f"Passed in {seconds} s: {' '.join(having('passed'))}")
        for story in self.unstable:
            self.say(f"UNSTABLE: {story}")
        for ring in self.rings:
            if ring.needs and self.outcomes.get(ring.name) == "left out":
                self.say(f"LEFT OUT: {ring.name} (needs {ring.needs[1]})")
        return True


def failed_stories(cache: Path) -> list[str]:
    """Names of tests as pytest takes them."""
    kept = cache / "v/cache/lastfailed"
    return list(json.loads(kept.read_text(encoding="utf-8"))) if kept.exists() else []


def _end(process: subprocess.Popen[bytes]) -> None:
    """It and all that it started."""
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _prepare(rings: Sequence[Ring]) -> None:
    """Downloads what the rings need, before two of them would at once."""
    names = {ring.name for ring in rings}
    if names & {"asterisk", "browser"}:
        subprocess.run([sys.executable, "-m", "ctiserver", "fetch"], cwd=ROOT, check=True)
    if "postgres" in names:
        subprocess.run([sys.executable, "-m", "tests.postgres_15"], cwd=ROOT, check=True)


def _say(text: str) -> None:
    print(f"{text}\n", end="", flush=True)  # noqa: T201 - this program's purpose


def _on_terminate(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    known = known_rings(os.environ.get("JOBS", "2"))
    asked = os.environ.get("RINGS", "").split() or [ring.name for ring in known]
    for name in asked:
        if name not in {ring.name for ring in known}:
            _say(f"There is no ring '{name}': known are {' '.join(ring.name for ring in known)}")
            return 2
    rings = [ring for ring in known if ring.name in asked]
    try:
        _prepare(rings)
    except subprocess.CalledProcessError as error:
        return error.returncode
    runner = Runner(rings, float(os.environ.get("RING_LIMIT", "1800")), _say)
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _on_terminate)
    try:
        return 0 if runner.run() else 1
    except KeyboardInterrupt:
        runner.interrupt()
        _say("interrupted")
        return 130


if __name__ == "__main__":
    sys.exit(main())
