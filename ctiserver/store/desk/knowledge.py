"""The knowledge base: articles and scripts with versions, found by Chinese full text or by an order's category."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import insert, text, update

from ctiserver.clock import to_datetime
from ctiserver.desk.bigrams import index_words, query
from ctiserver.store import mapped
from ctiserver.store.database import Database, fetch_all
from ctiserver.store.desk.order_sql import tsvector
from ctiserver.store.desk.refusals import NotThere, Stale, Unfit
from ctiserver.store.rows import Row

SEARCH = """
SELECT id, version, kind, state, title, topic, categories, keywords, review_on, read_count, helpful, unhelpful,
    changed_by, changed_at, left(body, 160) AS beginning
FROM knowledge_article
WHERE (:terms = '' OR search @@ cast(:terms AS tsquery))
    AND (:kind = '' OR kind = :kind) AND (:topic = '' OR topic = :topic OR topic LIKE :topic || '/%')
    AND (:state = '' OR state = :state)
    AND (cast(:categories AS text[]) = '{}' OR categories && cast(:categories AS text[]))
    AND (NOT :review_due OR review_on <= current_date)
ORDER BY (:words <> '' AND title ILIKE '%' || :words || '%') DESC, helpful - unhelpful DESC, read_count DESC, id
LIMIT :limit OFFSET :offset
"""
BY_ID = "SELECT * FROM knowledge_article WHERE id = :id"
COUNT_READ = "UPDATE knowledge_article SET read_count = read_count + 1 WHERE id = :id"
RATE = "UPDATE knowledge_article SET helpful = helpful + :up, unhelpful = unhelpful + :down WHERE id = :id RETURNING id"
VERSIONS = "SELECT * FROM knowledge_version WHERE article_id = :id ORDER BY version DESC"
TOPICS = "SELECT topic, count(*) AS articles FROM knowledge_article WHERE state = 'published' GROUP BY topic ORDER BY 1"


class ScriptStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a script: what to say, and where each answer leads (number of a step, from 0; null: the end)."""

    say: str
    hint: str = ""
    answers: dict[str, int | None] = {}


