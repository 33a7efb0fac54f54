"""The REST half of the fake: one coroutine per command, with the status codes that Asterisk gives."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import orjson

from tests.component.fake_asterisk.errands import AriErrands
from tests.component.fake_asterisk.world import REASON_CAUSES, Bridge, Channel, Json, World

Answer = tuple[int, Any]  # status, JSON body or None
KNOWN_FIELDS = {
    "auth": {"auth_type", "username", "password"},
    "aor": {"max_contacts", "remove_existing", "qualify_frequency", "support_path", "contact"},
    "endpoint": {
        *("context", "auth", "aors", "callerid", "language", "disallow", "allow", "direct_media", "dtmf_mode"),
        *("rtp_timeout", "webrtc", "dtls_auto_generate_cert", "rtp_symmetric", "force_rport", "rewrite_contact"),
        *(
            "allow_subscribe",
            "subscribe_context",
            "transport",
            "media_encryption",
            "ice_support",
            "use_avpf",
            "bundle",
            "rtcp_mux",
        ),
    },
}


class Refusal(Exception):
    """An error answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.answer: Answer = (status, {"message": message})


@dataclass
class Request:
    method: str
    path: list[str]
    query: dict[str, str]
    body: Json


class AriRest:
    """`startup_time` names the Asterisk process; `filters` are set by PUT applications/APP/eventFilter."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.startup_time = ""
        self.filters: dict[str, set[str]] = {}
        self.globals: dict[str, str] = {}
        self.refused_objects: set[str] = set()  # as if they stood in pjsip.conf
        self.slow: dict[str, float] = {}  # first word of a path's last part → seconds before it is done
        self.late: dict[str, float] = {}  # … → seconds after it, until the answer is on its way
        self.log: list[tuple[str, str, dict[str, str]]] = []  # every command, as (method, path, query)
        self._playback_numbers = itertools.count(1)
        self.errands = AriErrands(world, self._in_stasis)
        self._routes: dict[tuple[str, str], Callable[[Request], Awaitable[Answer]]] = {
            ("GET", "asterisk/ping"): self._ping,
            ("GET", "asterisk/info"): self._info,
            ("POST", "asterisk/variable"): self._set_global,
            ("GET", "asterisk/variable"): self._show_global,
            ("PUT", "applications/*/eventFilter"): self._set_filter,
            ("GET", "channels"): self._list_channels,
            ("POST", "channels"): self._originate,
            ("DELETE", "channels/*"): self._hang_up,
            ("POST", "channels/*/ring"): self._ring,
            ("POST", "channels/*/answer"): self._answer,
            ("POST", "channels/*/play/*"): self._play,
            ("POST", "channels/*/mute"): self._mute,
            ("DELETE", "channels/*/mute"): self._mute,
            ("POST", "channels/*/dtmf"): self._dtmf,
            ("POST", "channels/*/snoop/*"): self._snoop,
            ("POST", "channels/*/transfer_progress"): self._transfer_progress,
            ("POST", "bridges/*/play/*"): self._play,
            ("GET", "playbacks/*"): self._show_playback,
            ("DELETE", "playbacks/*"): self._stop_playback,
            ("GET", "bridges"): self._list_bridges,
            ("POST", "bridges/*"): self._make_bridge,
            ("DELETE", "bridges/*"): self._destroy_bridge,
            ("POST", "bridges/*/moh"): self._start_music,
            ("POST", "bridges/*/addChannel"): self._add_channels,
            ("PUT", "asterisk/config/dynamic/res_pjsip/*/*"): self._put_object,
            ("DELETE", "asterisk/config/dynamic/res_pjsip/*/*"): self._delete_object,
            ("DELETE", "recordings/stored/*"): self._delete_recording,
            **self.errands.routes,
        }

    async def handle(self, method: str, uri: str, query: dict[str, str], body: Json) -> Answer:
        self.log.append((method, uri, query))
        path = [unquote(part) for part in uri.split("/")]
        for (wanted, pattern), work in self._routes.items():
            parts = pattern.split("/")
            if (
                wanted == method
                and len(parts) == len(path)
                and all(p in ("*", q) for p, q in zip(parts, path, strict=True))
            ):
                name = parts[-1] if parts[-1] != "*" else parts[-2]
                if delay := self.slow.get(name):
                    await asyncio.sleep(delay)
                try:
                    answer = await work(Request(method, path, query, body))
                except Refusal as refusal:
                    answer = refusal.answer
                if delay := self.late.get(name):
                    await asyncio.sleep(delay)
                return answer
        return 404, {"message": "Resource not found"}

    # ── finding ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _channel(self, ident: str) -> Channel:
        if ident not in self.world.channels:
            raise Refusal(404, "Channel not found")
        return self.world.channels[ident]

    def _bridge(self, ident: str) -> Bridge:
        if ident not in self.world.bridges:
            raise Refusal(404, "Bridge not found")
        return self.world.bridges[ident]

    async def _until_free(self, channel: Channel) -> None:
        """While a prompt plays on a channel Asterisk carries out nothing else on it."""
        while playing := self.world.playing_on(channel):
            await playing.ended.wait()

    # ── commands ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _ping(self, request: Request) -> Answer:
        return 200, {"ping": "pong", "timestamp": "2026-01-01T07:00:00.096+0000"}

    async def _set_global(self, request: Request) -> Answer:
        self.globals[request.query["variable"]] = request.query["value"]
        return 204, None

    async def _show_global(self, request: Request) -> Answer:
        return 200, {"value": self.globals.get(request.query["variable"], "")}

    async def _info(self, request: Request) -> Answer:
        return 200, {"system": {"version": "22.10.1"}, "status": {"startup_time": self.startup_time}}

    async def _set_filter(self, request: Request) -> Answer:
        self.filters[request.path[1]] = {entry["type"] for entry in request.body.get("allowed", [])}
        return 200, {"name": request.path[1]}

    async def _list_channels(self, request: Request) -> Answer:
        return 200, [self.world.channel_json(channel) for channel in self.world.channels.values()]

    async def _originate(self, request: Request) -> Answer:
        query = request.query
        ident, endpoint = query["channelId"], query["endpoint"]
        if ident in self.world.channels:
            raise Refusal(409, "Channel with given unique ID already exists")
        originator = query.get("originator", "")
        if originator and originator not in self.world.channels:
            raise Refusal(400, "Provided originator channel was not found")
        if endpoint.removeprefix("PJSIP/") not in self.world.registered:
            return 500, {"error": "Allocation failed"}
        name, number = _parse_caller_id(query.get("callerId", ""))
        channel = Channel(
            ident,
            self.world.next_name(endpoint),
            caller_name=name,
            caller_number=number,
            endpoint=endpoint,
            originator=originator,
            app_for_later=query["app"],
            args=query.get("appArgs", "").split(","),
            timeout_s=float(query.get("timeout", "30")),
            variables=dict(request.body.get("variables", {})),
        )
        self.world.add_channel(channel)
        loop = asyncio.get_running_loop()
        channel.no_answer = loop.call_later(channel.timeout_s, self.world.end_channel, channel, 19, 480, "timeout")
        loop.call_soon(self.world.on_dial, channel)
        return 200, self.world.channel_json(channel)

    async def _hang_up(self, request: Request) -> Answer:
        channel = self._channel(request.path[1])
        reason = request.query.get("reason", "normal")
        if reason not in REASON_CAUSES:
            raise Refusal(400, "Invalid Reason")
        self.world.end_channel(channel, REASON_CAUSES[reason], reason=reason)
        return 204, None

    async def _ring(self, request: Request) -> Answer:
        self._in_stasis(request.path[1], 409)  # its state stays: it is the caller who is told
        return 204, None

    async def _answer(self, request: Request) -> Answer:
        channel = self._in_stasis(request.path[1], 409)
        await self._until_free(channel)
        self.world.set_state(channel, "Up")
        return 204, None

    async def _mute(self, request: Request) -> Answer:
        channel = self._in_stasis(request.path[1], 409)
        channel.muted = request.method == "POST"
        return 204, None

    async def _dtmf(self, request: Request) -> Answer:
        self._in_stasis(request.path[1], 409).digits_sent += request.query["dtmf"]
        return 204, None

    async def _snoop(self, request: Request) -> Answer:
        """A channel that ends with the one that it hears."""
        spied, ident, query = self._channel(request.path[1]), request.path[3], request.query
        snoop = Channel(ident, f"Snoop/{spied.id}-{ident}", state="Up", spies_on=spied, whisper=query["whisper"])
        self.world.add_channel(snoop)
        self.world.enter_stasis(snoop, query["app"], query.get("appArgs", "").split(","))
        return 200, self.world.channel_json(snoop)

    async def _transfer_progress(self, request: Request) -> Answer:
        self._channel(request.path[1]).refer_states.append(request.query["states"])
        return 204, None

    async def _play(self, request: Request) -> Answer:
        kind, ident, _, playback_id = request.path
        if kind == "channels":
            self._in_stasis(ident, 409)
        else:
            self._bridge(ident)
        media = request.query["media"].split(",")
        playback = self.world.begin_playback(playback_id, f"{kind[:-1]}:{ident}", media)
        return 201, self.world.playback_json(playback)

    async def _show_playback(self, request: Request) -> Answer:
        playback = self.world.playbacks.get(request.path[1])
        return (200, self.world.playback_json(playback)) if playback else (404, {"message": "Playback not found"})

    async def _stop_playback(self, request: Request) -> Answer:
        playback = self.world.playbacks.get(request.path[1])
        if playback is None:
            raise Refusal(404, "Playback not found")
        self.world.end_playback(playback, ok=True)
        return 204, None

    async def _list_bridges(self, request: Request) -> Answer:
        return 200, [self.world.bridge_json(bridge) for bridge in self.world.bridges.values()]

    async def _make_bridge(self, request: Request) -> Answer:
        ident = request.path[1]
        if ident in self.world.bridges:
            raise Refusal(409, f"Bridge with id '{ident}' already exists")
        bridge = self.world.bridges[ident] = Bridge(ident, request.query.get("type", "mixing"))
        return 200, self.world.bridge_json(bridge)

    async def _destroy_bridge(self, request: Request) -> Answer:
        self.world.destroy_bridge(self._bridge(request.path[1]))
        return 204, None

    async def _start_music(self, request: Request) -> Answer:
        self._bridge(request.path[1]).music = request.query.get("mohClass", "default")
        return 204, None

    async def _add_channels(self, request: Request) -> Answer:
        """All or none; whoever is in another bridge leaves it."""
        bridge = self._bridge(request.path[1])
        wanted = request.query["channel"].split(",")
        if any(ident not in self.world.channels for ident in wanted):
            raise Refusal(400, "Channel not found")
        channels = [self._in_stasis(ident, 422) for ident in wanted]
        for channel in channels:
            await self._until_free(channel)
            if channel.gone:
                raise Refusal(422, "Channel not in Stasis application")
            self.world.join(bridge, channel)
        return 204, None

    async def _put_object(self, request: Request) -> Answer:
        kind, ident = request.path[4:6]
        fields = {entry["attribute"]: entry["value"] for entry in request.body["fields"]}
        if ident in self.refused_objects:
            raise Refusal(403, "Cannot update object")
        if fields.keys() - KNOWN_FIELDS[kind]:
            raise Refusal(400, "Could not update object")
        self.world.objects[(kind, ident)] = self.world.objects.get((kind, ident), {}) | fields
        if kind == "endpoint":
            self.world.on_device(ident)
        return 200, request.body["fields"]

    async def _delete_object(self, request: Request) -> Answer:
        if self.world.objects.pop((request.path[4], request.path[5]), None) is None:
            raise Refusal(404, "Object not found")
        return 204, None

    async def _delete_recording(self, request: Request) -> Answer:
        conversation = self.world.recordings.pop(request.path[2], None)
        if conversation is None and not self.errands.messages.delete(request.path[2]):
            raise Refusal(404, "Recording not found")
        return 204, None

    def _in_stasis(self, ident: str, otherwise: int) -> Channel:
        """`otherwise`: the status for a channel that is somewhere else; 0: that does not matter."""
        channel = self._channel(ident)
        if otherwise and not channel.app:
            raise Refusal(otherwise, "Channel not in Stasis application")
        return channel


def _parse_caller_id(text: str) -> tuple[str, str]:
    """`"name" <number>` → name, number."""
    name, _, number = text.rpartition("<")
    return name.strip().strip('"'), number.rstrip(">")


def dumps(body: Any) -> str:
    return "" if body is None else orjson.dumps(body).decode()
