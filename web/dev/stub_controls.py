"""The stub's controls: one call of agent 1001 that can be held, sent on, asked about and joined; the floor's acts.

Everything that pages ask for is kept: `GET /stub/acts`. `POST /stub/party` makes whoever is rung answer,
`/stub/help` makes a colleague ask for help, `/stub/broadcast` sends a line to everybody.
"""

from __future__ import annotations

import time
from typing import Any

import stub_data as data
from aiohttp import web

Json = dict[str, Any]
ME = 1
NOTHING: Json = {}
FLOWS = [
    {"id": "satisfaction_survey", "title": {"zh-CN": "满意度评价", "en": "Satisfaction survey"}, "survey": True},
    {"id": "verify", "title": {"zh-CN": "身份核实", "en": "Verification"}, "survey": False},
]


class Controls:
    def __init__(self, stub: Any) -> None:
        self.stub = stub
        self.call: Json | None = None
        self.acts: list[Json] = []
        self.watches: dict[str, Json] = {}
        self.helps: dict[int, Json] = {}
        self.broadcasts: list[Json] = []
        self.legs = 1

    # ── what pages see ─────────────────────────────────────────────────────────────────────────────────────────────

    def own_calls(self) -> list[Json]:
        return [self.call] if self.call is not None else []

    def snapshot(self, mine: bool) -> Json:
        helps = [one for one in self.helps.values() if not mine or one["agent_id"] == ME]
        watches = [] if mine else list(self.watches.values())
        return {"watches": watches, "helps": helps, "broadcasts": self.broadcasts}

    def targets(self) -> Json:
        agents: list[Json] = []
        for view in self.stub.agents.values():
            if view["id"] != ME:
                names = ("id", "number", "name", "team", "presence", "activity", "phone")
                since = ("presence_since", "activity_since")
                free = view["presence"] != "signed_out" and view["activity"] in ("idle", "wrap_up")
                agents.append({**{name: view[name] for name in (*names, *since)}, "free": free})
        queues = [
            {name: queue[name] for name in ("id", "name", "waiting", "agents_ready")}
            for queue in self.stub.queues.values()
        ]
        shown = ["96116", "02885550000"]
        pieces = ["notice", "privacy"]
        return {
            "agents": agents,
            "queues": queues,
            "flows": FLOWS,
            "outside": True,
            "shown_numbers": shown,
            "pieces": pieces,
        }

    def pickups(self) -> list[Json]:
        rows = [call for call in self.stub.calls.values() if call["phase"] in ("waiting", "ringing")]
        return [
            {
                "call_id": call["id"],
                "phase": call["phase"],
                "phase_since": call["phase_since"],
                "queue_id": call["queue_id"],
                "queued_at": call["phase_since"],
                "position": call["position"],
                "caller_number": f"{call['caller_number'][:3]}****{call['caller_number'][-4:]}",
                "agent_id": call["agent_id"],
                "agent_name": self.stub.agents[call["agent_id"]]["name"] if call["agent_id"] else "",
            }
            for call in rows
        ]

    # ── the call of agent 1001 ─────────────────────────────────────────────────────────────────────────────────────

    def rings(self, pop: Json) -> None:
        now = time.time()
        call = data.live_call(900, now, self.stub.rng)
        self.call = {
            **call,
            "id": pop["call_id"],
            "caller_number": pop["caller_number"],
            "phase": "ringing",
            "phase_since": now,
            "started_at": now - 60,
            "queue_id": pop["queue_id"],
            "agent_id": ME,
            "position": None,
            "recording": "off",
        }
        self._tell()

    def answered(self) -> None:
        self.change(phase="talking", phase_since=time.time(), recording="on")

    def over(self) -> None:
        if self.call is not None:
            self.stub.publish("call_removed", {"id": self.call["id"]})
        self.call = None

    def change(self, **change: Any) -> None:
        if self.call is not None:
            self.call = {**self.call, **change}
            self._tell()

    def _tell(self) -> None:
        self.stub.publish("call", self.call)

    def _party(self, role: str, to: Json) -> Json:
        self.legs += 1
        agent = self.stub.agents.get(to.get("agent_id"))
        return {
            "id": f"leg{self.legs}",
            "role": role,
            "number": agent["number"] if agent else to.get("number") or to.get("queue_id", ""),
            "name": agent["name"] if agent else "",
            "agent_id": to.get("agent_id"),
            "state": "queued" if to["kind"] == "queue" else "ringing",
            "since": time.time(),
            "muted": False,
            "held": False,
        }

    def act(self, name: str, body: Json, part: str = "") -> None:
        """What a page asked of the own call."""
        self.acts.append({"act": name, **({"part": part} if part else {}), **body})
        call = self.call
        if call is None:
            return
        parties: list[Json] = call["parties"]
        match name:
            case "hold":
                held = body["held"]
                self.change(held=held, held_by=["agent"] if held else [])
                self.stub.change_agent(ME, activity="hold" if held else "talking")
            case "mute" if body["party"] == "agent":
                self.change(agent_muted=body["muted"])
            case "mute" if body["party"] == "caller":
                self.change(caller_muted=body["muted"])
            case "mute":
                self.change(parties=[{**p, "muted": body["muted"]} if p["id"] == body["party"] else p for p in parties])
            case "recording":
                paused = body["paused"]
                self.change(recording="paused" if paused else "on", recording_paused_at=time.time() if paused else None)
            case "transfer" | "leave":
                self.stub.end()
            case "consult" if "to" in body:
                self.change(parties=[*parties, self._party("consulted", body["to"])], consult="consulted")
            case "consult":
                self._choose(body["choice"], parties)
            case "parties":
                self.change(parties=[*parties, self._party("conference", body["to"])])
            case "remove":
                self.change(parties=[p for p in parties if p["id"] != part])
            case _:
                pass

    def _choose(self, choice: str, parties: list[Json]) -> None:
        match choice:
            case "swap" if self.call is not None:
                self.change(consult="caller" if self.call["consult"] == "consulted" else "consulted")
            case "merge":
                self.change(consult=None, parties=[{**p, "role": "conference"} for p in parties])
            case "complete":
                self.stub.end()
            case _:
                self.change(consult=None, parties=[p for p in parties if p["role"] != "consulted"])

    def party_answers(self) -> None:
        if self.call is not None:
            now = time.time()
            self.change(parties=[{**p, "state": "joined", "since": now} for p in self.call["parties"]])

    # ── the floor ──────────────────────────────────────────────────────────────────────────────────────────────────

    def ask_help(self, agent_id: int, text: str) -> None:
        call_id = self.stub.agents[agent_id]["call_id"]
        asked = {"agent_id": agent_id, "call_id": call_id, "text": text, "at": time.time(), "state": "asked", "by": ""}
        self.helps[agent_id] = asked
        self.stub.publish("help", asked)

    def change_help(self, agent_id: int, **change: Any) -> None:
        asked = {**self.helps[agent_id], **change}
        self.helps[agent_id] = asked
        if asked["state"] == "over":
            del self.helps[agent_id]
        self.stub.publish("help", asked)

    def watch(self, agent_id: int, mode: str) -> Json:
        ident = f"w{len(self.acts)}"
        watch: Json = {
            "id": ident,
            "agent_id": agent_id,
            "supervisor": "supervisor",
            "mode": mode,
            "state": "on",
            "call_id": "",
            "hears": True,
            "since": time.time(),
        }
        self.watches[ident] = watch
        self.stub.publish("watch", watch)
        return watch

    def broadcast(self, text: str, team: str | None) -> None:
        line = {"text": text, "by": "supervisor", "team": team, "at": time.time()}
        self.broadcasts.append(line)
        self.stub.publish("broadcast", line)


