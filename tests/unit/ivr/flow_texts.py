"""Short flows for stories: YAML in, a flow set or its errors out, and a caller who rings."""

from __future__ import annotations

import textwrap
from datetime import datetime

from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.flow_error import FlowError, FlowErrors
from ctiserver.ivr.flow_file import build_flow_set
from ctiserver.ivr.simulate import Caller

MONDAY_10_00 = datetime.fromisoformat("2026-11-23T10:00+08:00")

LINES = """
lines: {"100": main}
calendars:
  office: {weekly: {mon-fri: "09:00-17:00"}}
"""


def flow_set(*texts: str, lines: str = LINES, prompts: frozenset[str] = frozenset()) -> FlowSet:
    """Each text is a flow file; the first is `main` unless it says otherwise. Raises FlowErrors."""
    sources = {f"{number}.yaml": _complete(text, number) for number, text in enumerate(texts)}
    return build_flow_set({**sources, "lines.yaml": lines}, recordings={"": prompts})


def errors_of(*texts: str, lines: str = LINES) -> tuple[FlowError, ...]:
    try:
        flow_set(*texts, lines=lines)
    except FlowErrors as refused:
        return refused.errors
    return ()


def ring(flows: FlowSet, flow_id: str = "main", at: datetime = MONDAY_10_00, **variables: object) -> Caller:
    caller = Caller(flows, at)
    caller.ring(flow_id, variables)
    return caller


def _complete(text: str, number: int) -> str:
    text = textwrap.dedent(text).removeprefix("\n")
    return text if text.startswith("flow:") else f"flow: {'main' if number == 0 else f'flow{number}'}\n{text}"
