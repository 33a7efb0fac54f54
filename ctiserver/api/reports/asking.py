"""From a query to the question that the store understands: settings of the centre, contracts of its queues."""

from __future__ import annotations

from collections.abc import Mapping

from ctiserver.api.context import ApiContext
from ctiserver.api.problems import ApiError, invalid, not_found
from ctiserver.api.reports.schemas import ReportQuery
from ctiserver.api.route import Ask
from ctiserver.directory import Directory, Queue
from ctiserver.errors import DatabaseAwayError
from ctiserver.kpi.booking import booking_of
from ctiserver.kpi.service_level import Formula, formula_of
from ctiserver.store.reporting.catalogue import SPECS, uncounted
from ctiserver.store.reporting.reports import TooManyRowsError
from ctiserver.store.reporting.shapes import Contract, ReportView, Wanted

UNUSUAL = Queue(id="", name={}, skills={})  # what holds for a queue that is no longer known


async def read(ask: Ask, report: str, query: ReportQuery) -> ReportView:
    """Raises ApiError 404 for a report that is none, 422 for what can't be asked of it."""
    return await read_for(ask.context, report, query, ask.who.scope)


async def read_for(context: ApiContext, report: str, query: ReportQuery, scope: frozenset[int] | None) -> ReportView:
    """The same for somebody who does not ask at this moment, with that one's scope."""
    if context.reports is None:
        raise DatabaseAwayError("this daemon runs without reports")
    wanted, compared = wanted_of(context, report, query, scope), _compared(query)
    try:
        return await context.reports.read(wanted, compared=compared, members=_members(context, wanted))
    except TooManyRowsError as error:
        raise ApiError(422, "too_many_rows", error.message) from None
    except ValueError as error:
        raise invalid((("query", "to"), str(error))) from None


def wanted_of(context: ApiContext, report: str, query: ReportQuery, scope: frozenset[int] | None) -> Wanted:
    spec = SPECS.get(report)
    if spec is None:
        raise not_found("report")
    by = query.by or spec.by[0]
    if by not in spec.by:
        raise invalid((("query", "by"), f"this report knows {', '.join(spec.by)}"))
    if refused := _uncounted(report, query):
        raise invalid(*refused)
    if query.from_ >= query.to:
        raise invalid((("query", "to"), "must be later than from"))
    directory = context.centre.directory
    centre = formula_of(query.formula, directory.routing.get("service_level_formula"))
    return Wanted(
        report=report,
        since=query.from_,
        until=query.to,
        interval=query.interval,
        by=by,
        booking=booking_of(query.booking, directory.routing.get("booking")),
        formula=centre,
        formula_asked=query.formula is not None,
        usual=_contract(UNUSUAL, query, centre),
        contracts={queue.id: _contract(queue, query, centre) for queue in directory.queues},
        queues=words_of(query.queue),
        agents=_within(scope, _agents(query, directory)) if report == "agents" else _agents(query, directory),
        dialled=words_of(query.dialled),
        same=query.same,
        days=query.days,
        now=context.clock.now(),
    )


def _uncounted(report: str, query: ReportQuery) -> list[tuple[tuple[str, str], str]]:
    """Filters that would change nothing: who sets one takes the whole for a part."""
    counts = ", ".join(SPECS[report].filters) or "none"
    return [
        (("query", name), f"the report {report} does not count this filter; it counts: {counts}")
        for name in uncounted(report)
        if words_of(getattr(query, name))
    ]


def _contract(queue: Queue, query: ReportQuery, centre: Formula) -> Contract:
    within_ms, short_ms = query.within_ms, query.short_ms
    return Contract(
        formula=formula_of(query.formula, queue.options.get("service_level_formula"), centre),
        within_ms=round(queue.service_level_s * 1000) if within_ms is None else within_ms,
        short_ms=round(queue.short_abandon_s * 1000) if short_ms is None else short_ms,
        target=queue.service_level_target,
    )


def _compared(query: ReportQuery) -> tuple[int, int] | None:
    since, until = query.compare_from, query.compare_to
    if since is None and until is None:
        return None
    if since is None or until is None or since >= until:
        raise invalid((("query", "compare_to"), "name both ends of the span, the later one second"))
    return since, until


def _agents(query: ReportQuery, directory: Directory) -> tuple[int, ...]:
    """Those named and those of the teams named; -1, which nobody is, where a team has nobody."""
    named: set[int] = set()
    for word in words_of(query.agent):
        if not (word.isascii() and word.isdigit() and len(word) < 10):
            raise invalid((("query", "agent"), "ids of agents, separated by commas"))
        named.add(int(word))
    teams = words_of(query.team)
    named |= {agent.id for agent in directory.agents if agent.team in teams}
    return tuple(sorted(named)) or ((-1,) if teams else ())


def _within(scope: frozenset[int] | None, agents: tuple[int, ...]) -> tuple[int, ...]:
    """A supervisor of a team reads of its agents; figures of queues are everybody's."""
    if scope is None:
        return agents
    return tuple(sorted(scope & set(agents) if agents else scope)) or (-1,)


def words_of(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _members(context: ApiContext, wanted: Wanted) -> Mapping[str, frozenset[str]]:
    """Skill → what has it: agents for the report about them, else queues that ask for it."""
    if wanted.by != "skill":
        return {}
    directory = context.centre.directory
    having = (
        [(str(agent.id), agent.skills) for agent in directory.agents]
        if wanted.report == "agents"
        else [(queue.id, queue.skills) for queue in directory.queues]
    )
    return {skill: frozenset(key for key, skills in having if skill in skills) for skill in directory.skills}
