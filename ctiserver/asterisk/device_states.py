"""What AMI says about phones → one PhoneSeen per change.

Asterisk's own computation is used (device state): it knows contacts, qualify and calls. `in_use` says that the phone
is busy in any call, ours included.
"""

from __future__ import annotations

from collections.abc import Iterable

from ctiserver.asterisk.ami_protocol import AmiMessage
from ctiserver.ports import PhoneSeen

TECHNOLOGY = "PJSIP/"
_UNREACHABLE = frozenset({"unavailable", "invalid", "unknown", ""})
_FREE = frozenset({"notinuse"})


class DeviceStates:
    """Remembers the last state of each extension."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[bool, bool]] = {}
        self._told_meanwhile: set[str] | None = None  # by events, while a listing is on its way

    def listing_asked(self) -> None:
        """From now on an event is newer than what the listing will say."""
        self._told_meanwhile = set()

    def event(self, event: AmiMessage) -> list[PhoneSeen]:
        """A DeviceStateChange. ContactStatus adds nothing to it and is left out."""
        device = event.get("device", "")
        if event.get("event") != "DeviceStateChange" or not device.startswith(TECHNOLOGY):
            return []
        extension = device.removeprefix(TECHNOLOGY)
        if self._told_meanwhile is not None:
            self._told_meanwhile.add(extension)
        return self._seen(extension, event.get("state", ""))

    def listing(self, endpoints: Iterable[AmiMessage]) -> list[PhoneSeen]:
        """The whole truth (PJSIPShowEndpoints): who isn't in it has no account and can't be reached.

        All states are told, known or not: after a loss of the link others may have been told something else. What an
        event told since `listing_asked` stays: the listing may have been written before it.
        """
        states = {entry.get("objectname", ""): entry.get("devicestate", "") for entry in endpoints}
        meanwhile, self._told_meanwhile = self._told_meanwhile or set[str](), None
        newer = {extension: self._last[extension] for extension in meanwhile & self._last.keys()}
        gone = self._last.keys() - states.keys() - newer.keys()
        self._last = newer
        older = {extension: state for extension, state in states.items() if extension and extension not in newer}
        listed = [seen for extension, state in older.items() for seen in self._seen(extension, state)]
        return listed + [PhoneSeen(extension=extension, reachable=False, in_use=False) for extension in sorted(gone)]

    def _seen(self, extension: str, state: str) -> list[PhoneSeen]:
        reachable, in_use = _judge(state)
        if self._last.get(extension) == (reachable, in_use):
            return []
        self._last[extension] = (reachable, in_use)
        return [PhoneSeen(extension=extension, reachable=reachable, in_use=in_use)]


def phones_listed(endpoints: Iterable[AmiMessage]) -> list[PhoneSeen]:
    """PJSIPShowEndpoints, for a comparison: nothing is remembered of it."""
    states = {entry.get("objectname", ""): _judge(entry.get("devicestate", "")) for entry in endpoints}
    return [PhoneSeen(extension=name, reachable=state[0], in_use=state[1]) for name, state in states.items() if name]


def _judge(state: str) -> tuple[bool, bool]:
    """Events write NOT_INUSE, listings "Not in use"."""
    word = "".join(char for char in state.lower() if char.isalpha())
    reachable = word not in _UNREACHABLE
    return reachable, reachable and word not in _FREE
