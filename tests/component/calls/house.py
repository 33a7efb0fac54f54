"""A whole call centre for one test: the real live parts and the real Asterisk edge against the fake Asterisk.

Only what lies outside is played: the phones and callers (fake Asterisk), the store (a journal in memory that is durable
at once), the customers' table, the speech engine, the recordings folder.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from ctiserver.asterisk.telephony import AsteriskTelephony
from ctiserver.call.events import Fact, Step
from ctiserver.call.screen_pop import CustomerCard, KnownCaller
from ctiserver.channels.lookups.sources import PopCard
from ctiserver.config import OutboundSettings, OutsideSettings, Settings
from ctiserver.directory import Agent, Directory, Disposition, Queue, ReasonCode
from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.messages import Kept, Recorded, Spoken
from ctiserver.live.centre import ControlCentre, Parts
from ctiserver.live.feed import Feed
from ctiserver.live.flow_copies import FlowCopies
from ctiserver.live.flow_keeper import FlowKeeper
from ctiserver.live.recovery import Remembered, remember
from ctiserver.live.views import AgentView
from ctiserver.ports import LookupAnswer, LookupRequest, Recogniser
from ctiserver.store.message_files import MessageFiles
from tests.component.fake_asterisk import FakeAsterisk, LoopClock

FLOWS = Path(__file__).parent / "flows"
QUEUES = (
    Queue(id="service", name={"en": "Service"}, skills={"service": 1}, wrap_up_s=10.0, ring_timeout_s=15.0),
    Queue(id="repairs", name={"en": "Repairs"}, skills={"repairs": 5}, wrap_up_s=0.0, ring_timeout_s=15.0),
)
F = TypeVar("F", bound=Fact)


def agent(number: int, **skills: int) -> Agent:
    extension = str(1000 + number)
    return Agent(
        id=number, number=extension, name=f"坐席{number}", extension=extension, sip_password="s3cret", skills=skills
    )


@dataclass
class MemoryJournal:
    """Numbers steps and calls them durable in the next moment."""

    steps: list[Step] = field(default_factory=list[Step])
    listeners: list[Callable[[Sequence[Step]], None]] = field(default_factory=list[Callable[[Sequence[Step]], None]])

    def append(self, step: Step) -> None:
        self.steps.append(step)
        asyncio.get_running_loop().call_soon(self._tell, step)

    def on_durable(self, listener: Callable[[Sequence[Step]], None]) -> None:
        self.listeners.append(listener)

    def _tell(self, step: Step) -> None:
        for listener in self.listeners:
            listener((step,))


@dataclass
class KnownCustomers:
    """`slow_s` is how long the table takes to answer."""

    cards: dict[str, CustomerCard] = field(default_factory=dict[str, CustomerCard])
    slow_s: float = 0.0

    async def known(self, number: str, contacts: int) -> KnownCaller:
        await asyncio.sleep(self.slow_s)
        card = self.cards.get(number)
        return KnownCaller(card=card, matches=1 if card else 0)


@dataclass
class OutsideAnswers:
    """Outside systems: answers by path, after `slow_s`; any other path is not found."""

    answers: dict[str, LookupAnswer] = field(default_factory=dict[str, LookupAnswer])
    slow_s: float = 0.0
    asked: list[LookupRequest] = field(default_factory=list[LookupRequest])

    async def look_up(self, request: LookupRequest) -> LookupAnswer:
        self.asked.append(request)
        await asyncio.sleep(self.slow_s)
        return self.answers.get(request.path, LookupAnswer(outcome="not_found"))


class NamedPrompts:
    """Media named after their text, so that a test sees what is heard."""

    async def media(self, utterances: Sequence[object]) -> Sequence[str]:
        return [
            f"sound:{u.text if isinstance(u, Spoken) else u.prompt if isinstance(u, Recorded) else self.of_other(u)}"
            for u in utterances
        ]

    def of_other(self, utterance: object) -> str:
        return f"kept:{utterance.path}" if isinstance(utterance, Kept) else "?"


@dataclass
class KeptRecordings:
    """Says of each recording that it has the length that the fake's clock gives it."""

    seconds: float | None = None
    kept: list[str] = field(default_factory=list[str])

    async def keep(
        self, recording_id: str, raw: Path, at: float, labels: Mapping[str, str]
    ) -> tuple[str, int, int, str]:
        self.kept.append(recording_id)
        seconds = self.seconds if self.seconds is not None else 0.0
        return f"{recording_id}.wav", int(seconds * 1000), 44, "0" * 64


_built: dict[object, FlowSet] = {}


class OnceReadFlows(FlowKeeper):
    """Reads and checks the stories' own flows once per process instead of once per house: they never change."""

    def build(self, texts: Mapping[str, str]) -> FlowSet:
        if self._folder != FLOWS or self._calendars or self._holidays is not None:
            return super().build(texts)
        key = (tuple(sorted(texts.items())), self._queues)
        if key not in _built:
            _built[key] = super().build(texts)
        return _built[key]


OUTSIDE = OutsideSettings(allowed=["028*"], endpoint="PJSIP/{number}@trunk")