class ArticleFields(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    kind: str = "article"  # article, script
    state: str = "draft"  # draft, published, retired
    body: str = ""
    steps: tuple[ScriptStep, ...] = ()
    topic: str = ""
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    audio: str = ""
    review_on: str = ""  # a date, or empty


class ArticleLine(Row, frozen=True, kw_only=True):
    id: int
    version: int
    kind: str
    state: str
    title: str
    topic: str
    categories: tuple[str, ...]
    keywords: tuple[str, ...]
    review_on: str
    read_count: int
    helpful: int
    unhelpful: int
    changed_by: str
    changed_at: float
    beginning: str


class Article(ArticleLine, frozen=True, kw_only=True):
    body: str
    steps: tuple[ScriptStep, ...]
    audio: str


class ArticleVersion(Row, frozen=True, kw_only=True):
    version: int
    changed_by: str
    changed_at: float
    content: ArticleFields


class Topic(Row, frozen=True, kw_only=True):
    topic: str
    articles: int


class ArticleFilter(msgspec.Struct, frozen=True, kw_only=True):
    words: str = ""
    kind: str = ""
    topic: str = ""
    state: str = "published"  # empty: all
    category: str = ""  # articles of this category and of those above it
    review_due: bool = False
    page: int = 1
    page_size: int = 20


class Knowledge:
    """All raise DatabaseAwayError; changes also Stale, Unfit, NotThere."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, wanted: ArticleFilter) -> list[ArticleLine]:
        """Title matches first, then what helped others."""
        words = wanted.words.strip()
        terms = query(words)
        if words and not terms:
            return []
        path = wanted.category.split(".") if wanted.category else []
        values = {
            "terms": terms,
            "words": words.replace("\\", "").replace("%", "").replace("_", ""),
            "kind": wanted.kind,
            "topic": wanted.topic,
            "state": wanted.state,
            "categories": [".".join(path[: n + 1]) for n in range(len(path))],
            "review_due": wanted.review_due,
            "limit": wanted.page_size,
            "offset": (wanted.page - 1) * wanted.page_size,
        }
        async with self._database.reading() as connection:
            return [ArticleLine(**_line(row)) for row in await fetch_all(connection, SEARCH, values)]

    async def topics(self) -> list[Topic]:
        async with self._database.reading() as connection:
            return [Topic(**row) for row in await fetch_all(connection, TOPICS)]

    async def read(self, article_id: int, *, counted: bool) -> Article:
        async with self._database.writing() as connection:
            found = await fetch_all(connection, BY_ID, {"id": article_id})
            if not found:
                raise NotThere("article")
            if counted:
                await connection.execute(text(COUNT_READ), {"id": article_id})
        [row] = found
        steps = msgspec.convert(row["steps"], tuple[ScriptStep, ...])
        line = _line({**row, "beginning": row["body"][:160]})
        return Article(**line, body=row["body"], steps=steps, audio=row["audio"])

    async def versions(self, article_id: int) -> list[ArticleVersion]:
        async with self._database.reading() as connection:
            found = await fetch_all(connection, VERSIONS, {"id": article_id})
        return [
            ArticleVersion(
                version=row["version"],
                changed_by=row["changed_by"],
                changed_at=row["changed_at"].timestamp(),
                content=msgspec.convert(row["content"], ArticleFields),
            )
            for row in found
        ]

    async def save(
        self, article_id: int | None, fields: ArticleFields, *, version: int, by: str, now: float
    ) -> Article:
        """A new article, or the next version of one that still is at `version`."""
        _check(fields)
        values = {
            **{name: getattr(fields, name) for name in ("title", "kind", "state", "body", "topic", "audio")},
            "steps": msgspec.to_builtins(fields.steps),
            "categories": list(fields.categories),
            "keywords": list(fields.keywords),
            "review_on": date.fromisoformat(fields.review_on) if fields.review_on else None,
            "changed_by": by,
            "changed_at": to_datetime(now),
            "search": tsvector(_words(fields)),
        }
        async with self._database.writing() as connection:
            if article_id is None:
                made = await connection.execute(
                    insert(mapped.KnowledgeArticle).values(values).returning(mapped.KnowledgeArticle.id)
                )
                article_id, next_version = int(made.scalar_one()), 1
            else:
                found = await fetch_all(connection, BY_ID + " FOR UPDATE", {"id": article_id})
                if not found:
                    raise NotThere("article")
                [row] = found
                if row["version"] != version:
                    at = row["changed_at"].timestamp()
                    raise Stale(version=row["version"], actor=row["changed_by"], at=at, action="changed")
                next_version = version + 1
                changed = update(mapped.KnowledgeArticle).where(mapped.KnowledgeArticle.id == article_id)
                await connection.execute(changed.values(**values, version=next_version))
            kept = {
                "article_id": article_id, "version": next_version, "content": msgspec.to_builtins(fields),
                "changed_by": by, "changed_at": to_datetime(now),
            }  # fmt: skip
            await connection.execute(insert(mapped.KnowledgeVersion).values(kept))
        return await self.read(article_id, counted=False)

    async def rate(self, article_id: int, *, helpful: bool) -> None:
        async with self._database.writing() as connection:
            values = {"id": article_id, "up": int(helpful), "down": int(not helpful)}
            if (await connection.execute(text(RATE), values)).first() is None:
                raise NotThere("article")


def _check(fields: ArticleFields) -> None:
    problems = [
        (f"steps.{at}.answers.{answer}", "no_such_step")
        for at, step in enumerate(fields.steps)
        for answer, target in step.answers.items()
        if target is not None and not 0 <= target < len(fields.steps)
    ]
    if fields.kind == "script" and not fields.steps:
        problems.append(("steps", "missing"))
    if fields.review_on:
        try:
            date.fromisoformat(fields.review_on)
        except ValueError:
            problems.append(("review_on", "wrong_value"))
    if problems:
        raise Unfit(*problems)


def _words(fields: ArticleFields) -> list[str]:
    spoken = [part for step in fields.steps for part in (step.say, step.hint, *step.answers)]
    return index_words(fields.title, *fields.keywords, fields.body, *spoken).split()


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    same = ("id", "version", "kind", "state", "title", "topic", "read_count", "helpful", "unhelpful", "changed_by")
    return {
        **{name: row[name] for name in same},
        "categories": tuple(row["categories"]),
        "keywords": tuple(row["keywords"]),
        "review_on": row["review_on"].isoformat() if row["review_on"] else "",
        "changed_at": row["changed_at"].timestamp(),
        "beginning": row["beginning"],
    }
