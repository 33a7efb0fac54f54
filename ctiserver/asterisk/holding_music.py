"""When the music of a holding bridge has to be started again. Pure bookkeeping, no requests.

Asterisk lets the channel that plays into a bridge go as soon as nobody else is in it: who comes next would sit in
silence. That instant can't be seen from here: people hang up before we are told, and commands of two calls take two
sockets. So music counts as certain only while somebody is there who was there when it was last started, and it is
started after, never before, somebody has been put into the bridge. Starting it while it plays goes on where it is.
"""

from __future__ import annotations


class HoldingMusic:
    """Who is in which holding bridge, by music class, as far as commands and hang-ups have told."""

    def __init__(self) -> None:
        self._inside: dict[str, dict[str, bool]] = {}  # class → channel → was there when the music was started
        self._class_of: dict[str, str] = {}

    def clear(self) -> None:
        """After a reconnect nothing is certain."""
        self._inside.clear()
        self._class_of.clear()

    def joins(self, channel_id: str, music: str) -> bool:
        """True: the music is to be started once this channel is in."""
        self.leaves(channel_id)
        inside = self._inside.setdefault(music, {})
        certain = any(inside.values())
        inside[channel_id] = not certain
        self._class_of[channel_id] = music
        if not certain:
            self._all_certain(music)
        return not certain

    def leaves(self, channel_id: str) -> str:
        """The class whose music is to be started again for those who stay; "": none."""
        music = self._class_of.pop(channel_id, "")
        if not music:
            return ""
        inside = self._inside[music]
        del inside[channel_id]
        if not inside or any(inside.values()):
            return ""
        self._all_certain(music)
        return music

    def _all_certain(self, music: str) -> None:
        self._inside[music] = dict.fromkeys(self._inside[music], True)
