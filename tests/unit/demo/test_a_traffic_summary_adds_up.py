"""The summary counts every call once."""

from dataclasses import replace
from datetime import UTC, datetime

from ctiserver.demo.traffic_report import CallRow, TrafficSummary

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
TALKED = CallRow(
    caller_number="13800130000",
    caller_name="",
    did="96100",
    sip_call_id="a",
    started=AT,
    ended=AT,
    outcome="talked",
    connected=True,
    answered_by="1001",
    heard_agent=True,
    caller_tone_hz=440,
    agent_tone_hz=500,
    keys_pressed="0",
    hung_up_by_caller=True,
    cause="200 OK",
    q850=0,
)


def test_every_call_is_counted_once() -> None:
    gave_up = replace(TALKED, outcome="abandoned", answered_by="", heard_agent=False)
    closed = replace(gave_up, outcome="released", hung_up_by_caller=False)
    refused = replace(closed, outcome="failed", connected=False)
    deaf = replace(TALKED, heard_agent=False)

    summary = TrafficSummary.of([TALKED, deaf, gave_up, closed, refused])

    assert summary.offered == summary.talked + summary.abandoned + summary.released + summary.failed == 5
    assert (summary.talked, summary.heard_agent, summary.connected) == (2, 1, 4)


def test_no_calls() -> None:
    assert TrafficSummary.of([]) == TrafficSummary(0, 0, 0, 0, 0, 0, 0, ())
