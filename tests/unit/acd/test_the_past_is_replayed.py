"""Story: yesterday's callers meet other rules; queues.yaml with a mistake is refused at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctiserver.api.configuration.queue_file import read_queues, written
from ctiserver.commands.acd import compare
from ctiserver.configured import AgentSetup, Configured, QueueSetup, WordSetup
from ctiserver.errors import ConfigurationError
from ctiserver.replay import Past, PastContact, ReadySpan, really

SKILLS = {name: WordSetup(id=name, name={}) for name in ("bills", "repairs")}
PRESENT = Configured(
    skills=SKILLS,
    queues={"bills": QueueSetup(id="bills", name={"en": "Bills"}, skills={"bills": 5}, wrap_up_s=0.0)},
    agents={
        1: AgentSetup(id=1, number="1", name="A", extension="1", skills={"bills": 8}),
        2: AgentSetup(id=2, number="2", name="B", extension="2", skills={"bills": 2}),
    },
)
BOTH_READY = (ReadySpan(agent_id=1, since=0, until=4000), ReadySpan(agent_id=2, since=0, until=4000))


def caller(number: int, at: float, waited_s: float, talk_s: float | None = 60.0) -> PastContact:
    abandoned = talk_s is None
    return PastContact(id=f"{number}", queue_id="bills", at=at, waited_s=waited_s, abandoned=abandoned, talk_s=talk_s)


# One agent is good enough: the second caller waits a minute, the third gives up.
PAST = Past(contacts=(caller(1, 100, 0), caller(2, 100, 60), caller(3, 101, 50, None)), ready=BOTH_READY)


def test_the_same_rules_give_what_happened() -> None:
    queue = compare(PRESENT, PRESENT, PAST)["bills"]
    assert queue["really"] == queue["as_is"] == queue["edited"]
    assert (queue["really"]["answered"], queue["really"]["abandoned"]) == (2, 1)
    assert queue["really"]["asa_s"] == 30
    assert queue["really"]["service_level"] == pytest.approx(1 / 3)


def test_lowering_the_level_earlier_would_have_helped(tmp_path: Path) -> None:
    file = tmp_path / "queues.yaml"
    text = written(PRESENT).replace("steps: []", "steps:\n  - after_s: 10.0\n    levels: {bills: 1}")
    file.write_text(text, encoding="utf-8")
    queue = compare(PRESENT, read_queues(file, PRESENT), PAST)["bills"]
    assert queue["as_is"]["abandoned"] == 1
    assert queue["edited"]["asa_s"] is not None
    assert queue["edited"]["asa_s"] < 30


def test_nobody_ready_answers_nobody() -> None:
    gone = Past(contacts=PAST.contacts, ready=())
    queue = compare(PRESENT, PRESENT, gone)["bills"]
    assert queue["as_is"]["answered"] == 0
    assert queue["as_is"]["abandoned"] == 3
    assert really(gone, {})["bills"].answered == 2


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("bills: 5", "tibetan: 5"), r"queues\.yaml:7: queue bills, skills"),
        (("bills: 5", "bills: 15"), r"queues\.yaml:7: queue bills, skills.bills"),
        (("strategy: longest_idle", "strategy: loudest"), r"queues\.yaml:8: queue bills, strategy"),
        (("options: {}", "options: {weight: 0.0}"), r"queues\.yaml:\d+: queue bills, options.weight"),
        (("queues:", "lines:"), r"queues\.yaml:1: begins with"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, change: tuple[str, str], where: str) -> None:
    file = tmp_path / "queues.yaml"
    file.write_text(written(PRESENT).replace(*change, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=where):
        read_queues(file, PRESENT)
