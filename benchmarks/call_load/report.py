"""Medians over rounds, as a table and as a picture."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.call_load.measure import Figures

COLOURS = {"Dial": "#9aa5b1", "app_queue": "#d9822b", "ctiserver": "#2b7bd9"}
WIDTH, HEIGHT, MARGIN, BAR = 720, 260, 46, 26


@dataclass(frozen=True, slots=True)
class Run:
    contestant: str
    per_second: float
    figures: Figures


def table(runs: Sequence[Run]) -> str:
    """Markdown: one row per contestant and rate, then the ratios to app_queue."""
    lines = [
        "",
        "| | calls/s | calls | failed | p50 ms | p90 | p99 | Asterisk ms per call | daemon | Postgres "
        "| memory MB Asterisk, daemon | machine busy |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    rates = sorted({run.per_second for run in runs})
    for per_second in rates:
        for name in COLOURS:
            found = _of(runs, name, per_second)
            memory = [_median(found, lambda f, part=part: f.memory_mb.get(part, 0)) for part in ("asterisk", "daemon")]
            lines.append(
                f"| {name} | {per_second:g} | {sum(f.calls for f in found)} | {sum(f.failed for f in found)} "
                f"| {_median(found, lambda f: f.p50_ms):.1f} | {_median(found, lambda f: f.p90_ms):.1f} "
                f"| {_median(found, lambda f: f.p99_ms):.1f} | {_processor(found, 'asterisk'):.2f} "
                f"| {_processor(found, 'daemon'):.2f} | {_processor(found, 'postgres'):.2f} "
                f"| {memory[0]:.0f}, {memory[1]:.0f} | {_median(found, lambda f: f.machine_busy):.0%} |"
            )
    lines += ["", "| ctiserver : app_queue | p50 | p99 | Asterisk and daemon together | Asterisk alone |"]
    lines += ["|---|---|---|---|---|"]
    for per_second in rates:
        peer, own = _of(runs, "app_queue", per_second), _of(runs, "ctiserver", per_second)
        both = _processor(own, "asterisk") + _processor(own, "daemon")
        lines.append(
            f"| at {per_second:g}/s | {_median(own, lambda f: f.p50_ms) / _median(peer, lambda f: f.p50_ms):.2f} "
            f"| {_median(own, lambda f: f.p99_ms) / _median(peer, lambda f: f.p99_ms):.2f} "
            f"| {both / _processor(peer, 'asterisk'):.2f} "
            f"| {_processor(own, 'asterisk') / _processor(peer, 'asterisk'):.2f} |"
        )
    return "\n".join([*lines, "", ""])


def gap_table(gaps: Mapping[str, Sequence[float]]) -> str:
    lines = ["| ten agents, callers always waiting | gaps | p50 ms | p90 ms |", "|---|---|---|---|"]
    for name, found in gaps.items():
        cuts = statistics.quantiles(found, n=10)
        lines.append(f"| {name} | {len(found)} | {statistics.median(found):.1f} | {cuts[8]:.1f} |")
    return "\n".join([*lines, ""])


def picture(runs: Sequence[Run]) -> str:
    """SVG: processor time per call, stacked, by rate."""
    rates = sorted({run.per_second for run in runs})
    totals = {
        (rate, name): (_processor(found, "asterisk"), _processor(found, "daemon"))
        for rate in rates
        for name in COLOURS
        if (found := _of(runs, name, rate))
    }
    scale = (HEIGHT - 2 * MARGIN) / max(sum(both) for both in totals.values())
    floor = HEIGHT - MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="12"><rect width="100%" height="100%" fill="white"/>',
        '<text x="12" y="20">Processor time per call in ms (pale: the daemon), and median set-up in ms above</text>',
    ]
    for index, rate in enumerate(rates):
        left = MARGIN + index * (WIDTH - 2 * MARGIN) / len(rates)
        parts.append(f'<text x="{left + 30:.0f}" y="{HEIGHT - 14}">{rate:g} calls/s</text>')
        for place, (name, colour) in enumerate(COLOURS.items()):
            asterisk, daemon = totals[rate, name]
            x, tall, pale = left + place * (BAR + 14), asterisk * scale, daemon * scale
            setup = _median(_of(runs, name, rate), lambda f: f.p50_ms)
            parts += [
                f'<rect x="{x:.0f}" y="{floor - tall:.1f}" width="{BAR}" height="{tall:.1f}" fill="{colour}"/>',
                f'<rect x="{x:.0f}" y="{floor - tall - pale:.1f}" width="{BAR}" height="{pale:.1f}" fill="{colour}" '
                'opacity="0.45"/>',
                f'<text x="{x:.0f}" y="{floor - tall - pale - 4:.1f}" font-size="10">{setup:.1f}</text>',
            ]
    for place, (name, colour) in enumerate(COLOURS.items()):
        x = WIDTH - 100
        parts.append(f'<rect x="{x}" y="{34 + place * 16}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{x + 16}" y="{43 + place * 16}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _of(runs: Sequence[Run], name: str, per_second: float) -> list[Figures]:
    return [run.figures for run in runs if (run.contestant, run.per_second) == (name, per_second)]


def _median(found: Sequence[Figures], of: Callable[[Figures], float]) -> float:
    return statistics.median(of(figures) for figures in found)


def _processor(found: Sequence[Figures], part: str) -> float:
    return _median(found, lambda f: f.processor_ms.get(part, 0.0))
