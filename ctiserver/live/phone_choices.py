"""Which phone an agent uses: the one on the desk, or the browser; chosen by the agent, until chosen otherwise.

Both are the same extension, so an agent has one phone at a time. For the browser the account gets a secret of its own,
made anew with each choice: the page never learns the desk phone's password, and the desk phone, which knows only that
one, can't push the browser out. Kept in a file beside the spool: it is needed while Postgres is away.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
import structlog

from ctiserver.directory import Agent, Directory
from ctiserver.errors import Refused

log = structlog.get_logger()

PhoneKind = Literal["desk", "browser"]
SECRET_BYTES = 24


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    kind: PhoneKind
    secret: str = ""  # of a browser phone


class PhoneView(msgspec.Struct, frozen=True, kw_only=True):
    """`secret` only for a browser phone, only for its own agent."""

    extension: str
    kind: PhoneKind
    browser_allowed: bool
    secret: str


class PhoneChoices:
    """`push` gives Asterisk the accounts. `file` is read once, at the start."""

    def __init__(self, file: Path, push: Callable[[Directory], None], *, browser_allowed: bool) -> None:
        self._file = file
        self._push = push
        self._browser_allowed = browser_allowed
        self._choices = _read(file)
        self._directory = Directory()
        self._writing = asyncio.Lock()

    def use_directory(self, directory: Directory) -> None:
        """People were changed: the accounts with what everybody chose."""
        self._directory = directory
        self._push(self.applied(directory))

    def applied(self, directory: Directory) -> Directory:
        return msgspec.structs.replace(directory, agents=tuple(self._with_choice(each) for each in directory.agents))

    def of(self, agent_id: int) -> PhoneView:
        agent = self._agent(agent_id)
        choice = self._choice(agent)
        return PhoneView(
            extension=agent.extension,
            kind=choice.kind,
            browser_allowed=self._browser_allowed,
            secret=choice.secret,
        )

    async def choose(self, agent_id: int, kind: PhoneKind) -> PhoneView:
        """In force at once, also where the file can't be written (it is then logged, and lost with a restart).

        Raises Refused: no such agent, without an extension, or browser phones are switched off.
        """
        agent = self._agent(agent_id)
        if not agent.extension:
            raise Refused("no_extension", f"agent {agent.number} has no extension")
        if kind == "browser" and not self._browser_allowed:
            raise Refused("browser_phones_off", "phones in the browser are switched off here (`phones.browser`)")
        secret = secrets.token_urlsafe(SECRET_BYTES) if kind == "browser" else ""
        self._choices[agent.extension] = Choice(kind=kind, secret=secret)
        self._push(self.applied(self._directory))
        log.info("phone_chosen", agent=agent_id, kind=kind)
        async with self._writing:  # the later choice is written later
            try:
                await asyncio.to_thread(_write, self._file, dict(self._choices))
            except OSError as error:
                log.error("phone_choice_not_kept", problem=str(error), hint="room and rights in the folder `var`")
        return self.of(agent_id)

    def _agent(self, agent_id: int) -> Agent:
        agent = next((each for each in self._directory.agents if each.id == agent_id), None)
        if agent is None:
            raise Refused("no_such_agent", f"there is no agent {agent_id}")
        return agent

    def _choice(self, agent: Agent) -> Choice:
        chosen = self._choices.get(agent.extension)
        if chosen is not None and (chosen.kind == "desk" or self._browser_allowed):
            return chosen
        return Choice(kind="desk")

    def _with_choice(self, agent: Agent) -> Agent:
        """Who has chosen nothing keeps what people configured, be it an account for some WebRTC phone."""
        if agent.extension not in self._choices:
            return agent
        choice = self._choice(agent)
        if choice.kind == "desk":
            return agent
        return msgspec.structs.replace(agent, webrtc=True, sip_password=choice.secret)


def _read(file: Path) -> dict[str, Choice]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Choice])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError) as error:  # everybody chooses again
        log.error("phone_choices_unreadable", file=str(file), problem=str(error))
        return {}


def _write(file: Path, choices: dict[str, Choice]) -> None:
    """The whole file or none of it; nobody else may read the secrets."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(msgspec.json.encode(choices))
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(file)
