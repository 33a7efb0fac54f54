"""What operations staff set up, as the API shows and takes it, and the rules of changing it. Pure: no database.

An object's `version` is a fingerprint of its content, so that an edit made past the API is noticed as well. A change is
one object before and after; `before` None: it is new, `after` None: it goes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

import msgspec

from ctiserver.directory import Agent, Directory, Disposition, Queue, ReasonCode, Role
from ctiserver.errors import Rejected

Kind = Literal["queue", "skill", "team", "agent", "reason_code", "disposition", "user", "routing"]


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """`version`: empty for one that has not been stored."""

    version: str = ""


class WordSetup(Setup, frozen=True, kw_only=True):
    """A skill or a team: a word and its names by language."""

    id: str
    name: dict[str, str]


class QueueSetup(Setup, frozen=True, kw_only=True):
    """One queue with all its rules. Durations in seconds, levels 1 to 10 (10 is best). `steps` and `options` are
    those of docs/routing.md."""

    id: str
    name: dict[str, str]
    position: int = 0  # order on pages
    skills: dict[str, int] = {}
    strategy: str = "longest_idle"
    ring_timeout_s: float = 20.0
    wrap_up_s: float = 15.0
    service_level_s: float = 20.0
    service_level_target: float = 0.8
    short_abandon_s: float = 5.0
    max_waiting: int | None = None
    max_wait_s: float | None = None
    priority_s: float = 0.0
    music: str = "default"
    record: bool = True
    announce_agent: bool = True
    options: dict[str, Any] = {}
    steps: tuple[dict[str, Any], ...] = ()


class AgentSetup(Setup, frozen=True, kw_only=True):
    """A person who answers calls; retired ones are kept, since calls refer to them."""

    id: int
    number: str  # 工号
    name: str
    extension: str  # SIP account of the phone
    team: str | None = None
    user_id: int | None = None
    auto_answer: bool = False
    webrtc: bool = False
    skills: dict[str, int] = {}
    options: dict[str, Any] = {}
    retired: bool = False


class ReasonCodeSetup(Setup, frozen=True, kw_only=True):
    code: str
    presence: Literal["break", "training"]
    name: dict[str, str]
    limit_s: float | None = None
    position: int = 0


class DispositionSetup(Setup, frozen=True, kw_only=True):
    code: str
    name: dict[str, str]
    position: int = 0


class UserSetup(Setup, frozen=True, kw_only=True):
    """Somebody who may sign in; never deleted, only disabled: the audit log refers to them."""

    id: int
    login: str
    name: str
    role: Role
    team: str | None = None
    language: str = "zh-CN"
    disabled: bool = False


class RoutingSetup(Setup, frozen=True, kw_only=True):
    """What holds for routing in the whole centre: cool-downs, misses, what a freed agent takes."""

    id: Literal["routing"] = "routing"
    options: dict[str, Any] = {}


AnySetup = RoutingSetup | WordSetup | QueueSetup | AgentSetup | ReasonCodeSetup | DispositionSetup | UserSetup
S = TypeVar("S", bound=Setup)


class Configured(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at one instant, by id or code."""

    queues: dict[str, QueueSetup] = {}
    skills: dict[str, WordSetup] = {}
    teams: dict[str, WordSetup] = {}
    agents: dict[int, AgentSetup] = {}
    reason_codes: dict[str, ReasonCodeSetup] = {}
    dispositions: dict[str, DispositionSetup] = {}
    users: dict[int, UserSetup] = {}
    routing: dict[str, RoutingSetup] = {}  # one, called "routing"


