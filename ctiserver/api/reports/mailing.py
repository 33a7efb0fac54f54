"""Sends reports at their hours, as their owners would see them: taken from Postgres, tried again, then given up.

due ─▶ waiting ─▶ sending ─▶ sent │ failed: waiting again (1, 5, 15, 60 min), then failed │ nobody knows: unknown
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final

import structlog
from prometheus_client import Counter
from pydantic import ValidationError

from ctiserver.api.context import ApiContext
from ctiserver.api.identity import SUPERVISOR_UP
from ctiserver.api.problems import ApiError
from ctiserver.api.reports.asking import read_for
from ctiserver.api.reports.names import named
from ctiserver.api.reports.report_files import as_file
from ctiserver.api.reports.schemas import ReportQuery
from ctiserver.api.reports.tables import CSV, XLSX
from ctiserver.channels.notice_senders import Attachment, NoticeRefusedError, NoticeSender, Outgoing
from ctiserver.errors import DatabaseAwayError
from ctiserver.kpi.schedules import Rule, next_after, span_at
from ctiserver.store.reporting.schedules import Owner, Schedule, Schedules, Taken
from ctiserver.timezones import load_timezone

log = structlog.get_logger()

EVERY_S: Final = 10.0
LEASE_S: Final = 600.0
"""Longer than making and sending takes: what is not noted by then is told as unknown."""
PAUSES_S: Final = (60.0, 300.0, 900.0, 3600.0)
mails = Counter("cti_report_mails_total", "Reports sent by mail, by outcome of each attempt", ["outcome"])


class ReportMailing:
    """`run` belongs into a task."""

    def __init__(self, context: ApiContext, schedules: Schedules, sender: NoticeSender) -> None:
        self._context = context
        self._schedules = schedules
        self._sender = sender
        self._timezone = load_timezone(context.settings.timezone)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self.once()
            except DatabaseAwayError as error:
                log.warning("report_mails_wait", problem=error.message)
            await asyncio.sleep(EVERY_S)

    async def once(self) -> int:
        """Sends all that is due; how many attempts that were. Raises DatabaseAwayError."""
        attempts = 0
        await self._schedules.queue_due(self._context.clock.now(), self._next)
        while taken := await self._schedules.take(self._context.clock.now(), LEASE_S):
            await self._attempt(taken)
            attempts += 1
        return attempts

    async def _attempt(self, taken: Taken) -> None:
        schedule = await self._schedules.find(taken.schedule_id)
        if schedule is None:
            return
        owner = await self._schedules.owner(schedule.owner_id)
        try:
            if owner is None or not owner.active or owner.role not in SUPERVISOR_UP:
                raise ApiError(403, "owner_gone", "its owner may no longer read reports")
            notice = await self._mail(schedule, owner, taken)
        except (ApiError, ValidationError) as error:  # asking again changes nothing
            await self._end(taken, "failed", str(error))
            return
        except DatabaseAwayError as error:  # nothing has left yet
            await self._later(taken, error.message)
            return
        try:
            await self._sender.send(notice)
        except NoticeRefusedError as error:
            await self._end(taken, "failed", str(error))
        except OSError as error:
            await self._later(taken, f"{type(error).__name__}: {error}")
        else:
            await self._end(taken, "sent", "")

    async def _mail(self, schedule: Schedule, owner: Owner, taken: Taken) -> Outgoing:
        since, until = span_at(int(taken.due_at), schedule.span, self._timezone)
        query = ReportQuery.model_validate({**schedule.query, "from": since, "to": until})
        limited = owner.role == "supervisor" and owner.team is not None
        scope = self._context.team_agents(owner.team or "") if limited else None
        view = await named(self._context, await read_for(self._context, schedule.report, query, scope))
        content = await asyncio.to_thread(as_file, view, schedule.format, schedule.language, self._timezone)
        form = XLSX if schedule.format == "xlsx" else CSV
        name = f"{schedule.report}-{self._day(since)}.{schedule.format}"
        return Outgoing(
            id=taken.id,
            channel="mail",
            address=", ".join(schedule.recipients),
            kind="report",
            params={"name": schedule.name, "since": self._local(since), "until": self._local(until)},
            order_id=None,
            attachments=(Attachment(name=name, kind=form, content=content),),
            message_id=f"report-{schedule.id}-{int(taken.due_at)}",
        )

    async def _later(self, taken: Taken, problem: str) -> None:
        if taken.attempts > len(PAUSES_S):
            await self._end(taken, "failed", problem)
            return
        now = self._context.clock.now()
        pause_s = PAUSES_S[taken.attempts - 1]
        mails.labels("later").inc()
        log.warning("report_mail_waits", delivery=taken.id, problem=problem, again_in_s=pause_s)
        await self._schedules.end(taken.id, "waiting", problem, now, now + pause_s)

    async def _end(self, taken: Taken, state: str, problem: str) -> None:
        mails.labels(state).inc()
        log.info("report_mail_ended", delivery=taken.id, schedule=taken.schedule_id, state=state, problem=problem)
        await self._schedules.end(taken.id, state, problem, self._context.clock.now())

    def _next(self, now: float, rule: Rule) -> float:
        return next_after(now, rule, self._timezone)

    def _local(self, instant: int) -> str:
        return f"{datetime.fromtimestamp(instant, self._timezone):%Y-%m-%d %H:%M}"

    def _day(self, instant: int) -> str:
        return f"{datetime.fromtimestamp(instant, self._timezone):%Y%m%d}"
