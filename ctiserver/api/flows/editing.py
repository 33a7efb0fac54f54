"""Changing flows: drafts, trying out, publishing, going back."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ctiserver.api.audit import note
from ctiserver.api.flows.refusals import draft_outdated, flows_refused, refusals_told
from ctiserver.api.flows.schemas import (
    FILE_NAME,
    Changes,
    DraftText,
    DroppedDraft,
    FlowChanges,
    FlowCheck,
    FlowDrawingOf,
    FlowTestRun,
    FlowTests,
    FlowWalk,
    GoingBack,
    Publication,
    WalkedCall,
)
from ctiserver.api.flows.walking import walk
from ctiserver.api.problems import ApiError, not_found
from ctiserver.api.route import Ask
from ctiserver.clock import to_datetime
from ctiserver.ivr import drawing
from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.yaml_tree import MAX_BYTES
from ctiserver.store.flow_rows import Author, DraftRow, ReleaseRow

# ── drafts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def save_draft(ask: Ask, file: str, body: DraftText) -> DraftRow:
    """Keeps what somebody works on; 409 names who saved meanwhile. It need not be without errors."""
    if re.fullmatch(FILE_NAME, file) is None:
        raise ApiError(409, "flow_file_name", "letters, digits, - and _, and .yaml at the end", params={"file": file})
    if body.text is not None and len(body.text.encode()) > MAX_BYTES:
        raise flows_refused((await ask.context.flows.publishing.check({file: body.text})).errors)
    with refusals_told():
        row = await ask.context.flows.store.save_draft(
            file, body.text, base=body.base, revision=body.revision, author=_author(ask)
        )
    if row.revision == 1:  # once per draft: pages save while people type
        await note(ask, "flow.draft", f"flow_file:{file}", {"removes": body.text is None})
    return row


async def drop_draft(ask: Ask, file: str, query: DroppedDraft) -> None:
    """Throws a draft away."""
    with refusals_told():
        await ask.context.flows.store.drop_draft(file, query.revision)
    await note(ask, "flow.draft_dropped", f"flow_file:{file}", {"revision": query.revision})


# ── trying out ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def check_flows(ask: Ask, body: FlowChanges) -> FlowCheck:
    """Every error of the set with these changes, with file, line and column."""
    checked = await ask.context.flows.publishing.check(body.changes)
    names = sorted(checked.flows.flows) if checked.flows is not None else []
    return FlowCheck(errors=checked.errors, flows=tuple(str(name) for name in names))


async def run_flow_tests(ask: Ask, body: FlowTestRun) -> FlowTests:
    """The tests inside the flow files."""
    flows = await _flows_with(ask, body.changes)
    results = await ask.context.flows.publishing.run_tests(flows, body.flow or None)
    return FlowTests(results=results, failed=sum(bool(result.problems) for result in results))


async def walk_flow(ask: Ask, body: FlowWalk) -> WalkedCall:
    """Be the caller: what is heard and where it leads."""
    flows = await _flows_with(ask, body.changes)
    at = to_datetime(body.at) if body.at is not None else datetime.now(UTC)
    walked = walk(flows, body.start, body.does, at.astimezone(ask.context.flows.statistics.timezone))
    if walked is None:
        raise not_found("flow")
    return walked


async def draw_flow(ask: Ask, body: FlowDrawingOf) -> drawing.Drawing:
    """The flow with these changes as boxes and arrows."""
    flow = (await _flows_with(ask, body.changes)).flows.get(body.flow)
    if flow is None:
        raise not_found("flow")
    return drawing.draw(flow)


async def _flows_with(ask: Ask, changes: Changes) -> FlowSet:
    """Raises ApiError where the set has errors."""
    if not changes:
        return ask.context.flows.keeper.flows
    checked = await ask.context.flows.publishing.check(changes)
    if checked.flows is None:
        raise flows_refused(checked.errors)
    return checked.flows


# ── publishing ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def publish_flows(ask: Ask, body: Publication) -> ReleaseRow:
    """Puts drafts in force, all or none, for the next caller; calls under way finish with what they began with."""
    changes = {**body.changes, **await _drafts(ask, body.drafts)}
    if not changes:
        raise ApiError(409, "nothing_to_publish", "name drafts, or send changes")
    with refusals_told():
        row = await ask.context.flows.publishing.publish(
            changes,
            after=body.after,
            author=_author(ask),
            note=body.note,
            drafts=body.drafts,
            without_prompts=body.without_prompts,
        )
    await note(ask, "flow.publish", f"flow_release:{row.number}", {"files": list(row.changed), "note": row.note})
    return row


async def roll_back_flows(ask: Ask, body: GoingBack) -> ReleaseRow:
    """Brings an earlier release back, as a new one."""
    with refusals_told():
        row = await ask.context.flows.publishing.roll_back(
            body.to, after=body.after, author=_author(ask), note=body.note
        )
    if row is None:
        raise not_found("flow_release")
    await note(ask, "flow.rollback", f"flow_release:{row.number}", {"back_to": body.to, "note": row.note})
    return row


async def _drafts(ask: Ask, wanted: dict[str, int]) -> dict[str, str | None]:
    """Their texts. Raises ApiError for one that somebody changed, or whose file was published since it was begun."""
    desk = ask.context.flows
    known = {row.file: row for row in await desk.store.drafts()} if wanted else {}
    for file in wanted:
        draft = known.get(file)
        if draft is None:
            raise not_found("flow_draft")
        release = desk.keeper.release.row
        if draft.base != release.files.get(file, ""):
            raise draft_outdated(file, release.author, release.number)
    return {file: known[file].text for file in wanted}


def _author(ask: Ask) -> Author:
    who = ask.who
    return Author(name=who.name or who.login, user_id=who.user_id if who.token else None)
