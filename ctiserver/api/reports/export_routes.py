"""Downloads: a report as a file, and records of calls exactly as the filter shows them, streamed."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from aiohttp import web

from ctiserver.api.audit import require
from ctiserver.api.call_routes import filter_of
from ctiserver.api.identity import SUPERVISOR_UP
from ctiserver.api.reports.asking import read
from ctiserver.api.reports.names import DIRECTIONS, MARK_NAMES, OUTCOMES, named
from ctiserver.api.reports.report_files import as_file
from ctiserver.api.reports.schemas import ExportQuery
from ctiserver.api.reports.tables import BOM, CSV, MOST_SHEET_ROWS, XLSX, Cell, Workbook, csv_lines
from ctiserver.api.route import Ask, Route
from ctiserver.api.schemas import CallSearch
from ctiserver.api.scope import scope_of
from ctiserver.errors import DatabaseAwayError
from ctiserver.timezones import load_timezone

PIECE = 1_000
SENT = 256 * 1024
HEADINGS: dict[str, tuple[str, ...]] = {
    "zh-CN": (
        "呼叫编号", "开始", "结束", "方向", "被叫", "主叫", "主叫名", "客户", "队列", "工号", "坐席", "结果", "挂机方",
        "原因", "等待(秒)", "振铃(秒)", "通话(秒)", "保持(秒)", "话后(秒)", "小结", "备注",
        "标记", "评论",
    ),
    "en": (
        "call", "started", "ended", "direction", "dialled", "caller", "caller name", "customer", "queue",
        "agent number", "agent", "outcome", "ended by", "reason", "waited (s)", "rang (s)", "talk (s)", "hold (s)",
        "wrap-up (s)", "disposition", "note", "marks", "comments",
    ),
}  # fmt: skip


class CallsExportQuery(CallSearch):
    format: Literal["xlsx", "csv"] = "csv"
    language: Literal["zh-CN", "en"] = "zh-CN"


async def export_report(ask: Ask, report: str, query: ExportQuery) -> web.StreamResponse:
    """A report as Excel (with a chart and the formulas) or CSV; kept in the audit log."""
    view = await named(ask.context, await read(ask, report, query))
    detail = {"from": query.from_, "to": query.to, "by": view.by, "format": query.format}
    await require(ask, "report.export", f"report:{report}", detail)
    timezone = load_timezone(ask.context.settings.timezone)
    content = await asyncio.to_thread(as_file, view, query.format, query.language, timezone)
    kind = CSV if query.format == "csv" else XLSX
    return web.Response(body=content, headers=_headers(f"{report}.{query.format}", kind))


async def export_calls(ask: Ask, query: CallsExportQuery) -> web.StreamResponse:
    """All calls that the filter shows, as CSV or Excel, streamed; `X-Total-Count` says how many rows will come."""
    if ask.context.call_export is None:
        raise DatabaseAwayError("this daemon runs without records of calls")
    detail = {name: value for name, value in query.model_dump().items() if value}  # what was asked for
    await require(ask, "calls.export", "call:*", detail)
    async with ask.context.call_export.calls(filter_of(query, scope_of(ask))) as (total, rows):
        headers = {
            **_headers(f"calls.{query.format}", CSV if query.format == "csv" else XLSX),
            "X-Total-Count": str(total),
        }
        lines = _lines(ask, rows, query.language)
        if query.format == "csv":
            return await _stream_csv(ask, headers, lines, query.language)
        return await _send_xlsx(ask, headers, lines, query.language)


async def _stream_csv(
    ask: Ask, headers: Mapping[str, str], lines: AsyncIterator[list[list[Cell]]], language: str
) -> web.StreamResponse:
    response = web.StreamResponse(headers=headers)
    await response.prepare(ask.http)
    await response.write(BOM + csv_lines([HEADINGS[language]]))
    async for piece in lines:
        await response.write(await asyncio.to_thread(csv_lines, piece))
    await response.write_eof()
    return response


async def _send_xlsx(
    ask: Ask, headers: Mapping[str, str], lines: AsyncIterator[list[list[Cell]]], language: str
) -> web.StreamResponse:
    """A sheet holds a million rows; what is beyond goes on in another one."""
    with tempfile.TemporaryDirectory(prefix="ctiserver-calls-") as folder:
        path = Path(folder) / "calls.xlsx"
        workbook = Workbook(path)
        sheet, number = workbook.sheet("calls", HEADINGS[language]), 1
        async for piece in lines:
            if sheet.rows + len(piece) > MOST_SHEET_ROWS:
                number += 1
                sheet = workbook.sheet(f"calls {number}", HEADINGS[language])
            await asyncio.to_thread(sheet.write, piece)
        await asyncio.to_thread(workbook.close)
        response = web.StreamResponse(headers=headers)
        response.content_length = path.stat().st_size
        await response.prepare(ask.http)
        with path.open("rb") as file:
            while block := await asyncio.to_thread(file.read, SENT):
                await response.write(block)
        await response.write_eof()
    return response


async def _lines(ask: Ask, rows: AsyncIterator[Mapping[str, Any]], language: str) -> AsyncIterator[list[list[Cell]]]:
    """The rows as cells, a thousand at a time."""
    timezone = load_timezone(ask.context.settings.timezone)
    directory = ask.context.centre.directory
    queues = {queue.id: queue.name.get(language, queue.id) for queue in directory.queues}
    dispositions = {one.code: one.name.get(language, one.code) for one in directory.dispositions}

    def local(instant: datetime | None) -> str:
        return f"{instant.astimezone(timezone):%Y-%m-%d %H:%M:%S}" if instant is not None else ""

    def word(names: Mapping[str, Mapping[str, str]], key: str | None) -> str:
        return names.get(key or "", {}).get(language, key or "")

    def line(row: Mapping[str, Any]) -> list[Cell]:
        queue, outcome = queues.get(row["queue_id"], row["queue_id"]), word(OUTCOMES, row["outcome"])
        caller = (row["caller_number"], row["caller_name"], row["customer_name"])
        texts = (*caller, queue, row["agent_number"], row["agent_name"], outcome, row["ended_by"], row["reason"])
        times = ("waited_ms", "ring_ms", "talk_ms", "hold_ms", "wrap_up_ms")
        return [
            row["id"],
            local(row["started_at"]),
            local(row["ended_at"]),
            word(DIRECTIONS, row["direction"]),
            row["dialled"],
            *(cell or "" for cell in texts),
            *(row[name] / 1000 for name in times),
            dispositions.get(row["disposition"], row["disposition"] or ""),
            row["disposition_note"] or "",
            "、".join(word(MARK_NAMES, mark) for mark in row["marks"] or ()),
            row["comments"] or "",
        ]

    piece: list[list[Cell]] = []
    async for row in rows:
        piece.append(line(row))
        if len(piece) == PIECE:
            yield piece
            piece = []
    if piece:
        yield piece


def _headers(name: str, kind: str) -> dict[str, str]:
    return {"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def _download(path: str, handler: Any) -> Route:
    return Route(method="GET", path=path, handler=handler, access=SUPERVISOR_UP, content=XLSX, or_content=CSV)


ROUTES: tuple[Route, ...] = (
    _download("/api/reports/{report}/export", export_report),
    _download("/api/calls/export", export_calls),
)
