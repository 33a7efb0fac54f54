"""`python -m acd simulate` and `python -m acd erlang`: the routing engine without a telephone."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from acd.erlang import agents_needed, erlang
from acd.errors import ConfigError
from acd.scenario import load
from acd.simulate import Report, simulate

COLUMNS = ("offered", "served", "abandoned", "blocked", "p_wait", "asa_s", "wait_p90_s", "sl1", "sl3")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return _simulate(options) if options.command == "simulate" else _erlang(options, parser)
    except (ConfigError, ValueError, OSError) as error:
        print(f"acd: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m acd", description="Routing without a telephone.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("simulate", help="run the router on random callers in virtual time")
    run.add_argument("scenario", type=Path, help="a scenario file, YAML or JSON")
    run.add_argument("--seed", type=int, help="instead of the scenario's")
    run.add_argument("--replications", type=int, help="instead of the scenario's")
    run.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    table = commands.add_parser("erlang", help="Erlang C, or Erlang A with patience")
    table.add_argument("--per-hour", type=float, required=True, help="calls per hour")
    table.add_argument("--mean-s", type=float, required=True, help="mean handling time in seconds")
    table.add_argument("--agents", type=int)
    table.add_argument("--patience-s", type=float, help="mean patience in seconds; omit if nobody gives up")
    table.add_argument("--within-s", type=float, help="threshold of the service level (20)")
    table.add_argument("--target", help="print the agents needed for, say, 80/20: 80 %% within 20 s")
    table.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    return parser


def _simulate(options: argparse.Namespace) -> int:
    scenario = load(read_scenario(options.scenario))
    if options.seed is not None:
        scenario = replace(scenario, seed=options.seed)
    if options.replications is not None:
        if options.replications < 1:
            raise ConfigError("--replications", f"must be at least 1, not {options.replications}")
        scenario = replace(scenario, replications=options.replications)
    report = simulate(scenario)
    if options.json:
        print(json.dumps(report.as_json()))
    else:
        _print_report(report)
    return 0


def read_scenario(path: Path) -> object:
    """What the file says, YAML or JSON. Raises ConfigError with the file and, for YAML, the line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise ConfigError(f"{path}, line {error.lineno}", error.msg) from error
    # Imported here so that the engine itself, and JSON scenarios, need nothing but the standard library.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    reader: Any = YAML(typ="safe", pure=True)  # Any: the library is untyped
    try:
        return reader.load(text)
    except MarkedYAMLError as error:
        details: Any = error
        line = details.problem_mark.line + 1 if details.problem_mark is not None else 0
        raise ConfigError(f"{path}, line {line}", str(details.problem)) from error
    except YAMLError as error:
        raise ConfigError(str(path), str(error)) from error


def _print_report(report: Report) -> None:
    print(f"{'':20}" + "".join(f"{name:>20}" for name in COLUMNS))
    for name, figures in (*report.queues.items(), ("total", report.total)):
        cells = (_cell(figures[column]) for column in COLUMNS)
        print(f"{name:20}" + "".join(f"{cell:>20}" for cell in cells))
    for group, figures in report.agents.items():
        print(f"{group:20}occupancy {_cell(figures['occupancy'])}, contacts {_cell(figures['contacts'])}")


def _cell(figure: dict[str, float | None]) -> str:
    mean, half_width = figure["mean"], figure["half_width"]
    if mean is None:
        return "-"
    return f"{mean:.5g}" if half_width is None else f"{mean:.5g} ± {half_width:.2g}"


def _erlang(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    if options.target is not None:
        share, within_s = _target(options.target)
        if options.within_s is not None and options.within_s != within_s:
            raise ConfigError("--within-s", "contradicts --target")
        result = agents_needed(options.per_hour, options.mean_s, share, within_s, options.patience_s)
    elif options.agents is None:
        parser.error("one of --agents and --target is required")
    else:
        within_s = 20.0 if options.within_s is None else options.within_s
        result = erlang(options.per_hour, options.mean_s, options.agents, options.patience_s, within_s)
    figures = asdict(result)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:15} {'unbounded' if value is None else format(value, '.5g')}")
    return 0


def _target(text: str) -> tuple[float, float]:
    """`80/20` as (0.8, 20.0)."""
    share, _, within = text.partition("/")
    try:
        return float(share) / 100, float(within)
    except ValueError:
        raise ConfigError("--target", f"must look like 80/20, not {text!r}") from None


if __name__ == "__main__":
    sys.exit(main())
