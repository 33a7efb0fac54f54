"""A small centre behind the real HTTP application; it keeps what it was asked to do."""

from __future__ import annotations

from typing import Any

from ctiserver.call.events import CallInput
from ctiserver.call.parties import AgentTarget, Dialled, FlowTarget, NumberTarget, QueueTarget
from ctiserver.call.screen_pop import ScreenPop
from ctiserver.call.watching import Mode, Watch
from ctiserver.call.words import EndedBy, Presence
from ctiserver.directory import Agent, Directory, Disposition, Queue, ReasonCode
from ctiserver.errors import Rejected
from ctiserver.live.explanation import CandidateView, ExplanationView, ObstacleCount
from ctiserver.live.views import AgentView, CentreSnapshot, ComponentHealth, LiveCallView, QueueView, TotalsView
from tests.component.api.example_views import OTHER_CALLER, agent_view, call_view, queue_view, screen_pop, totals_view


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
