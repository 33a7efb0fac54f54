"""`make test`: two lanes side by side, what fails is named, and a story that failed by accident is told once more."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests import run_rings
from tests.run_rings import Lane, Ring, Runner, known_rings

FAILS_ONCE = """
from pathlib import Path
def test_it():
    seen = Path(__file__).with_name("seen")
    first = not seen.exists()
    seen.touch()
    assert not first
"""


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    monkeypatch.setattr(run_rings, "CACHES", tmp_path / "caches")
    monkeypatch.setattr(run_rings, "ROOT", tmp_path)
    return []


def python(name: str, program: str, lane: Lane = "computing") -> Ring:
    return Ring(name, lane, (sys.executable, "-c", program))


def runner(said: list[str], *rings: Ring, limit_s: float = 60.0) -> Runner:
    return Runner(rings, limit_s, said.append)


def test_a_ring_that_fails_is_named_and_the_others_still_run(said: list[str]) -> None:
    assert not runner(said, python("one", "raise SystemExit(1)"), python("two", "print('here')")).run()
    assert said[-1].startswith("FAILED after")
    assert said[-1].endswith(": one")


def test_all_pass(said: list[str]) -> None:
    assert runner(said, python("one", ""), python("two", "", "real time")).run()
    assert said[-1].endswith(": one two")


def test_the_lanes_run_side_by_side_and_what_they_say_is_not_mixed(said: list[str], tmp_path: Path) -> None:
    """Each waits for the other's file: one after the other would never end."""
    program = "import pathlib, time\npathlib.Path({mine!r}).touch()\nprint('from {name}')\n" + (
        "while not pathlib.Path({other!r}).exists(): time.sleep(0.01)\nprint('done {name}')"
    )
    mine, other = str(tmp_path / "mine"), str(tmp_path / "other")
    a = python("a", program.format(mine=mine, other=other, name="a"))
    b = python("b", program.format(mine=other, other=mine, name="b"), "real time")
    assert runner(said, a, b).run()
    for name in "ab":
        assert [text for text in said if f"from {name}\ndone {name}" in text]


def test_what_only_computes_gives_way(said: list[str]) -> None:
    niceness = "import os; print('niceness', os.nice(0))"
    assert runner(said, python("a", niceness), python("b", niceness, "real time")).run()
    here = run_in_here(niceness)
    assert [text for text in said if "== a: passed" in text and "niceness 19" in text]
    assert [text for text in said if "== b: passed" in text and here in text]


def run_in_here(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_a_ring_that_hangs_is_ended(said: list[str]) -> None:
    assert not runner(said, python("slow", "import time; time.sleep(600)"), limit_s=0.2).run()
    assert "not done after 0 s" in "".join(said)
    assert said[-1].endswith(": slow")


def test_without_its_program_a_ring_is_left_out(said: list[str]) -> None:
    ring = Ring("pages", "real time", ("false",), ("no-such-program", "a browser"))
    assert runner(said, python("one", ""), ring).run()
    assert said[-1] == "LEFT OUT: pages (needs a browser)"


def test_a_story_that_fails_and_then_passes_alone_is_told_as_unstable(said: list[str], tmp_path: Path) -> None:
    story = tmp_path / "test_story.py"
    story.write_text(FAILS_ONCE)
    cache = f"cache_dir={tmp_path / 'caches' / 'ring'}"
    ring = Ring("ring", "real time", (sys.executable, "-m", "pytest", "-q", "-o", cache, story.name))
    assert runner(said, ring).run()
    assert said[-1].startswith("UNSTABLE: ")
    assert said[-1].endswith("test_story.py::test_it")


def test_a_story_that_fails_twice_fails(said: list[str], tmp_path: Path) -> None:
    story = tmp_path / "test_story.py"
    story.write_text("def test_it():\n    assert False\n")
    cache = f"cache_dir={tmp_path / 'caches' / 'ring'}"
    ring = Ring("ring", "real time", (sys.executable, "-m", "pytest", "-q", "-o", cache, story.name))
    assert not runner(said, ring).run()
    assert said[-1].endswith(": ring")


def test_interrupted_nothing_further_begins(said: list[str], tmp_path: Path) -> None:
    begun, next_one = tmp_path / "begun", tmp_path / "next"
    waits = f"import pathlib, time; pathlib.Path({str(begun)!r}).touch(); time.sleep(600)"
    running = runner(said, python("one", waits), python("two", f"open({str(next_one)!r}, 'w')"))
    thread = threading.Thread(target=running.run)
    thread.start()
    while not begun.exists():
        thread.join(0.01)
    running.interrupt()
    thread.join(60)
    assert not thread.is_alive()
    assert not next_one.exists()


def test_every_folder_of_stories_is_a_ring() -> None:
    tests = Path(run_rings.__file__).parent
    folders = {path.name for path in tests.iterdir() if any(path.rglob("test_*.py"))}
    assert folders == {ring.name for ring in known_rings("2")} - {"check"}


def test_a_wrong_name_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("RINGS", "unit postgress")
    assert run_rings.main() == 2
    assert "There is no ring 'postgress'" in capsys.readouterr().out
