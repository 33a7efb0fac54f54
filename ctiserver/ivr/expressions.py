"""Small, safe expressions over a call's variables: `customer.vip and attempts < 3`.

Evaluated by simpleeval within an allow list of syntax that is checked when the flow is loaded. A variable or field that is missing
is None, so that flows can ask for what may not be known. Evaluation answers a value or raises ExpressionFailed, nothing else.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Mapping
from typing import Any, cast

import simpleeval

MAX_LENGTH = 500

_ALLOWED: tuple[type[ast.AST], ...] = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult,
    ast.Div, ast.FloorDiv, ast.Mod, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
    ast.Is, ast.IsNot, ast.IfExp, ast.Call, ast.Attribute, ast.Subscript, ast.Name, ast.Constant, ast.List, ast.Tuple, ast.Load,
)  # fmt: skip


class ExpressionFailed(Exception):
    """The values at hand did not allow an answer, such as `None > 3`."""


class Expression(str):
    """The source of an expression that `parse` has accepted; equal sources are equal expressions."""

    __slots__ = ()

    def names(self) -> frozenset[str]:
        """The variables it reads (the first part of `customer.name`)."""
        return frozenset(
            node.id for node in ast.walk(_tree(self)) if isinstance(node, ast.Name) and node.id not in FUNCTIONS
        )

    def evaluate(self, variables: Mapping[str, object]) -> object:
        """Raises ExpressionFailed."""
        try:
            return _Evaluator(variables).value_of(_tree(self))
        except (
            Exception
        ) as error:  # simpleeval lets whatever the operators raise through: TypeError, ZeroDivisionError …
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
    for node in ast.walk(tree):
        _refuse_unknown_syntax(node, source)
    return Expression(source)


def _refuse_unknown_syntax(node: ast.AST, source: str) -> None:
    if not isinstance(node, _ALLOWED):
        raise ValueError(f'"{source}": {type(node).__name__} is not part of the language')
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            raise ValueError(f'"{source}" calls an unknown function; known: {", ".join(sorted(FUNCTIONS))}')
        if node.keywords:
            raise ValueError(f'"{source}": functions take plain arguments only')
    if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
        raise ValueError(f'"{source}": names may not begin with _')
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | int | float | bool | None):
        raise ValueError(f'"{source}": only numbers, texts, True, False and None')


@functools.lru_cache(maxsize=4096)
def _tree(source: str) -> ast.Expression:
    return ast.parse(source, mode="eval")


def _number(value: object) -> float | int:
    number = float(str(value))
    return int(number) if number.is_integer() else number


def _length(value: object) -> int:
    return len(value) if isinstance(value, str | list | dict | tuple) else 0  # pyright: ignore[reportUnknownArgumentType] - only its length


def _starts_with(value: object, beginning: object) -> bool:
    return str(value if value is not None else "").startswith(str(beginning))


FUNCTIONS: dict[str, Callable[..., object]] = {
    "number": _number,
    "text": lambda value: "" if value is None else str(value),
    "length": _length,
    "starts_with": _starts_with,
    "round": round,
    "min": min,
    "max": max,
}


class _Evaluator(simpleeval.EvalWithCompoundTypes):
    """simpleeval with our functions, and fields that are looked up in mappings only, never on Python objects."""

    def __init__(self, variables: Mapping[str, object]) -> None:
        super().__init__(names={}, functions=FUNCTIONS)
        self._variables = variables
        self.nodes[ast.Name] = self._name
        self.nodes[ast.Attribute] = self._field
        self.nodes[ast.Subscript] = self._item

    def value_of(self, tree: ast.Expression) -> object:
        return cast(object, self._eval(tree.body))

    def _name(self, node: ast.Name) -> object:
        return FUNCTIONS[node.id] if node.id in FUNCTIONS else self._variables.get(node.id)

    def _field(self, node: ast.Attribute) -> object:
        return _member(self._eval(node.value), node.attr)

    def _item(self, node: ast.Subscript) -> object:
        return _member(self._eval(node.value), self._eval(node.slice))


def _member(container: Any, key: object) -> object:
    if isinstance(container, Mapping):
        return cast(Mapping[object, object], container).get(key)
    if isinstance(container, list | tuple | str) and isinstance(key, int):
        sequence = cast("list[object] | tuple[object, ...] | str", container)
        return sequence[key] if -len(sequence) <= key < len(sequence) else None
    return None
