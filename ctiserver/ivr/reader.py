"""A positioned YAML tree read into typed structs: every problem is noted with its place, and reading goes on after it.

The struct's own annotations are the grammar; types with a form of their own have a reader in `scalars.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

from ctiserver.ivr.flow_error import FlowError, nearest
from ctiserver.ivr.yaml_tree import Entry, Mapping, Mark, Scalar, Sequence, Tree

MAX_ERRORS = 100
"""As many are told of one file."""

FieldPath = tuple[str, ...]
S = TypeVar("S", bound=msgspec.Struct)


class Unreadable(Exception):
    """A value could not be read; why has been noted already."""


class Reader:
    """Reads one file. `errors` fills up; `positions` tells where each path that was read begins."""

    def __init__(self, file: str, custom: dict[type, Callable[[Reader, Tree, FieldPath], object]]) -> None:
        self.file = file
        self.errors: list[FlowError] = []
        self.positions: dict[FieldPath, Mark] = {}
        self._custom = custom

    def refuse(self, mark: Mark, path: FieldPath, message: str, hint: str = "") -> None:
        if len(self.errors) == MAX_ERRORS:
            message, hint = "many more errors follow", "put these right first"
        if len(self.errors) > MAX_ERRORS:
            return
        self.errors.append(
            FlowError(
                file=self.file, line=mark.line, column=mark.column, path=".".join(path), message=message, hint=hint
            )
        )

    def unreadable(self, mark: Mark, path: FieldPath, message: str, hint: str = "") -> Unreadable:
        """To be raised: notes the error."""
        self.refuse(mark, path, message, hint)
        return Unreadable(message)

    def struct(self, tree: Tree, cls: type[S], path: FieldPath, extra: tuple[Entry, ...] = ()) -> S:
        """`tree` as a `cls`; `extra` entries are read as if they stood in it. Raises Unreadable."""
        if not isinstance(tree, Mapping):
            names = ", ".join(field.encode_name for field in fields_of(cls))
            raise self.unreadable(tree.mark, path, "a mapping is expected here", f"keys: {names}")
        fields = {field.encode_name: field for field in fields_of(cls)}
        values: dict[str, object] = {}
        failed = False
        for entry in (*tree.entries, *extra):
            field = fields.get(entry.key.text)
            if field is None:
                failed = True
                self.refuse(entry.key.mark, path, f'unknown key "{entry.key.text}"', nearest(entry.key.text, fields))
                continue
            try:
                values[field.name] = self.value(entry.value, field.type, (*path, field.encode_name))
            except Unreadable:
                failed = True
        written = {entry.key.text for entry in (*tree.entries, *extra)}
        for name, field in fields.items():
            if field.required and name not in written:
                failed = True
                self.refuse(tree.mark, path, f'"{name}" is missing')
        if failed:
            raise Unreadable
        made = cls(**values)
        problem = getattr(made, "problem", None)
        if callable(problem) and (message := cast(str | None, problem())):
            raise self.unreadable(tree.mark, path, message)
        return made

    def value(self, tree: Tree, kind: inspect.Type, path: FieldPath) -> Any:
        """`tree` as the annotated type `kind`. Raises Unreadable."""
        self.positions[path] = tree.mark
        match kind:
            case inspect.UnionType():
                return self._optional(tree, kind, path)
            case inspect.CustomType() | inspect.StructType() if kind.cls in self._custom:
                return self._custom[kind.cls](self, tree, path)
            case inspect.DateTimeType():
                return self._custom[datetime](self, tree, path)
            case inspect.CustomType() if kind.cls is object:
                return self.plain(tree)
            case inspect.StructType():
                return self.struct(tree, kind.cls, path)
            case inspect.DictType():
                return self._dict(tree, kind, path)
            case inspect.VarTupleType():
                return self._tuple(tree, kind, path)
            case inspect.LiteralType():
                return self._literal(tree, kind, path)
            case _:
                return self._scalar(tree, kind, path)

    def plain(self, tree: Tree) -> object:
        """Any value as Python's own lists, dicts and scalars."""
        match tree:
            case Scalar():
                return tree.value()
            case Sequence():
                return [self.plain(item) for item in tree.items]
            case Mapping():
                return {entry.key.text: self.plain(entry.value) for entry in tree.entries}

    def text(self, tree: Tree, path: FieldPath) -> str:
        """A scalar as it was written. Raises Unreadable."""
        if not isinstance(tree, Scalar) or (not tree.quoted and tree.value() is None):
            raise self.unreadable(tree.mark, path, "a text is expected here")
        return tree.text

    def _optional(self, tree: Tree, kind: inspect.UnionType, path: FieldPath) -> object:
        if isinstance(tree, Scalar) and not tree.quoted and (tree.value() is None or tree.text == "none"):
            return None
        (real,) = (member for member in kind.types if not isinstance(member, inspect.NoneType))
        return self.value(tree, real, path)

    def _dict(self, tree: Tree, kind: inspect.DictType, path: FieldPath) -> dict[object, object]:
        if not isinstance(tree, Mapping):
            raise self.unreadable(tree.mark, path, "a mapping is expected here")
        values: dict[object, object] = {}
        failed = False
        for entry in tree.entries:
            inside = (*path, entry.key.text)
            try:
                key = self.value(entry.key, kind.key_type, inside)
                values[key] = self.value(entry.value, kind.value_type, inside)
            except Unreadable:
                failed = True
        if failed:
            raise Unreadable
        return values

    def _tuple(self, tree: Tree, kind: inspect.VarTupleType, path: FieldPath) -> tuple[object, ...]:
        items = tree.items if isinstance(tree, Sequence) else (tree,)
        values: list[object] = []
        failed = False
        for index, item in enumerate(items):
            try:
                values.append(self.value(item, kind.item_type, (*path, str(index))))
            except Unreadable:
                failed = True
        if failed:
            raise Unreadable
        return tuple(values)

    def _literal(self, tree: Tree, kind: inspect.LiteralType, path: FieldPath) -> str:
        text = self.text(tree, path)
        if text not in kind.values:
            known = [str(value) for value in kind.values]
            raise self.unreadable(tree.mark, path, f'"{text}" is not possible here', nearest(text, known))
        return text

    def _scalar(self, tree: Tree, kind: inspect.Type, path: FieldPath) -> object:
        if isinstance(kind, inspect.StrType):
            return self.text(tree, path)
        value = tree.value() if isinstance(tree, Scalar) else None
        if isinstance(kind, inspect.BoolType):
            if isinstance(value, bool):
                return value
            raise self.unreadable(tree.mark, path, "true or false is expected here")
        if isinstance(kind, inspect.IntType):
            if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9:
                return value
            raise self.unreadable(tree.mark, path, "a whole number is expected here")
        raise TypeError(f"no reader for {kind!r}")  # a node type with a field of a kind that nobody has taught us


@functools.cache
def fields_of(cls: type[msgspec.Struct]) -> tuple[inspect.Field, ...]:
    """The fields of a struct with their types taken apart."""
    kind = inspect.type_info(cls)
    assert isinstance(kind, inspect.StructType)  # noqa: S101 - narrows the type: cls is a Struct
    return kind.fields
