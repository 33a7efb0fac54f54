"""Quality inspection (质检): sheets, drawing, marks, disputes, results."""

from __future__ import annotations

import msgspec

from ctiserver.api.audit import note
from ctiserver.api.desk.asking import account_of, desk_of, tell_pages
from ctiserver.api.desk.inspection_bodies import DisputeBody, DrawBody, InspectionSearch, MarksBody, SheetBody, Span
from ctiserver.api.identity import EVERY_ROLE, SUPERVISOR_UP
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Answer
from ctiserver.desk.inspection import Criterion
from ctiserver.store.desk.inspections import AgentResult, InspectionRow, SheetRow


class Drawn(Answer, frozen=True, kw_only=True):
    drawn: int


async def list_score_sheets(ask: Ask) -> list[SheetRow]:
    """Score sheets in use."""
    return await desk_of(ask).inspections.sheets()


async def add_score_sheet(ask: Ask, body: SheetBody) -> SheetRow:
    """A new sheet; a sheet is never changed, since results keep its meaning."""
    criteria = msgspec.convert([each.model_dump() for each in body.criteria], tuple[Criterion, ...])
    sheet = await desk_of(ask).inspections.add_sheet(body.name, body.subject, criteria)
    await note(ask, "score_sheet.add", f"score_sheet:{sheet.id}", {})
    return sheet


async def retire_score_sheet(ask: Ask, sheet_id: int) -> None:
    """Draws no more; its results stay."""
    await desk_of(ask).inspections.retire_sheet(sheet_id)
    await note(ask, "score_sheet.retire", f"score_sheet:{sheet_id}", {})


async def draw_inspections(ask: Ask, body: DrawBody) -> Drawn:
    """Draws so many calls or orders of each agent that were never inspected."""
    drawn = await desk_of(ask).inspections.draw(
        body.sheet_id, since=body.from_, until=body.to, per_agent=body.per_agent
    )
    await note(ask, "inspection.draw", f"score_sheet:{body.sheet_id}", {"drawn": drawn})
    return Drawn(drawn=drawn)


async def search_inspections(ask: Ask, query: InspectionSearch) -> list[InspectionRow]:
    """Inspections, newest first; an agent sees the own ones once they are published."""
    own = ask.who.role not in SUPERVISOR_UP
    return await desk_of(ask).inspections.search(
        state=query.state,
        agent_user_id=ask.who.user_id if own else query.agent,
        told_only=own,
        page=query.page,
        page_size=query.page_size,
    )


async def mark_inspection(ask: Ask, inspection_id: int, body: MarksBody) -> InspectionRow:
    """Gives the marks and publishes the result; a mark of null does not apply."""
    return await _told(ask, await desk_of(ask).inspections.mark(
        inspection_id, dict(body.marks), body.words, version=body.version, by=account_of(ask),
        now=ask.context.clock.now()))  # fmt: skip


async def dispute_inspection(ask: Ask, inspection_id: int, body: DisputeBody) -> InspectionRow:
    """The agent concerned objects, once."""
    return await _told(ask, await desk_of(ask).inspections.dispute(
        inspection_id, body.reason, version=body.version, by=account_of(ask)))  # fmt: skip


async def settle_inspection(ask: Ask, inspection_id: int, body: MarksBody) -> InspectionRow:
    """Decides a dispute."""
    return await _told(ask, await desk_of(ask).inspections.settle(
        inspection_id, dict(body.marks), body.words, version=body.version, by=account_of(ask)))  # fmt: skip


async def read_inspection_results(ask: Ask, query: Span) -> list[AgentResult]:
    """Averages per agent of what was published in a span."""
    return await desk_of(ask).inspections.results(query.from_, query.to)


async def _told(ask: Ask, row: InspectionRow) -> InspectionRow:
    await note(ask, f"inspection.{row.state}", f"inspection:{row.id}", {"score": row.score})
    tell_pages(ask, "inspection", row.id)
    return row


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/inspections", search_inspections, EVERY_ROLE),
    route("GET", "/api/inspections/sheets", list_score_sheets, EVERY_ROLE),
    route("POST", "/api/inspections/sheets", add_score_sheet, SUPERVISOR_UP),
    route("DELETE", "/api/inspections/sheets/{sheet_id}", retire_score_sheet, SUPERVISOR_UP, 204),
    route("POST", "/api/inspections/draw", draw_inspections, SUPERVISOR_UP),
    route("GET", "/api/inspections/results", read_inspection_results, SUPERVISOR_UP),
    route("POST", "/api/inspections/{inspection_id}/marks", mark_inspection, SUPERVISOR_UP),
    route("POST", "/api/inspections/{inspection_id}/dispute", dispute_inspection, EVERY_ROLE),
    route("POST", "/api/inspections/{inspection_id}/settlement", settle_inspection, SUPERVISOR_UP),
)
