"""Conference rooms: mixing bridges by name, made by the first who enters and gone with the last who leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ctiserver.asterisk import ari_commands
from ctiserver.asterisk.ari_commands import AriAnswer, AriCommand
from ctiserver.asterisk.ari_events import decode_bridge
from ctiserver.ports import Outcome

MUSIC = "default"
Send = Callable[[AriCommand, str | None], Awaitable[AriAnswer]]


class Rooms:
    """`send` is the telephony's, which keeps the commands of one channel in order."""

    def __init__(self, send: Send, app: str) -> None:
        self._send = send
        self._app = app

    async def enter(self, channel_id: str, room: str) -> Outcome:
        bridge_id = self._bridge_id(room)
        made = await self._send(ari_commands.make_room_bridge(bridge_id), channel_id)
        if made.status >= 300 and made.status != 409:  # 409: others are in it
            return "refused"
        joined = await self._send(ari_commands.add_channels(bridge_id, [channel_id]), channel_id)
        if joined.status >= 300:
            await self._tidy(bridge_id)
            return "gone" if joined.status == 404 else "refused"
        await self._tidy(bridge_id)
        return "done"

    async def leave(self, channel_id: str, room: str) -> Outcome:
        """Harmless for a channel that has gone."""
        bridge_id = self._bridge_id(room)
        answer = await self._send(ari_commands.remove_channel(bridge_id, channel_id), channel_id)
        await self._tidy(bridge_id)
        return "done" if answer.status < 300 else "gone"

    async def _tidy(self, bridge_id: str) -> None:
        """Music for who is alone, silence for two, no bridge for nobody."""
        answer = await self._send(ari_commands.show_bridge(bridge_id), None)
        if answer.status >= 300:
            return
        members = len(decode_bridge(answer.body).channels)
        if members == 0:
            await self._send(ari_commands.destroy_bridge(bridge_id), None)
        elif members == 1:
            await self._send(ari_commands.start_music(bridge_id, MUSIC), None)
        elif members == 2:
            await self._send(ari_commands.stop_music(bridge_id), None)

    def _bridge_id(self, room: str) -> str:
        return f"{self._app}-room-{room}"
