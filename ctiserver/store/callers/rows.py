"""Rows as pages and programs see them. Instants are UTC seconds, durations milliseconds."""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.store.rows import AgentName, CustomerName, Row

CallbackStatus = Literal["open", "done", "cancelled", "expired", "failed"]


class PageOf(Row, frozen=True, kw_only=True):
    total: int
    page: int
    page_size: int


class Listener(Row, frozen=True, kw_only=True):
    """`times`: how often; a message may be heard by several."""

    name: str
    first_at: float
    last_at: float
    times: int


class VoicemailRow(Row, frozen=True, kw_only=True):
    """`status` lost: nothing can be played, `reason` says why. `heard_at` None: new."""

    id: str
    call_id: str
    box: str
    at: float
    caller_number: str
    customer: CustomerName | None
    status: str
    reason: str
    duration_ms: int
    size_bytes: int
    heard_at: float | None
    heard_by: str
    listeners: tuple[Listener, ...]
    work_order_id: int | None


class VoicemailPage(PageOf, frozen=True, kw_only=True):
    """`new`: how many of all that the viewer is responsible for nobody has heard."""

    items: tuple[VoicemailRow, ...]
    new: int


class BoxRow(Row, frozen=True, kw_only=True):
    """Who is responsible for a box. `phones` are rung about new messages from `ring_from` to `ring_to` (local time;
    both the same: at any hour), speak `language` and ask for a PIN where there is one, which is never shown."""

    name: str
    title: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    teams: tuple[str, ...] = ()
    agents: tuple[int, ...] = ()
    mail: str = ""
    phones: tuple[str, ...] = ()
    language: str = "zh-CN"
    ring_from: str = "08:00"
    ring_to: str = "21:00"
    has_pin: bool = False
    version: int = 0


class NoticeRow(Row, frozen=True, kw_only=True):
    """An unheard message and one of its box's phones; what became of the last attempt there. `pin_hash`: pin.py."""

    voicemail_id: str
    box: str
    title: dict[str, str]
    at: float
    path: str
    caller_number: str
    phone: str
    language: str
    pin_hash: str
    ring_from: str
    ring_to: str
    attempts: int
    outcome: str
    last_call_id: str
    last_at: float | None


class FaxRow(Row, frozen=True, kw_only=True):
    id: str
    call_id: str
    direction: str
    at: float
    box: str
    document: str
    ok: bool
    pages: int
    size_bytes: int
    detail: str
    caller_number: str


class FaxPage(PageOf, frozen=True, kw_only=True):
    items: tuple[FaxRow, ...]


class CallbackRow(Row, frozen=True, kw_only=True):
    """`agent`: this one and nobody else. `due_at`, `next_at`: not before. `outcome`: of the last attempt."""

    id: str
    call_id: str
    at: float
    queue_id: str
    number: str
    customer: CustomerName | None
    agent: AgentName | None
    keep_place: bool
    waiting_since: float
    due_at: float | None
    next_at: float | None
    expires_at: float | None
    status: CallbackStatus
    attempts: int
    outcome: str
    last_call_id: str
    note: str
    source: str
    done_at: float | None


class CallbackPage(PageOf, frozen=True, kw_only=True):
    items: tuple[CallbackRow, ...]
    open: int


class SurveyAnswerRow(Row, frozen=True, kw_only=True):
    id: str
    call_id: str
    at: float
    survey: str
    question: str
    score: int
    agent: AgentName | None
    queue_id: str
    caller_number: str


class QuestionFigures(Row, frozen=True, kw_only=True):
    """Of all answers that the filter shows; `scores`: key → how often."""

    survey: str
    question: str
    answers: int
    mean: float
    scores: dict[str, int]


class SurveyPage(PageOf, frozen=True, kw_only=True):
    items: tuple[SurveyAnswerRow, ...]
    questions: tuple[QuestionFigures, ...]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """From (inclusive) and to (exclusive) in UTC seconds, and which page of the rows."""

    since: float | None = None
    until: float | None = None
    page: int = 1
    page_size: int = 50

    @property
    def limits(self) -> dict[str, int]:
        return {"limit": self.page_size, "offset": (self.page - 1) * self.page_size}