class House:
    """`async with House(fake, tmp_path, agents=…) as house`: connected when entered."""

    def __init__(
        self,
        fake: FakeAsterisk,
        folder: Path,
        *,
        agents: Sequence[Agent],
        queues: Sequence[Queue] = QUEUES,
        journal: MemoryJournal | None = None,
        prompts: NamedPrompts | None = None,
        routing: dict[str, object] | None = None,
        outside: OutsideSettings = OUTSIDE,
        flows: Path = FLOWS,
        recogniser: Recogniser | None = None,
    ) -> None:
        """`flows`: a folder; copies of what is in force stand below `folder`, as after `serve`."""
        self.fake = fake
        self.journal = journal or MemoryJournal()
        self.customers = KnownCustomers()
        self.outside = OutsideAnswers()
        self.pop_cards: tuple[PopCard, ...] = ()
        self.recordings = KeptRecordings()
        self.clock = LoopClock()
        self.feed = Feed(self.clock)
        self.telephony = AsteriskTelephony(fake.settings, documents=flows / "documents")
        self.directory = Directory(
            agents=tuple(agents),
            queues=tuple(queues),
            skills={"service": {}, "repairs": {}, "english": {}},
            teams={"reserve": {}},
            routing=routing or {},
            reason_codes=(ReasonCode(code="lunch", presence="break", name={}),),
            dispositions=(Disposition(code="done", name={}),),
        )
        self.folder = folder
        self._flows = flows
        self._recogniser = recogniser
        settings = Settings(
            asterisk=fake.settings,
            var=folder,
            outbound=OutboundSettings(shown_numbers=["96100"], calls_per_hour=3),
            outside=outside,
        )
        self.centre = ControlCentre(
            Parts(
                settings=settings,
                clock=self.clock,
                telephony=self.telephony,
                journal=self.journal,
                customers=self.customers,
                lookups=self.outside,
                pop_cards=lambda: self.pop_cards,
                prompts=prompts or NamedPrompts(),
                recordings=self.recordings,
                recogniser=recogniser,
                messages=MessageFiles(folder / "messages"),
                flows=OnceReadFlows(flows, frozenset(q.id for q in queues), copies=FlowCopies(folder / "flows")),
                directory=self.directory,
                feed=self.feed,
                region_of=lambda number: {"zh-CN": "北京市", "en": "Beijing"},
                health=list,
            )
        )

    async def __aenter__(self) -> House:
        await self.start(Remembered((), ()))
        return self

    async def start(self, remembered: Remembered) -> None:
        self.telephony.use_directory(self.directory)
        await self.telephony.start()
        self.centre.remember(remembered)
        self.centre.start()
        await self.fake.until_served()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """As kill -9 would leave Asterisk: nothing is hung up."""
        await self.centre.stop()
        await self.telephony.stop()

    async def restarted(self) -> House:
        """Killed, and another daemon in its place, which the caller of this stops."""
        await self.stop()
        again = House(
            self.fake,
            self.folder,
            agents=self.directory.agents,
            journal=self.journal,
            flows=self._flows,
            recogniser=self._recogniser,
        )
        await again.start(self.remembered())
        return again

    def remembered(self) -> Remembered:
        return remember(None, self.journal.steps)

    # people

    async def sign_in(self, *agent_ids: int) -> None:
        for agent_id in agent_ids:
            await self.fake.until(lambda a=agent_id: self.agent(a).phone == "reachable", f"phone of agent {agent_id}")
            self.centre.choose_presence(agent_id, "ready", "", "agent")

    def agent(self, agent_id: int) -> AgentView:
        return next(a for a in self.centre.agents() if a.id == agent_id)

    async def until_activity(self, agent_id: int, activity: str, within_s: float = 60) -> None:
        what = f"agent {agent_id} {activity} (is {self.agent(agent_id).activity})"
        await self.fake.until(lambda: self.agent(agent_id).activity == activity, what, within_s)

    def change_queue(self, queue_id: str, **fields: object) -> None:
        """As after an edit and SIGHUP."""
        queues = tuple(
            msgspec.structs.replace(queue, **fields) if queue.id == queue_id else queue
            for queue in self.centre.directory.queues
        )
        self.centre.use_directory(msgspec.structs.replace(self.centre.directory, queues=queues))

    # what was concluded

    def facts(self, kind: type[F]) -> list[F]:
        return [fact for step in self.journal.steps for fact in step.facts if isinstance(fact, kind)]

    async def until_fact(self, kind: type[F], count: int = 1, within_s: float = 60) -> F:
        await self.fake.until(lambda: len(self.facts(kind)) >= count, f"{count} × {kind.__name__}", within_s)
        return self.facts(kind)[count - 1]

    async def until_quiet(self) -> None:
        """No call, leg, bridge of a call, or playback is left, here or in Asterisk."""
        world = self.fake.world
        await self.fake.until(lambda: len(self.centre.registry) == 0, "no call left")
        await self.fake.until(lambda: not [c for c in world.channels.values() if not c.gone], "no channel left")
        await self.fake.until(lambda: all(b.kind == "holding" for b in world.bridges.values()), "no bridge left")
