"""What simulated callers and agents are going to do: everything random is drawn here, from a seed."""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

Range = tuple[float, float]

# Tones by which recordings and listeners tell people apart. 60 Hz and more between agents, and none of them near a DTMF
# frequency or the 1100 Hz of a fax.
CALLER_TONES_HZ = (320, 360, 400, 440)
AGENT_TONES_HZ = (500, 560, 620, 740, 800, 920, 980, 1040, 1160, 1280, 1400, 1520, 1580)

FAMILY_NAMES = ("张", "王", "李", "赵", "陈", "刘", "杨", "黄", "周", "吴", "徐", "孙")
FORMS_OF_ADDRESS = ("先生", "女士")


@dataclass(frozen=True, kw_only=True)
class TrafficPlan:
    """How much happens, and how people behave. Ranges are seconds, shares are 0..1.

    `agents` are (extension, password). `calls` None means without end. `keys`: each caller presses one of these, a
    digit per prompt ("20": 2 at the first prompt, 0 at the second; "": nothing). `known_callers` are (number, name) of
    customers, who place half of the calls. `recordings`: folder for what each phone hears, None: not kept.
    `caller_speech`, `agent_speech`: wav files (16-bit PCM) of what they say; without them only tones are sent.
    """

    sip_host: str
    sip_port: int
    dids: tuple[str, ...]
    agents: tuple[tuple[str, str], ...]
    calls: int | None = None
    rate_per_minute: float = 12.0
    keys: tuple[str, ...] = ("0", "2")
    before_key_s: Range = (0.5, 3.0)
    talk_s: Range = (5.0, 20.0)
    ring_s: Range = (1.0, 4.0)
    patience_s: Range = (40.0, 120.0)
    abandon_share: float = 0.15
    abandon_after_s: Range = (3.0, 10.0)
    unanswered_share: float = 0.03
    agent_ends_share: float = 0.3
    known_callers: tuple[tuple[str, str], ...] = ()
    seed: int = 1
    recordings: Path | None = None
    caller_speech: tuple[Path, ...] = ()
    agent_speech: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if not self.dids:
            raise ValueError("a traffic plan needs at least one number that callers dial (dids)")
        if self.rate_per_minute <= 0:
            raise ValueError(f"rate_per_minute is {self.rate_per_minute:g}, it must be above 0")

    @property
    def sip_address(self) -> str:
        """host:port."""
        return f"{self.sip_host}:{self.sip_port}"


@dataclass(frozen=True)
class CallerScript:
    """One caller: comes `gap_s` seconds after the one before, and behaves like this.

    `patience_s` counts from the moment the hotline picks up, `before_key_s` from the moment a prompt is heard.
    """

    number: str
    name: str
    did: str
    tone_hz: int
    gap_s: float
    keys: str
    before_key_s: tuple[float, ...]
    patience_s: float
    talk_s: float
    agent_ends: bool
    speech: Path | None


@dataclass(frozen=True)
class RingScript:
    """What an agent does with one ringing call: answers after `ring_s` seconds, or lets it ring."""

    ring_s: float
    answers: bool


def callers(plan: TrafficPlan) -> Iterator[CallerScript]:
    """The callers of a plan in the order of their arrival: a Poisson process. The same for the same seed."""
    numbers = count() if plan.calls is None else range(plan.calls)
    for index in numbers:
        yield _caller(plan, index)


def _caller(plan: TrafficPlan, index: int) -> CallerScript:
    rng = random.Random(f"{plan.seed} caller {index}")  # noqa: S311 - simulation; one stream each, so none shifts another
    gap_s = rng.expovariate(plan.rate_per_minute / 60)
    number = stranger(index)
    name = rng.choice(FAMILY_NAMES) + rng.choice(FORMS_OF_ADDRESS)
    if plan.known_callers and rng.random() < 0.5:
        number, name = plan.known_callers[index % len(plan.known_callers)]
    keys = rng.choice(plan.keys) if plan.keys else ""
    gives_up = rng.random() < plan.abandon_share
    return CallerScript(
        number=number,
        name=name,
        did=rng.choice(plan.dids),
        tone_hz=rng.choice(CALLER_TONES_HZ),
        gap_s=gap_s,
        keys=keys,
        before_key_s=tuple(rng.uniform(*plan.before_key_s) for _ in keys),
        patience_s=rng.uniform(*(plan.abandon_after_s if gives_up else plan.patience_s)),
        talk_s=rng.uniform(*plan.talk_s),
        agent_ends=rng.random() < plan.agent_ends_share,
        speech=rng.choice(plan.caller_speech) if plan.caller_speech else None,
    )


def stranger(index: int) -> str:
    """The number of the caller at `index` who is no known customer; they repeat after 10,000 calls."""
    return f"1380013{index % 10_000:04d}"


def free_number(index: int, wanted: str, calling: Collection[str]) -> str:
    """`wanted`, or that of a stranger if it is on the phone already: by numbers callers are told apart."""
    others = (stranger(index + step) for step in range(10_000))
    return next(number for number in chain((wanted,), others) if number not in calling)


def rings(plan: TrafficPlan, agent: str) -> Iterator[RingScript]:
    """What the agent does with the first, second, … call that rings. Without end; the same for the same seed."""
    rng = random.Random(f"{plan.seed} agent {agent}")  # noqa: S311 - simulation, not cryptography
    while True:
        ring_s = rng.uniform(*plan.ring_s)
        yield RingScript(ring_s=ring_s, answers=rng.random() >= plan.unanswered_share)


def agent_speech(plan: TrafficPlan, index: int) -> Path | None:
    """What the agent at `index` of a plan says."""
    return plan.agent_speech[index % len(plan.agent_speech)] if plan.agent_speech else None


def agent_tone(index: int) -> int:
    """The tone of the agent at `index` of a plan; they repeat after the thirteenth."""
    return AGENT_TONES_HZ[index % len(AGENT_TONES_HZ)]
