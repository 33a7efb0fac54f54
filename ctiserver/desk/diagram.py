"""The work order's table as a Mermaid drawing and as a matrix; docs/draw_work_order_states.py writes both."""

from __future__ import annotations

from collections import defaultdict

from ctiserver.desk.transitions import BACK, STAY, TABLE, WITH_UNIT
from ctiserver.desk.words import ACTION_NAMES, STATE_NAMES, STATES, State

BEGIN = "<!-- drawn from ctiserver/desk/transitions.py by docs/draw_work_order_states.py -->"
END = "<!-- end of the drawing -->"


def mermaid() -> str:
    """Changes of state; what leads to the same state from many is drawn from each."""
    edges: defaultdict[tuple[State, State], list[str]] = defaultdict(list)
    for row in TABLE:
        for state in row.states:
            for target in WITH_UNIT if row.to == BACK else () if row.to == STAY else (row.to,):
                edges[state, target].append(row.action)
    lines = [f"    {before} --> {after}: {'<br/>'.join(actions)}" for (before, after), actions in edges.items()]
    names = [f"    {state}: {state} {STATE_NAMES[state]}" for state in STATES]
    return "\n".join(["stateDiagram-v2", *names, "    [*] --> draft", *lines, "    archived --> [*]"])


def matrix() -> str:
    """Every action: from where, where to, who may, what it needs, what it does to the clocks."""
    lines = ["| action | from | to | by | needs | clocks |", "|---|---|---|---|---|---|"]
    for row in TABLE:
        clocks = [f"{verb} {', '.join(stages)}" for verb, stages in (("starts", row.starts), ("stops", row.stops),
                  ("reopens", row.reopens)) if stages]  # fmt: skip
        clocks += ["freezes all"] if row.freezes else ["thaws all"] if row.thaws else []
        lines.append(
            f"| {row.action} {ACTION_NAMES[row.action]} | {', '.join(row.states)} | {row.to} "
            f"| {', '.join(sorted(row.by))} | {', '.join(row.needs)} | {'; '.join(clocks)} |"
        )
    return "\n".join(lines)


def replaced(page: str) -> str:
    """The page with what is drawn between its marks. Raises ValueError for a page without them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the marks {BEGIN} and {END}")
    return f"{before}{begin}\n\n```mermaid\n{mermaid()}\n```\n\n{matrix()}\n\n{end}{after}"
