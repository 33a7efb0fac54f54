"""Four Mondays alike make the fifth; duties are held against it, and against who was really there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from tests.postgres.api.conftest import Office
from tests.postgres.api.test_reports_over_http import get

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFERED = "INSERT INTO queue_interval (queue_id, started_at, offered) VALUES ('repairs', :at, :offered)"
HANDLED = """
INSERT INTO agent_interval (started_at, agent_id, queue_id, handled, talk_ms, wrap_up_ms)
VALUES (:at, 1, 'repairs', 10, 1500000, 300000)
"""
SPAN = """
INSERT INTO agent_state_span (agent_id, presence, reason, activity, started_at, ended_at)
VALUES (1, :presence, '', 'idle', :since, :until)
"""


async def put(office: Office, path: str, body: Any) -> None:
    async with office.http.put(office.url(path), json=body, headers={"X-CSRF-Token": office.csrf}) as answer:
        assert answer.status == 200, await answer.text()


async def test_the_forecast_of_a_week(office: Office) -> None:
    today = datetime.now(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today + timedelta(days=1)
    async with office.database.writing() as connection:
        for week in range(1, 5):
            ten = first - timedelta(days=7 * week) + timedelta(hours=10)
            await connection.execute(text(OFFERED), {"at": ten, "offered": 30})
            await connection.execute(
                text(OFFERED), {"at": ten + timedelta(minutes=15), "offered": 10 + 10 * (week % 2)}
            )
        await connection.execute(text(HANDLED), {"at": today - timedelta(days=3)})
    await office.sign_in("ops")
    hours = {str(day): "09:00-17:00" for day in range(1, 8)}
    await put(office, "/api/shifts/day", {"hours": hours})
    await put(office, f"/api/duties/{first.date()}", {"shifts": {"day": [1, 2]}})
    view = await get(office, "/api/forecast?queue=repairs")
    assert (view["weeks"], view["mean_handling_s"], view["patience_s"]) == (4, 180.0, None)
    assert len(view["slots"]) == 336
    busy = [slot for slot in view["slots"] if slot["expected"]]
    assert [(slot["start"], slot["expected"]) for slot in busy] == [
        (int((first + timedelta(hours=10)).timestamp()), 45.0)
    ]
    # 90 calls an hour of 180 s are 4.5 agents' work without any pause
    assert 5 < busy[0]["agents_needed"] < 10
    assert busy[0]["agents_planned"] <= 2
    assert (await get(office, "/api/forecast?queue=nobody", 404))["error_id"] == "not_found"


async def test_who_kept_to_the_shift(office: Office) -> None:
    today = datetime.now(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    day = today - timedelta(days=2)
    spans = (
        ("ready", day + timedelta(hours=8), day + timedelta(hours=11)),  # an hour before the shift does not count
        ("signed_out", day + timedelta(hours=11), day + timedelta(hours=13)),
        ("break", day + timedelta(hours=13), day + timedelta(hours=17)),
    )
    async with office.database.writing() as connection:
        for presence, since, until in spans:
            await connection.execute(text(SPAN), {"presence": presence, "since": since, "until": until})
    await office.sign_in("ops")
    await put(office, "/api/shifts/day", {"hours": {str(each): "09:00-17:00" for each in range(1, 8)}})
    await put(office, f"/api/duties/{day.date()}", {"shifts": {"day": [1]}})
    [row] = await get(office, f"/api/adherence?first={day.date()}&last={today.date()}")
    assert (row["agent_id"], row["planned_ms"], row["signed_in_ms"]) == (1, 8 * 3_600_000, 6 * 3_600_000)
    assert row["adherence"] == 0.75
    wrong = await get(office, f"/api/adherence?first={today.date()}&last={day.date()}", 422)
    assert wrong["params"]["errors"][0]["loc"] == ["query", "last"]
