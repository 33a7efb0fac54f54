"""Reading flows: what is in force, drafts, releases, pictures, and how callers went through them."""

from __future__ import annotations

import difflib

from aiohttp import web

from ctiserver.api.flows.schemas import (
    Comparison,
    DraftInfo,
    FileDiff,
    FlowFileRow,
    FlowFileText,
    FlowOverview,
    FlowPassages,
    FlowSchema,
    PassageSearch,
    ReleaseSearch,
    ReleaseTexts,
    SchemaOf,
)
from ctiserver.api.problems import not_found
from ctiserver.api.route import Ask
from ctiserver.errors import DatabaseAwayError
from ctiserver.ivr import drawing
from ctiserver.ivr.flow import Flow, FlowSet
from ctiserver.ivr.flow_file import content_hash
from ctiserver.ivr.schema import flow_schema, lines_schema
from ctiserver.live.flow_desk import FlowDesk
from ctiserver.store.flow_rows import DraftRow, Release, ReleasePage, ReleaseRow, TakenRow

REMEMBERED_RELEASES = 200


async def list_flows(ask: Ask) -> FlowOverview:
    """All flow files: what is in force, who changed it last, who works on it, and today's callers."""
    desk = ask.context.flows
    drafts, taken, history = await _from_store(desk)
    files = {*desk.keeper.release.texts, *drafts}
    rows = (_file_row(desk, file, drafts.get(file), history or ()) for file in sorted(files))
    return FlowOverview(
        release=desk.keeper.release.row, files=tuple(rows), nodes=tuple(taken), complete=history is not None
    )


async def _from_store(desk: FlowDesk) -> tuple[dict[str, DraftRow], list[TakenRow], tuple[ReleaseRow, ...] | None]:
    """What is in force can be shown without Postgres, drafts and history can't."""
    try:
        drafts = {row.file: row for row in await desk.store.drafts()}
        return drafts, await desk.store.taken(), (await desk.store.history(1, REMEMBERED_RELEASES)).items
    except DatabaseAwayError:
        return {}, [], None


def _file_row(desk: FlowDesk, file: str, draft: DraftRow | None, history: tuple[ReleaseRow, ...]) -> FlowFileRow:
    flow = next((flow for flow in desk.keeper.flows.flows.values() if flow.file == file), None)
    release = desk.keeper.release.row
    changed = next((row for row in history if file in row.changed), None)
    passages = desk.statistics.of(flow.id) if flow is not None else ()
    return FlowFileRow(
        file=file,
        flow=str(flow.id) if flow else "",
        version=flow.version if flow else 0,
        nodes=len(flow.nodes) if flow else 0,
        tests=len(flow.tests) if flow else 0,
        numbers=_numbers(desk.keeper.flows, flow) if flow else (),
        hash=release.files.get(file, ""),
        changed_in=changed.number if changed else 0,
        changed_by=changed.author if changed else "",
        changed_at=changed.at if changed else (release.at if file in release.files else None),
        callers=sum(one.callers for one in passages if one.way != "edge" or one.to_flow != (flow.id if flow else "")),
        hung_up=sum(one.callers for one in passages if one.way == "hung_up"),
        inside=sum(desk.inside(flow.id).values()) if flow else 0,
        draft=_draft_info(draft) if draft else None,
    )


def _numbers(flows: FlowSet, flow: Flow) -> tuple[str, ...]:
    return tuple(dialled for dialled, line in flows.lines.items() if line.flow == flow.id)


def _draft_info(draft: DraftRow) -> DraftInfo:
    return DraftInfo(author=draft.author, saved_at=draft.saved_at, revision=draft.revision, removes=draft.text is None)


async def read_flow_file(ask: Ask, file: str) -> FlowFileText:
    """One file as it is in force, and its draft."""
    desk = ask.context.flows
    release = desk.keeper.release
    draft = await desk.store.draft(file)
    text = release.texts.get(file)
    if text is None and draft is None:
        raise not_found("flow_file")
    flow = next((flow for flow in desk.keeper.flows.flows.values() if flow.file == file), None)
    return FlowFileText(
        file=file,
        flow=str(flow.id) if flow else "",
        text=text,
        hash=content_hash(text) if text is not None else "",
        release=release.row.number,
        draft=draft,
    )


async def list_releases(ask: Ask, query: ReleaseSearch) -> ReleasePage:
    """Everything that was ever published, newest first."""
    return await ask.context.flows.store.history(query.page, query.page_size)


async def read_release(ask: Ask, number: int) -> ReleaseTexts:
    """All files of one release."""
    release = await _release(ask, number)
    return ReleaseTexts(release=release.row, texts=release.texts)


async def compare_releases(ask: Ask, query: Comparison) -> list[FileDiff]:
    """What differs between two releases, file by file."""
    before, after = await _release(ask, query.from_), await _release(ask, query.to)
    names = sorted({*before.texts, *after.texts})
    return [
        _diff(name, before.texts.get(name), after.texts.get(name))
        for name in names
        if before.texts.get(name) != after.texts.get(name)
    ]


async def _release(ask: Ask, number: int) -> Release:
    desk = ask.context.flows
    if number in (0, desk.keeper.release.row.number):
        return desk.keeper.release
    release = await desk.store.release(number)
    if release is None:
        raise not_found("flow_release")
    return release


def _diff(file: str, before: str | None, after: str | None) -> FileDiff:
    lines = difflib.unified_diff(
        (before or "").splitlines(keepends=True), (after or "").splitlines(keepends=True), file, file
    )
    return FileDiff(file=file, before=before, after=after, diff="".join(lines))


# ── pictures and figures ────────────────────────────────────────────────────────────────────────────────────────────


async def read_drawing(ask: Ask, flow_id: str) -> drawing.Drawing:
    """The flow in force as boxes and arrows."""
    return drawing.draw(_flow(ask, flow_id))


async def read_svg(ask: Ask, flow_id: str) -> web.Response:
    """The flow in force as a picture."""
    picture = drawing.svg(drawing.draw(_flow(ask, flow_id)), ask.who.language)
    return web.Response(text=picture, content_type="image/svg+xml")


async def read_mermaid(ask: Ask, flow_id: str) -> web.Response:
    """The flow in force as Mermaid text, for documents."""
    text = drawing.mermaid(drawing.draw(_flow(ask, flow_id)), ask.who.language)
    return web.Response(text=text, content_type="text/plain")


async def read_today(ask: Ask, flow_id: str) -> FlowPassages:
    """Today's callers per way out of each node, and where callers are now; from memory."""
    desk = ask.context.flows
    desk.statistics.begin_day(ask.context.clock.now())
    return FlowPassages(
        flow=flow_id,
        since=desk.statistics.midnight,
        until=ask.context.clock.now(),
        passages=desk.statistics.of(flow_id),
        inside=desk.inside(flow_id),
    )


async def read_passages(ask: Ask, flow_id: str, query: PassageSearch) -> FlowPassages:
    """Callers per way out of each node in a time: all together, by hour or by day."""
    found = await ask.context.flows.passages.of(flow_id, query.from_, query.to, bucket=query.by)
    return FlowPassages(flow=flow_id, since=query.from_, until=query.to, passages=tuple(found))


async def read_schema(ask: Ask, query: SchemaOf) -> FlowSchema:
    """JSON Schema of the files, for editors."""
    return FlowSchema(json_schema=lines_schema() if query.kind == "lines" else flow_schema())


def _flow(ask: Ask, flow_id: str) -> Flow:
    flow = ask.context.flows.keeper.flows.flows.get(flow_id)
    if flow is None:
        raise not_found("flow")
    return flow