PLACES: Mapping[Kind, str] = {
    "queue": "queues",
    "skill": "skills",
    "team": "teams",
    "agent": "agents",
    "reason_code": "reason_codes",
    "disposition": "dispositions",
    "user": "users",
    "routing": "routing",
}


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """`secret` is never shown or audited: a phone's password, or the hash of a user's."""

    kind: Kind
    before: AnySetup | None
    after: AnySetup | None
    secret: str | None = None

    @property
    def id(self) -> str | int:
        """0: a new agent or user, whose number the database gives."""
        told = self.after if self.after is not None else self.before
        return key_of(told) if told is not None else ""

    def audited(self) -> tuple[str, dict[str, object]]:
        """The action, and what it changed: fields with before and after."""
        before, after = _shown(self.before), _shown(self.after)
        detail: dict[str, object] = {
            "before": {name: value for name, value in before.items() if after.get(name, ...) != value},
            "after": {name: value for name, value in after.items() if before.get(name, ...) != value},
        }
        if self.secret is not None and self.before is not None:
            detail["renewed"] = "password"
        word = "deleted" if self.after is None else "created" if self.before is None else "changed"
        return f"{self.kind}.{word}", detail


class WrongValue(Rejected):
    """A value that can't be; `field` is its place in the object: ("steps", 0, "after_s")."""

    def __init__(self, field: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.field = field


class VersionConflict(Rejected):
    """Somebody else was faster: `current` is what stands there now, None where it is gone."""

    def __init__(self, kind: Kind, key: str | int, current: AnySetup | None) -> None:
        super().__init__(f"{kind} {key} has been changed meanwhile", hint="look at it again")
        self.kind: Kind = kind
        self.key = key
        self.current = current


class StillUsed(Rejected):
    """`uses`: (kind, id) of what would break."""

    def __init__(self, uses: list[tuple[str, str]]) -> None:
        super().__init__("still used by " + ", ".join(f"{kind} {name}" for kind, name in uses))
        self.uses = uses


def key_of(setup: AnySetup) -> str | int:
    return setup.code if isinstance(setup, ReasonCodeSetup | DispositionSetup) else setup.id


def versioned(setup: S) -> S:
    """The same with its version filled in."""
    content = msgspec.json.encode(_shown(setup), order="deterministic")
    return msgspec.structs.replace(setup, version=hashlib.sha256(content).hexdigest()[:16])


def check_version(kind: Kind, key: str | int, current: AnySetup | None, version: str | None) -> None:
    """`version` None: it must not exist yet. Raises VersionConflict."""
    if (current.version if current is not None else None) != version:
        raise VersionConflict(kind, key, current)


def applied(configured: Configured, change: Change) -> Configured:
    """The configuration as it would be."""
    place = PLACES[change.kind]
    objects: dict[str | int, AnySetup] = dict(getattr(configured, place))
    if change.before is not None:
        objects.pop(key_of(change.before), None)
    if change.after is not None:
        objects[key_of(change.after)] = change.after
    return msgspec.structs.replace(configured, **{place: objects})


def uses(configured: Configured, kind: Kind, key: str) -> list[tuple[str, str]]:
    """Who would miss this skill, team or queue."""
    if kind == "skill":
        queues = [("queue", q.id) for q in configured.queues.values() if key in _named(q)]
        return queues + [("agent", a.number) for a in configured.agents.values() if key in a.skills]
    if kind == "team":
        agents = [("agent", a.number) for a in configured.agents.values() if a.team == key]
        users = [("user", u.login) for u in configured.users.values() if u.team == key]
        return agents + users + [("queue", q.id) for q in configured.queues.values() if key in _groups(q)]
    if kind == "queue":
        queues = [("queue", q.id) for q in configured.queues.values() if q.id != key and key in _targets(q)]
        return queues + [("agent", a.number) for a in configured.agents.values() if key in _served(a)]
    return []


def directory_of(configured: Configured) -> Directory:
    """As routing would have it, without the phones' passwords."""
    return Directory(
        agents=tuple(
            Agent(
                id=agent.id, number=agent.number, name=agent.name, extension=agent.extension, sip_password="",
                skills=agent.skills, team=agent.team, user_id=agent.user_id, options=agent.options,
            )
            for agent in configured.agents.values() if not agent.retired
        ),
        queues=tuple(directory_queue(queue) for queue in configured.queues.values()),
        skills={skill.id: skill.name for skill in configured.skills.values()},
        teams={team.id: team.name for team in configured.teams.values()},
        reason_codes=tuple(
            ReasonCode(code=r.code, presence=r.presence, name=r.name, limit_s=r.limit_s)
            for r in configured.reason_codes.values()
        ),
        dispositions=tuple(Disposition(code=d.code, name=d.name) for d in configured.dispositions.values()),
        routing=next((routing.options for routing in configured.routing.values()), dict[str, Any]()),
    )  # fmt: skip


def directory_queue(queue: QueueSetup) -> Queue:
    steps: dict[str, object] = {"steps": list(queue.steps)} if queue.steps else {}
    plain = {name: getattr(queue, name) for name in Queue.__struct_fields__ if name != "options"}
    return Queue(**plain, options={**queue.options, **steps})


def check_references(configured: Configured, change: Change) -> None:
    """What the object names must exist, what is one person's must not be another's. Raises WrongValue."""
    match change.after:
        case AgentSetup() as agent:
            _check_agent(configured, agent)
        case UserSetup() as user:
            _check_team(configured, user.team)
            others = [u for u in configured.users.values() if u.id != user.id]
            if any(u.login == user.login for u in others):
                raise WrongValue(("login",), "there is a user with this login already")
            if not any(u.role == "admin" and not u.disabled for u in configured.users.values()):
                raise WrongValue(("role",), "nobody would be left who may administer")
        case QueueSetup() as queue:
            _check_skills(configured, queue.skills)
        case _:
            pass


def _check_agent(configured: Configured, agent: AgentSetup) -> None:
    _check_team(configured, agent.team)
    _check_skills(configured, agent.skills)
    if agent.user_id is not None and agent.user_id not in configured.users:
        raise WrongValue(("user_id",), "there is no such user")
    others = [other for other in configured.agents.values() if other.id != agent.id]
    for field in ("number", "extension"):
        taken = next((other for other in others if getattr(other, field) == getattr(agent, field)), None)
        if taken is not None:
            retired = " (retired)" if taken.retired else ""
            raise WrongValue((field,), f"belongs to {taken.number} {taken.name}{retired}")
    if agent.user_id is not None:
        taken = next((other for other in others if other.user_id == agent.user_id), None)
        if taken is not None:
            raise WrongValue(("user_id",), f"this user is linked to {taken.number} {taken.name} already")


def _check_team(configured: Configured, team: str | None) -> None:
    if team is not None and team not in configured.teams:
        raise WrongValue(("team",), f"there is no team {team!r}")


def _check_skills(configured: Configured, skills: Mapping[str, int]) -> None:
    for skill in skills:
        if skill not in configured.skills:
            raise WrongValue(("skills", skill), f"there is no skill {skill!r}")


def _shown(setup: Setup | None) -> dict[str, object]:
    """As plain data, without the version."""
    if setup is None:
        return {}
    shown: dict[str, object] = msgspec.json.decode(msgspec.json.encode(setup))
    return {name: value for name, value in shown.items() if name != "version"}


def _named(queue: QueueSetup) -> set[str]:
    """All words in the queue's rules; a word that only looks like a skill keeps it from being deleted, no more."""
    found = set(queue.skills)
    _collect([queue.options, list(queue.steps)], found)
    return found


def _groups(queue: QueueSetup) -> set[str]:
    found: set[str] = set()
    _collect([queue.options.get("groups"), [step.get("add_groups") for step in queue.steps]], found)
    return found


def _served(agent: AgentSetup) -> set[str]:
    found: set[str] = set()
    _collect(agent.options.get("queues"), found)
    return found


def _targets(queue: QueueSetup) -> set[str]:
    found: set[str] = set()
    _collect(queue.options.get("overflow"), found)
    return found


def _collect(value: object, found: set[str]) -> None:
    """All words in JSON of any shape."""
    match value:
        case str():
            found.update(re.findall(r"[\w.-]+", value))
        case dict():
            for key, item in cast("dict[str, object]", value).items():
                _collect(key, found)
                _collect(item, found)
        case list() | tuple():
            for item in cast("list[object]", value):
                _collect(item, found)
        case _:
            pass
