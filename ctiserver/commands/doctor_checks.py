"""What `ctiserver doctor` looks at: first what is installed here, then what runs and answers."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, cast

import aiohttp
import structlog

from ctiserver.asterisk.ari_socket import words_of
from ctiserver.asterisk.local import AsteriskPrograms, find_programs
from ctiserver.commands.doctor_lookups import outside_systems
from ctiserver.commands.ready import read_ready
from ctiserver.commands.stack_folder import StackFolder
from ctiserver.config import Settings, load_settings
from ctiserver.errors import CtiError, PartError
from ctiserver.ivr.flow_error import FlowErrors
from ctiserver.ivr.flow_file import load_flow_set
from ctiserver.parts_folders import CHECKOUT, cache_folder
from ctiserver.store.database import Database
from ctiserver.store.embedded import wheel_programs
from ctiserver.store.schema_version import check_schema
from ctiserver.unprivileged import service_user
from ctiserver.watchdog.ami_login import sign_in_with_other_client
from ctiserver.watchdog.sip_options import ask_options
from ctiserver.writable_folder import require_writable

log = structlog.get_logger()

RECORDING_SPACE_GB = 2  # a stereo recording takes about 2 MB a minute
TIMEOUT_S = 5


class State(Enum):
    FINE = "fine"
    IDLE = "not running"
    OPTIONAL = "absent, needed only for one thing"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    part: str
    state: State
    found: str
    advice: str = ""


def installed_parts() -> list[Finding]:
    return [
        Finding("Python", State.FINE, sys.version.split()[0]),
        _postgres_programs(),
        *_asterisk_programs(),
        _pages(),
        _program("Node", "node", "--version", "pages are built with Node 20 or later: install nodejs and npm"),
        _program("Chromium", "chromium", "--version", "only for browser tests: apt-get install chromium"),
        _chinese_font(),
        _package("SIP phones", "pjsua2", "only for the demo and tests: uv sync"),
        _space(),
    ]


async def running_parts(folder: StackFolder, config: Path | None) -> list[Finding]:
    """Of the stack in `folder`, or of a daemon elsewhere with the settings file `config`."""
    pid = folder.supervisor_pid()
    ready = read_ready(folder.ready_file) if pid and not config else None
    own = folder.settings_file if folder.settings_file.exists() else None
    try:
        settings = load_settings(config or own)
    except CtiError as error:
        return [Finding("Settings", State.WRONG, error.message, error.hint)]
    observer = cast("dict[str, str]", (ready or {}).get("asterisk") or {}).get("observer_secret", "")
    told = cast("dict[str, str]", (ready or {}).get("lookups") or {})
    # Without a settings file nothing was started yet: its default folders must not be made by asking.
    local = [_flows(settings.flows), _folders(settings)] if config or own else [_flows(CHECKOUT / "ivr_flows")]
    checks: dict[str, Callable[[], Awaitable[str]]] = {
        "Postgres answers": lambda: _database(settings),
        "ARI answers": lambda: _ari(settings),
        "AMI answers": lambda: _ami(settings, observer),
        "SIP answers": lambda: ask_options(settings.asterisk.sip_address, TIMEOUT_S),
        "ctiserver answers": lambda: _daemon(settings),
        "Outside systems": lambda: outside_systems(settings.flows, os.environ | told),
    }
    expected = ready is not None or config is not None
    answers = await asyncio.gather(*(_attempt(part, check, expected=expected) for part, check in checks.items()))
    if config:
        return [*local, *answers]
    if ready:
        return [*local, Finding("Stack", State.FINE, f"{folder.var}: process {pid}"), *answers]
    return [
        *local,
        Finding("Stack", State.IDLE, f"{folder.var}: {'starting' if pid else 'not running'}", "ctiserver up"),
        *answers,
    ]


async def _attempt(part: str, check: Callable[[], Awaitable[str]], *, expected: bool) -> Finding:
    """What doesn't answer is wrong only where something is meant to run."""
    try:
        return Finding(part, State.FINE, await check())
    except CtiError as error:
        if expected:
            return Finding(part, State.WRONG, error.message, error.hint)
        return Finding(part, State.IDLE, "not running")


def _flows(folder: Path) -> Finding:
    try:
        flows = load_flow_set(folder)
    except FlowErrors as refused:
        first, *others = refused.errors
        more = f" (and {len(others)} more)" if others else ""
        return Finding("Flows", State.WRONG, f"{first}{more}", f"ctiserver flows check {folder}")
    return Finding("Flows", State.FINE, f"{len(flows.flows)} flows for {len(flows.lines)} numbers in {folder}")


def _folders(settings: Settings) -> Finding:
    try:
        require_writable(settings.var, "var")
        require_writable(settings.recordings, "recordings")
    except CtiError as error:
        return Finding("Folders", State.WRONG, error.message, error.hint)
    return Finding("Folders", State.FINE, f"{settings.var}, {settings.recordings}: writable")


async def _database(settings: Settings) -> str:
    database = Database(settings.database_url)
    try:
        version = await database.check()
        await check_schema(database)
        return f"{version}, {database.place}"
    finally:
        await database.close()


