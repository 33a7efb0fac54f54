"""Agents' SIP accounts: pushed into Asterisk's memory over ARI, never written into its files.

Asterisk forgets them when it restarts, so they are pushed after every connect; in between only what changed.
A desk phone registers over UDP, TCP or TLS; a browser phone over a secure websocket with DTLS and ICE.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Literal

import msgspec
import structlog

from ctiserver.asterisk import metrics
from ctiserver.asterisk.ari_client import AriClient
from ctiserver.asterisk.ari_commands import delete_object, put_object, safe_name, safe_number
from ctiserver.directory import Agent, Directory

log = structlog.get_logger()

AGENT_CONTEXT = "agents"  # dialplan/extensions.conf: what a phone may dial by itself
LAMPS_CONTEXT = "lamps"  # dialplan/extensions.conf: whose state a phone may subscribe to
AT_ONCE = 4  # requests in flight; they share the events' socket with the queries
KINDS = ("auth", "aor", "endpoint")  # the endpoint last: it names the others

Fields = dict[str, str]
Account = dict[str, Fields]  # kind → fields


Encryption = Literal["none", "optional", "required"]
SRTP: dict[Encryption, Fields] = {
    "none": {},
    "optional": {"media_encryption": "sdes", "media_encryption_optimistic": "yes"},
    "required": {"media_encryption": "sdes"},
}


def account(agent: Agent, encryption: Encryption = "none") -> Account:
    """The three objects of an agent's phone, all named like the extension; a browser's sound is always encrypted."""
    name, number = safe_name(agent.name), safe_number(agent.extension)
    endpoint = {
        "context": AGENT_CONTEXT,
        "auth": agent.extension,
        "aors": agent.extension,
        "callerid": f'"{name}" <{number}>',
        "language": "zh",
        "disallow": "all",
        "direct_media": "no",
        "dtmf_mode": "auto",
        "allow_subscribe": "yes",
        "subscribe_context": LAMPS_CONTEXT,
    }
    browser = {
        "webrtc": "yes",
        "dtls_auto_generate_cert": "yes",
        "allow": "opus,ulaw",
        "rtp_timeout": "20",  # seconds; a closed tab says no goodbye (a desk phone may be silent while muted)
    }
    desk_phone = {
        "allow": "g722,alaw,ulaw",
        "rtp_symmetric": "yes",
        "force_rport": "yes",
        "rewrite_contact": "yes",
        **SRTP[encryption],
    }
    return {
        "auth": {"auth_type": "userpass", "username": agent.extension, "password": agent.sip_password},
        "aor": {
            "max_contacts": "1",
            "remove_existing": "yes",
            "qualify_frequency": "30",
            "support_path": "yes",
        },
        "endpoint": endpoint | (browser if agent.webrtc else desk_phone),
    }


class Provisioner:
    """`want` says what shall be, `push` makes it so. One push at a time."""

    def __init__(self, ari: AriClient, encryption: Encryption = "none") -> None:
        self._ari = ari
        self._encryption: Encryption = encryption
        self._wanted: dict[str, Account] = {}
        self._pushed: dict[str, Account] = {}
        self._refused: set[str] = set()  # told once
        self._one_at_a_time = asyncio.Lock()

    @property
    def problem(self) -> str:
        """How many phones Asterisk doesn't know yet; a refused account is told in the log and not waited for."""
        missing = sum(each not in self._pushed and each not in self._refused for each in self._wanted)
        return f"{missing} of {len(self._wanted)} accounts are not in Asterisk yet" if missing else ""

    def want(self, directory: Directory) -> None:
        self._wanted = {a.extension: account(a, self._encryption) for a in directory.agents if a.extension}

    def forget(self) -> None:
        """Asterisk may have lost them all: the next push puts everything."""
        self._pushed.clear()

    async def push(self) -> int:
        """Puts what differs from the last push and removes who has left.

        Returns how many accounts were changed. Raises LinkDownError; what was not pushed then follows the next time.
        """
        async with self._one_at_a_time:
            wanted = self._wanted
            changed = [extension for extension, new in wanted.items() if self._pushed.get(extension) != new]
            left = [extension for extension in self._pushed if extension not in wanted]
            await self._in_parallel(changed, wanted, left)
            if changed or left:
                log.info("accounts_pushed", changed=len(changed) - len(self._refused), removed=len(left))
            return len(changed) + len(left)

    async def _in_parallel(self, changed: Iterable[str], wanted: dict[str, Account], left: Iterable[str]) -> None:
        slots = asyncio.Semaphore(AT_ONCE)

        async def put(extension: str) -> None:
            async with slots:
                await self._put(extension, wanted[extension])

        async def remove(extension: str) -> None:
            async with slots:
                await self._remove(extension)

        try:
            async with asyncio.TaskGroup() as group:
                for extension in changed:
                    group.create_task(put(extension), name=f"push account {extension}")
                for extension in left:
                    group.create_task(remove(extension), name=f"remove account {extension}")
        except* Exception as errors:  # the group wraps; callers want the one error that they know
            raise errors.exceptions[0] from None

    async def _put(self, extension: str, objects: Account) -> None:
        for kind in KINDS:
            answer = await self._ari.request(put_object(kind, extension, objects[kind]))
            if answer.status >= 300:
                self._tell_refusal(extension, kind, answer.status, answer.body)
                return
        self._refused.discard(extension)
        self._pushed[extension] = objects
        metrics.PUSHED_ACCOUNTS.labels("done").inc()

    async def _remove(self, extension: str) -> None:
        """The endpoint first, so that it never names what isn't there. 404: gone already, as wished."""
        for kind in reversed(KINDS):
            await self._ari.request(delete_object(kind, extension))
        self._pushed.pop(extension, None)
        metrics.PUSHED_ACCOUNTS.labels("removed").inc()

    def _tell_refusal(self, extension: str, kind: str, status: int, body: str) -> None:
        metrics.PUSHED_ACCOUNTS.labels("refused").inc()
        if extension in self._refused:
            return
        self._refused.add(extension)
        hint = {
            403: "an object of that name stands in pjsip.conf: rename one of them",
            404: "sorcery.conf must map auth, aor and endpoint of [res_pjsip] to memory as well",
        }.get(status, "see Asterisk's log")
        log.error("account_refused", extension=extension, object=kind, status=status, answer=_short(body), hint=hint)


def _short(body: str) -> str:
    """ARI's message without the rest of its JSON."""
    try:
        return str(msgspec.json.decode(body, type=dict[str, object]).get("message", body))[:200]
    except msgspec.DecodeError:
        return body[:200]
