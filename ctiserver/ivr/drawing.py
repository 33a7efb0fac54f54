"""A flow as a picture: boxes and arrows as data, for the pages; as Mermaid text; as SVG.

Besides the flow's nodes there may be boxes for what is not a node: the flows that it leads to, and `ANY`, from which
the global keys lead.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import msgspec

from ctiserver.ivr.fields import FlowId
from ctiserver.ivr.flow import AGAIN, BACK, Flow
from ctiserver.ivr.graph import parts_of
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.speech import Speech

ANY = "*"
LONGEST_TEXT = 48


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """`type` is a node type, or `flow` (another flow), or `any` (wherever the caller is)."""

    id: str
    type: str
    title: dict[str, str]  # by language; empty: none is given
    text: str = ""  # what is said there first, or what it is about
    line: int = 0  # of the file; 0: not a node
    entry: bool = False


class Arrow(msgspec.Struct, frozen=True, kw_only=True):
    """`edge` is the way to the field, such as `choices.1`; `keys.0` is a global key."""

    source: str
    target: str
    edge: str


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    flow: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw(flow: Flow) -> Drawing:
    arrows = tuple(_arrows(flow))
    boxes = [_box(flow, name, node) for name, node in flow.nodes.items()]
    if any(arrow.source == ANY for arrow in arrows):
        boxes.append(Box(id=ANY, type="any", title={"zh-CN": "任何位置", "en": "Anywhere"}))
    others = dict.fromkeys(arrow.target for arrow in arrows if arrow.target not in flow.nodes)
    boxes += [Box(id=other, type="flow", title={}, text=other.removeprefix("flow:")) for other in others]
    return Drawing(flow=str(flow.id), boxes=tuple(boxes), arrows=arrows)


def _box(flow: Flow, name: str, node: Node) -> Box:
    return Box(
        id=str(name),
        type=node.type_name,
        title=dict(node.title) if node.title is not None else {},
        text=_about(node),
        line=flow.lines.get(name, 0),
        entry=name == flow.entry,
    )


def _about(node: Node) -> str:
    """What is said first, or else the setting that the node is known by."""
    for _, speech in parts_of(node, Speech):
        for line in speech.lines:
            said = str(line.prompt) if line.prompt is not None else next(iter(line.texts.values()), None)
            source = getattr(said, "source", None) or str(said or "")
            return source if len(source) <= LONGEST_TEXT else f"{source[: LONGEST_TEXT - 1]}…"
    short = type(node).short
    value = getattr(node, short, None) if short is not None else getattr(node, "calendar", None)
    return str(value) if isinstance(value, str) else ""


def _arrows(flow: Flow) -> Iterator[Arrow]:
    for name, known in flow.labels.items():
        node = flow.nodes[name]
        for _, other in parts_of(node, FlowId):
            yield Arrow(source=name, target=f"flow:{other}", edge=node.type_name)
        yield from (
            Arrow(source=name, target=str(target), edge=edge) for target, edge in known if target not in (BACK, AGAIN)
        )
    for key, target in flow.keys.items():
        if target not in (BACK, AGAIN):
            yield Arrow(source=ANY, target=str(target), edge=f"keys.{key}")
    if flow.on_error is not None:
        yield Arrow(source=ANY, target=str(flow.on_error), edge="on_error")


# ── Mermaid ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def mermaid(drawing: Drawing, language: str = "zh-CN") -> str:
    """`flowchart TD` text; nodes get neutral ids, since Mermaid has words of its own."""
    ids = {box.id: f"n{number}" for number, box in enumerate(drawing.boxes)}
    lines = ["flowchart TD"]
    lines += [f'    {ids[box.id]}["{_quoted(_label(box, language))}"]' for box in drawing.boxes]
    for arrow in drawing.arrows:
        lines.append(f'    {ids[arrow.source]} -->|"{_quoted(short_edge(arrow.edge))}"| {ids[arrow.target]}')
    return "\n".join(lines) + "\n"


def short_edge(edge: str) -> str:
    """`choices.1` and `keys.0` as people say them: the key."""
    field, _, rest = edge.partition(".")
    return rest if field in ("choices", "keys") and rest else edge.removesuffix(".go")


def _label(box: Box, language: str) -> str:
    named = box.title.get(language) or next(iter(box.title.values()), "")
    first = named or (box.text if box.type == "flow" else box.id)
    return first if box.type in ("any", "flow") else f"{first}<br/>{box.type}"


def _quoted(text: str) -> str:
    """Mermaid reads HTML entities with # for &; the line break of ours stays."""
    return "<br/>".join(
        part.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
        for part in text.split("<br/>")
    )


