"""The options of queues, agents and the centre as they are stored: the reference of what may be written there.

They stand in `queue.options`, `agent.options` and the table `routing_option`, beside the columns for what nearly
everybody sets (strategy, ring and wrap-up time, limits, priority). Every option may be left out. Durations are seconds
(`…_s`), skill levels 1 to 10 (10 is best). Reading refuses an unknown name or a wrong type with `acd.ConfigError`,
whose `field` begins with `options`; whether names exist and figures make sense is asked in `check.py`.

Queue, for example

    {"expression": "bills >= 3 and (english or cantonese >= 6)",
     "steps": [{"after_s": 30, "levels": {"bills": 1}}, {"after_s": 60, "add_groups": ["reserve"]}],
     "wrap_up": {"mode": "until_disposition"},
     "last_agent_s": 20, "return_s": 600,
     "overflow": {"max_wait": {"action": "queue", "target": "service"}, "closed": {"action": "voicemail"}}}

`steps` are rows of the table `queue_step` in Postgres and join the options when the directory is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.codec import from_json
from acd.errors import ConfigError
from acd.model import (
    VOICE,
    AgentChoice,
    CallbackRule,
    Evaluation,
    Limit,
    Overflow,
    RefusalCause,
    Step,
    WrapUpMode,
    default_cool_downs,
)
from ctiserver.call.treatment import Treatment, Treatments
from ctiserver.kpi.booking import DEFAULT_BOOKING, Booking
from ctiserver.kpi.service_level import DEFAULT_FORMULA, Formula


@dataclass(frozen=True, slots=True)
class WrapUpOptions:
    """What an agent does after the conversation; the queue's `wrap_up_s` says for how long.

    mode: none · optional (the agent may end it) · fixed · until_disposition (no time limit) · limited (until a
    disposition, `wrap_up_s` at most). Left out: optional where `wrap_up_s` is more than 0, else none.
    max_extension_s: how much the agent may add by asking for more time, all together.
    """

    mode: WrapUpMode | None = None
    max_extension_s: float = 300.0


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """
    expression: which skills an agent needs, instead of the column `skills`: "bills >= 3 and not trainee".
    evaluation: of the column `skills`: all of them, or any one; `best` is all, the most skilled agent first.
    groups: teams and agents' groups that serve the queue from the start; empty: all.
    steps: relaxations by age of the contact, ascending; `levels` lowers, `drop` gives up, `add_groups` lets in.
    strict_priority: priority always goes first, instead of being a head start in seconds.
    weight: multiplies the time waited when an agent serves several queues; 1 is neutral.
    open: false closes the queue for new callers; who waits is still served.
    hours: calendar of opening hours, one of the hotline's or of lines.yaml; outside them the queue is closed.
    roster: closed while the roster has nobody on duty who could serve; not while no roster is kept for the day.
    no_agents_grace_s: after so long without anybody signed in who could serve, the limit `no_agents` is hit.
    forecast_limit_s: who would have to wait longer (P50) does not enter: limit `forecast`.
    overflow: what happens at each limit (max_waiting, max_wait, no_agents, closed, forecast): action queue | flow |
        voicemail | callback | none, with the queue or flow as `target`. voicemail and callback lead into the flow of
        that name unless `target` names another; none follows the branches of the flow's queue node.
    last_agent_s: for so long a caller waits for the agent of the last conversation; 0: not at all.
    return_s: who hangs up and rings again within this time has the old place; 0: not.
    callback: attempts, seconds between them and until it is given up.
    service_level_formula: which of SL1 to SL7 and SLq (docs/reports.md) the contract means; left out: the centre's.
    """

    expression: str | None = None
    evaluation: Evaluation = "all"
    groups: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    strict_priority: bool = False
    weight: float = 1.0
    wrap_up: WrapUpOptions = field(default_factory=WrapUpOptions)
    open: bool = True
    hours: str | None = None
    roster: bool = False
    no_agents_grace_s: float | None = None
    forecast_limit_s: float | None = None
    overflow: Mapping[Limit, Overflow] = field(default_factory=dict[Limit, Overflow])
    last_agent_s: float = 0.0
    return_s: float = 0.0
    callback: CallbackRule = field(default_factory=CallbackRule)
    service_level_formula: Formula | None = None


@dataclass(frozen=True, slots=True)
class AgentOptions:
    """
    groups: beside the team, whatever queues and their steps let in ("reserve").
    queues: left out, the agent serves every queue whose skills match; else these, each with the seconds a caller must
        have waited before this agent helps (0: one of the agent's own queues).
    order: place in the strategy `linear`, lowest first. weight: share in the strategy `weighted`.
    capacity: contacts at a time by medium; a phone takes one.
    """

    groups: tuple[str, ...] = ()
    queues: Mapping[str, float] | None = None
    order: int = 0
    weight: float = 1.0
    capacity: Mapping[str, int] = field(default_factory=lambda: {VOICE: 1})


@dataclass(frozen=True, slots=True)
class CentreOptions:
    """
    cool_down_s: how long an agent is left alone after an offer was lost, by cause (no_answer, busy, rejected,
        unreachable, failed); a cause that is left out keeps its default.
    max_misses: after so many unanswered offers in a row the agent goes on break with the reason missed_calls.
    agent_choice: a freed agent takes the caller with the highest score (oldest_contact), or looks first at the queue
        whose skills it has at the highest level (queue_order).
    service_level_formula: of all queues that name none; it holds for the past as well.
    booking: where reports book a contact: event, cohort or completion (docs/reports.md).
    customer_tags: what a customer's tags (vip, blacklist …) do to the call: head start, another flow, refusal.
    """

    cool_down_s: Mapping[RefusalCause, float] = field(default_factory=dict[RefusalCause, float])
    max_misses: int = 3
    agent_choice: AgentChoice = "oldest_contact"
    service_level_formula: Formula = DEFAULT_FORMULA
    booking: Booking = DEFAULT_BOOKING
    customer_tags: Treatments = field(default_factory=dict[str, Treatment])

    def cool_downs(self) -> dict[RefusalCause, float]:
        return {**default_cool_downs(), **self.cool_down_s}


def read_queue_options(options: Mapping[str, object]) -> QueueOptions:
    """Raises ConfigError(field, message); fields as `options.steps[0].after_s`."""
    return from_json(QueueOptions, options, "options")


def read_agent_options(options: Mapping[str, object]) -> AgentOptions:
    """Raises ConfigError(field, message)."""
    read = from_json(AgentOptions, options, "options")
    if read.capacity.get(VOICE, 1) != 1:
        raise ConfigError(
            "options.capacity.voice", f"must be 1, not {read.capacity[VOICE]}: one phone, one conversation"
        )
    return read


def read_centre_options(options: Mapping[str, object]) -> CentreOptions:
    """Raises ConfigError(field, message)."""
    return from_json(CentreOptions, options, "options")
