"""Next week by half-hour against the shift plan, and adherence to it."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from ctiserver.api.identity import SUPERVISOR_UP
from ctiserver.api.problems import invalid, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import NO_CONTROL_CHARACTERS, Answer, Query
from ctiserver.directory import Agent, Queue
from ctiserver.errors import DatabaseAwayError
from ctiserver.ivr.opening_hours import ranges
from ctiserver.kpi.workforce import DAYS, HALF_HOUR_S, Shift, Slot, expected, planned, shift_on, week_slots
from ctiserver.staffing import FEWEST_ABANDONS, FEWEST_HANDLED, agents_for
from ctiserver.store.reporting.workforce import QueueHistory, Workforce
from ctiserver.timezones import load_timezone

LONGEST_PERIOD = 62


class ForecastQuery(Query):
    """`first`: the first of seven days, an ISO date; left out: tomorrow. `weeks` of history."""

    queue: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=NO_CONTROL_CHARACTERS)]
    first: date | None = None
    weeks: Annotated[int, Field(ge=1, le=12)] = 4


class PeriodQuery(Query):
    """Days as ISO dates, both included."""

    first: date
    last: date


class WeekForecast(Answer, frozen=True, kw_only=True):
    """`weeks` of history were there. An agent who serves several queues is planned for each of them."""

    queue_id: str
    weeks: int
    mean_handling_s: float | None
    patience_s: float | None
    service_level_s: float
    service_level_target: float
    slots: tuple[Slot, ...]


class AdherenceRow(Answer, frozen=True, kw_only=True):
    """`adherence`: time signed in within the shifts / time planned."""

    agent_id: int
    planned_ms: int
    signed_in_ms: int
    adherence: float | None


async def read_forecast(ask: Ask, query: ForecastQuery) -> WeekForecast:
    """Next week by half-hour: calls expected, agents needed for the target (Erlang A), agents planned."""
    queue = next((queue for queue in ask.context.centre.directory.queues if queue.id == query.queue), None)
    if queue is None:
        raise not_found("queue")
    timezone = load_timezone(ask.context.settings.timezone)
    now = ask.context.clock.now()
    first = query.first or datetime.fromtimestamp(now, timezone).date() + timedelta(days=1)
    starts = week_slots(first, timezone)
    history = await _workforce(ask).history(queue.id, starts[0], query.weeks)
    shifts = await _shifts(ask, first - timedelta(days=1), first + timedelta(days=DAYS))
    able = frozenset(agent.id for agent in ask.context.centre.directory.agents if _serves(agent, queue))

    def slots() -> tuple[Slot, ...]:
        found: list[Slot] = []
        for start in starts:
            calls = expected(start, history.offered, history.weeks, timezone)
            needed = _needed(calls, history, queue)
            there = planned(start, shifts, able)
            found.append(Slot(start=start, expected=calls, agents_needed=needed, agents_planned=there))
        return tuple(found)

    return WeekForecast(
        queue_id=queue.id,
        weeks=history.weeks,
        mean_handling_s=_mean_s(history),
        patience_s=_patience_s(history),
        service_level_s=queue.service_level_s,
        service_level_target=queue.service_level_target,
        slots=await asyncio.to_thread(slots),
    )


async def read_adherence(ask: Ask, query: PeriodQuery) -> list[AdherenceRow]:
    """Per agent with duties: time planned, and how much of it the agent was signed in."""
    if not query.first <= query.last <= query.first + timedelta(days=LONGEST_PERIOD):
        raise invalid((["query", "last"], f"at least the first day, and at most {LONGEST_PERIOD} days later"))
    now = int(ask.context.clock.now())
    past = [shift for shift in await _shifts(ask, query.first, query.last) if shift.end <= now]
    signed_in = await _workforce(ask).signed_in_ms(past)
    totals: dict[int, int] = {}
    for shift in past:
        totals[shift.agent_id] = totals.get(shift.agent_id, 0) + (shift.end - shift.start) * 1000
    return [
        AdherenceRow(
            agent_id=agent_id,
            planned_ms=planned_ms,
            signed_in_ms=signed_in.get(agent_id, 0),
            adherence=signed_in.get(agent_id, 0) / planned_ms if planned_ms else None,
        )
        for agent_id, planned_ms in sorted(totals.items())
    ]


async def _shifts(ask: Ask, first: date, last: date) -> list[Shift]:
    """Duties of these days as spans; those whose shift is gone are left out."""
    timezone = load_timezone(ask.context.settings.timezone)
    today = datetime.fromtimestamp(ask.context.clock.now(), timezone).date()
    hours = {shift.name: shift.hours for shift in (await ask.context.hotline.read(today)).shifts}
    found: list[Shift] = []
    for duty in await ask.context.hotline.duties(first, last):
        day = date.fromisoformat(duty.day)
        text = hours.get(duty.shift, {}).get(str(day.isoweekday()), "")
        for since, until in ranges(text).spans if text else ():
            found.append(shift_on(duty.agent_id, day, since, until, timezone))
    return found


def _workforce(ask: Ask) -> Workforce:
    if ask.context.workforce is None:
        raise DatabaseAwayError("this daemon runs without reports")
    return ask.context.workforce


def _needed(calls: float, history: QueueHistory, queue: Queue) -> int | None:
    mean_s, patience_s = _mean_s(history), _patience_s(history)
    per_hour = round(calls * 3600 / HALF_HOUR_S)  # whole calls: equal half-hours are worked out once
    if per_hour == 0:
        return 0 if not calls else (None if mean_s is None else 1)
    if mean_s is None:
        return None
    patience = None if patience_s is None else max(1, round(patience_s))
    return agents_for(per_hour, round(mean_s), queue.service_level_target, queue.service_level_s, patience)


def _mean_s(history: QueueHistory) -> float | None:
    return history.handling_ms / history.handled / 1000 if history.handled >= FEWEST_HANDLED else None


def _patience_s(history: QueueHistory) -> float | None:
    return history.waited_s / history.abandoned if history.abandoned >= FEWEST_ABANDONS else None


def _serves(agent: Agent, queue: Queue) -> bool:
    return all(agent.skills.get(skill, 0) >= level for skill, level in queue.skills.items())


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/forecast", read_forecast, SUPERVISOR_UP),
    route("GET", "/api/adherence", read_adherence, SUPERVISOR_UP),
)