# ── SVG ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

WIDE, HIGH, APART, BELOW, MARGIN = 190, 52, 36, 64, 24


def svg(drawing: Drawing, language: str = "zh-CN") -> str:
    """Boxes in layers by their distance from the entry, arrows between them; no fonts, scripts or links."""
    layers = _layers(drawing)
    widest = max(len(layer) for layer in layers)
    width = MARGIN * 2 + widest * WIDE + (widest - 1) * APART
    height = MARGIN * 2 + len(layers) * HIGH + (len(layers) - 1) * BELOW
    places: dict[str, tuple[float, float]] = {}
    for row, layer in enumerate(layers):
        left = (width - len(layer) * WIDE - (len(layer) - 1) * APART) / 2
        for column, name in enumerate(layer):
            places[name] = (left + column * (WIDE + APART), MARGIN + row * (HIGH + BELOW))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="13">',
        f"<title>{escape(drawing.flow)}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="#64748b"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    parts += [_svg_arrow(arrow, places) for arrow in drawing.arrows]
    parts += [_svg_box(box, places[box.id], language) for box in drawing.boxes]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _layers(drawing: Drawing) -> list[list[str]]:
    """Names by their distance from the entry; what nothing leads to from there comes on top."""
    onwards: dict[str, list[str]] = {}
    for arrow in drawing.arrows:
        onwards.setdefault(arrow.source, []).append(arrow.target)
    entry = [box.id for box in drawing.boxes if box.entry]
    layers: list[list[str]] = []
    seen: set[str] = set()
    starts = entry
    while starts:
        layer = list(dict.fromkeys(name for name in starts if name not in seen))
        seen.update(layer)
        if layer:
            layers.append(layer)
        starts = [target for name in layer for target in onwards.get(name, ()) if target not in seen]
    rest = [box.id for box in drawing.boxes if box.id not in seen]
    first = layers[0] if layers else []
    return [[*first, *rest], *layers[1:]]


def _svg_box(box: Box, place: tuple[float, float], language: str) -> str:
    x, y = place
    named, _, kind = _label(box, language).partition("<br/>")
    named = named if len(named) <= 22 else f"{named[:21]}…"
    stroke = "#1d4ed8" if box.entry else "#64748b"
    middle = x + WIDE / 2
    first = f'<text x="{middle:g}" y="{y + (22 if kind else 30):g}" text-anchor="middle">{escape(named)}</text>'
    second = f'<text x="{middle:g}" y="{y + 41:g}" text-anchor="middle" fill="#475569">{escape(kind)}</text>'
    return (
        f'<g><rect x="{x:g}" y="{y:g}" width="{WIDE}" height="{HIGH}" rx="8" fill="#f8fafc" stroke="{stroke}" '
        f'stroke-width="{2 if box.entry else 1}"/>{first}{second if kind else ""}</g>'
    )


def _svg_arrow(arrow: Arrow, places: dict[str, tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = places[arrow.source], places[arrow.target]
    down = y2 > y1
    start_x, end_x = x1 + WIDE / 2, x2 + WIDE / 2
    start_y, end_y = (y1 + HIGH, y2) if down else (y1, y2 + HIGH)
    bend = 34 if down else -34
    path = f"M{start_x:g} {start_y:g}C{start_x:g} {start_y + bend:g} {end_x:g} {end_y - bend:g} {end_x:g} {end_y:g}"
    x, y = (start_x + end_x) / 2, (start_y + end_y) / 2
    return (
        f'<path d="{path}" fill="none" stroke="#94a3b8" marker-end="url(#tip)"/>'
        f'<text x="{x:g}" y="{y:g}" text-anchor="middle" fill="#334155" font-size="12" stroke="#ffffff" '
        f'stroke-width="3" paint-order="stroke">{escape(short_edge(arrow.edge))}</text>'
    )
