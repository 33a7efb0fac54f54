"""What flows do to a caller's channel beside prompts: record a message, enter a room, lend it to the fax engine.

`AriErrands` is the REST part, `Messages` what happens to recordings by itself.
"""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.component.fake_asterisk.world import Channel, Json, World

if TYPE_CHECKING:
    from tests.component.fake_asterisk.ari_rest import Answer, Request

RATE = 8000
ONE_PAGE = b"II*\x00\x08\x00\x00\x00" + b"\x00\x00" + b"\x00\x00\x00\x00"
"""A TIFF of one page without any content."""


@dataclass(eq=False)
class Message:
    """A recording by ARI: of what comes from the channel alone. `ended` is None while it runs."""

    name: str
    channel: Channel
    terminate_on: str
    began: float
    overdue: asyncio.TimerHandle | None = None
    ended: float | None = None


class Messages:
    """All of them by name; those that have ended stay, as files on Asterisk's disk would."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._all: dict[str, Message] = {}
        world.on_digit.append(self._pressed)
        world.on_end.append(self._channel_ended)

    @property
    def running(self) -> list[Message]:
        return [message for message in self._all.values() if message.ended is None]

    @property
    def stored(self) -> list[str]:
        return sorted(message.name for message in self._all.values() if message.ended is not None)

    def begin(self, name: str, channel: Channel, terminate_on: str, max_s: float) -> Message:
        loop = asyncio.get_running_loop()
        message = self._all[name] = Message(name, channel, terminate_on, loop.time())
        message.overdue = loop.call_later(max_s, self.end, message)
        return message

    def of(self, channel: Channel) -> Message | None:
        return next((message for message in self.running if message.channel is channel), None)

    def find_running(self, name: str) -> Message | None:
        return next((message for message in self.running if message.name == name), None)

    def end(self, message: Message) -> None:
        """Key, silence, longest time, hang-up, or the daemon's wish: Asterisk tells the same of all."""
        if message.ended is not None:
            return
        if message.overdue is not None:
            message.overdue.cancel()
        message.ended = asyncio.get_running_loop().time()
        if self._world.spool is not None and (content := self.wav(message.name)) is not None:
            (self._world.spool / f"{message.name}.wav").write_bytes(content)
        if message.channel.app:
            body: Json = self.as_json(message) | {"state": "done", "duration": int(message.ended - message.began)}
            self._world.emit(message.channel.app, {"type": "RecordingFinished", "recording": body})

    def as_json(self, message: Message) -> Json:
        target = f"channel:{message.channel.id}"
        return {"name": message.name, "format": "wav", "state": "recording", "target_uri": target}

    def delete(self, name: str) -> bool:
        return self._all.pop(name, None) is not None

    def wav(self, name: str) -> bytes | None:
        """The file of a message that has ended: mono, of a steady level. None: there is none."""
        message = self._all.get(name)
        if message is None or message.ended is None:
            return None
        sound = io.BytesIO()
        with wave.open(sound, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((1000).to_bytes(2, "little") * round((message.ended - message.began) * RATE))
        return sound.getvalue()

    def _pressed(self, channel: Channel, digit: str) -> None:
        """The key itself has been told before."""
        message = self.of(channel)
        if message is not None and (message.terminate_on == "any" or digit in message.terminate_on):
            self.end(message)

    def _channel_ended(self, channel: Channel) -> None:
        if message := self.of(channel):
            self.end(message)


class AriErrands:
    """Routes as those of AriRest; `find` finds a channel or refuses with 404."""

    def __init__(self, world: World, find: Callable[[str, int], Channel]) -> None:
        self._world = world
        self._find = find
        self.messages = Messages(world)
        self.routes: dict[tuple[str, str], Callable[[Request], Awaitable[Answer]]] = {
            ("POST", "channels/*/record"): self._record,
            ("POST", "recordings/live/*/stop"): self._stop,
            ("GET", "recordings/live/*"): self._show_message,
            ("POST", "bridges/*/removeChannel"): self._remove_channel,
            ("GET", "bridges/*"): self._show_bridge,
            ("DELETE", "bridges/*/moh"): self._stop_music,
            ("GET", "channels/*"): self._show_channel,
            ("POST", "channels/*/variable"): self._set_variable,
            ("POST", "channels/*/continue"): self._continue,
        }

    async def _record(self, request: Request) -> Answer:
        channel, query = self._find(request.path[1], 409), request.query
        if channel.bridge_id:
            return 409, {"message": "Cannot record channel while in bridge"}
        while playing := self._world.playing_on(channel):
            await playing.ended.wait()
        if channel.gone:
            return 404, {"message": "Channel not found"}
        message = self.messages.begin(query["name"], channel, query["terminateOn"], float(query["maxDurationSeconds"]))
        return 201, self.messages.as_json(message)

    async def _stop(self, request: Request) -> Answer:
        message = self.messages.find_running(request.path[2])
        if message is None:
            return 404, {"message": "Recording not found"}
        self.messages.end(message)
        return 204, None

    async def _show_message(self, request: Request) -> Answer:
        message = self.messages.find_running(request.path[2])
        return (200, self.messages.as_json(message)) if message else (404, {"message": "Recording not found"})

    async def _remove_channel(self, request: Request) -> Answer:
        bridge = self._world.bridges.get(request.path[1])
        channel = self._world.channels.get(request.query["channel"])
        if bridge is None:
            return 404, {"message": "Bridge not found"}
        if channel is None:
            return 400, {"message": "Channel not found"}
        if channel not in bridge.channels:
            return 422, {"message": "Channel not in this bridge"}
        self._world.leave_bridge(channel)
        return 204, None

    async def _show_bridge(self, request: Request) -> Answer:
        bridge = self._world.bridges.get(request.path[1])
        return (200, self._world.bridge_json(bridge)) if bridge else (404, {"message": "Bridge not found"})

    async def _stop_music(self, request: Request) -> Answer:
        bridge = self._world.bridges.get(request.path[1])
        if bridge is None:
            return 404, {"message": "Bridge not found"}
        bridge.music = ""
        return 204, None

    async def _show_channel(self, request: Request) -> Answer:
        return 200, self._world.channel_json(self._find(request.path[1], 0))

    async def _set_variable(self, request: Request) -> Answer:
        self._find(request.path[1], 409).variables[request.query["variable"]] = request.query["value"]
        return 204, None

    async def _continue(self, request: Request) -> Answer:
        """Out of Stasis into the dialplan, of which nothing is told any more."""
        channel, query = self._find(request.path[1], 409), request.query
        self._world.leave_stasis(channel, f"{query['context']}/{query['extension']}")
        return 204, None
