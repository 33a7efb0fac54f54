"""The fake's AMI: login, per-session filters, phone states, MixMonitor."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from tests.component.fake_asterisk.world import World

Fields = dict[str, str]
STATE_WORDS = {"NOT_INUSE": "Not in use", "INUSE": "In use", "RINGING": "Ringing", "UNAVAILABLE": "Unavailable"}


class Session:
    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.logged_in = False
        self.filters: list[str] = []

    def send(self, fields: Fields) -> None:
        if not self.writer.is_closing():
            self.writer.write(("".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n").encode())


class AmiServer:
    def __init__(self, world: World, user: str, secret: str) -> None:
        self._world = world
        self._user, self._secret = user, secret
        self._server: asyncio.Server | None = None
        self.sessions: set[Session] = set()
        self.actions: list[Fields] = []  # everything that was asked
        self.refuse_login = False
        self.silent = False
        self.booted = True
        self.port = 0
        world.on_device = self._device_changed

    # ── life ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        self.drop()
        self._server = None

    def drop(self) -> None:
        """Every connection is reset."""
        for session in list(self.sessions):
            session.writer.transport.abort()

    # ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def event(self, name: str, fields: Fields) -> None:
        for session in self.sessions:
            if session.logged_in and not self.silent and (not session.filters or name in session.filters):
                session.send({"Event": name, "Privilege": "system,all", **fields})

    def fully_booted(self) -> None:
        self.booted = True
        self.event("FullyBooted", {"Status": "Fully Booted"})

    def _device_changed(self, extension: str) -> None:
        fields = {"Device": f"PJSIP/{extension}", "State": self._world.device_state(extension)}
        self.event("DeviceStateChange", fields)

    # ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(writer)
        self.sessions.add(session)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
                fields = {name: value for name, _, value in (line.partition(": ") for line in lines)}
                self.actions.append(fields)
                if not self.silent:
                    self._act(session, fields)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the daemon left
        finally:
            self.sessions.discard(session)
            writer.close()

    def _act(self, session: Session, fields: Fields) -> None:
        name = fields.get("Action", "")
        ident = {"ActionID": fields["ActionID"]} if "ActionID" in fields else {}
        if not session.logged_in and name != "Login":
            session.send({"Response": "Error", **ident, "Message": "Permission denied"})
            return
        match name:
            case "Login":
                self._login(session, fields, ident)
            case "Ping":
                session.send({"Response": "Success", **ident, "Ping": "Pong"})
            case "Filter":
                session.filters.append(fields["MatchCriteria"].partition("name(")[2].rstrip(")"))
                session.send({"Response": "Success", **ident, "Message": "Success"})
            case "PJSIPShowEndpoints":
                self._show_endpoints(session, ident)
            case "MixMonitor" | "StopMixMonitor" | "MixMonitorMute" | "Getvar":
                session.send(self._on_channel(name, fields) | ident)
            case _:
                session.send({"Response": "Error", **ident, "Message": "Invalid/unknown command"})

    def _login(self, session: Session, fields: Fields, ident: Fields) -> None:
        if self.refuse_login or (fields.get("Username"), fields.get("Secret")) != (self._user, self._secret):
            session.send({"Response": "Error", **ident, "Message": "Authentication failed"})
            session.writer.close()
            return
        session.logged_in = True
        session.send({"Response": "Success", **ident, "Message": "Authentication accepted"})
        if self.booted:
            session.send({"Event": "FullyBooted", "Privilege": "system,all", "Status": "Fully Booted"})

    def _show_endpoints(self, session: Session, ident: Fields) -> None:
        names = self._endpoints()
        session.send({"Response": "Success", **ident, "EventList": "start", "Message": "A listing follows"})
        for extension in names:
            state = STATE_WORDS[self._world.device_state(extension)]
            session.send({"Event": "EndpointList", **ident, "ObjectName": extension, "DeviceState": state})
        session.send({"Event": "EndpointListComplete", **ident, "EventList": "Complete", "ListItems": str(len(names))})

    def _endpoints(self) -> list[str]:
        pushed: Iterable[str] = (name for kind, name in self._world.objects if kind == "endpoint")
        return sorted({*pushed, *self._world.registered})

    def _on_channel(self, name: str, fields: Fields) -> Fields:
        channel = self._world.channels.get(fields["Channel"])
        if channel is None:
            return {"Response": "Error", "Message": "No such channel"}
        if name == "Getvar":
            value = channel.variables.get(fields["Variable"], "")
            return {"Response": "Success", "Variable": fields["Variable"], "Value": value}
        if name == "MixMonitor":
            recording = self._world.begin_recording(fields["File"].rpartition("/")[2].removesuffix(".raw"), channel)
            variable = fields["Options"].partition("i(")[2].rstrip(")")
            channel.variables[variable] = recording.monitor_id
            return {"Response": "Success", "MixMonitorID": recording.monitor_id}
        if name == "MixMonitorMute":
            for recording in self._world.recordings.values():
                if recording.monitor_id == fields.get("MixMonitorID") and recording.ended is None:
                    recording.muted = fields["State"] == "1"
                    return {"Response": "Success"}
            return {"Response": "Error", "Message": "Cannot set mute flag"}
        for recording in self._world.recordings.values():
            if recording.monitor_id == fields.get("MixMonitorID") and recording.ended is None:
                self._world.stop_recording(recording)
                return {"Response": "Success"}
        return {"Response": "Error", "Message": "Could not stop monitoring channel"}
