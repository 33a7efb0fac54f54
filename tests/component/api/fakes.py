"""A small centre and a small store behind the real HTTP application; both keep what was asked of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from ctiserver.call.events import CallInput
from ctiserver.call.parties import AgentTarget, Dialled, FlowTarget, NumberTarget, QueueTarget
from ctiserver.call.screen_pop import LastContact, ScreenPop
from ctiserver.call.watching import Mode, Watch
from ctiserver.call.words import EndedBy, Presence
from ctiserver.configured import (
    PLACES,
    AgentSetup,
    AnySetup,
    Change,
    Configured,
    Kind,
    QueueSetup,
    RoutingSetup,
    UserSetup,
    WordSetup,
    applied,
    versioned,
)
from ctiserver.directory import Agent, Directory, Disposition, Queue, ReasonCode, Role
from ctiserver.errors import DatabaseAwayError, Rejected
from ctiserver.live.explanation import CandidateView, ExplanationView, ObstacleCount
from ctiserver.live.views import AgentView, CentreSnapshot, ComponentHealth, LiveCallView, QueueView, TotalsView
from ctiserver.store.audit import Actor
from ctiserver.store.configuration import LastChange
from ctiserver.store.rows import (
    AgentName,
    CallDetails,
    CallFilter,
    CallPage,
    CallRow,
    CustomerDetails,
    CustomerName,
    CustomerRow,
    DecisionRow,
    RecordingLength,
    RecordingPage,
    RecordingRow,
    UserRow,
)

CALLER = "13800138000"
OTHER_CALLER = "13911112222"
PASSWORD = "correct horse"


class ManualClock:
    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.time = now

    def now(self) -> float:
        return self.time


def agent_view(agent_id: int, **changes: Any) -> AgentView:
    view = AgentView(
        id=agent_id,
        number=f"100{agent_id}",
        name=f"Agent {agent_id}",
        extension=f"100{agent_id}",
        team=None,
        skills={"service": 5},
        presence="ready",
        reason="",
        presence_since=1.0,
        pending_presence=None,
        activity="idle",
        activity_since=1.0,
        phone="reachable",
        call_id="",
        queue_id="",
        wrap_up_until=None,
        answered_today=0,
        missed_today=0,
        talk_s_today=0.0,
    )
    return msgspec.structs.replace(view, **changes)


def queue_view(queue_id: str = "repairs", **changes: Any) -> QueueView:
    view = QueueView(
        id=queue_id,
        name={"zh-CN": "报修", "en": "Repairs"},
        waiting=0,
        longest_wait_since=None,
        offered=0,
        answered=0,
        abandoned=0,
        abandoned_short=0,
        overflowed=0,
        answered_within=0,
        abandoned_within=0,
        service_level=None,
        service_level_s=20.0,
        service_level_target=0.8,
        average_answer_s=None,
        agents_signed_in=0,
        agents_ready=0,
        expected_wait_s=None,
    )
    return msgspec.structs.replace(view, **changes)


def call_view(call_id: str, **changes: Any) -> LiveCallView:
    view = LiveCallView(
        id=call_id,
        dialled="96100",
        caller_number=CALLER,
        caller_name="",
        customer_name="",
        phase="waiting",
        phase_since=1.0,
        started_at=1.0,
        node="",
        queue_id="repairs",
        queued_at=1.0,
        position=1,
        agent_id=None,
        held=False,
        direction="inbound",
        held_by=(),
        agent_muted=False,
        caller_muted=False,
        caller_present=True,
        priority_s=0.0,
        parties=(),
        consult=None,
        recording="off",
        recording_paused_at=None,
        transfer_to="",
    )
    return msgspec.structs.replace(view, **changes)


def totals_view(**changes: Any) -> TotalsView:
    view = TotalsView(
        waiting=0,
        longest_wait_since=None,
        live_calls=0,
        offered=0,
        answered=0,
        abandoned=0,
        service_level=None,
        average_answer_s=None,
        agents={"ready": 2},
        traffic=(),
    )
    return msgspec.structs.replace(view, **changes)


def screen_pop(agent_id: int, call_id: str = "c1") -> ScreenPop:
    return ScreenPop(
        call_id=call_id,
        offer_id="o1",
        agent_id=agent_id,
        state="ringing",
        since=1.0,
        dialled="96100",
        queue_id="repairs",
        waited_s=3.0,
        caller_number=CALLER,
        caller_name="",
        region={"zh-CN": "北京市", "en": "Beijing"},
        identified="done",
        matches=0,
        customer=None,
        outside=(),
        path=(),
        entered=(),
        last_contacts=(),
    )


class FakeControls:
    """Accepts everything; keeps what was given."""

    def __init__(self, commands: list[tuple[Any, ...]]) -> None:
        self._commands = commands

    def give(self, call_id: str, event: CallInput, *, always: bool = False) -> None:
        self._commands.append(("give", call_id, event))

    def agent(self, agent_id: int, *, free: bool = True) -> AgentTarget:
        number = str(1000 + agent_id)
        return AgentTarget(agent_id=agent_id, number=number, name="", endpoint=f"PJSIP/{number}")

    def queue(self, queue_id: str, priority_s: float | None) -> QueueTarget:
        return QueueTarget(queue_id=queue_id, priority_s=priority_s)

    def flow(self, flow: str, *, come_back: bool) -> FlowTarget:
        return FlowTarget(flow=flow, come_back=come_back)

    def number(self, number: str, *, shown: str = "") -> NumberTarget:
        return NumberTarget(number=number, endpoint=f"PJSIP/{number}@trunk")

    def dial(self, agent_id: int, target: Dialled | None, user_id: int | None) -> str:
        self._commands.append(("dial", agent_id, target))
        return "n1-a1-1"


class FakeSupervision:
    def __init__(self, commands: list[tuple[Any, ...]]) -> None:
        self._commands = commands
        self.watching = [Watch(id="w1", agent_id=1, endpoint="PJSIP/1002", supervisor="supervisor")]

    def watches(self) -> list[Watch]:
        return self.watching

    def begin(self, agent_id: int, endpoint: str, supervisor: str, mode: Mode) -> str:
        self._commands.append(("watch", agent_id, endpoint, mode))
        return "w1"

    def change(self, ident: str, mode: Mode) -> None:
        self._commands.append(("watch_mode", ident, mode))

    def end(self, ident: str) -> None:
        self._commands.append(("watch_end", ident))


class FakeFloor:
    def __init__(self, commands: list[tuple[Any, ...]]) -> None:
        self._commands = commands

    def ask_help(self, agent_id: int, call_id: str, text: str) -> None:
        self._commands.append(("ask_help", agent_id, call_id, text))

    def answer_help(self, agent_id: int, by: str) -> None:
        self._commands.append(("answer_help", agent_id, by))

    def end_help(self, agent_id: int) -> None:
        self._commands.append(("end_help", agent_id))


class FakeCentre:
    """Two agents; agent 1 talks in call c1, call c2 waits. Commands are kept in `commands`."""

    def __init__(self) -> None:
        agents = tuple(
            Agent(
                id=i, number=f"100{i}", name=f"Agent {i}", extension=f"100{i}", sip_password="x", skills={}, user_id=i
            )
            for i in (1, 2)
        )
        self.directory = Directory(
            agents=agents,
            queues=(Queue(id="repairs", name={"zh-CN": "报修", "en": "Repairs"}, skills={"service": 1}),),
            skills={"service": {"zh-CN": "服务", "en": "Service"}},
            teams={"service_1": {"zh-CN": "客服一组", "en": "Service team 1"}},
            reason_codes=(ReasonCode(code="lunch", presence="break", name={"zh-CN": "用餐", "en": "Lunch"}),),
            dispositions=(Disposition(code="fault", name={"zh-CN": "报修", "en": "Fault"}),),
        )
        self.views = [agent_view(1, activity="talking", call_id="c1"), agent_view(2)]
        self.live = [call_view("c1", agent_id=1, phase="talking"), call_view("c2", caller_number=OTHER_CALLER)]
        self.parts = [ComponentHealth(name="asterisk-ari", ready=True, detail="")]
        self.commands: list[tuple[Any, ...]] = []
        self.controls = FakeControls(self.commands)
        self.supervision = FakeSupervision(self.commands)
        self.floor = FakeFloor(self.commands)
        self.measured = 0

    def agents(self) -> list[AgentView]:
        return self.views

    def queues(self) -> list[QueueView]:
        return [queue_view()]

    def calls(self) -> list[LiveCallView]:
        return self.live

    def totals(self) -> TotalsView:
        return totals_view()

    def pop(self, agent_id: int) -> ScreenPop | None:
        return screen_pop(1) if agent_id == 1 else None

    def snapshot(self, agent_id: int | None) -> CentreSnapshot:
        return CentreSnapshot(
            now=1.0,
            agents=tuple(self.views),
            queues=tuple(self.queues()),
            calls=tuple(self.live),
            totals=self.totals(),
            pop=self.pop(agent_id) if agent_id else None,
        )

    def measure(self) -> None:
        self.measured += 1

    def components(self) -> list[ComponentHealth]:
        return self.parts

    def broadcast(self, text: str, by: str, team: str | None) -> None:
        self.commands.append(("broadcast", text, by, team))

    def choose_presence(self, agent_id: int, presence: Presence, reason: str, by: str) -> None:
        self.commands.append(("choose_presence", agent_id, presence, reason, by))

    def finish_wrap_up(self, agent_id: int) -> None:
        self.commands.append(("finish_wrap_up", agent_id))

    def extend_wrap_up(self, agent_id: int, seconds: float) -> None:
        self.commands.append(("extend_wrap_up", agent_id, seconds))

    def choose_disposition(self, agent_id: int, call_id: str, code: str, note: str) -> None:
        self.commands.append(("choose_disposition", agent_id, call_id, code, note))

    def hang_up(self, call_id: str, by: EndedBy, user_id: int | None) -> None:
        self.commands.append(("hang_up", call_id, by, user_id))

    def explain(self, call_id: str) -> ExplanationView:
        if call_id not in ("c1", "c2"):
            raise Rejected("no such call")
        return ExplanationView(
            outcome="waiting",
            queue_id="repairs",
            position=1,
            step=0,
            wanted="service >= 1",
            groups=(),
            next_step_at=None,
            expected_wait_s=30.0,
            expected_wait_p90_s=60.0,
            agents=(),
            candidates=(CandidateView(agent_id=1, number="1001", name="王芳", level=5, obstacle="talking"),),
            obstacles=(ObstacleCount(obstacle="talking", agents=1),),
            missing=(ObstacleCount(obstacle="lacks_skill", agents=1),),
        )


def user(user_id: int, login: str, role: Role, agent_id: int | None = None) -> UserRow:
    return UserRow(id=user_id, login=login, name=login, role=role, language="zh-CN", team=None, agent_id=agent_id)


class FakeStore:
    """Users, calls, recordings, customers and audit in one; `away` makes Postgres be away."""

    def __init__(self) -> None:
        self.people = {
            "1001": user(1, "1001", "agent", 1),
            "1002": user(2, "1002", "agent", 2),
            "supervisor": user(11, "supervisor", "supervisor"),
            "ops": user(12, "ops", "ops"),
            "admin": user(13, "admin", "admin"),
            "dispatcher": user(14, "dispatcher", "dispatcher"),
            "field": user(15, "field", "field"),
        }
        self.sessions: dict[str, str] = {}
        self.keys = {"machine-key": "supervisor"}
        self.audited: list[tuple[Any, ...]] = []
        self.asked: list[CallFilter] = []
        self.away = False
        self.opened = 0

    def reach(self) -> None:
        if self.away:
            raise DatabaseAwayError("Postgres can't be reached")


class FakeUsers:
    def __init__(self, store: FakeStore) -> None:
        self.store = store

    async def sign_in(self, login: str, password: str) -> UserRow | None:
        self.store.reach()
        return self.store.people.get(login) if password == PASSWORD else None

    async def open_session(self, user_id: int, *, lasts_s: float, address: str, browser: str) -> str:
        self.store.reach()
        self.store.opened += 1
        token = f"token-{self.store.opened}-of-{user_id}"
        self.store.sessions[token] = next(p.login for p in self.store.people.values() if p.id == user_id)
        return token

    async def session_user(self, token: str) -> UserRow | None:
        self.store.reach()
        return self.store.people.get(self.store.sessions.get(token, ""))

    async def close_session(self, token: str) -> None:
        self.store.reach()
        self.store.sessions.pop(token, None)

    async def set_language(self, user_id: int, language: str) -> None:
        self.store.reach()
        for login, person in self.store.people.items():
            if person.id == user_id:
                self.store.people[login] = msgspec.structs.replace(person, language=language)

    async def api_key_user(self, key: str) -> UserRow | None:
        self.store.reach()
        return self.store.people.get(self.store.keys.get(key, ""))


def call_row(call_id: str, agent_id: int, number: str) -> CallRow:
    return CallRow(
        id=call_id,
        started_at=1.0,
        ended_at=2.0,
        dialled="96100",
        caller_number=number,
        caller_name="",
        customer=CustomerName(id=1, name="王芳"),
        queue_id="repairs",
        agent=AgentName(id=agent_id, number=f"100{agent_id}", name=f"Agent {agent_id}"),
        outcome="answered",
        ended_by="caller",
        waited_ms=1,
        ring_ms=1,
        talk_ms=1,
        hold_ms=0,
        disposition="",
        recordings=(RecordingLength(id=f"{call_id}.r1", duration_ms=1),),
    )


def recording_row(call_id: str, agent_id: int, number: str) -> RecordingRow:
    return RecordingRow(
        id=f"{call_id}.r1",
        call_id=call_id,
        started_at=1.0,
        duration_ms=1000,
        size_bytes=100,
        status="stored",
        agent=AgentName(id=agent_id, number=f"100{agent_id}", name=f"Agent {agent_id}"),
        queue_id="repairs",
        caller_number=number,
    )


class FakeCalls:
    def __init__(self, store: FakeStore) -> None:
        self.store = store
        self.rows = [call_row("c1", 1, CALLER), call_row("c9", 2, OTHER_CALLER)]

    async def search(self, wanted: CallFilter) -> CallPage:
        self.store.reach()
        self.store.asked.append(wanted)
        return CallPage(items=tuple(self.rows), total=2, page=wanted.page, page_size=wanted.page_size)

    async def details(self, call_id: str) -> CallDetails | None:
        self.store.reach()
        row = next((row for row in self.rows if row.id == call_id), None)
        if row is None:
            return None
        values = msgspec.structs.asdict(row)
        agent_id = row.agent.id if row.agent else 0
        values["recordings"] = (recording_row(row.id, agent_id, row.caller_number),)
        return CallDetails(**values, segments=(), offers=(), path=(), inputs=())

    async def set_hold(self, call_id: str, reason: str, by: str) -> bool:
        self.store.reach()
        return any(row.id == call_id for row in self.rows)

    async def lift_hold(self, call_id: str) -> bool:
        self.store.reach()
        return any(row.id == call_id for row in self.rows)

    async def decisions(self, call_id: str) -> list[DecisionRow]:
        self.store.reach()
        agent = AgentName(id=1, number="1001", name="王芳")
        params: dict[str, str | int | float | bool] = {"strategy": "longest_idle", "step": 0, "idle_s": 12.5}
        return [DecisionRow(at=1.0, decision="offered", agent=agent, queue_id="repairs", reason="", params=params)]


class FakeRecordings:
    def __init__(self, store: FakeStore) -> None:
        self.store = store
        self.paths: dict[str, Path] = {}

    async def search(self, wanted: CallFilter) -> RecordingPage:
        self.store.reach()
        self.store.asked.append(wanted)
        rows = [recording_row("c1", 1, CALLER), recording_row("c9", 2, OTHER_CALLER)]
        items = tuple(r for r in rows if wanted.agent_id is None or (r.agent and r.agent.id == wanted.agent_id))
        return RecordingPage(items=items, total=len(items), page=wanted.page, page_size=wanted.page_size)

    async def find(self, recording_id: str) -> tuple[RecordingRow, Path] | None:
        self.store.reach()
        path = self.paths.get(recording_id)
        return (recording_row("c1", 1, CALLER), path) if path else None


class FakeCustomers:
    def __init__(self, store: FakeStore) -> None:
        self.store = store

    async def search(self, text: str, limit: int) -> list[CustomerRow]:
        self.store.reach()
        return [CustomerRow(id=1, name="王芳", customer_number="100", meter_number="", address="", tags=())]

    async def details(self, customer_id: int) -> CustomerDetails | None:
        self.store.reach()
        if customer_id != 1:
            return None
        return CustomerDetails(
            id=1,
            name="王芳",
            customer_number="100",
            meter_number="",
            address="",
            tags=("vip",),
            numbers=(CALLER,),
            notes="",
            last_contacts=(LastContact(call_id="c1", at=1.0),),
        )


class FakeAudit:
    def __init__(self, store: FakeStore) -> None:
        self.store = store

    async def record(
        self, user_id: int | None, action: str, subject: str, detail: dict[str, Any], address: str
    ) -> None:
        self.store.reach()
        self.store.audited.append((user_id, action, subject, detail))


def first_configuration() -> Configured:
    """One queue that asks for one of two skills; one agent in a team, one in none; the users of FakeStore."""
    store = FakeStore()
    return Configured(
        queues={"repairs": versioned(QueueSetup(id="repairs", name={"zh-CN": "报修"}, skills={"service": 3}))},
        skills={
            "service": versioned(WordSetup(id="service", name={"zh-CN": "服务"})),
            "bills": versioned(WordSetup(id="bills", name={"zh-CN": "账单"})),
        },
        teams={"team_1": versioned(WordSetup(id="team_1", name={"zh-CN": "一组"}))},
        agents={
            1: versioned(
                AgentSetup(id=1, number="1001", name="王芳", extension="1001", team="team_1", skills={"service": 5})
            ),
            2: versioned(AgentSetup(id=2, number="1002", name="李娜", extension="1002")),
        },
        users={
            person.id: versioned(UserSetup(id=person.id, login=person.login, name=person.name, role=person.role))
            for person in store.people.values()
        },
        routing={"routing": versioned(RoutingSetup())},
    )


class FakeConfiguration:
    """Kept in memory, changed by the same rules; `changes` are all that were made, with their actors."""

    def __init__(self, store: FakeStore) -> None:
        self.store = store
        self.configured = first_configuration()
        self.changes: list[tuple[str, Change]] = []

    async def read(self) -> Configured:
        self.store.reach()
        return self.configured

    async def change(self, edit: Callable[[Configured], Change], by: Actor) -> AnySetup | None:
        self.store.reach()
        change = edit(self.configured)
        after = change.after
        if isinstance(after, AgentSetup | UserSetup) and not after.id:
            after = msgspec.structs.replace(after, id=max(getattr(self.configured, PLACES[change.kind])) + 1)
        if after is not None:
            after = versioned(after)
        self.configured = applied(self.configured, msgspec.structs.replace(change, after=after))
        self.changes.append((by.login, change))
        return after

    async def history(self, kind: Kind, key: str | int) -> list[LastChange]:
        self.store.reach()
        found = [(by, c) for by, c in self.changes if c.kind == kind and c.id == key]
        return [LastChange(actor=by, at=1.0, action=c.audited()[0], detail=c.audited()[1]) for by, c in found[::-1]]


async def fake_hash(password: str) -> str:
    return f"hash of {len(password)} characters"
