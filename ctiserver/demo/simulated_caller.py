"""A simulated caller: dials, listens to prompts, presses keys, waits for an agent, talks, hangs up, or gives up."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from ctiserver.demo.phones import CallEnded, NotHeard, PhoneCall, PhoneRefused, SipPhones
from ctiserver.demo.simulated_agent import SimulatedAgent
from ctiserver.demo.traffic_plan import CallerScript
from ctiserver.demo.traffic_report import CallRow, Outcome, TrafficEvent, TrafficEventKind

PICK_UP_S = 30.0  # for the hotline
PROMPT_S = 10.0  # before a key is pressed all the same
AGENT_LASTS_S = 0.8  # longer than a note of music
HEAR_AGENT_S = 10.0  # after the agent's phone was answered


class SimulatedCaller:
    """`answered_by` is set by whoever sees an agent's phone being answered for this caller."""

    def __init__(
        self, script: CallerScript, agents: Mapping[str, SimulatedAgent], report: Callable[[TrafficEvent], None]
    ):
        self.script = script
        self.answered_by = ""
        self._agents = agents
        self._report = report
        self._heard_agent = False
        self._keys_pressed = ""

    async def run(self, phones: SipPhones, sip_address: str) -> CallRow:
        """The whole call. Raises PhoneProcessDied."""
        started = datetime.now(UTC)
        script = self.script
        uri = f"sip:{script.did}@{sip_address}"
        try:
            call = await phones.call(
                uri,
                caller_number=script.number,
                caller_name=script.name,
                tone_hz=script.tone_hz,
                speech=script.speech,
            )
        except PhoneRefused as refused:
            return self._row(None, started, str(refused))
        self._tell("call_placed")
        with contextlib.suppress(CallEnded, PhoneRefused):  # refused: it was ending at that moment
            await self._converse(call)
        try:
            end = await call.hang_up()
            row = self._row(call, started, f"{end.code} {end.reason}")
        except TimeoutError:
            row = self._row(call, started, "no answer to our hang-up")
        self._tell("call_ended", row.outcome)
        return row

    def agent_answered(self, agent: SimulatedAgent) -> None:
        """The phone of `agent` was answered for this caller."""
        self.answered_by = agent.number
        self._tell("agent_answered")

    async def _converse(self, call: PhoneCall) -> None:
        """Return when it is this caller's turn to hang up. Raises CallEnded."""
        try:
            await call.wait_for("connected", PICK_UP_S)
        except TimeoutError:
            return
        self._tell("call_connected")
        try:
            async with asyncio.timeout(self.script.patience_s):
                await self._press_keys(call)
                await self._hear_agent(call, timeout=None)
        except TimeoutError:
            if not self.answered_by:
                return
            await self._hear_agent(call, HEAR_AGENT_S)
        await self._talk(call)

    async def _press_keys(self, call: PhoneCall) -> None:
        for key, pause_s in zip(self.script.keys, self.script.before_key_s, strict=True):
            with contextlib.suppress(NotHeard):
                await call.hears_sound(PROMPT_S, lasting=0.3)
            await _pass_time(call, pause_s)
            await call.dtmf(key)
            self._keys_pressed += key
            self._tell("key_pressed", key)

    async def _hear_agent(self, call: PhoneCall, timeout: float | None) -> None:  # noqa: ASYNC109 - passed on
        """Listen until the agent who answered is heard. Music may hold a note that resembles another agent's tone."""
        tones = sorted({agent.tone_hz for agent in self._agents.values()})
        if not tones:
            await call.wait_for("ended", timeout)
        while not self._heard_agent:
            answered = self._agents.get(self.answered_by)
            try:
                heard_hz = await call.hears_one_of([answered.tone_hz] if answered else tones, timeout, AGENT_LASTS_S)
            except NotHeard:
                if call.ended is not None:
                    raise CallEnded(f"{call!r} ended before an agent was heard") from None
                return
            if not self.answered_by:  # the caller's number was not shown to the agent's phone: go by ear
                possible = [agent for agent in self._agents.values() if agent.tone_hz == heard_hz and agent.current]
                self.answered_by = possible[0].number if len(possible) == 1 else ""
            agent = self._agents.get(self.answered_by)
            self._heard_agent = agent is not None and agent.tone_hz == heard_hz
        self._tell("agent_heard")

    async def _talk(self, call: PhoneCall) -> None:
        await _pass_time(call, self.script.talk_s)
        agent = self._agents.get(self.answered_by)
        if self.script.agent_ends and agent is not None:
            await agent.hang_up()
            with contextlib.suppress(TimeoutError):
                await call.wait_for("ended", PROMPT_S)  # a farewell may follow

    def _row(self, call: PhoneCall | None, started: datetime, cause: str) -> CallRow:
        agent = self._agents.get(self.answered_by)
        end = call.ended if call else None
        return CallRow(
            caller_number=self.script.number,
            caller_name=self.script.name,
            did=self.script.did,
            sip_call_id=call.sip_call_id if call else "",
            started=started,
            ended=datetime.now(UTC),
            outcome=self._outcome(call),
            connected=call is not None and call.event("connected") is not None,
            answered_by=self.answered_by,
            heard_agent=self._heard_agent,
            caller_tone_hz=self.script.tone_hz,
            agent_tone_hz=agent.tone_hz if agent else None,
            keys_pressed=self._keys_pressed,
            hung_up_by_caller=call is not None and call.hung_up_here,
            cause=cause,
            q850=end.q850 if end else 0,
        )

    def _outcome(self, call: PhoneCall | None) -> Outcome:
        if self.answered_by:
            return "talked"
        if call is not None and call.hung_up_here:
            return "abandoned"
        return "released" if call is not None and call.event("connected") else "failed"

    def _tell(self, kind: TrafficEventKind, detail: str = "") -> None:
        self._report(
            TrafficEvent(
                kind, at=time.monotonic(), caller_number=self.script.number, agent=self.answered_by, detail=detail
            )
        )


async def _pass_time(call: PhoneCall, seconds: float) -> None:
    """Let `seconds` pass. Raises CallEnded if the call ends meanwhile."""
    with contextlib.suppress(TimeoutError):
        await call.wait_for("ended", seconds)
        raise CallEnded(f"{call!r} was ended by the other side")