def _accepted(body: Json = NOTHING) -> web.Response:
    return web.json_response(body, status=202)


def add_to(app: web.Application, stub: Any) -> None:
    controls: Controls = stub.controls

    def own(name: str) -> Any:
        async def handler(request: web.Request) -> web.Response:
            body = await request.json() if request.can_read_body else NOTHING
            controls.act(name, body, request.match_info.get("party", ""))
            return _accepted()

        return handler

    async def targets(request: web.Request) -> web.Response:
        return web.json_response(controls.targets())

    async def pickups(request: web.Request) -> web.Response:
        return web.json_response(controls.pickups())

    async def acts(request: web.Request) -> web.Response:
        return web.json_response(controls.acts)

    async def dial(request: web.Request) -> web.Response:
        to = (await request.json())["to"]
        controls.acts.append({"act": "dial", "to": to})
        stub.ring("unknown")
        controls.change(phase="dialling", direction="outbound" if to else "conference")
        return _accepted({"call_id": "c"})

    async def take_over(request: web.Request) -> web.Response:
        call_id = request.match_info["id"]
        controls.acts.append({"act": "take_over", "call_id": call_id})
        stub.change_agent(ME, activity="ringing", call_id=call_id)
        return _accepted()

    async def move(request: web.Request) -> web.Response:
        call_id, body = request.match_info["id"], await request.json()
        controls.acts.append({"act": "change", "call_id": call_id, **body})
        stub.calls[call_id] = {**stub.calls[call_id], **body}
        stub.publish("call", stub.calls[call_id])
        return _accepted()

    async def help_me(request: web.Request) -> web.Response:
        if request.method == "PUT":
            controls.ask_help(ME, (await request.json())["text"])
        elif ME in controls.helps:
            controls.change_help(ME, state="over")
        return _accepted()

    async def answer_help(request: web.Request) -> web.Response:
        controls.change_help(int(request.match_info["id"]), state="answered", by="值班班长")
        return _accepted()

    async def supervise(request: web.Request) -> web.Response:
        body = await request.json()
        controls.acts.append({"act": "supervise", **body})
        return _accepted(controls.watch(body["agent_id"], body["mode"]))

    async def change_watch(request: web.Request) -> web.Response:
        ident = request.match_info["id"]
        body = await request.json() if request.method == "PUT" else {"state": "ended"}
        controls.acts.append({"act": "watch", **body})
        watch = {**controls.watches.pop(ident), **body}
        if watch["state"] != "ended":
            controls.watches[ident] = watch
        stub.publish("watch", watch)
        return _accepted()

    async def broadcast(request: web.Request) -> web.Response:
        body = await request.json()
        controls.acts.append({"act": "broadcast", **body})
        controls.broadcast(body["text"], body.get("team"))
        return _accepted()

    async def party(request: web.Request) -> web.Response:
        controls.party_answers()
        return web.Response(status=204)

    async def colleague_asks(request: web.Request) -> web.Response:
        controls.ask_help(3, "客户要求赔偿")
        return web.Response(status=204)

    async def line(request: web.Request) -> web.Response:
        controls.broadcast("城东片区爆管，预计 16:00 恢复供水。", None)
        return web.Response(status=204)

    async def phone(request: web.Request) -> web.Response:
        kind = (await request.json())["kind"] if request.method == "PUT" else "desk"
        own = {
            "extension": "1001",
            "kind": kind,
            "browser_allowed": True,
            "secret": "stub" if kind == "browser" else "",
        }
        return web.json_response(own)

    app.router.add_get("/api/phone", phone)
    app.router.add_put("/api/phone", phone)
    app.router.add_get("/api/targets", targets)
    app.router.add_get("/api/pickups", pickups)
    app.router.add_get("/stub/acts", acts)
    for name in ("hold", "mute", "digits", "piece", "recording", "transfer", "consult", "parties", "leave"):
        app.router.add_post(f"/api/calls/{{id}}/{name}", own(name))
    app.router.add_put("/api/calls/{id}/consult", own("consult"))
    app.router.add_delete("/api/calls/{id}/parties/{party}", own("remove"))
    app.router.add_post("/api/agents/me/calls", dial)
    app.router.add_post("/api/calls/{id}/take-over", take_over)
    app.router.add_post("/api/calls/{id}/queue", move)
    app.router.add_post("/api/calls/{id}/priority", move)
    app.router.add_put("/api/agents/me/help", help_me)
    app.router.add_delete("/api/agents/me/help", help_me)
    app.router.add_post("/api/agents/{id}/help/answer", answer_help)
    app.router.add_post("/api/supervision", supervise)
    app.router.add_put("/api/supervision/{id}", change_watch)
    app.router.add_delete("/api/supervision/{id}", change_watch)
    app.router.add_post("/api/broadcast", broadcast)
    app.router.add_post("/stub/party", party)
    app.router.add_post("/stub/help", colleague_asks)
    app.router.add_post("/stub/broadcast", line)
