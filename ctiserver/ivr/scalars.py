"""How each kind of value with a form of its own is read: durations, texts, expressions, opening hours, nodes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ctiserver.ivr import expressions, fields, opening_hours, template
from ctiserver.ivr.computed import Computed, Sealed
from ctiserver.ivr.expressions import Expression
from ctiserver.ivr.flow import DialledLine
from ctiserver.ivr.flow_error import nearest
from ctiserver.ivr.json_path import JsonPath, json_path
from ctiserver.ivr.nodes import NODE_TYPES
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.nodes.queue import Queue
from ctiserver.ivr.reader import FieldPath, Reader, Unreadable, fields_of
from ctiserver.ivr.speech import Line, Speech
from ctiserver.ivr.yaml_tree import Entry, Mapping, Scalar, Sequence, Tree

SIBLINGS = ("title", "next")
"""Fields that may stand beside the type of a node instead of below it."""

MAX_TITLE = 40
"""A title stands beside others on an agent's screen."""


def _from_text(make: Callable[[str], object]) -> Callable[[Reader, Tree, FieldPath], object]:
    """A reader for a value that is one text; `make` raises ValueError with a sentence for people."""

    def read(reader: Reader, tree: Tree, path: FieldPath) -> object:
        text = reader.text(tree, path)
        try:
            return make(text)
        except ValueError as error:
            raise reader.unreadable(tree.mark, path, str(error)) from error

    return read


def read_node(reader: Reader, tree: Tree, path: FieldPath) -> Node:
    """`{say: …, next: …}`: one key names the type, its value holds the settings or stands for the main one."""
    if not isinstance(tree, Mapping):
        raise reader.unreadable(tree.mark, path, "a node is a mapping such as {say: …, next: …}")
    types = [entry for entry in tree.entries if entry.key.text in NODE_TYPES]
    if len(types) != 1:
        raise _no_single_type(reader, tree, types, path)
    main = types[0]
    cls = NODE_TYPES[main.key.text]
    known = {field.encode_name for field in fields_of(cls)}
    beside: list[Entry] = []
    failed = False
    for entry in tree.entries:
        if entry is main:
            continue
        if entry.key.text in SIBLINGS and entry.key.text in known:
            beside.append(entry)
        else:
            failed = True
            hint = (
                f"it belongs below {main.key.text}:" if entry.key.text in known else nearest(entry.key.text, NODE_TYPES)
            )
            reader.refuse(entry.key.mark, path, f'"{entry.key.text}" cannot stand beside {main.key.text}', hint)
    settings = _settings(main, cls, known)
    for entry in beside:
        if settings.get(entry.key.text) is not None:
            failed = True
            reader.refuse(entry.key.mark, path, f'"{entry.key.text}" is given twice')
    node = reader.struct(settings, cls, (*path, main.key.text), () if failed else tuple(beside))
    if failed:
        raise Unreadable
    return node


def _no_single_type(reader: Reader, tree: Mapping, types: list[Entry], path: FieldPath) -> Unreadable:
    if types:
        named = " and ".join(entry.key.text for entry in types)
        return reader.unreadable(types[1].key.mark, path, f"a node has one type, here are {named}")
    if not tree.entries:
        return reader.unreadable(tree.mark, path, "an empty node", nearest("", NODE_TYPES))
    first = next((entry for entry in tree.entries if entry.key.text not in SIBLINGS), tree.entries[0])
    hint = nearest(first.key.text, NODE_TYPES)
    return reader.unreadable(first.key.mark, path, f'"{first.key.text}" is not a type of node', hint)


def _settings(main: Entry, cls: type[Node], known: set[str]) -> Mapping:
    """The value of the type's key as a mapping of fields."""
    value = main.value
    if isinstance(value, Scalar) and not value.quoted and value.value() is None:
        return Mapping((), main.key.mark)
    if cls.short is None:
        return value if isinstance(value, Mapping) else Mapping((Entry(_named("?", value), value),), value.mark)
    if isinstance(value, Mapping) and any(entry.key.text in known for entry in value.entries):
        return value
    return Mapping((Entry(_named(cls.short, value), value),), value.mark)


def _named(name: str, value: Tree) -> Scalar:
    return Scalar(name, quoted=True, mark=value.mark)


def read_speech(reader: Reader, tree: Tree, path: FieldPath) -> Speech:
    """A text, `{prompt: id}` (also with texts beside it), `{zh-CN: …, en: …}`, or a list of these."""
    items = tree.items if isinstance(tree, Sequence) else (tree,)
    lines: list[Line] = []
    failed = not items
    if failed:
        reader.refuse(tree.mark, path, "there is nothing to say")
    for item in items:
        try:
            lines.append(_read_line(reader, item, path))
        except Unreadable:
            failed = True
    if failed:
        raise Unreadable
    return Speech(tuple(lines))


