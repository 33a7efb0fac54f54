"""Reports over HTTP: the catalogue, a report as a table."""

from __future__ import annotations

from ctiserver.api.identity import SUPERVISOR_UP
from ctiserver.api.reports.asking import read
from ctiserver.api.reports.names import named
from ctiserver.api.reports.schemas import FormulaKind, ReportCatalogue, ReportKind, ReportQuery
from ctiserver.api.route import Ask, Route, route
from ctiserver.kpi.booking import BOOKINGS, booking_of
from ctiserver.kpi.figures import figure
from ctiserver.kpi.service_level import FORMULAS, formula_of, formula_text
from ctiserver.store.reporting.catalogue import SPECS
from ctiserver.store.reporting.shapes import ReportView


async def list_reports(ask: Ask) -> ReportCatalogue:
    """Which reports there are, what they show by what, and the formula of each figure."""
    routing = ask.context.centre.directory.routing
    return ReportCatalogue(
        reports=tuple(
            ReportKind(
                id=ident,
                name=spec.name,
                by=spec.by,
                filters=spec.filters,
                figures=tuple(figure(name) for name in spec.figures),
            )
            for ident, spec in SPECS.items()
        ),
        formulas=tuple(FormulaKind(id=formula, formula=formula_text(formula)) for formula in FORMULAS),
        bookings=BOOKINGS,
        formula=formula_of(routing.get("service_level_formula")),
        booking=booking_of(routing.get("booking")),
        timezone=ask.context.settings.timezone,
    )


async def read_report(ask: Ask, report: str, query: ReportQuery) -> ReportView:
    """One report as a table: traffic, calls, agents, abandonment, repeats, satisfaction, business, ivr."""
    return await named(ask.context, await read(ask, report, query))


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/reports", list_reports, SUPERVISOR_UP),
    route("GET", "/api/reports/{report}", read_report, SUPERVISOR_UP),
)
