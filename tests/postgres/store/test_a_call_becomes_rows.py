"""A whole call goes through projection; every row that people look at says what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ctiserver.call import events as ev
from ctiserver.clock import to_datetime
from ctiserver.store.database import Database, fetch_all
from tests.postgres.store.call_stories import (
    START,
    abandoned_call,
    agent_state,
    answered_call,
    arrival,
    queue_entered,
    step,
)
from tests.postgres.store.projecting import project


async def rows(database: Database, query: str) -> list[dict[str, Any]]:
    async with database.reading() as connection:
        return [dict(row) for row in await fetch_all(connection, query, {})]


def after(seconds: float) -> datetime:
    return to_datetime(START + seconds)


async def test_an_answered_call(centre: Database) -> None:
    projection = await project(centre, answered_call())
    assert projection.errors == 0
    [call] = await rows(centre, "SELECT * FROM call")
    assert call == {
        "id": "n1-1",
        "node": "n1",
        "started_at": after(0),
        "ended_at": after(95),
        "dialled": "4001",
        "caller_number": "13800138000",
        "caller_e164": "+8613800138000",
        "caller_name": "张伟",
        "flow": "main",
        "customer_id": 7,
        "customer_matches": 1,
        "queue_id": "repairs",
        "agent_id": 2,
        "queued_at": after(5),
        "answered_at": after(35),
        "outcome": "answered",
        "ended_by": "caller",
        "reason": "hang_up",
        "cause": 16,
        "error": None,
        "direction": "inbound",
        "waited_ms": 30000,
        "ring_ms": 28000,
        "talk_ms": 50000,
        "hold_ms": 10000,
        "wrap_up_ms": 8000,
        "disposition": "repair",
        "disposition_note": "漏水",
        "caused_category": None,
        "first_score": None,
    }
    segments = await rows(
        centre, "SELECT kind, started_at, ended_at, agent_id, outcome FROM call_segment ORDER BY started_at, kind"
    )
    assert [tuple(segment.values()) for segment in segments] == [
        ("ivr", after(0), after(5), None, None),
        ("queue", after(5), after(35), None, "answered"),
        ("ring", after(6), after(26), 1, "refused"),
        ("ring", after(27), after(35), 2, "answered"),
        ("talk", after(35), after(95), 2, None),
        ("hold", after(50), after(60), 2, None),
        ("wrap_up", after(95), after(103), 2, None),
    ]
    legs = await rows(centre, "SELECT id, role, ringing_at, answered_at, ended_at, cause FROM call_leg ORDER BY id")
    assert [tuple(leg.values()) for leg in legs] == [
        ("n1-1-caller", "caller", None, None, after(95), 16),
        ("n1-1-o1", "agent", after(6.2), None, after(26), 19),
        ("n1-1-o2", "agent", after(27.2), after(34), after(95), None),
    ]
    offers = await rows(centre, "SELECT agent_id, outcome, cause, why FROM offer ORDER BY id")
    assert [tuple(offer.values()) for offer in offers] == [
        (1, "refused", "no_answer", "longest idle"),
        (2, "answered", "", "longest idle"),
    ]
    [recording] = await rows(centre, "SELECT agent_id, queue_id, status, duration_ms, path FROM recording")
    assert tuple(recording.values()) == (2, "repairs", "stored", 60000, "2027/01/15/n1-1-r1.wav")
    assert await rows(centre, "SELECT flow, node FROM call_path") == [{"flow": "main", "node": "welcome"}]
    assert await rows(centre, "SELECT variable, value FROM call_input") == [{"variable": "choice", "value": "1"}]


async def test_agents_time_adds_up(centre: Database) -> None:
    await project(centre, answered_call())
    spans = await rows(
        centre, "SELECT activity, started_at, ended_at FROM agent_state_span WHERE agent_id = 2 ORDER BY started_at"
    )
    assert [tuple(span.values()) for span in spans] == [
        ("offered", after(27), after(27.2)),
        ("ringing", after(27.2), after(35)),
        ("talking", after(35), after(95)),
        ("wrap_up", after(95), after(103)),
    ]


async def test_a_phone_that_comes_and_goes_does_not_split_the_time(centre: Database) -> None:
    seen = ev.PhoneStateChanged(agent_id=1, reachable=True)
    await project(
        centre,
        [
            step(10, "agent:1", seen, agent_state(1, "idle", "idle", 0)),
            step(20, "agent:1", seen, agent_state(1, "idle", "offered", 0)),
        ],
    )
    spans = await rows(centre, "SELECT started_at, ended_at FROM agent_state_span")
    assert [tuple(span.values()) for span in spans] == [(after(0), after(20))]


async def test_a_state_of_a_moment_is_a_span_and_no_time(centre: Database) -> None:
    """Within half a millisecond, as machines are: a row of no time would be refused, and the step with it."""
    seen = ev.PhoneStateChanged(agent_id=1, reachable=True)
    projection = await project(
        centre,
        [
            step(10, "agent:1", seen, agent_state(1, "idle", "offered", 0)),
            step(10.0002, "agent:1", seen, agent_state(1, "offered", "idle", 10)),
        ],
    )
    assert projection.errors == 0
    assert len(await rows(centre, "SELECT id FROM agent_state_span")) == 2
    assert [row["ms"] for row in await rows(centre, "SELECT ms FROM agent_time_interval")] == [10_000]


async def test_each_wrap_up_is_booked_to_its_own_call(centre: Database) -> None:
    await project(centre, [*answered_call("n1-1"), *answered_call("n1-2", at=103)])  # the next call at once
    calls = await rows(centre, "SELECT id, wrap_up_ms FROM call ORDER BY id")
    assert [tuple(call.values()) for call in calls] == [("n1-1", 8000), ("n1-2", 8000)]
    wrapped = await rows(centre, "SELECT call_id, started_at FROM call_segment WHERE kind = 'wrap_up' ORDER BY call_id")
    assert [tuple(one.values()) for one in wrapped] == [("n1-1", after(95)), ("n1-2", after(198))]


async def test_queue_counters_are_booked_where_the_contact_entered(centre: Database) -> None:
    late = 895.0  # enters the queue at 898 s, leaves in the next quarter of an hour
    await project(centre, [*answered_call(), *abandoned_call("n1-2", 10, 4.0), *abandoned_call("n1-3", late, 25.0)])
    [interval] = await rows(centre, "SELECT * FROM queue_interval")
    assert interval == {
        "queue_id": "repairs",
        "started_at": after(0),
        "offered": 3,
        "answered": 1,
        "abandoned": 2,
        "overflowed": 0,
        "answered_within": 0,  # 30 s > 20 s
        "abandoned_within": 1,
        "short_abandoned": 1,
        "wait_ms_sum": 59000,
        "wait_ms_max": 30000,
        "answer_ms_sum": 30000,
    }


async def test_the_threshold_itself_is_within(centre: Database) -> None:
    await project(centre, [*abandoned_call("n1-2", 0, 20.0), *abandoned_call("n1-3", 0, 20.001)])
    [interval] = await rows(centre, "SELECT abandoned, abandoned_within FROM queue_interval")
    assert interval == {"abandoned": 2, "abandoned_within": 1}


async def test_back_from_the_queue_into_the_flow(centre: Database) -> None:
    left = ev.QueueLeft(queue_id="repairs", outcome="overflowed", reason="timeout", entered_at=START + 5, waited_s=10)
    ended = ev.CallEnded(call_id="n1-1", started_at=START, ended_by="flow", reason="end", outcome="abandoned")
    await project(
        centre,
        [
            arrival("n1-1", 0),
            queue_entered("n1-1", 5),
            step(15, "n1-1", ev.QueueRefused(reason="timeout"), left),
            step(18, "n1-1", ev.PromptFinished(playback_id="p", ok=True), ended),
        ],
    )
    segments = await rows(centre, "SELECT kind, started_at, ended_at FROM call_segment ORDER BY started_at")
    assert [tuple(segment.values()) for segment in segments] == [
        ("ivr", after(0), after(5)),
        ("queue", after(5), after(15)),
        ("ivr", after(15), after(18)),
    ]


async def test_a_recording_whose_length_contradicts_is_marked(centre: Database) -> None:
    await project(centre, answered_call(ok=False))
    assert await rows(centre, "SELECT status FROM recording") == [{"status": "mismatch"}]


async def test_a_lost_recording_keeps_its_reason(centre: Database) -> None:
    steps = [one for one in answered_call() if not isinstance(one.input, ev.RecordingCollected)]
    lost = ev.RecordingFailed(recording_id="n1-1-r1", reason="file missing")
    steps.append(step(110, "n1-1", ev.RecordingLost(recording_id="n1-1-r1", reason="file missing"), lost))
    await project(centre, steps)
    [recording] = await rows(centre, "SELECT status, reason, agent_id, started_at FROM recording")
    assert tuple(recording.values()) == ("lost", "file missing", 2, after(35))


async def test_a_crashed_call_is_a_closed_row(centre: Database) -> None:
    await project(
        centre, [arrival("n1-1", 0), step(2, "n1-1", ev.DigitReceived(digit="1"), ev.CallCrashed(error="KeyError"))]
    )
    [call] = await rows(centre, "SELECT outcome, ended_by, error, ended_at FROM call")
    assert tuple(call.values()) == ("failed", "system", "KeyError", after(2))


async def test_unknown_agents_and_customers_cost_no_rows(database: Database) -> None:
    steps = [one for one in answered_call() if not any(isinstance(fact, ev.AgentStateChanged) for fact in one.facts)]
    projection = await project(database, steps)
    assert projection.errors == 0
    [call] = await rows(database, "SELECT agent_id, customer_id, customer_matches FROM call")
    assert tuple(call.values()) == (None, None, 1)
