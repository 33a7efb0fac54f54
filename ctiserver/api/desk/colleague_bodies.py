"""What comes in about notices, messages and tasks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ctiserver.api.desk.field_types import Needed, Text
from ctiserver.api.schemas import Body, Instant, Query, RowId, Word


class NoticeSearch(Query):
    unread: bool = False
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class NoticesRead(Body):
    ids: Annotated[list[Annotated[int, Field(ge=1, le=2**62)]], Field(max_length=500)]


class MessageBody(Body):
    """To one user or to one unit."""

    text: Annotated[Text, Field(min_length=1)]
    user_id: RowId | None = None
    unit_id: Word = ""


class TaskBody(Body):
    title: Needed
    to_user_id: RowId
    text: Text = ""
    order_id: RowId | None = None
    due_at: Instant | None = None


class TaskEnd(Body):
    state: Literal["done", "declined"]
    answer: Text = ""


class TaskSearch(Query):
    ended: bool = False
