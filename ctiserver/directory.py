"""The directory: who works here and which queues exist, as routing and pages need it.

Written by people through the API into Postgres, read from there at start and after each change, and kept beside the
spool so that the daemon can start while Postgres is away.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal["agent", "supervisor", "ops", "admin", "dispatcher", "field"]
"""`dispatcher` sends work orders to units; `field` belongs to a unit and sees its orders alone."""


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    number: str  # 工号, spoken to the caller
    name: str
    extension: str  # the SIP account of the agent's phone, e.g. "1001"
    sip_password: str
    skills: dict[str, int]  # skill → level, 1 to 10, 10 is best
    team: str | None = None
    auto_answer: bool = False
    webrtc: bool = False
    user_id: int | None = None
    options: dict[str, object] = {}  # ctiserver/routing/options.py: AgentOptions


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    id: str  # a word: "repairs"
    name: dict[str, str]  # by language
    skills: dict[str, int]  # required skill → minimum level
    strategy: str = "longest_idle"
    ring_timeout_s: float = 20.0
    wrap_up_s: float = 15.0  # 0: none
    service_level_s: float = 20.0
    service_level_target: float = 0.8
    short_abandon_s: float = 5.0
    max_waiting: int | None = None
    max_wait_s: float | None = None
    priority_s: float = 0.0
    music: str = "default"
    record: bool = True
    announce_agent: bool = True  # 工号…为您服务 at connect
    options: dict[str, object] = {}  # ctiserver/routing/options.py: QueueOptions


class ReasonCode(msgspec.Struct, frozen=True, kw_only=True):
    code: str  # "lunch"
    presence: str  # "break" or "training"
    name: dict[str, str]
    limit_s: float | None = None


class Disposition(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    name: dict[str, str]


class Directory(msgspec.Struct, frozen=True, kw_only=True):
    agents: tuple[Agent, ...] = ()
    queues: tuple[Queue, ...] = ()
    skills: dict[str, dict[str, str]] = {}  # skill → name by language
    teams: dict[str, dict[str, str]] = {}  # team → name by language
    reason_codes: tuple[ReasonCode, ...] = ()
    dispositions: tuple[Disposition, ...] = ()
    routing: dict[str, object] = {}  # ctiserver/routing/options.py: CentreOptions
