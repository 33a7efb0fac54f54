"""Announcements, calendars, days, shifts and duties through the API: stored, versioned, audited, in force."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import text

from ctiserver.errors import DatabaseAwayError
from ctiserver.hotline_settings import HotlineSettings
from ctiserver.live.hotline_keeper import HotlineKeeper
from ctiserver.store.hotline import Hotline
from tests.postgres.api.conftest import Office

TODAY = date(2026, 11, 23)


async def send(office: Office, method: str, path: str, body: object = None) -> tuple[int, Any]:
    headers = {"X-CSRF-Token": office.csrf}
    async with office.http.request(method, office.url(path), json=body, headers=headers) as answer:
        told = await answer.read()
        return answer.status, json.loads(told) if told else None


async def test_an_announcement_is_made_switched_and_removed(office: Office) -> None:
    assert await office.sign_in("supervisor") == 200
    wanted = {"title": "爆管", "texts": {"zh-CN": "正在抢修。"}, "areas": ["城东区"], "active_until": 1_900_000_000.0}
    status, made = await send(office, "POST", "/api/announcements", wanted)
    assert (status, made["version"], made["areas"]) == (201, 1, ["城东区"])
    path = f"/api/announcements/{made['id']}"
    status, off = await send(office, "PUT", path, {**wanted, "enabled": False, "version": 1})
    assert (status, off["enabled"], off["version"]) == (200, False, 2)
    status, told = await send(office, "PUT", path, {**wanted, "version": 1})
    assert (status, told["error_id"]) == (409, "version_conflict")
    assert (await send(office, "DELETE", path))[0] == 204
    assert (await send(office, "DELETE", path))[0] == 404
    assert (await send(office, "PUT", path, wanted))[0] == 404
    async with office.database.reading() as connection:
        actions = (await connection.execute(text("SELECT action FROM audit_log ORDER BY id"))).scalars().all()
    assert [action for action in actions if action.startswith("announcement")] == [
        "announcement.add",
        "announcement.change",
        "announcement.delete",
    ]


async def test_what_can_not_be_is_refused_by_field(office: Office) -> None:
    await office.sign_in("ops")
    nothing_said: dict[str, Any] = {"title": "x"}
    backwards: dict[str, Any] = {"title": "x", "texts": {"en": "y"}, "active_from": 2.0, "active_until": 1.0}
    refused: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/api/announcements", nothing_said),
        ("POST", "/api/announcements", backwards),
        ("PUT", "/api/calendars/office", {"weekly": {"mon-fri": "8 to 5"}}),
        ("PUT", "/api/calendars/office", {"weekly": {}, "timezone": "Mars/Olympus"}),
        ("PUT", "/api/calendar-days/2026-02-30", {"kind": "holiday"}),
        ("PUT", "/api/shifts/early", {"hours": {"1": "closed"}}),
        ("PUT", "/api/shifts/early", {"hours": {"8": "08:00-09:00"}}),
        ("PUT", "/api/duties/2026-11-23", {"shifts": {"nobody_made_it": [1]}}),
    ]
    for method, path, body in refused:
        status, told = await send(office, method, path, body)
        assert (status, told["error_id"]) == (422, "invalid"), (path, body, told)


async def test_a_change_is_in_force_and_kept_for_a_start_without_postgres(office: Office, tmp_path: Path) -> None:
    taken: list[HotlineSettings] = []

    async def changed(settings: HotlineSettings) -> None:
        taken.append(settings)

    keeper = HotlineKeeper(Hotline(office.database), tmp_path / "hotline.json", lambda: TODAY, changed)
    await keeper.start()
    await office.sign_in("ops")
    assert (await send(office, "PUT", "/api/calendars/office", {"weekly": {"mon-fri": "08:30-17:30"}}))[0] == 200
    assert (await send(office, "PUT", "/api/calendar-days/2026-12-31", {"kind": "holiday"}))[0] == 200
    assert (await send(office, "PUT", "/api/shifts/夜班", {"hours": {"1": "22:00-06:00, 12:00-13:00"}}))[0] == 200
    directory = Hotline(office.database)
    async with office.database.reading() as connection:
        agent_id = int((await connection.execute(text("SELECT min(id) FROM agent"))).scalar_one())
    await directory.put_duties(TODAY, {"夜班": [agent_id, agent_id]})
    before = len(taken)
    assert await keeper.look()
    assert len(taken) == before + 1
    assert await keeper.look()
    assert len(taken) == before + 1  # nothing new
    settings = taken[-1]
    assert [calendar.name for calendar in settings.calendars] == ["office"]
    assert [(shift.name, shift.hours) for shift in settings.shifts] == [("夜班", {"1": "12:00-13:00, 22:00-06:00"})]
    assert [duty.agent_id for duty in settings.duties] == [agent_id]

    class Away:
        async def revision(self) -> int:
            raise DatabaseAwayError("Postgres is away")

        async def read(self, today: date) -> HotlineSettings:
            return HotlineSettings(revision=await self.revision())

    orphan = HotlineKeeper(Away(), tmp_path / "hotline.json", lambda: TODAY)
    await orphan.start()
    assert orphan.settings == settings
