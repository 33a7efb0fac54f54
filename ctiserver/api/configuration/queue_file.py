"""queues.yaml of `ctiserver acd`: queues as the API has them, with errors that name file and line."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, cast

import msgspec
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ctiserver.api.configuration.bodies import QueueBody
from ctiserver.api.configuration.changing import field_path
from ctiserver.configured import Configured, QueueSetup, directory_of
from ctiserver.errors import ConfigurationError
from ctiserver.routing.check import problems_of_queue

Place = tuple[str | int, ...]
Lines = dict[Place, int]


def read_queues(file: Path, present: Configured) -> Configured:
    """The present configuration with the file's queues in place of those of the same id. Raises ConfigurationError."""
    reader: Any = YAML(typ="safe", pure=True)
    try:
        text = file.read_text(encoding="utf-8")
        node: Any = reader.compose(text)
        data: Any = reader.load(text)
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}") from None
    except YAMLError as error:
        raise ConfigurationError(f"{file}: {error}") from None
    lines: Lines = {}
    _note_lines(node, (), lines)
    queues: Any = data.get("queues") if isinstance(data, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - YAML
    if not isinstance(queues, list):
        raise ConfigurationError(f"{file}:1: begins with `queues:` and a list", hint="`ctiserver acd export` shows one")
    read = [_queue(file, index, one, lines) for index, one in enumerate(cast("list[Any]", queues))]
    made = {queue.id: queue for queue in read}
    edited = msgspec.structs.replace(present, queues={**present.queues, **made})
    directory = directory_of(edited)
    for index, queue_id in enumerate(made):
        queue = next(queue for queue in directory.queues if queue.id == queue_id)
        for problem in problems_of_queue(queue, directory):
            where = field_path(problem.field)
            raise _error(file, lines, ("queues", index, *where), f"queue {queue_id}, {problem}")
    return edited


def _queue(file: Path, index: int, one: Any, lines: Lines) -> QueueSetup:
    queue = cast("dict[str, Any]", one) if isinstance(one, dict) else {}
    queue_id = queue.get("id")
    if not isinstance(queue_id, str):
        raise _error(file, lines, ("queues", index), "a queue is a mapping with an `id`")
    body = {name: value for name, value in queue.items() if name not in ("id", "version")}
    try:
        checked = QueueBody.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        told = f"queue {queue_id}, {'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise _error(file, lines, ("queues", index, *first["loc"]), told) from None
    plain = checked.model_dump(exclude={"version"})
    plain["steps"] = tuple(plain["steps"])
    return QueueSetup(id=queue_id, **plain)


def _error(file: Path, lines: Lines, path: Place, message: str) -> ConfigurationError:
    while path and path not in lines:
        path = path[:-1]
    return ConfigurationError(f"{file}:{lines.get(path, 1)}: {message}")


def _note_lines(node: Any, path: Place, lines: Lines) -> None:
    """`node` is one of ruamel's, which have no types."""
    if node is None:
        return
    lines.setdefault(path, node.start_mark.line + 1)
    if node.id == "mapping":
        for key, value in node.value:
            lines[(*path, str(key.value))] = key.start_mark.line + 1
            _note_lines(value, (*path, str(key.value)), lines)
    elif node.id == "sequence":
        for index, item in enumerate(node.value):
            _note_lines(item, (*path, index), lines)


def written(configured: Configured) -> str:
    """The present queues as such a file."""
    queues = [msgspec.to_builtins(queue) for queue in configured.queues.values()]
    plain = [{name: value for name, value in queue.items() if name != "version"} for queue in queues]
    stream, writer = io.StringIO(), cast("Any", YAML())
    writer.dump({"queues": plain}, stream)
    return stream.getvalue()
