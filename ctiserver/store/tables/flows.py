"""Flows: what was published, by whom, what is being worked on, and how callers went through them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from ctiserver.store.tables.base import Base, not_negative, one_of


class FlowText(Base):
    """One content of a flow file, named by its hash (ivr.flow_file.content_hash); never changed."""

    __tablename__ = "flow_text"

    hash: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class FlowRelease(Base):
    """All flow files as they were put in force together. Numbers are without gaps; the last one is in force."""

    __tablename__ = "flow_release"
    __table_args__ = (one_of("kind", "files", "publish", "rollback"),)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    kind: Mapped[str]  # files: the folder's, with which all begins
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    author: Mapped[str]  # as people read it; stays when the user goes
    note: Mapped[str]
    digest: Mapped[str]  # of all files together
    files: Mapped[dict[str, str]]  # name → flow_text.hash
    back_to: Mapped[int | None]  # the release that a rollback brought back


class FlowDraft(Base):
    """A file that somebody works on. `revision` counts its savings: two people can't overwrite each other unseen."""

    __tablename__ = "flow_draft"

    file: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str | None]  # None: the file is to be removed
    base: Mapped[str]  # hash of the published content on which it builds; "": a new file
    revision: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    author: Mapped[str]
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now())


class FlowTaken(Base):
    """Which release each node's daemon has in force, or why it refused the last one."""

    __tablename__ = "flow_taken"

    node: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    problem: Mapped[str]  # "": in force


class FlowPassage(Base):
    """How many callers left a node by which way in the quarter of an hour [started_at, started_at + 15 min) in UTC.

    Flows and nodes are named by their words, without a foreign key: history outlives configuration.
    """

    __tablename__ = "flow_passage"
    __table_args__ = (
        CheckConstraint("extract(epoch FROM started_at)::bigint % 900 = 0", name="quarter_hour"),
        one_of("way", "edge", "hung_up", "answered", "ended", "cut"),
        not_negative("callers", "spent_ms"),
    )

    started_at: Mapped[datetime] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(primary_key=True)
    way: Mapped[str] = mapped_column(primary_key=True)
    edge: Mapped[str] = mapped_column(primary_key=True)  # "": with the call's end
    to_flow: Mapped[str] = mapped_column(primary_key=True)
    to_node: Mapped[str] = mapped_column(primary_key=True)
    callers: Mapped[int]
    spent_ms: Mapped[int]  # in the node, of all of them together
