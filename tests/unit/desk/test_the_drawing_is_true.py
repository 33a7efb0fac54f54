"""The drawing in docs/work_orders.md is what the table says."""

from __future__ import annotations

from pathlib import Path

from ctiserver.desk.diagram import replaced

PAGE = Path(__file__).parents[3] / "docs" / "work_orders.md"


def test_the_page_shows_the_table_of_today() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert replaced(page) == page, "run: python docs/draw_work_order_states.py"
