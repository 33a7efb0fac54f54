"""docs/how_a_call_flows.md shows what the table of call states does today, all of it."""

from __future__ import annotations

from pathlib import Path

from ctiserver.call.decide.diagram import document, outcomes, replaced
from ctiserver.call.decide.table import IGNORED, LIVE, TABLE

PAGE = Path(__file__).parents[3] / "docs" / "how_a_call_flows.md"


def test_the_page_shows_what_the_code_does() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == replaced(page, document()), "run `.venv/bin/python docs/draw_call_states.py`"


def test_every_row_of_the_table_can_be_reached() -> None:
    assert set(outcomes()) == {(phase, kind.__name__) for phase, kind in TABLE}


def test_nothing_is_handled_and_ignored_at_once() -> None:
    assert not {(phase, kind) for kind, (phases, _) in IGNORED.items() for phase in phases} & TABLE.keys()


def test_a_caller_who_hangs_up_ends_the_call_in_every_live_phase() -> None:
    """Unless others are in conversation with each other, or the caller had gone before."""
    results = outcomes()
    assert all("ended" in results[phase, "CallerHungUp"] for phase in LIVE)
    goes_on = {str(phase) for phase in LIVE if results[phase, "CallerHungUp"] != frozenset(("ended",))}
    assert goes_on <= {"talking", "dialling"}, "an internal call has no caller"
