"""What comes in about knowledge, bulletins and outages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ctiserver.api.desk.field_types import (
    AreaCode,
    DateText,
    Key,
    Line,
    Needed,
    Page,
    PageSize,
    Path,
    Text,
    Version,
    Words,
)
from ctiserver.api.schemas import NO_NUL, Body, Instant, Query, RowId, Word


class OutageBody(Body):
    title: Needed
    area: Annotated[AreaCode, Field(min_length=1)]
    category: Annotated[Path, Field(min_length=1)]
    starts_at: Instant
    ends_at: Instant
    estates: Words = Field(default=[])
    text: Text = ""
    spoken: dict[Literal["zh-CN", "en"], Text] = Field(default={})
    orders_since: Instant | None = None
    key: Key = ""


class BulletinBody(Body):
    title: Needed
    starts_at: Instant
    ends_at: Instant
    kind: Literal["outage", "repair", "notice"] = "notice"
    text: Text = ""
    spoken: dict[Literal["zh-CN", "en"], Text] = Field(default={})
    areas: Annotated[list[AreaCode], Field(max_length=50)] = Field(default=[])
    estates: Words = Field(default=[])
    order_id: RowId | None = None
    version: Version = 0


class BulletinSearch(Query):
    area: AreaCode = ""
    past: bool = False


class StepBody(Body):
    say: Text
    hint: Text = ""
    answers: dict[Needed, Annotated[int, Field(ge=0, le=500)] | None] = Field(default={})


class ArticleBody(Body):
    title: Needed
    kind: Literal["article", "script"] = "article"
    state: Literal["draft", "published", "retired"] = "draft"
    body: Annotated[str, StringConstraints(max_length=60_000, pattern=NO_NUL)] = ""
    steps: Annotated[list[StepBody], Field(max_length=100)] = Field(default=[])
    topic: Line = ""
    categories: Annotated[list[Path], Field(max_length=50)] = Field(default=[])
    keywords: Words = Field(default=[])
    audio: Word = ""
    review_on: DateText = ""
    version: Version = 0


class ArticleSearch(Query):
    words: Line = ""
    kind: Literal["", "article", "script"] = ""
    topic: Line = ""
    state: Literal["", "draft", "published", "retired"] = "published"
    category: Path = ""
    review_due: bool = False
    page: Page = 1
    page_size: PageSize = 20


class Rating(Body):
    helpful: bool
