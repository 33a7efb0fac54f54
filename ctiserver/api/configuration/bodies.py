"""What may be sent. Whether names exist and figures go together is asked when it is stored."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from ctiserver.api.schemas import NO_NUL, Body, Query, RowId, Word
from ctiserver.directory import Role

Language = Literal["zh-CN", "en"]
Label = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")
]
Names = Annotated[dict[Language, Label], Field(min_length=1, description="by language")]
Seconds = Annotated[float, Field(ge=0, le=604_800, allow_inf_nan=False)]
Level = Annotated[int, Field(ge=1, le=10, description="10 is best")]
Levels = Annotated[dict[Annotated[str, StringConstraints(min_length=1, max_length=80)], Level], Field(max_length=200)]
Position = Annotated[int, Field(ge=0, le=100_000, description="order on pages")]
Version = Annotated[str | None, Field(max_length=64, description="as it was read; left out: it must not exist yet")]
Options = Annotated[dict[str, Any], Field(max_length=50)]
Password = Annotated[str, StringConstraints(min_length=10, max_length=256, pattern=NO_NUL)]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$")]
Extension = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


class Versioned(Body):
    version: Version = None


class WordBody(Versioned):
    name: Names


class QueueBody(Versioned):
    """`steps` and `options` as docs/routing.md says; seconds are kept to a thousandth."""

    name: Names
    position: Position = 0
    skills: Levels = Field(default_factory=dict[str, int])
    strategy: Word = "longest_idle"
    ring_timeout_s: Annotated[Seconds, Field(gt=0)] = 20.0
    wrap_up_s: Seconds = 15.0
    service_level_s: Seconds = 20.0
    service_level_target: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.8
    short_abandon_s: Seconds = 5.0
    max_waiting: Annotated[int | None, Field(ge=0, le=100_000)] = None
    max_wait_s: Annotated[float | None, Field(gt=0, le=604_800, allow_inf_nan=False)] = None
    priority_s: Annotated[float, Field(ge=-604_800, le=604_800, allow_inf_nan=False)] = 0.0
    music: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,80}$")] = "default"
    record: bool = True
    announce_agent: bool = True
    options: Options = Field(default_factory=dict[str, Any])
    steps: Annotated[list[Options], Field(max_length=50)] = Field(default_factory=list[dict[str, Any]])


class AgentBody(Versioned):
    number: Number
    name: Label
    extension: Extension
    team: Word | None = None
    user_id: RowId | None = None
    auto_answer: bool = False
    webrtc: bool = False
    skills: Levels = Field(default_factory=dict[str, int])
    options: Options = Field(default_factory=dict[str, Any])
    retired: bool = False


class SkillLevels(Versioned):
    skills: Levels


class ReasonCodeBody(Versioned):
    presence: Literal["break", "training"]
    name: Names
    limit_s: Annotated[float | None, Field(gt=0, le=604_800, allow_inf_nan=False)] = None
    position: Position = 0


class DispositionBody(Versioned):
    name: Names
    position: Position = 0


class UserBody(Versioned):
    """`password`: left out, it stays as it is; a new user needs one."""

    login: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$")]
    name: Label
    role: Role
    team: Word | None = None
    language: Language = "zh-CN"
    disabled: bool = False
    password: Password | None = None


class RoutingBody(Versioned):
    options: Options


class WhichVersion(Query):
    version: Annotated[str, Field(max_length=64)] = ""
