"""`lookups.yaml`, beside the flows: which outside systems may be asked, how, and what screen pops ask them.

    sources:
      billing:
        base_url: ${env:BILLING_URL|http://127.0.0.1:8095}
        headers: {Authorization: "Bearer ${file:/run/secrets/billing}"}
        timeout: 2s
        allow_private: true

`${env:NAME}`, `${env:NAME|default}` and `${file:PATH}` stand for what must not be written into the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec
from yarl import URL

from ctiserver.ivr import yaml_tree
from ctiserver.ivr.fields import Seconds, Title
from ctiserver.ivr.flow_error import FlowError, FlowErrors
from ctiserver.ivr.reader import FieldPath, Reader, Unreadable
from ctiserver.ivr.scalars import READERS
from ctiserver.ivr.schema import Schema, file_schema
from ctiserver.ivr.yaml_tree import MAX_BYTES, Mark, YamlRefused

LOOKUPS_FILE = "lookups.yaml"
MAX_SECRET_BYTES = 16 * 1024
_PLACEHOLDER = re.compile(r"\$\{(env|file):([^}|]+)(?:\|([^}]*))?\}")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_SOURCE_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One outside system. Its base URL is all that may be asked: paths are put behind it and never lead out of it."""

    base_url: str
    headers: dict[str, str] = {}
    timeout: Seconds = Seconds(3.0)  # of a whole question, with its retries and its wait for a free connection
    retries: int = 1  # of a GET that failed for a passing reason
    at_once: int = 8  # questions under way; who comes later waits, within the time-out
    max_kb: int = 64  # of an answer
    max_depth: int = 16  # of its JSON
    breaker_after: int = 5  # failures in a row
    breaker_rest: Seconds = Seconds(15.0)
    cache: Seconds = Seconds(0.0)  # how long an answer to a GET may be used again; 0: never
    allow_private: bool = False  # addresses of this machine and of private networks may be asked
    probe: str = "/"  # what `doctor` asks

    def problem(self) -> str | None:
        for name, limit in (("retries", 5), ("at_once", 64), ("max_kb", 1024), ("max_depth", 64)):
            if getattr(self, name) > limit:
                return f'"{name}" is at most {limit}'
        if self.at_once < 1 or self.breaker_after < 1 or self.max_kb < 1 or self.max_depth < 1:
            return '"at_once", "breaker_after", "max_kb" and "max_depth" are at least 1'
        return None if self.timeout > 0 else '"timeout" must be longer than 0s'


Form = Literal["text", "money", "date", "time"]


class PopField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a card: `value` is a path into the answer ("bill.amount", "outages.0.title")."""

    label: Title
    value: str
    form: Form = "text"
    alert: bool = False  # stands out when it is there and not nothing


class PopCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an agent sees of an outside system. The first of `paths` whose {names} are all known is asked: they are
    customer_number, customer_id, meter_number, district, caller_number and entered.VARIABLE."""

    title: Title
    source: str
    paths: tuple[str, ...]
    fields: tuple[PopField, ...]


class LookupsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sources: dict[str, Source] = {}
    pop: tuple[PopCard, ...] = ()


def load_sources(folder: Path, environment: Mapping[str, str] | None = None) -> LookupsFile:
    """`lookups.yaml` of the flows' folder with its secrets filled in; empty if there is none.

    Raises FlowErrors: every defect with file, line and field, never with a secret.
    """
    text = _read_text(folder)
    return LookupsFile() if text is None else read_sources(text, os.environ if environment is None else environment)


def source_names(folder: Path) -> frozenset[str]:
    """The systems that flows of this folder may ask; secrets are not needed for it. Raises FlowErrors."""
    text = _read_text(folder)
    return frozenset() if text is None else frozenset(read_sources(text, None).sources)


def lookups_schema() -> Schema:
    """A JSON Schema for editors."""
    return file_schema("Outside systems and screen pops", LookupsFile)


def read_sources(text: str, environment: Mapping[str, str] | None) -> LookupsFile:
    """The same from a text. Without `environment` secrets stay unfilled: enough to check names. Raises FlowErrors."""
    reader = Reader(LOOKUPS_FILE, READERS)
    written = LookupsFile()
    try:
        written = reader.struct(_parse(reader, text), LookupsFile, ())
        sources = {name: _source(reader, name, source, environment) for name, source in written.sources.items()}
        written = msgspec.structs.replace(written, sources=sources)
        for index, card in enumerate(written.pop):
            _check_card(reader, index, card, written.sources)
    except Unreadable:
        pass
    if reader.errors:
        raise FlowErrors(reader.errors)
    return written


