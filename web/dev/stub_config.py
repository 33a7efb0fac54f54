"""The stub's configuration: kept in memory, with versions and the refusals that pages must show."""

from __future__ import annotations

import json
import random
from typing import Any

import stub_data as data
from aiohttp import web

Json = dict[str, Any]
SKILLS = {
    "service": {"zh-CN": "综合咨询", "en": "General service"},
    "repairs": {"zh-CN": "报修", "en": "Repairs"},
    "bills": {"zh-CN": "账单", "en": "Bills"},
    "english": {"zh-CN": "英语", "en": "English"},
}
KEYS = {"reason-codes": "code", "dispositions": "code"}


class StubConfig:
    """Lists by kind. `changed` of a conflict is always the supervisor's invention."""

    def __init__(self) -> None:
        rng = random.Random(3)  # noqa: S311 - sample data
        self.serial = 0
        queues: list[Json] = [
            {"id": key, "name": name, "position": at, "skills": {key: 3}, "strategy": "longest_idle", "options": {}}
            for at, (key, name) in enumerate(data.QUEUES.items())
        ]
        queues[1]["steps"] = [{"after_s": 30.0, "levels": {"repairs": 1}}]
        agents: list[Json] = [
            {
                "id": number,
                "number": f"{1000 + number}",
                "name": name,
                "extension": f"{1000 + number}",
                "team": "service_1" if number % 2 else "service_2",
                "user_id": None,
                "skills": {skill: rng.randint(1, 10) for skill in SKILLS if rng.random() < 0.6},
                "options": {},
                "retired": number == 14,
            }
            for number, name in enumerate(data.AGENT_NAMES, 1)
        ]
        roles = ("agent", "supervisor", "ops", "admin")
        users: list[Json] = [
            {"id": at, "login": role, "name": role, "role": role, "team": None, "language": "zh-CN", "disabled": False}
            for at, role in enumerate(roles, 1)
        ]
        self.kinds: dict[str, list[Json]] = {
            "queues": queues,
            "skills": [{"id": key, "name": name} for key, name in SKILLS.items()],
            "teams": [{"id": key, "name": name} for key, name in data.REFERENCE["teams"].items()],
            "agents": agents,
            "reason-codes": [{**reason, "position": at} for at, reason in enumerate(data.REASONS)],
            "dispositions": [{**one, "position": at} for at, one in enumerate(data.DISPOSITIONS)],
            "users": users,
        }
        self.routing: Json = {"id": "routing", "options": {}, "version": "1"}
        for objects in self.kinds.values():
            for one in objects:
                one["version"] = self.version()

    def version(self) -> str:
        self.serial += 1
        return f"v{self.serial}"


def add_to(app: web.Application) -> None:
    config = StubConfig()

    async def listed(request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        return web.json_response(config.routing if kind == "routing" else config.kinds[kind])

    async def put(request: web.Request) -> web.Response:
        kind, wanted = request.match_info["kind"], request.match_info.get("key", "")
        body = await request.json()
        if kind == "routing":
            config.routing = {**config.routing, **body, "version": config.version()}
            return web.json_response(config.routing)
        objects, name = config.kinds[kind], KEYS.get(kind, "id")
        if body.get("name") == {}:
            return refused(422, "invalid", {"errors": [{"loc": ["body", "name"], "msg": "at least one"}]})
        known = next((one for one in objects if str(one[name]) == wanted), None)
        if known is not None and body["version"] != known["version"]:
            change = {"actor": "admin", "at": 1_700_000_000, "detail": {"after": {"wrap_up_s": 30}}}
            return refused(409, "changed_meanwhile", {"current": known, "change": change})
        if known is None:
            key = len(objects) + 1 if request.method == "POST" else wanted
            known = {name: key}
            objects.append(known)
        known.update({**body, "version": config.version()})
        return web.json_response(known)

    async def skills(request: web.Request) -> web.Response:
        agent = next(one for one in config.kinds["agents"] if str(one["id"]) == request.match_info["key"])
        agent.update(skills=(await request.json())["skills"], version=config.version())
        return web.json_response(agent)

    async def delete(request: web.Request) -> web.Response:
        kind, key = request.match_info["kind"], request.match_info["key"]
        if (kind, key) == ("skills", "repairs"):
            return refused(409, "in_use", {"used_by": [{"kind": "queue", "id": "repairs"}]})
        name = KEYS.get(kind, "id")
        config.kinds[kind] = [one for one in config.kinds[kind] if one[name] != key]
        return web.Response(status=204)

    async def password(request: web.Request) -> web.Response:
        return web.json_response({"extension": "1001", "sip_password": "n3w-ph0ne-passw0rd"})

    async def meddle(request: web.Request) -> web.Response:
        """Somebody else changes a queue."""
        queue = next(one for one in config.kinds["queues"] if one["id"] == request.match_info["key"])
        queue.update(wrap_up_s=30.0, version=config.version())
        return web.Response(status=204)

    app.router.add_get("/api/config/{kind}", listed)
    app.router.add_put("/api/config/agents/{key}/skills", skills)
    app.router.add_post("/api/config/agents/{key}/phone-password", password)
    app.router.add_put("/api/config/{kind}", put)
    app.router.add_put("/api/config/{kind}/{key}", put)
    app.router.add_post("/api/config/{kind}", put)
    app.router.add_delete("/api/config/{kind}/{key}", delete)
    app.router.add_post("/stub/meddle/{key}", meddle)


def refused(status: int, error_id: str, params: Json) -> web.Response:
    body = json.dumps({"status": status, "error_id": error_id, "params": params}).encode()
    return web.Response(status=status, body=body, content_type="application/problem+json")
