"""Flow files read, checked and put together: `load_flow_set(folder)`.

Each file is read on its own first, then all are checked together. All errors of all files come in one FlowErrors.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from ctiserver.ivr import yaml_tree
from ctiserver.ivr.check import Checker
from ctiserver.ivr.fields import LANGUAGES, FlowId, Keys, Language, Target, Title
from ctiserver.ivr.flow import DialledLine, Flow, FlowSet, FlowTest
from ctiserver.ivr.flow_error import FlowError, FlowErrors
from ctiserver.ivr.graph import labels
from ctiserver.ivr.nodes.base import Node
from ctiserver.ivr.nodes.queue import Queue
from ctiserver.ivr.nodes.say import Say
from ctiserver.ivr.opening_hours import Calendar, HolidayTable
from ctiserver.ivr.reader import FieldPath, Reader, Unreadable
from ctiserver.ivr.scalars import READERS
from ctiserver.ivr.speech import Speech
from ctiserver.ivr.yaml_tree import MAX_BYTES, Mark, YamlRefused

LINES_FILE = "lines.yaml"
LOOKUPS_FILE = "lookups.yaml"  # outside systems: read by whoever asks them
PROMPTS_FOLDER = "prompts"
DOCUMENTS_FOLDER = "documents"
GREETING_TITLE = Title({"zh-CN": "问候语", "en": "Greeting"})
PEOPLE_TITLE = Title({"zh-CN": "转人工", "en": "To an agent"})
_FLOW_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


class FlowFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A flow as it is written. Without a menu, `menu: none` and `queue` are all that is needed."""

    flow: str
    version: int = 1
    language: Language = Language("zh-CN")
    entry: Target | None = None
    menu: str = ""
    greeting: Speech | None = None
    queue: Queue | None = None
    vars: dict[str, object] = {}
    keys: dict[Keys, Target] = {}
    on_error: Target | None = None
    nodes: dict[str, Node] = {}
    tests: tuple[FlowTest, ...] = ()


class LinesFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Dialled number to flow; `default` answers all others."""

    lines: dict[str, DialledLine]
    default: DialledLine | None = None
    calendars: dict[str, Calendar] = {}


def load_flow_set(
    folder: Path,
    *,
    holidays: HolidayTable | None = None,
    queues: Iterable[str] | None = None,
    lookups: Iterable[str] | None = None,
    calendars: Mapping[str, Calendar] | None = None,
) -> FlowSet:
    """All `*.yaml` of `folder`. `queues` and `lookups` are the known ids, if they are to be checked; `calendars` go
    before those of the same name in lines.yaml.

    `holidays` is China's table unless another is given. Raises FlowErrors, which holds every error of every file.
    """
    return build_flow_set(
        read_sources(folder),
        recordings=recordings_in(folder),
        documents=documents_in(folder),
        holidays=holidays,
        queues=queues,
        lookups=lookups,
        calendars=calendars,
    )


def read_sources(folder: Path) -> dict[str, str]:
    """The texts of all `*.yaml` of `folder` by file name, not checked yet. Raises FlowErrors."""
    sources: dict[str, str] = {}
    errors: list[FlowError] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == LOOKUPS_FILE:
            continue
        try:
            sources[path.name] = read_source(path)
        except (OSError, ValueError) as error:
            errors.append(_file_error(path.name, str(error)))
    if not sources and not errors:
        errors.append(_file_error(str(folder), "no flow files (*.yaml) are here"))
    if errors:
        raise FlowErrors(errors)
    return sources


def build_flow_set(
    sources: Mapping[str, str],
    *,
    recordings: Mapping[str, frozenset[str]] | None = None,
    documents: frozenset[str] = frozenset(),
    holidays: HolidayTable | None = None,
    queues: Iterable[str] | None = None,
    lookups: Iterable[str] | None = None,
    calendars: Mapping[str, Calendar] | None = None,
) -> FlowSet:
    """The same from texts by file name, without touching a disk. Raises FlowErrors."""
    if holidays is None:
        from ctiserver.ivr.china_holidays import china_day_kind

        holidays = china_day_kind
    readers = {name: Reader(name, READERS) for name in sources}
    flows: dict[str, Flow] = {}
    lines: LinesFile | None = None
    for name, text in sources.items():
        reader = readers[name]
        try:
            if name == LINES_FILE:
                lines = reader.struct(_parse(reader, text), LinesFile, ())
                continue
            flow = _flow(reader, text)
        except Unreadable:
            continue
        if flow.id in flows:
            reader.refuse(_at(reader, "flow"), ("flow",), f'"{flow.id}" is already the name of {flows[flow.id].file}')
        else:
            flows[flow.id] = flow
    flow_set = FlowSet(
        flows=flows,
        lines=lines.lines if lines is not None else {},
        default_line=lines.default if lines is not None else None,
        calendars={**(lines.calendars if lines is not None else {}), **(calendars or {})},
        recordings=recordings or {},
        documents=documents,
        holidays=holidays,
        digest=set_digest({name: content_hash(text) for name, text in sources.items()}),
    )
    unread = {name for name, reader in readers.items() if reader.errors}
    known_queues = frozenset(queues) if queues is not None else None
    known_lookups = frozenset(lookups) if lookups is not None else None
    Checker(flow_set, readers, known_queues, unread, known_lookups).run()
    errors = [error for reader in readers.values() for error in reader.errors]
    if errors:
        raise FlowErrors(errors)
    return flow_set


def content_hash(text: str) -> str:
    """What tells one content of a flow file from another."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def set_digest(files: Mapping[str, str]) -> str:
    """What tells one content of all files together from another; `files`: name → content hash."""
    return content_hash("\n".join(f"{name} {hashed}" for name, hashed in sorted(files.items())))