def _read_text(folder: Path) -> str | None:
    path = folder / LOOKUPS_FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _whole_file(f"it can't be read: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        raise _whole_file(f"it is larger than {MAX_BYTES // 1024} kB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _whole_file(f"line {data.count(bytes([10]), 0, error.start) + 1} is not UTF-8") from None


def _parse(reader: Reader, text: str) -> yaml_tree.Tree:
    try:
        return yaml_tree.parse(text)
    except YamlRefused as refused:
        raise reader.unreadable(refused.mark, (), refused.message, refused.hint) from refused


def _source(reader: Reader, name: str, source: Source, environment: Mapping[str, str] | None) -> Source:
    at: FieldPath = ("sources", name)
    if _SOURCE_NAME.fullmatch(name) is None:
        _refuse(reader, at, f'"{name}" is not a name of a source: small letters, digits and _')
    if not source.probe.startswith("/"):
        _refuse(reader, (*at, "probe"), "it begins with /")
    base_url = _filled(reader, (*at, "base_url"), source.base_url, environment)
    headers: dict[str, str] = {}
    for header, value in source.headers.items():
        place = (*at, "headers", header)
        if _HEADER_NAME.fullmatch(header) is None or header.lower() in ("host", "content-length", "transfer-encoding"):
            _refuse(reader, place, f'"{header}" is not a header that can be set')
        headers[header] = _filled(reader, place, value, environment).strip()
        if any(ord(char) < 32 or ord(char) == 127 for char in headers[header]):
            _refuse(reader, place, "the value has control characters")
    if environment is not None:
        _check_url(reader, (*at, "base_url"), base_url)
    return msgspec.structs.replace(source, base_url=base_url.rstrip("/"), headers=headers)


def _check_url(reader: Reader, at: FieldPath, text: str) -> None:
    try:
        url = URL(text)
        port = url.port
    except ValueError:
        _refuse(reader, at, "this is no URL", "like https://billing.example.com/api")
        return
    if url.scheme not in ("http", "https") or not url.host or not port:
        _refuse(reader, at, "this is no http or https URL with a host", "like https://billing.example.com/api")
    elif url.user or url.password:
        _refuse(reader, at, "user and password don't belong into the URL", "use a header with ${env:NAME}")
    elif url.query_string or url.fragment:
        _refuse(reader, at, "a base URL has neither ? nor #")


def _filled(reader: Reader, at: FieldPath, text: str, environment: Mapping[str, str] | None) -> str:
    """`text` with its placeholders replaced; what is missing is noted."""
    if environment is None:
        return text

    def fill(match: re.Match[str]) -> str:
        kind, name, default = match.group(1), match.group(2).strip(), match.group(3)
        found = environment.get(name) if kind == "env" else _from_file(name)
        if found is None and default is None:
            what = f"the variable {name} is not set" if kind == "env" else f"the file {name} can't be read"
            _refuse(reader, at, what, "set it where the daemon is started, or give a default: ${…|default}")
        return found if found is not None else default or ""

    filled = _PLACEHOLDER.sub(fill, text)
    if "${" in _PLACEHOLDER.sub("", text):
        _refuse(reader, at, "a placeholder is not closed or unknown", "${env:NAME}, ${env:NAME|default}, ${file:PATH}")
    return filled


def _from_file(name: str) -> str | None:
    try:
        with Path(name).open("rb") as file:
            return file.read(MAX_SECRET_BYTES).decode("utf-8").strip()
    except (OSError, ValueError):
        return None


def _check_card(reader: Reader, index: int, card: PopCard, sources: Mapping[str, Source]) -> None:
    at: FieldPath = ("pop", str(index))
    if card.source not in sources:
        known = ", ".join(sorted(sources)) or "none"
        _refuse(reader, (*at, "source"), f'there is no source "{card.source}"', f"known: {known}")
    if not card.paths or not card.fields:
        _refuse(reader, at, "a card needs paths and fields")
    for path in card.paths:
        if not path.startswith("/"):
            _refuse(reader, (*at, "paths"), f'"{path}" does not begin with /')


def _refuse(reader: Reader, at: FieldPath, message: str, hint: str = "") -> None:
    mark = next((reader.positions[at[:n]] for n in range(len(at), 0, -1) if at[:n] in reader.positions), Mark(1, 1))
    reader.refuse(mark, at, message, hint)


def _whole_file(message: str) -> FlowErrors:
    return FlowErrors([FlowError(file=LOOKUPS_FILE, line=0, column=0, path="", message=message)])
