"""Small, safe expressions over a call's variables: `customer.vip and attempts < 3`.

Evaluated by simpleeval within an allow list of syntax that is checked when the flow is loaded. A variable or field that
is missing is None, so that flows can ask for what may not be known. Evaluation answers a value or raises
ExpressionFailed, nothing else.
"""

from __future__ import annotations

import ast
import functools
import warnings
from collections.abc import Callable, Mapping, Sized
from typing import Any, cast

import simpleeval  # pyright: ignore[reportMissingTypeStubs] - it has none; used through Any below

MAX_LENGTH = 500

_ALLOWED: tuple[type[ast.AST], ...] = (
    *(ast.Expression, ast.Name, ast.Load, ast.Constant, ast.List, ast.Tuple, ast.Attribute, ast.Subscript, ast.Call),
    *(ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.IfExp),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod),
    *(ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot),
)


class ExpressionFailed(Exception):
    """The values at hand did not allow an answer, such as `None > 3`."""


class Expression(str):
    """The source of an expression that `parse` has accepted; equal sources are equal expressions."""

    __slots__ = ()

    def names(self) -> frozenset[str]:
        """The variables it reads (the first part of `customer.name`)."""
        nodes = list(ast.walk(_tree(self)))
        called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        return frozenset(node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called)

    def evaluate(self, variables: Mapping[str, object]) -> object:
        """Raises ExpressionFailed."""
        try:
            return _evaluate(_tree(self), variables)
        except Exception as error:  # simpleeval lets through whatever the operators raise: TypeError …
            raise ExpressionFailed(f"{self}: {error}") from error


def parse(text: str) -> Expression:
    """Raises ValueError saying what isn't allowed."""
    source = text.strip()
    if not source:
        raise ValueError("the expression is empty")
    if len(source) > MAX_LENGTH:
        raise ValueError(f"the expression is longer than {MAX_LENGTH} characters")
    try:
        tree = _tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        raise ValueError(f'"{source}" is not an expression: {reason}') from error
    nodes = list(ast.walk(tree))
    listed = {id(list_) for node in nodes if isinstance(node, ast.Compare) for list_ in node.comparators}
    for node in nodes:
        _refuse_unknown_syntax(node, source, listed)
    return Expression(source)


def _refuse_unknown_syntax(node: ast.AST, source: str, listed: set[int]) -> None:
    if not isinstance(node, _ALLOWED):
        raise ValueError(f'"{source}": {type(node).__name__} is not part of the language')
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            raise ValueError(f'"{source}" calls an unknown function; known: {", ".join(sorted(FUNCTIONS))}')
        if node.keywords:
            raise ValueError(f'"{source}": functions take plain arguments only')
    if isinstance(node, ast.List | ast.Tuple) and id(node) not in listed:
        raise ValueError(f'"{source}": a list may only follow "in"')
    if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
        raise ValueError(f'"{source}": names may not begin with _')
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | int | float | bool | None):
        raise ValueError(f'"{source}": only numbers, texts, True, False and None')


@functools.lru_cache(maxsize=4096)
def _tree(source: str) -> ast.Expression:
    with warnings.catch_warnings():
        warnings.simplefilter("error", SyntaxWarning)  # "1in x": Python only warns, we refuse
        return ast.parse(source, mode="eval")


def _number(value: object) -> float | int:
    number = float(str(value))
    return int(number) if number.is_integer() else number


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _length(value: object) -> int:
    return len(value) if isinstance(value, Sized) else 0


def _starts_with(value: object, beginning: object) -> bool:
    return str(value if value is not None else "").startswith(str(beginning))


FUNCTIONS: dict[str, Callable[..., object]] = {
    "number": _number,
    "text": _text,
    "length": _length,
    "starts_with": _starts_with,
    "round": round,
    "min": min,
    "max": max,
}


def _evaluate(tree: ast.Expression, variables: Mapping[str, object]) -> object:
    """simpleeval with our functions, and fields that are looked up in mappings only, never on Python objects."""
    evaluator: Any = cast(Any, simpleeval).EvalWithCompoundTypes(names={}, functions=FUNCTIONS)

    def name(node: ast.Name) -> object:
        return variables.get(node.id)

    def field(node: ast.Attribute) -> object:
        return _member(evaluator._eval(node.value), node.attr)

    def item(node: ast.Subscript) -> object:
        return _member(evaluator._eval(node.value), evaluator._eval(node.slice))

    evaluator.nodes = {**evaluator.nodes, ast.Name: name, ast.Attribute: field, ast.Subscript: item}
    return evaluator._eval(tree.body)


def _member(container: Any, key: object) -> object:
    if isinstance(container, Mapping):
        return cast(Mapping[object, object], container).get(key)
    if isinstance(container, list | tuple | str) and isinstance(key, int):
        sequence = cast("list[object] | tuple[object, ...] | str", container)
        return sequence[key] if -len(sequence) <= key < len(sequence) else None
    return None
