"""Journals recorded by an earlier version, replayed through today's code: the same facts and commands come out.

A difference means that calls under way during an upgrade would be treated otherwise than they began. If that is meant,
record anew (tests/journals/record.py) and say so in the change log.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import msgspec
import pytest

from ctiserver.call.decide import Rules, decide
from ctiserver.call.events import CallInput, DigitReceived, Step
from ctiserver.call.states import Call
from ctiserver.ivr.cursor import MASK
from ctiserver.ivr.flow_file import load_flow_set
from ctiserver.live.session import fit_for_journal
from tests.component.calls.house import FLOWS, QUEUES

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.jsonl"))
RULES = Rules(
    flows=load_flow_set(FLOWS),
    queues={queue.id: queue for queue in QUEUES},
    timezone=ZoneInfo("Asia/Shanghai"),
    fallback_queue="service",
)


def steps_of(journal: Path) -> list[Step]:
    return [msgspec.json.decode(line, type=Step) for line in journal.read_bytes().splitlines()]


def test_there_is_something_to_replay() -> None:
    assert len(RECORDED) >= 5


@pytest.mark.parametrize("journal", RECORDED, ids=lambda path: path.stem)
def test_the_same_comes_out(journal: Path) -> None:
    calls: dict[str, Call] = {}
    for number, step in enumerate(steps_of(journal), 1):
        where = f"{journal.name}:{number} {type(step.input).__name__}"
        given = DigitReceived(digit="5") if step.input == DigitReceived(digit=MASK) else step.input
        decided = decide(calls.get(step.subject), cast("CallInput", given), step.at, RULES)
        calls[step.subject] = decided.call
        assert decided.facts == step.facts, where
        assert tuple(fit_for_journal(command) for command in decided.commands) == step.commands, where
    assert all(call.over for call in calls.values())
