"""Answers of surveys and faxes: listed, and figures of the answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from ctiserver.store.callers.filters import Wanted
from ctiserver.store.callers.rows import FaxPage, FaxRow, QuestionFigures, Span, SurveyAnswerRow, SurveyPage
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.notices import Telling, tell
from ctiserver.store.recordings import agent_name

ANSWERS = """
SELECT survey_answer.*, agent.number AS agent_number, agent.name AS agent_name,
    coalesce(call.caller_number, '') AS caller_number
FROM survey_answer LEFT JOIN agent ON agent.id = survey_answer.agent_id
    LEFT JOIN call ON call.id = survey_answer.call_id
"""
ANSWERS_NEWEST_FIRST = " ORDER BY survey_answer.at DESC, survey_answer.id LIMIT :limit OFFSET :offset"
FIGURES = """
SELECT survey, question, sum(times)::bigint AS answers, (sum(score * times)::float / sum(times)) AS mean,
    jsonb_object_agg(score::text, times) AS scores
FROM (SELECT survey, question, score, count(*) AS times FROM survey_answer {where} GROUP BY 1, 2, 3) AS counted
GROUP BY survey, question ORDER BY survey, question
"""
FAXES = """
SELECT fax.*, coalesce(call.caller_number, '') AS caller_number FROM fax LEFT JOIN call ON call.id = fax.call_id
"""
FAXES_NEWEST_FIRST = " ORDER BY fax.at DESC, fax.id LIMIT :limit OFFSET :offset"
UNTOLD = "SELECT id, box, at FROM fax WHERE told_at IS NULL AND direction = 'received' ORDER BY at LIMIT 100"
TOLD = "UPDATE fax SET told_at = now() WHERE id = :id AND told_at IS NULL RETURNING id"


class SurveyAnswers:
    """Raises DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(
        self,
        span: Span,
        *,
        survey: str = "",
        queue_id: str = "",
        agent_id: int | None = None,
        call_id: str = "",
        scope: Collection[int] | None = None,
    ) -> SurveyPage:
        """Newest first, with the figures of all that the filter shows. `scope`: about these agents, or about nobody."""
        wanted = Wanted()
        wanted.add("survey_answer.survey = :survey", survey=survey)
        wanted.add("survey_answer.queue_id = :queue_id", queue_id=queue_id)
        wanted.add("survey_answer.agent_id = :agent_id", agent_id=agent_id)
        wanted.add("survey_answer.call_id = :call_id", call_id=call_id)
        wanted.of_agents("survey_answer.agent_id", scope)
        wanted.within("survey_answer.at", span)
        async with self._database.reading() as connection:
            figures = await fetch_all(connection, FIGURES.replace("{where}", wanted.where), wanted.values)
            page = ANSWERS + wanted.where + ANSWERS_NEWEST_FIRST
            found = await fetch_all(connection, page, {**wanted.values, **span.limits})
        return SurveyPage(
            items=tuple(_answer(row) for row in found),
            questions=tuple(QuestionFigures(**row) for row in figures),
            total=sum(row["answers"] for row in figures),
            page=span.page,
            page_size=span.page_size,
        )


class Faxes:
    """`boxes` None: all of them, and what was sent. Raises DatabaseAwayError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, span: Span, *, boxes: Sequence[str] | None, box: str = "", direction: str = "") -> FaxPage:
        """Newest first."""
        wanted = Wanted()
        wanted.add("fax.box = ANY(:boxes)", boxes=None if boxes is None else list(boxes))
        wanted.add("fax.box = :box", box=box)
        wanted.add("fax.direction = :direction", direction=direction)
        wanted.within("fax.at", span)
        counting = f"SELECT count(*) AS total FROM fax {wanted.where}"  # noqa: S608 - fixed fragments
        async with self._database.reading() as connection:
            [counted] = await fetch_all(connection, counting, wanted.values)
            page = FAXES + wanted.where + FAXES_NEWEST_FIRST
            found = await fetch_all(connection, page, {**wanted.values, **span.limits})
        items = tuple(_fax(row) for row in found)
        return FaxPage(items=items, total=counted["total"], page=span.page, page_size=span.page_size)

    async def find(self, fax_id: str) -> tuple[FaxRow, Path | None] | None:
        """The row and its file's path below the recordings folder."""
        async with self._database.reading() as connection:
            found = await fetch_all(connection, FAXES + "WHERE fax.id = :id", {"id": fax_id})
        return (_fax(found[0]), Path(found[0]["path"]) if found[0]["path"] else None) if found else None

    async def untold(self) -> Sequence[Mapping[str, Any]]:
        """Received, and nobody has been told yet: id, box, at."""
        return await self._database.glance(UNTOLD)

    async def mark_told(self, fax_id: str, mail: str, params: dict[str, Any]) -> bool:
        """In one transaction with the mail about it, if there is an address. False: another daemon was faster."""
        async with self._database.writing() as connection:
            if not await fetch_all(connection, TOLD, {"id": fax_id}):
                return False
            if mail:
                await tell(connection, Telling(channel="mail", address=mail), "fax_received", params)
        return True

    async def send_on(self, fax: FaxRow, path: str, mail: str, sender: str) -> None:
        """To a mail address, with the file: sent as soon as the sender of mails can."""
        params: dict[str, Any] = {"fax": fax.id, "pages": fax.pages, "at": fax.at, "file": path}
        async with self._database.writing() as connection:
            await tell(connection, Telling(channel="mail", address=mail), "fax_sent_on", params, sender=sender)


def _answer(row: Mapping[str, Any]) -> SurveyAnswerRow:
    return SurveyAnswerRow(
        id=row["id"],
        call_id=row["call_id"],
        at=row["at"].timestamp(),
        survey=row["survey"],
        question=row["question"],
        score=row["score"],
        agent=agent_name(row),
        queue_id=row["queue_id"],
        caller_number=row["caller_number"],
    )


def _fax(row: Mapping[str, Any]) -> FaxRow:
    return FaxRow(
        id=row["id"],
        call_id=row["call_id"],
        direction=row["direction"],
        at=row["at"].timestamp(),
        box=row["box"],
        document=row["document"],
        ok=row["ok"],
        pages=row["pages"],
        size_bytes=row["size_bytes"] or 0,
        detail=row["detail"],
        caller_number=row["caller_number"],
    )