def _flow(reader: Reader, text: str) -> Flow:
    written = reader.struct(_parse(reader, text), FlowFile, ())
    if written.queue is not None:
        nodes, entry = _straight_to_people(reader, written, written.queue)
    else:
        _refuse_half_a_straight_flow(reader, written)
        nodes, entry = written.nodes, written.entry
    if not nodes:
        raise reader.unreadable(Mark(1, 1), (), "a flow needs nodes", "or menu: none with a queue")
    if entry is None:
        raise reader.unreadable(Mark(1, 1), (), '"entry" is missing', "name the first node")
    return Flow(
        id=_flow_id(reader, written.flow),
        version=written.version,
        content_hash=content_hash(text),
        file=reader.file,
        language=written.language,
        entry=entry,
        nodes=nodes,
        vars=written.vars,
        keys=written.keys,
        on_error=written.on_error,
        tests=written.tests,
        lines={name: _at(reader, "nodes", name).line for name in nodes},
        labels=labels(nodes),
    )


def _straight_to_people(reader: Reader, written: FlowFile, queue: Queue) -> tuple[dict[str, Node], Target]:
    """`menu: none`: the nodes `greeting` and `people` are made of `greeting` and `queue`."""
    if written.menu != "none":
        reader.refuse(_at(reader, "queue"), ("queue",), "a queue of the flow itself goes with menu: none")
    if written.entry is not None:
        reader.refuse(_at(reader, "entry"), ("entry",), "with menu: none there is no entry to choose")
    made: dict[str, Node] = {"people": msgspec.structs.replace(queue, title=queue.title or PEOPLE_TITLE)}
    entry = Target("people")
    _also_at(reader, ("queue",), ("nodes", "people", "queue"))
    if written.greeting is not None:
        made["greeting"] = Say(title=GREETING_TITLE, text=written.greeting, next=entry)
        entry = Target("greeting")
        _also_at(reader, ("greeting",), ("nodes", "greeting", "say", "text"))
    for name in written.nodes:
        if name in made:
            reader.refuse(_at(reader, "nodes", name), ("nodes", name), f'with menu: none the name "{name}" is taken')
    return {**written.nodes, **made}, entry


def _refuse_half_a_straight_flow(reader: Reader, written: FlowFile) -> None:
    for name, given in (("menu", written.menu), ("greeting", written.greeting)):
        if given:
            reader.refuse(_at(reader, name), (name,), f'"{name}" goes with menu: none and a queue')


def _flow_id(reader: Reader, written: str) -> FlowId:
    if _FLOW_ID.fullmatch(written) is None:
        raise reader.unreadable(
            _at(reader, "flow"), ("flow",), f'"{written}" is not a flow name: letters, digits and _'
        )
    return FlowId(written)


def _parse(reader: Reader, text: str) -> yaml_tree.Tree:
    try:
        return yaml_tree.parse(text)
    except YamlRefused as refused:
        raise reader.unreadable(refused.mark, (), refused.message, refused.hint) from refused


def _at(reader: Reader, *path: str) -> Mark:
    return reader.positions.get(path, Mark(1, 1))


def _also_at(reader: Reader, written: FieldPath, meant: FieldPath) -> None:
    """What is written at one place of the file stands for another."""
    for path, mark in list(reader.positions.items()):
        if path[: len(written)] == written:
            reader.positions[(*meant, *path[len(written) :])] = mark


def read_source(path: Path) -> str:
    """One file's text. Raises OSError, ValueError."""
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"the file is larger than {MAX_BYTES // 1024} kB; split it into several flows")
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not UTF-8; save the file in that encoding") from error


def recordings_in(flows: Path) -> dict[str, frozenset[str]]:
    """The recorded prompts beside the flows: language → names of the wav files, "" for those of every language."""
    folder = flows / PROMPTS_FOLDER
    found = {"": frozenset(path.stem for path in folder.glob("*.wav"))}
    for language in LANGUAGES:
        found[language] = frozenset(path.stem for path in (folder / language).glob("*.wav"))
    return {language: prompts for language, prompts in found.items() if prompts}


def documents_in(flows: Path) -> frozenset[str]:
    """Ids of the documents beside the flows that can be sent by fax."""
    return frozenset(path.stem for path in (flows / DOCUMENTS_FOLDER).glob("*.tif"))


def _file_error(file: str, message: str) -> FlowError:
    return FlowError(file=file, line=0, column=0, path="", message=message)