def _read_line(reader: Reader, tree: Tree, path: FieldPath) -> Line:
    if not isinstance(tree, Mapping):
        return Line({"": read_template(reader, tree, path)})
    prompt: fields.PromptId | None = None
    if (named := tree.get("prompt")) is not None:
        prompt = fields.PromptId(str(_from_text(fields.prompt_id)(reader, named, (*path, "prompt"))))
    texts: dict[str, template.Template] = {}
    failed = not tree.entries
    if failed:
        reader.refuse(tree.mark, path, "there is nothing to say")
    for entry in tree.entries:
        if entry.key.text == "prompt":
            continue
        if entry.key.text not in fields.LANGUAGES:
            failed = True
            reader.refuse(
                entry.key.mark, path, f'"{entry.key.text}" cannot be said', "a text, {prompt: id} or {zh-CN: …, en: …}"
            )
            continue
        try:
            texts[entry.key.text] = read_template(reader, entry.value, (*path, entry.key.text))
        except Unreadable:
            failed = True
    if failed:
        raise Unreadable
    return Line(texts, prompt)


def read_title(reader: Reader, tree: Tree, path: FieldPath) -> fields.Title:
    """A text, which is the title in every language, or `{zh-CN: …, en: …}`."""
    if not isinstance(tree, Mapping):
        return fields.Title(dict.fromkeys(fields.LANGUAGES, _title_text(reader, tree, path)))
    names: dict[str, str] = {}
    failed = not tree.entries
    if failed:
        reader.refuse(tree.mark, path, "an empty title", "a text or {zh-CN: …, en: …}")
    for entry in tree.entries:
        if entry.key.text not in fields.LANGUAGES:
            failed = True
            reader.refuse(
                entry.key.mark,
                path,
                f'there is no language "{entry.key.text}"',
                nearest(entry.key.text, fields.LANGUAGES),
            )
            continue
        try:
            names[entry.key.text] = _title_text(reader, entry.value, (*path, entry.key.text))
        except Unreadable:
            failed = True
    if failed:
        raise Unreadable
    return fields.Title(names)


def _title_text(reader: Reader, tree: Tree, path: FieldPath) -> str:
    text = reader.text(tree, path).strip()
    if not 1 <= len(text) <= MAX_TITLE:
        raise reader.unreadable(tree.mark, path, f"a title has 1 to {MAX_TITLE} characters")
    return text


def read_template(reader: Reader, tree: Tree, path: FieldPath) -> template.Template:
    text = reader.text(tree, path)
    try:
        return template.parse(text)
    except ValueError as error:
        raise reader.unreadable(tree.mark, path, str(error)) from error


def read_expression(reader: Reader, tree: Tree, path: FieldPath) -> Expression:
    """Braces around the whole are allowed, so that conditions may look like values."""
    text = reader.text(tree, path).strip()
    inner = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    try:
        return expressions.parse(inner)
    except ValueError as error:
        raise reader.unreadable(tree.mark, path, str(error)) from error


def read_computed(reader: Reader, tree: Tree, path: FieldPath) -> Computed:
    if not isinstance(tree, Scalar):
        raise reader.unreadable(tree.mark, path, "a single value is expected here")
    if "{" in tree.text or "}" in tree.text:
        return Computed(template=read_template(reader, tree, path))
    return Computed(plain=tree.value())


def read_sealed(reader: Reader, tree: Tree, path: FieldPath) -> Sealed:
    computed = read_computed(reader, tree, path)
    return Sealed(plain=computed.plain, template=computed.template)


def read_line(reader: Reader, tree: Tree, path: FieldPath) -> DialledLine:
    """A flow's name alone, or a mapping."""
    if isinstance(tree, Scalar):
        return DialledLine(flow=fields.FlowId(reader.text(tree, path)))
    return reader.struct(tree, DialledLine, path)


def read_queue(reader: Reader, tree: Tree, path: FieldPath) -> Queue:
    """The queue of a flow without a menu: its name alone, or its settings."""
    if isinstance(tree, Scalar):
        tree = Mapping((Entry(_named("queue", tree), tree),), tree.mark)
    return reader.struct(tree, Queue, path)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f'"{text}" is not a moment such as 2026-11-23T10:00+08:00') from error
    if moment.tzinfo is None:
        raise ValueError(f'"{text}" needs its offset, such as 2026-11-23T10:00+08:00')
    return moment


READERS: dict[type, Callable[[Reader, Tree, FieldPath], object]] = {
    fields.Seconds: _from_text(fields.seconds),
    fields.Target: _from_text(fields.Target),
    fields.FlowId: _from_text(fields.FlowId),
    fields.QueueId: _from_text(fields.QueueId),
    fields.CalendarId: _from_text(fields.CalendarId),
    fields.LookupId: _from_text(fields.LookupId),
    fields.PromptId: _from_text(fields.prompt_id),
    fields.DocumentId: _from_text(fields.document_id),
    fields.VariableName: _from_text(fields.variable_name),
    fields.Language: _from_text(fields.language),
    fields.Keys: _from_text(fields.keys),
    opening_hours.Weekdays: _from_text(opening_hours.weekdays),
    opening_hours.Day: _from_text(opening_hours.day),
    opening_hours.Ranges: _from_text(opening_hours.ranges),
    datetime: _from_text(_moment),
    opening_hours.Zone: _from_text(opening_hours.zone),
    Speech: read_speech,
    fields.Title: read_title,
    Expression: read_expression,
    Computed: read_computed,
    Sealed: read_sealed,
    JsonPath: _from_text(json_path),
    DialledLine: read_line,
    Queue: read_queue,
    Node: read_node,
}
