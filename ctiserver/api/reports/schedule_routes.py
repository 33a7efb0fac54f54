"""Reports that are sent by mail by themselves: set up, tried at once, and how their last sending went."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from ctiserver.api.audit import require
from ctiserver.api.identity import SUPERVISOR_UP
from ctiserver.api.problems import ApiError, forbidden, from_validation, invalid, not_found
from ctiserver.api.recipients import problems_of_mail
from ctiserver.api.reports.asking import wanted_of, words_of
from ctiserver.api.reports.schemas import ReportQuery
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import NO_CONTROL_CHARACTERS, Accepted, Body
from ctiserver.directory import Directory
from ctiserver.errors import DatabaseAwayError
from ctiserver.kpi.schedules import ReportSpan, Rule, next_after, span_at
from ctiserver.store.reporting.schedules import Schedule, Schedules
from ctiserver.timezones import load_timezone

SPAN = frozenset({"from", "to", "compare_from", "compare_to"})


class ScheduleBody(Body):
    """`query`: what the report is asked beside its span. `minute` is counted from local midnight."""

    name: Annotated[
        str,
        StringConstraints(min_length=1, max_length=80, strip_whitespace=True, pattern=NO_CONTROL_CHARACTERS),
    ]
    report: Annotated[str, StringConstraints(max_length=40, pattern=NO_CONTROL_CHARACTERS)]
    query: dict[str, str | int] = Field(default={}, max_length=20)
    span: ReportSpan = "yesterday"
    every: Literal["daily", "weekly", "monthly"] = "daily"
    minute: Annotated[int, Field(ge=0, le=1439)] = 480
    weekday: Annotated[int, Field(ge=1, le=7)] = 1
    month_day: Annotated[int, Field(ge=1, le=31)] = 1
    format: Literal["xlsx", "csv"] = "xlsx"
    language: Literal["zh-CN", "en"] = "zh-CN"
    recipients: list[Annotated[str, StringConstraints(max_length=254)]] = Field(min_length=1, max_length=20)
    enabled: bool = True


async def list_schedules(ask: Ask) -> list[Schedule]:
    """The own ones; ops and admins see everybody's."""
    everybody = ask.who.role in ("ops", "admin")
    return await _schedules(ask).all(None if everybody else ask.who.user_id)


async def add_schedule(ask: Ask, body: ScheduleBody) -> Schedule:
    """Sends a report regularly from now on, with what its owner may see."""
    if not ask.who.user_id:
        raise forbidden("reports are sent for people")
    values = _checked(ask, body)
    await require(ask, "report_schedule.add", "report_schedule:new", _told(body))
    return await _schedules(ask).add(ask.who.user_id, values)


async def change_schedule(ask: Ask, schedule_id: int, body: ScheduleBody) -> Schedule:
    """By its owner; ops and admins may too, and it stays the owner's."""
    await _mine(ask, schedule_id)
    values = _checked(ask, body)
    await require(ask, "report_schedule.change", f"report_schedule:{schedule_id}", _told(body))
    made = await _schedules(ask).change(schedule_id, values)
    if made is None:
        raise not_found("schedule")
    return made


async def remove_schedule(ask: Ask, schedule_id: int) -> None:
    """Nothing is sent any more."""
    found = await _mine(ask, schedule_id)
    await require(ask, "report_schedule.remove", f"report_schedule:{schedule_id}", {"name": found.name})
    if not await _schedules(ask).remove(schedule_id):
        raise not_found("schedule")


async def send_schedule_now(ask: Ask, schedule_id: int) -> Accepted:
    """Sends it once within seconds, beside its regular times."""
    await _mine(ask, schedule_id)
    await require(ask, "report_schedule.send", f"report_schedule:{schedule_id}", {})
    await _schedules(ask).queue_now(schedule_id, ask.context.clock.now())
    return Accepted()


def _schedules(ask: Ask) -> Schedules:
    if ask.context.schedules is None:
        raise DatabaseAwayError("this daemon sends no reports")
    return ask.context.schedules


async def _mine(ask: Ask, schedule_id: int) -> Schedule:
    found = await _schedules(ask).find(schedule_id)
    if found is None:
        raise not_found("schedule")
    if found.owner_id != ask.who.user_id and ask.who.role not in ("ops", "admin"):
        raise forbidden("only its owner may change it")
    return found


def _checked(ask: Ask, body: ScheduleBody) -> dict[str, Any]:
    """What is stored. Raises ApiError 422 for what the report could not be asked, and for addresses that are none."""
    timezone = load_timezone(ask.context.settings.timezone)
    now = ask.context.clock.now()
    rule = Rule(every=body.every, minute=body.minute, weekday=body.weekday, month_day=body.month_day)
    problems: list[tuple[list[str | int], str]] = [
        (["body", "recipients", at], wrong)
        for at, wrong in problems_of_mail(body.recipients, ask.context.settings.mail.recipients)
    ]
    problems.extend((["body", "query", name], "is given by the span") for name in sorted(SPAN & set(body.query)))
    problems.extend(_unknown(body.query, ask.context.centre.directory))
    if problems:
        raise invalid(*problems)
    due = next_after(now, rule, timezone)
    since, until = span_at(due, body.span, timezone)
    try:
        query = ReportQuery.model_validate({**body.query, "from": since, "to": until})
        wanted_of(ask.context, body.report, query, ask.who.scope)
    except ValidationError as error:
        raise from_validation(error, "query") from None
    except ApiError as error:
        if error.error_id == "not_found":
            raise invalid((["body", "report"], "there is no such report")) from None
        raise
    kept = query.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {
        **body.model_dump(exclude={"query"}),
        "recipients": list(dict.fromkeys(body.recipients)),
        "query": {name: value for name, value in kept.items() if name not in SPAN},
        "next_at": due,
    }


def _unknown(query: dict[str, str | int], directory: Directory) -> list[tuple[list[str | int], str]]:
    """A page shows at once that nothing was found; a report that is sent would be empty for months."""
    there = {
        "queue": {queue.id for queue in directory.queues},
        "team": set(directory.teams),
        "agent": {str(agent.id) for agent in directory.agents},
    }
    return [
        (["body", "query", name], f"there is no {name} {', '.join(missing)}")
        for name, known in there.items()
        if (missing := [word for word in words_of(str(query.get(name, ""))) if word not in known])
    ]


def _told(body: ScheduleBody) -> dict[str, Any]:
    return body.model_dump(mode="json", include={"name", "report", "every", "recipients", "enabled"})


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/report-schedules", list_schedules, SUPERVISOR_UP),
    route("POST", "/api/report-schedules", add_schedule, SUPERVISOR_UP, 201),
    route("PUT", "/api/report-schedules/{schedule_id}", change_schedule, SUPERVISOR_UP),
    route("DELETE", "/api/report-schedules/{schedule_id}", remove_schedule, SUPERVISOR_UP, 204),
    route("POST", "/api/report-schedules/{schedule_id}/send", send_schedule_now, SUPERVISOR_UP, 202),
)
