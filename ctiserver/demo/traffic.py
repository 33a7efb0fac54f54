"""Simulated callers and agents with real SIP phones, for `make demo` and for tests of the whole.

    plan = TrafficPlan(sip_host="127.0.0.1", sip_port=5060, dids=("96100",), agents=(("1001", password),), calls=20)
    summary = await run_traffic(plan, report, agents_registered=sign_agents_in)

The phones know nothing of the daemon: what they report can be compared with what the daemon recorded.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace

import structlog

from ctiserver.demo import traffic_plan
from ctiserver.demo.phones import PhoneCall, SipPhones
from ctiserver.demo.simulated_agent import SimulatedAgent
from ctiserver.demo.simulated_caller import SimulatedCaller
from ctiserver.demo.traffic_plan import TrafficPlan
from ctiserver.demo.traffic_report import CallRow, TrafficEvent, TrafficEventKind, TrafficSummary

__all__ = ["CallRow", "Report", "Traffic", "TrafficEvent", "TrafficPlan", "TrafficSummary", "run_traffic"]

Report = Callable[[TrafficEvent], None]
AgentsRegistered = Callable[[], Awaitable[None]]

LAST_CALLS_END_S = 10.0

log = structlog.get_logger()


async def run_traffic(
    plan: TrafficPlan, report: Report, *, agents_registered: AgentsRegistered | None = None
) -> TrafficSummary:
    """Run the whole plan. `agents_registered` is awaited between the last registration and the first call: sign the
    agents in there. Cancellation ends all calls, registrations and processes before it is passed on.

    Raises RegistrationRefused, or an ExceptionGroup with PhoneProcessDied.
    """
    traffic = Traffic(plan, report)
    await traffic.run(agents_registered)
    return traffic.summary()


class Traffic:
    """One run of a plan; `summary` can be asked for at any time, also after a cancelled run."""

    def __init__(self, plan: TrafficPlan, report: Report) -> None:
        self._plan = plan
        self._report = report
        self._rows: list[CallRow] = []
        self._agents: dict[str, SimulatedAgent] = {}
        self._calling: dict[str, SimulatedCaller] = {}

    def summary(self) -> TrafficSummary:
        """Of the calls that have ended."""
        return TrafficSummary.of(self._rows)

    async def run(self, agents_registered: AgentsRegistered | None = None) -> None:
        """See `run_traffic`."""
        async with SipPhones(self._plan.sip_address, folder=self._plan.recordings) as phones:
            for index, (number, password) in enumerate(self._plan.agents):
                await self._register(phones, index, number, password)
            if agents_registered is not None:
                await agents_registered()
            async with self._agents_working():
                await self._call(phones)
                for agent in self._agents.values():
                    with contextlib.suppress(TimeoutError):  # closing the phones will end it
                        await agent.idle(LAST_CALLS_END_S)

    async def _register(self, phones: SipPhones, index: int, number: str, password: str) -> None:
        tone_hz = traffic_plan.agent_tone(index)
        speech = traffic_plan.agent_speech(self._plan, index)
        phone = await phones.register(number, password, tone_hz=tone_hz, speech=speech)
        self._agents[number] = SimulatedAgent(phone, tone_hz, traffic_plan.rings(self._plan, number))
        self._tell("agent_registered", agent=number)

    @contextlib.asynccontextmanager
    async def _agents_working(self) -> AsyncGenerator[None]:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(agent.work(self._agent_rings, self._agent_answered), name=f"agent {agent.number}")
                for agent in self._agents.values()
            ]
            yield
            for task in tasks:
                task.cancel()

    async def _call(self, phones: SipPhones) -> None:
        async with asyncio.TaskGroup() as group:
            due = time.monotonic()
            for index, script in enumerate(traffic_plan.callers(self._plan)):
                due += script.gap_s
                await asyncio.sleep(due - time.monotonic())
                number = traffic_plan.free_number(index, script.number, self._calling)
                caller = SimulatedCaller(replace(script, number=number), self._agents, self._report)
                self._calling[number] = caller
                group.create_task(self._one_call(caller, phones), name=f"caller {index}")

    async def _one_call(self, caller: SimulatedCaller, phones: SipPhones) -> None:
        try:
            self._rows.append(await caller.run(phones, self._plan.sip_address))
        finally:
            del self._calling[caller.script.number]

    def _agent_rings(self, agent: SimulatedAgent, call: PhoneCall) -> None:
        self._tell("agent_rings", call.number, agent.number)

    def _agent_answered(self, agent: SimulatedAgent, call: PhoneCall) -> None:
        caller = self._calling.get(call.number)
        if caller is None:
            log.info("agent_answered_unknown_caller", agent=agent.number)
            return
        caller.agent_answered(agent)

    def _tell(self, kind: TrafficEventKind, caller_number: str = "", agent: str = "") -> None:
        self._report(TrafficEvent(kind, at=time.monotonic(), caller_number=caller_number, agent=agent))
