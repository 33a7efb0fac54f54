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

    def event(self, event: AmiMessage) -> list[PhoneSeen]:
        """A DeviceStateChange. ContactStatus adds nothing to it and is left out."""
        device = event.get("device", "")
        if event.get("event") != "DeviceStateChange" or not device.startswith(TECHNOLOGY):
            return []
        return self._seen(device.removeprefix(TECHNOLOGY), event.get("state", ""))

    def listing(self, endpoints: Iterable[AmiMessage]) -> list[PhoneSeen]:
        """The whole truth (PJSIPShowEndpoints): who isn't in it has no account and can't be reached.

        All states are told, known or not: after a loss of the link others may have been told something else.
        """
        states = {entry.get("objectname", ""): entry.get("devicestate", "") for entry in endpoints}
        gone = self._last.keys() - states.keys()
        self._last.clear()
        listed = [seen for extension, state in states.items() if extension for seen in self._seen(extension, state)]
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
