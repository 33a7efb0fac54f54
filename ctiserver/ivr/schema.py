"""A JSON Schema of flow files and of lines.yaml, made from the node types: editors complete and underline with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import inspect

from ctiserver.ivr import fields, opening_hours, spoken
from ctiserver.ivr.computed import Computed, Sealed
from ctiserver.ivr.expressions import Expression
from ctiserver.ivr.flow import DialledLine
from ctiserver.ivr.flow_file import FlowFile, LinesFile
from ctiserver.ivr.json_path import JsonPath
from ctiserver.ivr.nodes import NODE_TYPES
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.nodes.queue import Queue
from ctiserver.ivr.reader import fields_of
from ctiserver.ivr.scalars import MAX_TITLE, SIBLINGS
from ctiserver.ivr.speech import Speech

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_NAME: Schema = {**_TEXT, "minLength": 1, "maxLength": MAX_TITLE}
_SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}
_CUSTOM: dict[type, Schema] = {
    fields.Seconds: {"type": ["string", "number"], "pattern": r"^\d+(\.\d+)?\s*(ms|s|m|h)?$", "description": "5s, 2m"},
    fields.Target: {**_TEXT, "description": "name of a node"},
    fields.FlowId: {**_TEXT, "description": "name of a flow"},
    fields.QueueId: {**_TEXT, "description": "id of a queue"},
    fields.CalendarId: {**_TEXT, "description": "a calendar of lines.yaml"},
    fields.PromptId: {**_TEXT, "description": "a recorded prompt, by id"},
    fields.LookupId: {**_TEXT, "description": "an outside system, by name"},
    fields.DocumentId: {**_TEXT, "description": "a document for faxing, by id"},
    JsonPath: {**_TEXT, "description": "a way into the answer: bills[0].amount"},
    fields.VariableName: {**_TEXT, "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
    fields.Language: {"enum": list(fields.LANGUAGES)},
    fields.Title: {
        "description": "what agents read instead of the node's name",
        "anyOf": [
            _NAME,
            {
                "type": "object",
                "properties": dict.fromkeys(fields.LANGUAGES, _NAME),
                "additionalProperties": False,
                "minProperties": 1,
            },
        ],
    },
    fields.Keys: {"type": ["string", "integer"], "pattern": "^[0-9*#]{1,6}$"},
    opening_hours.Weekdays: {**_TEXT, "description": "mon-fri, sat"},
    opening_hours.Day: {**_TEXT, "format": "date"},
    opening_hours.Ranges: {**_TEXT, "description": "08:30-12:00, 13:30-17:30 or closed"},
    opening_hours.Zone: {**_TEXT, "description": "Asia/Shanghai"},
    datetime: {**_TEXT, "description": "2026-11-23T10:00+08:00"},
    Expression: {"type": ["string", "boolean"], "description": "customer.vip and attempts < 3"},
    Computed: {**_SCALAR, "description": 'a value, or "{expression}"'},
    Sealed: {**_SCALAR, "description": 'a value, or "{expression}"; may hold what was entered in secret'},
    Speech: {"$ref": "#/$defs/speech"},
    Node: {"$ref": "#/$defs/node"},
    object: {},
}
_SHORT: dict[type, Schema] = {DialledLine: _CUSTOM[fields.FlowId], Queue: _CUSTOM[fields.QueueId]}


def flow_schema() -> Schema:
    """Of a flow file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "IVR flow",
        **_struct(FlowFile),
        "$defs": {"speech": _speech(), "node": _node()},
    }


def lines_schema() -> Schema:
    """Of lines.yaml."""
    return file_schema("Dialled numbers and calendars", LinesFile)


def file_schema(title: str, cls: type[msgspec.Struct]) -> Schema:
    """Of a file that is read into `cls` and has neither nodes nor anything to say."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **_struct(cls)}


def _node() -> Schema:
    return {"oneOf": [_node_type(name, cls) for name, cls in NODE_TYPES.items()]}


def _node_type(name: str, cls: type[Node]) -> Schema:
    """`{name: settings or main value}`, with the sibling fields that may stand beside it."""
    settings = _struct(cls)
    by_name = {field.encode_name: field for field in fields_of(cls)}
    beside = {sibling: _type(by_name[sibling].type) for sibling in SIBLINGS if sibling in by_name}
    settings["required"] = [field for field in settings.get("required", []) if field not in beside]
    choices: list[Schema] = [settings]
    if cls.short is not None:
        choices.append(_type(by_name[cls.short].type))
    if not settings["required"]:
        choices.append({"type": "null"})
    node: Schema = {
        "type": "object",
        "description": (cls.__doc__ or "").strip(),
        "properties": {name: {"anyOf": choices}, **beside},
        "required": [name],
        "additionalProperties": False,
    }
    needed = [sibling for sibling in beside if by_name[sibling].required]
    if needed:
        below: Schema = {"properties": {name: {"type": "object", "required": needed}}}
        node["anyOf"] = [{"required": needed}, below]
    return node


def _speech() -> Schema:
    text = {**_TEXT, "description": "text; {variable|form} with a form of " + ", ".join(spoken.FORMATS)}
    line: Schema = {
        "anyOf": [
            text,
            _closed({"prompt": _CUSTOM[fields.PromptId], **dict.fromkeys(fields.LANGUAGES, text)}, []),
        ]
    }
    return {"anyOf": [line, {"type": "array", "items": line, "minItems": 1}]}


def _struct(cls: type[msgspec.Struct]) -> Schema:
    properties = {field.encode_name: _type(field.type) for field in fields_of(cls)}
    return _closed(properties, [field.encode_name for field in fields_of(cls) if field.required])


def _closed(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _type(kind: inspect.Type) -> Schema:
    match kind:
        case inspect.UnionType():
            (real,) = (member for member in kind.types if not isinstance(member, inspect.NoneType))
            return {"anyOf": [_type(real), {"type": "null"}, {"const": "none"}]}
        case inspect.DateTimeType():
            return _CUSTOM[datetime]
        case inspect.CustomType() | inspect.StructType() if kind.cls in _CUSTOM:
            return _CUSTOM[kind.cls]
        case inspect.StructType():
            written = _struct(kind.cls)
            return {"anyOf": [_SHORT[kind.cls], written]} if kind.cls in _SHORT else written
        case inspect.DictType():
            return {"type": "object", "additionalProperties": _type(kind.value_type)}
        case inspect.VarTupleType():
            item = _type(kind.item_type)
            return {"anyOf": [{"type": "array", "items": item}, item]}
        case inspect.LiteralType():
            return {"enum": list(kind.values)}
        case inspect.BoolType():
            return {"type": "boolean"}
        case inspect.IntType():
            return {"type": "integer", "minimum": 0}
        case _:
            return {"type": ["string", "number", "boolean"]}
