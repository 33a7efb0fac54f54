"""Supervisors page through calls and recordings and look into one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctiserver.store.calls import Calls
from ctiserver.store.database import Database
from ctiserver.store.recordings import Recordings
from ctiserver.store.rows import AgentName, CallFilter, CustomerName, RecordingLength
from tests.postgres.store.call_stories import START, abandoned_call, answered_call, arrival
from tests.postgres.store.projecting import project


@pytest.fixture
async def recorded(centre: Database) -> Database:
    """Answered at 0 and 1000, abandoned at 2000, going on since 3000; ids n1-0 … n1-3."""
    await project(
        centre,
        [
            *answered_call("n1-0"),
            *answered_call("n1-1", at=1000),
            *abandoned_call("n1-2", at=2000),
            arrival("n1-3", 3000, "01062550005"),
        ],
    )
    return centre


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (CallFilter(), ["n1-3", "n1-2", "n1-1", "n1-0"]),
        (CallFilter(started_from=START + 1000, started_to=START + 3000), ["n1-2", "n1-1"]),
        (CallFilter(outcome="answered"), ["n1-1", "n1-0"]),
        (CallFilter(queue_id="repairs"), ["n1-2", "n1-1", "n1-0"]),
        (CallFilter(agent_id=2), ["n1-1", "n1-0"]),
        (CallFilter(number="+8613800138000"), ["n1-1", "n1-0"]),
        (CallFilter(number="6255"), ["n1-3"]),
        (CallFilter(number="'; --", outcome="x"), []),
        (CallFilter(direction="outbound"), []),
        (CallFilter(direction="inbound", talk_from_ms=1), ["n1-1", "n1-0"]),
        (CallFilter(talk_to_ms=1), ["n1-3", "n1-2"]),
        (CallFilter(waited_from_ms=1, waited_to_ms=10_000_000), ["n1-2", "n1-1", "n1-0"]),
        (CallFilter(ended_by="agent", customer="%"), []),
        (CallFilter(transferred=True), []),
        (CallFilter(transferred=False, outcome="abandoned"), ["n1-2"]),
        (CallFilter(recorded=False, outcome="answered", note="100%"), []),
        (CallFilter(flow="nobody's"), []),
        (CallFilter(flow="nobody's", node="menu"), []),
        (CallFilter(dialled="nobody", disposition="none"), []),
    ],
)
async def test_filters(recorded: Database, wanted: CallFilter, found: list[str]) -> None:
    page = await Calls(recorded, "CN").search(wanted)
    assert [row.id for row in page.items] == found
    assert page.total == len(found)


async def test_pages(recorded: Database) -> None:
    calls = Calls(recorded, "CN")
    first = await calls.search(CallFilter(page=1, page_size=3))
    second = await calls.search(CallFilter(page=2, page_size=3))
    assert [row.id for row in first.items + second.items] == ["n1-3", "n1-2", "n1-1", "n1-0"]
    assert (first.total, second.total, second.page, second.page_size) == (4, 4, 2, 3)


async def test_a_row_says_what_the_list_shows(recorded: Database) -> None:
    row = (await Calls(recorded, "CN").search(CallFilter(outcome="answered"))).items[1]
    assert (row.started_at, row.ended_at) == (START, START + 95)
    assert row.customer == CustomerName(id=7, name="张伟")
    assert row.agent == AgentName(id=2, number="1002", name="李娜")
    assert (row.waited_ms, row.ring_ms, row.talk_ms, row.hold_ms) == (30000, 28000, 50000, 10000)
    assert (row.disposition, row.recordings) == ("repair", (RecordingLength(id="n1-0-r1", duration_ms=60000),))


async def test_one_call_in_all_detail(recorded: Database) -> None:
    details = await Calls(recorded, "CN").details("n1-0")
    assert details is not None
    assert [(segment.kind, segment.detail) for segment in details.segments] == [
        ("ivr", ""),
        ("queue", "repairs · answered"),
        ("ring", "repairs · 1001 · refused · no_answer"),
        ("ring", "repairs · 1002 · answered"),
        ("talk", "repairs · 1002"),
        ("hold", "repairs · 1002"),
        ("wrap_up", "repairs · 1002"),
    ]
    assert [(offer.agent.number, offer.outcome, offer.cause) for offer in details.offers] == [
        ("1001", "refused", "no_answer"),
        ("1002", "answered", ""),
    ]
    assert [(node.flow, node.node, node.at) for node in details.path] == [("main", "welcome", START)]
    assert [(entered.variable, entered.value) for entered in details.inputs] == [("choice", "1")]
    assert [recording.status for recording in details.recordings] == ["stored"]
    assert await Calls(recorded, "CN").details("n1-99") is None


async def test_recordings(recorded: Database) -> None:
    recordings = Recordings(recorded, "CN")
    page = await recordings.search(CallFilter(agent_id=2, page_size=1))
    assert ([row.id for row in page.items], page.total) == (["n1-1-r1"], 2)
    found = await recordings.find("n1-0-r1")
    assert found is not None
    assert (found[0].call_id, found[0].size_bytes, found[1]) == ("n1-0", 1920044, Path("2027/01/15/n1-0-r1.wav"))
    assert await recordings.find("../../etc/passwd") is None
