"""Draws the states of a call anew between the marks of how_a_call_flows.md: `python docs/draw_call_states.py`."""

from __future__ import annotations

from pathlib import Path

from ctiserver.call.decide.diagram import document, replaced

PAGE = Path(__file__).parent / "how_a_call_flows.md"

if __name__ == "__main__":
    PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), document()), encoding="utf-8")
