"""Story: a report is sent every morning to a real mail server, once, whatever is down or dies meanwhile."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from ctiserver.api.context import CONTEXT
from ctiserver.api.reports.mailing import LEASE_S, PAUSES_S, ReportMailing
from ctiserver.channels.smtp_mail import SmtpMail
from ctiserver.config import MailSettings
from ctiserver.store.directory_store import load_directory
from ctiserver.store.reporting.schedules import Schedules
from tests.component.api.example_views import ManualClock
from tests.postgres.api.conftest import Office
from tests.postgres.store.call_stories import answered_call
from tests.postgres.store.projecting import project
from tests.smtp_server import MailServer, mail_server

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_S = 86_400.0
REPORT: dict[str, Any] = {
    "name": "话务日报", "report": "calls", "query": {"by": "queue", "interval": "total"}, "span": "today",
    "minute": 450, "recipients": ["lead@example.com", "boss@example.com"],
}  # fmt: skip


class PostRoom:
    """An office whose reports leave, and the server that they come to; time moves by hand."""

    def __init__(self, office: Office, server: MailServer) -> None:
        self.office, self.server = office, server
        self.clock = ManualClock()
        self.clock.time = datetime(2027, 3, 1, 7, 0, tzinfo=SHANGHAI).timestamp()
        self.context = dataclasses.replace(office.server.app[CONTEXT], clock=self.clock)
        object.__setattr__(office.server.app[CONTEXT], "clock", self.clock)

    def daemon(self) -> ReportMailing:
        """As it is after a start."""
        settings = MailSettings(sender="smtp", port=self.server.port, sender_address="热线 <hotline@example.com>")
        return ReportMailing(self.context, Schedules(self.office.database), SmtpMail(settings, "zh-CN"))

    async def send(self, method: str, path: str = "", body: object = None) -> tuple[int, Any]:
        headers = {"X-CSRF-Token": self.office.csrf}
        url = self.office.url(f"/api/report-schedules{path}")
        async with self.office.http.request(method, url, json=body, headers=headers) as answer:
            told = await answer.read()
            return answer.status, json.loads(told) if told else None

    async def last(self) -> tuple[str, str]:
        [schedule] = (await self.send("GET"))[1]
        return schedule["last"]["state"], schedule["last"]["error"]


@pytest.fixture
async def room(office: Office) -> AsyncIterator[PostRoom]:
    office.centre.directory = await load_directory(office.database)
    await office.sign_in("supervisor")
    async with mail_server() as server:
        yield PostRoom(office, server)


async def test_it_comes_every_morning_and_never_twice(room: PostRoom) -> None:
    await project(room.office.database, answered_call("n1-0"))
    async with room.office.database.writing() as connection:
        move = "UPDATE call SET started_at = to_timestamp(:at), ended_at = to_timestamp(:at)"
        await connection.execute(text(move), {"at": room.clock.time})
    status, made = await room.send("POST", "", REPORT)
    assert (status, made["query"], made["owner"]) == (201, {"by": "queue", "interval": "total"}, "班长")
    assert datetime.fromtimestamp(made["next_at"], SHANGHAI).strftime("%d %H:%M") == "01 07:30"
    assert await room.daemon().once() == 0
    room.clock.time += 1800
    assert await room.daemon().once() == 1
    [mail] = room.server.mails
    assert room.server.recipients == [["lead@example.com", "boss@example.com"]]
    assert (mail["Subject"], str(mail["From"])) == ("报表：话务日报", "热线 <hotline@example.com>")
    [attached] = mail.iter_attachments()
    assert attached.get_filename() == "calls-20270301.xlsx"
    table = CalamineWorkbook.from_filelike(io.BytesIO(attached.get_content())).get_sheet_by_index(0).to_python()
    assert [row[2:4] for row in table[1:]] == [["报修", 1.0], ["合计", 1.0]]

    assert await room.daemon().once() == 0  # a restart within the same minute
    assert await room.last() == ("sent", "")
    room.clock.time += 3 * DAY_S  # nobody was there for three mornings: told of once, then as usual
    assert await room.daemon().once() == 1
    room.clock.time += DAY_S
    assert await room.daemon().once() == 1
    assert len({mail["Message-ID"] for mail in room.server.mails}) == 3


async def test_a_server_that_is_away_is_asked_again(room: PostRoom) -> None:
    await room.send("POST", "", REPORT)
    room.clock.time += 1800
    room.server.answer_data = "451 later"
    for pause in PAUSES_S:
        assert await room.daemon().once() == 1
        state, error = await room.last()
        assert (state, "later" in error) == ("waiting", True)
        assert await room.daemon().once() == 0
        room.clock.time += pause
    room.server.answer_data = "250 taken"
    assert await room.daemon().once() == 1
    assert (await room.last(), len(room.server.mails)) == (("sent", ""), 1)


async def test_it_is_given_up_and_told(room: PostRoom) -> None:
    await room.send("POST", "", REPORT)
    room.clock.time += 1800
    room.server.answer_data = "451 later"
    for pause in (*PAUSES_S, 0.0):
        assert await room.daemon().once() == 1
        room.clock.time += pause
    assert (await room.last())[0] == "failed"


async def test_of_a_daemon_that_died_while_sending_nothing_is_sent_again(room: PostRoom) -> None:
    await room.send("POST", "", REPORT)
    room.clock.time += 1800
    schedules = Schedules(room.office.database)
    await schedules.queue_due(room.clock.time, lambda now, _: now + DAY_S)
    assert await schedules.take(room.clock.time, LEASE_S) is not None  # and then it died
    assert await room.daemon().once() == 0
    room.clock.time += LEASE_S
    assert await room.daemon().once() == 0
    state, error = await room.last()
    assert (state, "ended while" in error, room.server.mails) == ("unknown", True, [])
    [made] = (await room.send("GET"))[1]
    assert (await room.send("POST", f"/{made['id']}/send"))[0] == 202  # who looks at it may send it
    assert await room.daemon().once() == 1
    assert len(room.server.mails) == 1


async def test_who_of_several_was_refused_is_told_and_the_others_are_not_bothered_again(room: PostRoom) -> None:
    await room.send("POST", "", REPORT)
    room.clock.time += 1800
    room.server.refused = {"boss@example.com"}
    assert await room.daemon().once() == 1
    assert await room.last() == ("failed", "refused: boss@example.com")
    room.clock.time += 3600
    assert (await room.daemon().once(), len(room.server.mails)) == (0, 1)


async def test_it_tells_what_its_owner_may_see(room: PostRoom) -> None:
    await room.office.sign_in("leader")
    _, made = await room.send("POST", "", {**REPORT, "report": "agents", "query": {}, "format": "csv"})
    await room.office.sign_in("supervisor")
    assert (await room.send("GET"))[1] == []
    for method, path, body in (("PUT", "", REPORT), ("DELETE", "", None), ("POST", "/send", None)):
        assert (await room.send(method, f"/{made['id']}{path}", body))[0] == 403
    async with room.office.database.writing() as connection:
        time = """INSERT INTO agent_time_interval (started_at, agent_id, presence, reason, activity, ms)
            SELECT to_timestamp(:at), id, 'ready', '', 'idle', 1000 FROM agent"""
        await connection.execute(text(time), {"at": room.clock.time})
    room.clock.time += 1800
    assert await room.daemon().once() == 1
    [attached] = room.server.mails[0].iter_attachments()
    told = str(attached.get_content(), "utf-8-sig") if isinstance(attached.get_content(), bytes) else ""
    assert ("1002 李娜" in told, "1006 杨帆" in told) == (True, False)
    async with room.office.database.writing() as connection:
        await connection.execute(text("UPDATE app_user SET disabled_at = now() WHERE login = 'leader'"))
    try:
        room.clock.time += DAY_S
        assert await room.daemon().once() == 1
    finally:
        async with room.office.database.writing() as connection:
            await connection.execute(text("UPDATE app_user SET disabled_at = NULL WHERE login = 'leader'"))
    assert len(room.server.mails) == 1


async def test_a_filter_that_was_stored_though_it_never_counted_does_not_stop_it(room: PostRoom) -> None:
    kept = {"by": "category", "interval": "total"}
    body = {**REPORT, "report": "business", "query": kept}
    _, made = await room.send("POST", "", body)
    async with room.office.database.writing() as connection:
        former = """UPDATE report_schedule SET query = query || '{"queue": "repairs", "team": "service_1"}'"""
        await connection.execute(text(former))
    room.clock.time += 1800
    assert await room.daemon().once() == 1
    assert (await room.last(), len(room.server.mails)) == (("sent", ""), 1)
    [told] = (await room.send("GET"))[1]
    assert told["query"] == kept
    refused = {**body, "query": {**kept, "queue": "repairs"}}
    assert (await room.send("PUT", f"/{made['id']}", refused))[0] == 422
    assert (await room.send("PUT", f"/{made['id']}", {**body, "query": told["query"]}))[0] == 200


async def test_what_can_not_be_is_refused_by_field(room: PostRoom) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"recipients": ["nobody"]}, "recipients.0"),
        ({"recipients": ["a@b.c\r\nBcc: x@y.z"]}, "recipients.0"),
        ({"recipients": []}, "recipients"),
        ({"report": "luck"}, "report"),
        ({"query": {"from": 0}}, "query.from"),
        ({"query": {"by": "moon"}}, "by"),
        ({"query": {"colour": 1}}, "colour"),
        ({"query": {"queue": "repairs,moon"}}, "query.queue"),
        ({"query": {"team": "moon"}}, "query.team"),
        ({"query": {"agent": "99999"}}, "query.agent"),
        ({"query": {"dialled": "4001", "agent": "2"}, "report": "traffic"}, "dialled"),
        ({"query": {"queue": "repairs"}, "report": "ivr"}, "queue"),
        ({"minute": 1440}, "minute"),
    ]
    for changes, field in cases:
        status, told = await room.send("POST", "", {**REPORT, **changes})
        assert (status, told["error_id"]) == (422, "invalid"), changes
        assert field in [".".join(map(str, one["loc"][1:])) for one in told["params"]["errors"]]
