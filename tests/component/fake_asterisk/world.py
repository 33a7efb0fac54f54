"""What exists inside the fake Asterisk, and what happens to it. Knows nothing of HTTP; events go to `emit`."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Json = dict[str, Any]

TECH_CAUSES = {486: 17, 600: 17, 603: 21, 480: 19, 404: 1, 408: 19, 503: 38, 487: 16}  # SIP status → Q.850
REASON_CAUSES = {
    "normal": 16,
    "busy": 17,
    "congestion": 34,
    "no_answer": 19,
    "rejected": 21,
    "answered_elsewhere": 26,
    "unallocated": 1,
}
RECORDING_RATE = 8000 * 4  # bytes per second: 16 bit, two channels
KEYS_BEGIN, A_KEY = datetime(2026, 1, 1, 7, tzinfo=UTC), timedelta(seconds=1)


@dataclass(eq=False)
class Channel:
    id: str
    name: str
    state: str = "Down"
    caller_name: str = ""
    caller_number: str = ""
    exten: str = "s"
    app: str = ""  # the Stasis application that it is in
    app_for_later: str = ""  # that it enters when answered
    lent_to: str = ""  # "context/extension" of the dialplan to which the daemon gave it
    args: list[str] = field(default_factory=list[str])
    variables: dict[str, str] = field(default_factory=dict[str, str])
    endpoint: str = ""
    originator: str = ""
    timeout_s: float = 0.0
    bridge_id: str = ""
    gone: bool = False
    gone_reason: str = ""  # of DELETE, "hangup" by the party itself, "restart"
    cause: int = 0
    no_answer: asyncio.TimerHandle | None = None
    muted: bool = False
    digits_sent: str = ""  # keys that the daemon sent to this party
    spies_on: Channel | None = None
    whisper: str = ""
    refer_states: list[str] = field(default_factory=list[str])  # what the phone was told of its REFER


@dataclass(eq=False)
class Bridge:
    id: str
    kind: str
    channels: list[Channel] = field(default_factory=list[Channel])
    music: str = ""


@dataclass(eq=False)
class Playback:
    id: str
    target: str  # "channel:ID" or "bridge:ID"
    media: list[str]
    ended: asyncio.Event
    playing: bool = False  # False: waits behind another one
    timer: asyncio.TimerHandle | None = None


@dataclass(eq=False)
class Recording:
    """A MixMonitor. `ended` is None while it runs."""

    name: str
    channel: Channel
    monitor_id: str
    began: float
    ended: float | None = None
    muted: bool = False


class World:
    """All state. Every change that Asterisk would tell of is told to `emit(app, event)`."""

    def __init__(self, emit: Callable[[str, Json], None]) -> None:
        self._emit = emit
        self._numbers = itertools.count(1)
        self.keys = 0  # pressed so far, on all phones
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, Bridge] = {}
        self.playbacks: dict[str, Playback] = {}
        self.recordings: dict[str, Recording] = {}
        self.objects: dict[tuple[str, str], dict[str, str]] = {}  # (kind, id) → pushed by the daemon
        self.registered: set[str] = set()  # extensions with a contact; survives a restart
        self.missing_media: set[str] = set()
        self.prompt_seconds: float | None = None
        self.spool: Path | None = None  # a folder that the daemon shares: recordings are written there
        self.on_dial: Callable[[Channel], None] = lambda _: None
        self.on_device: Callable[[str], None] = lambda _: None
        self.on_digit: list[Callable[[Channel, str], None]] = []
        self.on_end: list[Callable[[Channel], None]] = []  # told while the channel is still in Stasis

    # ── channels ────────────────────────────────────────────────────────────────────────────────────────────────────

    def add_channel(self, channel: Channel) -> None:
        self.channels[channel.id] = channel
        self._device_changed(channel)

    def next_name(self, endpoint: str) -> str:
        return f"{endpoint}-{next(self._numbers):08x}"

    def enter_stasis(self, channel: Channel, app: str, args: list[str]) -> None:
        channel.app, channel.args, channel.lent_to = app, args, ""
        self._emit(app, {"type": "StasisStart", "args": args, "channel": self.channel_json(channel)})

    def emit(self, app: str, event: Json) -> None:
        self._emit(app, event)

    def leave_stasis(self, channel: Channel, to: str) -> None:
        """Into the dialplan: from here on nobody is told of it."""
        self.leave_bridge(channel)
        self.tell(channel, "StasisEnd")
        channel.app, channel.lent_to = "", to

    def press(self, channel: Channel, digit: str) -> None:
        self.keys += 1
        let_go = KEYS_BEGIN + self.keys * A_KEY  # one after the other, as by a finger: each is a key of its own
        told = {"digit": digit, "duration_ms": 100, "timestamp": f"{let_go:%Y-%m-%dT%H:%M:%S}.000+0000"}
        self.tell(channel, "ChannelDtmfReceived", told)
        for listener in self.on_digit:
            listener(channel, digit)

    def set_state(self, channel: Channel, state: str) -> None:
        if channel.gone or channel.state == state:
            return
        channel.state = state
        self.tell(channel, "ChannelStateChange")
        self._device_changed(channel)

    def answer_leg(self, channel: Channel) -> None:
        """The called phone picks up: the leg enters Stasis."""
        if channel.gone:
            return
        if channel.no_answer:
            channel.no_answer.cancel()
        self.set_state(channel, "Up")
        self.enter_stasis(channel, channel.app_for_later, channel.args)

    def end_channel(self, channel: Channel, cause: int, tech_cause: int = 0, reason: str = "hangup") -> None:
        """The end, by whomever: playbacks and recordings on it end, bridges are left."""
        if channel.gone:
            return
        channel.gone, channel.gone_reason, channel.cause = True, reason, cause
        if channel.no_answer:
            channel.no_answer.cancel()
        for playback in [p for p in self.playbacks.values() if p.target == f"channel:{channel.id}"]:
            self.end_playback(playback, ok=False)
        for recording in self.recordings.values():
            if recording.channel is channel:
                self.stop_recording(recording)
        for listener in self.on_end:
            listener(channel)
        bridge = self.bridges.get(channel.bridge_id)
        self.leave_bridge(channel)
        if channel.app:
            self.tell(channel, "StasisEnd")
        if bridge and not bridge.channels:
            self._silence(bridge, {channel.app})
        extra: Json = {"cause": cause, "cause_txt": ""} | ({"tech_cause": tech_cause} if tech_cause else {})
        self.tell(channel, "ChannelDestroyed", extra)
        del self.channels[channel.id]
        self._device_changed(channel)
        for snoop in [each for each in self.channels.values() if each.spies_on is channel]:
            self.end_channel(snoop, 16)

    def tell(self, channel: Channel, kind: str, extra: Json | None = None) -> None:
        app = channel.app or channel.app_for_later
        if app:
            self._emit(app, {"type": kind, "channel": self.channel_json(channel), **(extra or {})})

    def device_state(self, extension: str) -> str:
        if extension not in self.registered:
            return "UNAVAILABLE"
        states = {c.state for c in self.channels.values() if c.endpoint == f"PJSIP/{extension}"}
        return "INUSE" if states & {"Up", "Ring"} else "RINGING" if states else "NOT_INUSE"

    def _device_changed(self, channel: Channel) -> None:
        if channel.endpoint.startswith("PJSIP/"):
            self.on_device(channel.endpoint.removeprefix("PJSIP/"))

    # ── bridges ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def join(self, bridge: Bridge, channel: Channel) -> None:
        self.leave_bridge(channel)
        bridge.channels.append(channel)
        channel.bridge_id = bridge.id
        self.tell(channel, "ChannelEnteredBridge", {"bridge": self.bridge_json(bridge)})

    def leave_bridge(self, channel: Channel) -> None:
        bridge = self.bridges.get(channel.bridge_id)
        channel.bridge_id = ""
        if bridge and channel in bridge.channels:
            bridge.channels.remove(channel)
            self.tell(channel, "ChannelLeftBridge", {"bridge": self.bridge_json(bridge)})
            if not bridge.channels:
                bridge.music = ""  # the channel that plays it is let go with the last who hears it: measured

    def destroy_bridge(self, bridge: Bridge) -> None:
        for channel in list(bridge.channels):
            self.leave_bridge(channel)
        del self.bridges[bridge.id]
        self._silence(bridge, set())  # without a word: measured

    # ── playbacks ───────────────────────────────────────────────────────────────────────────────────────────────────

    def begin_playback(self, ident: str, target: str, media: list[str]) -> Playback:
        """Behind what plays on the target already. Asterisk does not mind an id that exists: it plays that twice."""
        playback = Playback(ident, target, media, asyncio.Event())
        waits = self.playing(target) is not None
        self.playbacks[self._free_key(ident)] = playback
        if not waits:
            self._play_now(playback)
        return playback

    def _free_key(self, ident: str) -> str:
        return ident if ident not in self.playbacks else f"{ident}#{next(self._numbers)}"

    def _play_now(self, playback: Playback) -> None:
        loop = asyncio.get_running_loop()
        playback.playing = True
        if self.missing_media & set(playback.media):
            playback.timer = loop.call_later(0, lambda: self.end_playback(playback, ok=False))
        elif self.prompt_seconds is not None:
            playback.timer = loop.call_later(self.prompt_seconds, lambda: self.end_playback(playback, ok=True))

    def end_playback(self, playback: Playback, *, ok: bool) -> None:
        """`ok`: complete or stopped, otherwise failed."""
        self._end_playback(playback, ok, self._listening(playback.target))

    def _end_playback(self, playback: Playback, ok: bool, listening: set[str]) -> None:
        key = next((key for key, known in self.playbacks.items() if known is playback), None)
        if key is None:
            return
        if playback.timer:
            playback.timer.cancel()
        del self.playbacks[key]
        playback.ended.set()
        body = self.playback_json(playback) | {"state": "done" if ok else "failed"}
        for app in listening:
            self._emit(app, {"type": "PlaybackFinished", "playback": body})
        following = next((other for other in self.playbacks.values() if other.target == playback.target), None)
        if playback.playing and following:
            self._play_now(following)

    def _silence(self, bridge: Bridge, listening: set[str]) -> None:
        """Nobody is left in the bridge: what plays there fails, and only who still listens is told."""
        for playback in [p for p in self.playbacks.values() if p.target == f"bridge:{bridge.id}"]:
            self._end_playback(playback, False, listening)

    def playing(self, target: str) -> Playback | None:
        return next((p for p in self.playbacks.values() if p.target == target and p.playing), None)

    def playing_on(self, channel: Channel) -> Playback | None:
        return self.playing(f"channel:{channel.id}")

    def _listening(self, target: str) -> set[str]:
        kind, _, ident = target.partition(":")
        if kind == "channel":
            channel = self.channels.get(ident)
            members = [channel] if channel else []
        else:
            members = self.bridges[ident].channels if ident in self.bridges else []
        return {channel.app for channel in members if channel.app}

    # ── recordings ──────────────────────────────────────────────────────────────────────────────────────────────────

    def begin_recording(self, name: str, channel: Channel) -> Recording:
        monitor_id = f"0x7f{next(self._numbers):08x}"
        recording = Recording(name, channel, monitor_id, asyncio.get_running_loop().time())
        self.recordings[name] = recording
        return recording

    def stop_recording(self, recording: Recording) -> None:
        if recording.ended is None:
            recording.ended = asyncio.get_running_loop().time()
            if self.spool and (content := self.recorded(recording.name)) is not None:
                (self.spool / f"{recording.name}.raw").write_bytes(content)

    def recorded(self, name: str) -> bytes | None:
        """The raw file: a caller's side of 1000s left, an agent's of -2000s right. None: there is none."""
        recording = self.recordings.get(name)
        if recording is None:
            return None
        end = recording.ended if recording.ended is not None else asyncio.get_running_loop().time()
        frames = round((end - recording.began) * 8000)
        return ((1000).to_bytes(2, "little", signed=True) + (-2000).to_bytes(2, "little", signed=True)) * frames

    # ── all of it ───────────────────────────────────────────────────────────────────────────────────────────────────

    def forget_everything(self) -> None:
        """Asterisk's end: nobody is told."""
        for channel in self.channels.values():
            channel.gone, channel.gone_reason = True, "restart"
            if channel.no_answer:
                channel.no_answer.cancel()
        for playback in self.playbacks.values():
            if playback.timer:
                playback.timer.cancel()
            playback.ended.set()
        for recording in self.recordings.values():
            self.stop_recording(recording)
        for things in (self.channels, self.bridges, self.playbacks, self.objects):
            things.clear()

    # ── as JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @staticmethod
    def channel_json(channel: Channel) -> Json:
        in_stasis = {"app_name": "Stasis", "app_data": ",".join([channel.app, *channel.args])}
        waiting = {"app_name": "AppDial2", "app_data": "(Outgoing Line)"}
        return {
            "id": channel.id,
            "name": channel.name,
            "state": channel.state,
            "caller": {"name": channel.caller_name, "number": channel.caller_number},
            "connected": {"name": "", "number": ""},
            "accountcode": "",
            "dialplan": {"context": "x", "exten": channel.exten, "priority": 1}
            | (in_stasis if channel.app else waiting),
            "creationtime": "2026-01-01T07:00:00.000+0000",
            "language": "zh",
        }

    @staticmethod
    def bridge_json(bridge: Bridge) -> Json:
        technology = "holding_bridge" if bridge.kind == "holding" else "simple_bridge"
        members = [channel.id for channel in bridge.channels]
        return {"id": bridge.id, "technology": technology, "bridge_type": bridge.kind, "channels": members}

    @staticmethod
    def playback_json(playback: Playback) -> Json:
        return {"id": playback.id, "media_uri": playback.media[-1], "target_uri": playback.target, "state": "playing"}
