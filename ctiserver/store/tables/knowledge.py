"""What agents look up: articles and scripts with their versions, and bulletins."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base, one_of

NOTHING = sql("'{}'")


class KnowledgeArticle(Base):
    """The newest version; older ones stand in `knowledge_version`. A script has steps, an article a text."""

    __tablename__ = "knowledge_article"
    __table_args__ = (
        one_of("kind", "article", "script"),
        one_of("state", "draft", "published", "retired"),
        Index(None, "categories", postgresql_using="gin"),
        Index(None, "search", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    kind: Mapped[str] = mapped_column(server_default="article")
    state: Mapped[str] = mapped_column(server_default="draft")
    title: Mapped[str]
    body: Mapped[str] = mapped_column(server_default="")  # Markdown
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=sql("'[]'"))
    topic: Mapped[str] = mapped_column(server_default="")  # where it stands in the tree of topics
    categories: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=NOTHING)  # of work orders
    keywords: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=NOTHING)
    audio: Mapped[str] = mapped_column(server_default="")  # a prompt that can be played to the caller
    review_on: Mapped[date | None]
    read_count: Mapped[int] = mapped_column(server_default="0")
    helpful: Mapped[int] = mapped_column(server_default="0")
    unhelpful: Mapped[int] = mapped_column(server_default="0")
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
    search: Mapped[str] = mapped_column(TSVECTOR, server_default=sql("''::tsvector"))


class KnowledgeVersion(Base):
    """What an article said at a version, whole."""

    __tablename__ = "knowledge_version"

    article_id: Mapped[int] = mapped_column(ForeignKey("knowledge_article.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[dict[str, Any]]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


class Bulletin(Base):
    """What agents and the wallboard show for some areas and some time; `spoken` is for callers."""

    __tablename__ = "bulletin"
    __table_args__ = (
        one_of("kind", "outage", "repair", "notice"),
        CheckConstraint("ends_at > starts_at", name="ends_at"),
        Index(None, "ends_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    kind: Mapped[str] = mapped_column(server_default="notice")
    title: Mapped[str]
    text: Mapped[str] = mapped_column(server_default="")
    spoken: Mapped[dict[str, str]] = mapped_column(
        server_default=NOTHING
    )  # by language; empty: callers are told nothing
    areas: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=NOTHING)  # empty: everywhere
    estates: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=NOTHING)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"), index=True)  # the incident it belongs to
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    changed_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
