"""Opening hours, days that differ from the public calendar, shifts and who is on duty."""

from __future__ import annotations

from datetime import date, time, timedelta

import msgspec

from ctiserver.api.audit import require
from ctiserver.api.hotline.bodies import CalendarBody, DayBody, DutiesBody, Period, ShiftBody
from ctiserver.api.hotline.today import centre_today
from ctiserver.api.identity import OPS_UP, SUPERVISOR_UP
from ctiserver.api.problems import ApiError, invalid, not_found
from ctiserver.api.route import Ask, Route, Word, route
from ctiserver.api.schemas import Answer
from ctiserver.hotline_settings import CalendarSetup, DaySetup, Duty, ShiftSetup
from ctiserver.ivr.opening_hours import ranges
from ctiserver.ivr.staffing import calendar_of

LONGEST_PERIOD = timedelta(days=400)


class Calendars(Answer, frozen=True, kw_only=True):
    """`problem` says what is missing of the public holidays; empty: nothing. `in_force` are the names that queues and
    flows may ask for, those of lines.yaml too."""

    calendars: tuple[CalendarSetup, ...]
    in_force: tuple[str, ...]
    days: tuple[DaySetup, ...]
    shifts: tuple[ShiftSetup, ...]
    problem: str


async def read_calendars(ask: Ask) -> Calendars:
    """All calendars that were made here (those of lines.yaml stand there), odd days and shifts."""
    settings = await ask.context.hotline.read(centre_today(ask))
    return Calendars(
        calendars=settings.calendars,
        in_force=tuple(sorted(ask.context.calendar_names() or [calendar.name for calendar in settings.calendars])),
        days=settings.days,
        shifts=settings.shifts,
        problem=ask.context.holidays_problem(),
    )


async def put_calendar(ask: Ask, calendar: str, body: CalendarBody) -> CalendarSetup:
    """Makes or changes a calendar; it goes before one of the same name in lines.yaml."""
    wanted = CalendarSetup(name=calendar, **body.model_dump())
    try:
        calendar_of(wanted, ask.context.settings.timezone)
    except ValueError as error:
        raise invalid((["body"], str(error))) from None
    made = await ask.context.hotline.put_calendar(wanted)
    if made is None:
        raise ApiError(409, "version_conflict", "somebody has changed it meanwhile: read it again")
    await require(ask, "calendar.put", f"calendar:{calendar}", msgspec.to_builtins(made))
    await ask.context.hotline_changed()
    return made


async def delete_calendar(ask: Ask, calendar: str) -> None:
    """Refused while a node of a flow or a queue asks for it."""
    users = ask.context.calendar_users(calendar)
    if users:
        raise ApiError(409, "still_used", f"asked by {', '.join(users)}", params={"by": list(users)})
    if not await ask.context.hotline.delete_calendar(calendar):
        raise not_found("calendar")
    await require(ask, "calendar.delete", f"calendar:{calendar}", {})
    await ask.context.hotline_changed()


async def put_day(ask: Ask, day: str, body: DayBody) -> DaySetup:
    """Says that a day is a holiday, or worked though the public calendar says otherwise (调休)."""
    made = DaySetup(day=_date(day).isoformat(), kind=body.kind, name={str(k): v for k, v in body.name.items()})
    await ask.context.hotline.put_day(made)
    await require(ask, "calendar_day.put", f"calendar_day:{day}", msgspec.to_builtins(made))
    await ask.context.hotline_changed()
    return made


async def delete_day(ask: Ask, day: str) -> None:
    """The public calendar applies again."""
    if not await ask.context.hotline.delete_day(_date(day)):
        raise not_found("day")
    await require(ask, "calendar_day.delete", f"calendar_day:{day}", {})
    await ask.context.hotline_changed()


async def put_shift(ask: Ask, shift: Word, body: ShiftBody) -> ShiftSetup:
    """Makes or changes a shift: its hours on each weekday."""
    spans = [(int(weekday), since, until) for weekday, hours in body.hours.items() for since, until in _spans(hours)]
    if not spans:
        raise invalid((["body", "hours"], "a shift needs hours on at least one day"))
    await ask.context.hotline.put_shift(shift, spans)
    made = ShiftSetup(name=shift, hours={str(weekday): hours for weekday, hours in body.hours.items()})
    await require(ask, "shift.put", f"shift:{shift}", msgspec.to_builtins(made))
    await ask.context.hotline_changed()
    return made


async def delete_shift(ask: Ask, shift: Word) -> None:
    """Removes a shift; duties that name it count as nobody."""
    if not await ask.context.hotline.delete_shift(shift):
        raise not_found("shift")
    await require(ask, "shift.delete", f"shift:{shift}", {})
    await ask.context.hotline_changed()


async def read_duties(ask: Ask, query: Period) -> list[Duty]:
    """Who works which shift, from one day to another."""
    if not query.first <= query.last <= query.first + LONGEST_PERIOD:
        raise invalid((["query", "to"], "at least the first day, and at most 400 days later"))
    return list(await ask.context.hotline.duties(query.first, query.last))


async def put_duties(ask: Ask, day: str, body: DutiesBody) -> list[Duty]:
    """Plans a day: who works which shift."""
    on = _date(day)
    shifts = {shift.name for shift in (await ask.context.hotline.read(centre_today(ask))).shifts}
    agents = {agent.id for agent in ask.context.centre.directory.agents}
    for shift, wanted in body.shifts.items():
        if shift not in shifts:
            raise invalid((["body", "shifts", shift], "there is no such shift"))
        if unknown := sorted(set(wanted) - agents):
            raise invalid((["body", "shifts", shift], f"no such agents: {', '.join(map(str, unknown))}"))
    await ask.context.hotline.put_duties(on, body.shifts)
    await require(ask, "duty.put", f"duty:{day}", {"shifts": {name: list(ids) for name, ids in body.shifts.items()}})
    await ask.context.hotline_changed()
    return list(await ask.context.hotline.duties(on, on))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid((["path", "day"], "not a date such as 2026-10-01")) from None


def _spans(hours: str) -> list[tuple[time, time]]:
    try:
        spans = ranges(hours).spans
    except ValueError as error:
        raise invalid((["body", "hours"], str(error))) from None
    if any(end - begin >= 1440 for begin, end in spans):
        raise invalid((["body", "hours"], "a shift is shorter than a day"))
    return [(_clock(begin), _clock(end)) for begin, end in spans]


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/calendars", read_calendars, SUPERVISOR_UP),
    route("PUT", "/api/calendars/{calendar}", put_calendar, OPS_UP),
    route("DELETE", "/api/calendars/{calendar}", delete_calendar, OPS_UP, 204),
    route("PUT", "/api/calendar-days/{day}", put_day, OPS_UP),
    route("DELETE", "/api/calendar-days/{day}", delete_day, OPS_UP, 204),
    route("PUT", "/api/shifts/{shift}", put_shift, OPS_UP),
    route("DELETE", "/api/shifts/{shift}", delete_shift, OPS_UP, 204),
    route("GET", "/api/duties", read_duties, SUPERVISOR_UP),
    route("PUT", "/api/duties/{day}", put_duties, SUPERVISOR_UP),
)
