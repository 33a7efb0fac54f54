"""Draws the states of a work order anew between the marks of work_orders.md: `python docs/draw_work_order_states.py`."""

from __future__ import annotations

from pathlib import Path

from ctiserver.desk.diagram import replaced

PAGE = Path(__file__).parent / "work_orders.md"

if __name__ == "__main__":
    PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
