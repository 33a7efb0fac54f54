"""What comes in about wallboards, and what goes out."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from ctiserver.directory import Role
from ctiserver.kpi.boards import PANELS, Alert, Board, BoardFigure, Panel
from ctiserver.live.views import AgentView, BoardView, QueueView

Word = Annotated[str, Field(min_length=1, max_length=60)]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
MOST_FIGURES = 12
MOST_RECIPIENTS = 20


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class RuleBody(Body):
    figure: str
    target: Annotated[float, Field(ge=0, le=1e6)] | None = None
    limit: Annotated[float, Field(ge=0, le=1e6)] | None = None
    hysteresis: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    alert: bool = False
    after_s: Annotated[float, Field(ge=0, le=86_400)] = 0.0


class BoardBody(Body):
    name: dict[Literal["zh-CN", "en"], Word] = Field(min_length=1)
    queues: list[str] = Field(default=[], max_length=100)
    teams: list[str] = Field(default=[], max_length=100)
    roles: list[Role] = Field(default=[], max_length=6)
    figures: list[RuleBody] = Field(min_length=1, max_length=MOST_FIGURES)
    panels: list[Panel] = Field(default=list(PANELS), max_length=len(PANELS))
    rotate_s: Annotated[float, Field(ge=5, le=3600)] = 20.0
    mail: list[Annotated[str, Field(max_length=254)]] = Field(default=[], max_length=MOST_RECIPIENTS)
    sms: list[Annotated[str, Field(max_length=30)]] = Field(default=[], max_length=MOST_RECIPIENTS)
    position: Annotated[int, Field(ge=0, le=10_000)] = 0
    version: Annotated[int, Field(ge=0)] = 0


class LinkBody(Body):
    name: Word
    boards: list[str] = Field(default=[], max_length=50)
    tiles: bool = False
    language: Literal["zh-CN", "en"] = "zh-CN"
    theme: Literal["light", "dark"] = "dark"
    expires_at: Annotated[float, Field(ge=0, le=4_000_000_000)] | None = None


class OpenBody(Body):
    token: Annotated[str, Field(min_length=20, max_length=100)]


class AcknowledgeBody(Body):
    note: Annotated[str, Field(max_length=500)] = ""


class AlertsQuery(Body):
    from_: Annotated[float, Field(alias="from", ge=0, le=4e9)]
    to: Annotated[float, Field(ge=0, le=4e9)]
    most: Annotated[int, Field(ge=1, le=1000)] = 200


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    pass


class BoardCatalogue(Answer, frozen=True, kw_only=True):
    """All boards, the one that is the asker's, and which figures there are."""

    boards: tuple[Board, ...]
    mine: str
    figures: tuple[BoardFigure, ...]


class BulletinLine(Answer, frozen=True, kw_only=True):
    """What boards show of a bulletin: for everybody's eyes."""

    kind: str
    title: str
    text: str
    starts_at: float
    ends_at: float


class BoardState(Answer, frozen=True, kw_only=True):
    """One board as it is now. `agents` as far as the asker may see them."""

    board: Board
    now: float
    view: BoardView
    queues: tuple[QueueView, ...]
    agents: tuple[AgentView, ...]


class MadeLink(Answer, frozen=True, kw_only=True):
    """`token` is told this once; the address is BASE/board#TOKEN."""

    id: int
    name: str
    token: str


class Screen(Answer, frozen=True, kw_only=True):
    """What a screen without a user needs beside the feed."""

    name: str
    boards: tuple[Board, ...]
    figures: tuple[BoardFigure, ...]
    tiles: bool
    language: str
    theme: str
    server_time: float
    timezone: str


class AlertList(Answer, frozen=True, kw_only=True):
    alerts: tuple[Alert, ...]