async def _ari(settings: Settings) -> str:
    url = f"{settings.asterisk.url.rstrip('/')}/ari/asterisk/info"
    signed_in = {"Authorization": aiohttp.encode_basic_auth(settings.asterisk.user, settings.asterisk.password)}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as http:
        try:
            async with http.get(url, headers=signed_in) as answer:
                if answer.status == 401:
                    raise PartError(f"{url} refuses the password", hint="compare ari.conf with asterisk.password")
                if answer.status != 200:
                    raise PartError(f"{url} answers {answer.status}", hint="are the res_ari modules loaded?")
                return f"Asterisk {(await answer.json())['system']['version']} at {settings.asterisk.url}"
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PartError(f"{url}: {words_of(error)}", hint="is Asterisk running? is asterisk.url right?") from None


async def _ami(settings: Settings, observer_secret: str) -> str:
    asterisk = settings.asterisk
    user, secret = ("observer", observer_secret) if observer_secret else (asterisk.ami_user, asterisk.ami_secret)
    return await asyncio.to_thread(sign_in_with_other_client, asterisk.ami_host, asterisk.ami_port, user, secret)


async def _daemon(settings: Settings) -> str:
    url = f"http://{settings.http.host}:{settings.http.port}/health/ready"
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as http:
        try:
            async with http.get(url) as answer:
                body = await answer.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PartError(f"{url}: {words_of(error)}", hint="is it running? see the daemon's log") from None
    try:
        told: dict[str, Any] = json.loads(body)
        waiting = [f"{part['name']}: {part['detail']}" for part in told["components"] if _missed(part)]
    except (ValueError, KeyError, TypeError):
        raise PartError(f"{url} is no ctiserver", hint="another program has the port: set http.port") from None
    if waiting:
        raise PartError(f"not ready: {'; '.join(waiting)}", hint="see the daemon's log")
    return f"{url}: {len(told['components'])} components ready"


def _missed(component: dict[str, Any]) -> bool:
    return not component["ready"] and component.get("needed", True)


def _postgres_programs() -> Finding:
    try:
        return Finding("Postgres programs", State.FINE, wheel_programs(cache_folder(), service_user()).version())
    except PartError as error:
        return Finding("Postgres programs", State.WRONG, error.message, error.hint)


def _asterisk_programs() -> list[Finding]:
    try:
        programs = find_programs(cache_folder())
    except PartError as error:
        return [Finding("Asterisk programs", State.WRONG, error.message, error.hint)]
    if programs is None:
        missing = [name for name in ("apt-get", "dpkg-deb", "setpriv") if shutil.which(name) is None]
        if missing:
            return [
                Finding("Asterisk programs", State.WRONG, f"{', '.join(missing)} not found", "use Debian or Ubuntu")
            ]
        return [Finding("Asterisk programs", State.IDLE, "not unpacked yet", "`ctiserver up` does it (128 MB)")]
    return [Finding("Asterisk programs", State.FINE, f"{programs.version} in {programs.root}"), _speech(programs)]


def _speech(programs: AsteriskPrograms) -> Finding:
    """Speaks a word in Chinese into a file, as prompts are made."""
    settings = programs.speech_settings()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "word.wav"
        command = [*settings["command"], "-v", "cmn", "-w", str(file), "您好"]
        result = subprocess.run(command, env=settings["environment"], capture_output=True, text=True, check=False)
        if result.returncode == 0 and file.exists() and file.stat().st_size > 10_000:
            return Finding("Speech", State.FINE, "espeak-ng speaks Chinese")
    return Finding("Speech", State.WRONG, result.stderr.strip()[-200:] or "no sound", "make clean, then ctiserver up")


def _pages() -> Finding:
    if (CHECKOUT / "web/dist/index.html").exists():
        return Finding("Pages", State.FINE, "web/dist")
    return Finding("Pages", State.WRONG, "not built", "make pages")


def _program(part: str, program: str, option: str, advice: str) -> Finding:
    if shutil.which(program) is None:
        return Finding(part, State.OPTIONAL, "not found", advice)
    said = subprocess.run([program, option], capture_output=True, text=True, check=False).stdout.strip()
    return Finding(part, State.FINE, said.splitlines()[0] if said else program)


def _chinese_font() -> Finding:
    advice = "only for browser tests: apt-get install fonts-noto-cjk"
    if shutil.which("fc-list") is None:
        return Finding("Chinese font", State.OPTIONAL, "fc-list not found", advice)
    fonts = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False).stdout
    first = fonts.strip().partition("\n")[0]
    return (
        Finding("Chinese font", State.FINE, first) if first else Finding("Chinese font", State.OPTIONAL, "none", advice)
    )


def _package(part: str, module: str, advice: str) -> Finding:
    found = importlib.util.find_spec(module) is not None
    return Finding(part, State.FINE, module) if found else Finding(part, State.OPTIONAL, "not installed", advice)


def _space() -> Finding:
    free = shutil.disk_usage(CHECKOUT).free / 1e9
    if free >= RECORDING_SPACE_GB:
        return Finding("Disk", State.FINE, f"{free:.0f} GB free")
    return Finding("Disk", State.WRONG, f"{free:.1f} GB free", "recordings need room: about 2 MB a minute")
