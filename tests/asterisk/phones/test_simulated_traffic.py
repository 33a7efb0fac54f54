"""Simulated callers and agents on a plain app_queue: all calls are accounted for, and nothing is left behind."""

import asyncio
import contextlib
from pathlib import Path

import psutil

from ctiserver.demo import tones
from ctiserver.demo.traffic import Traffic, TrafficEvent, TrafficPlan, run_traffic
from tests.asterisk.phones.phone_processes import phone_processes
from tests.asterisk.phones.plain_asterisk import EXTENSIONS, PASSWORD, PlainAsterisk

AGENTS = tuple((number, PASSWORD) for number in EXTENSIONS[:3])


def plan(
    server: PlainAsterisk, *dids: str, calls: int | None, recordings: Path, abandon_share: float = 0
) -> TrafficPlan:
    host, port = server.address.split(":")
    return TrafficPlan(
        sip_host=host,
        sip_port=int(port),
        dids=dids,
        agents=AGENTS,
        calls=calls,
        rate_per_minute=90,
        before_key_s=(0.1, 0.5),
        talk_s=(1, 2),
        ring_s=(0.1, 0.5),
        patience_s=(60, 60),
        abandon_after_s=(0.5, 1.5),
        abandon_share=abandon_share,
        unanswered_share=0,
        keys=("0", "2"),
        recordings=recordings,
        seed=7,
    )


def durations(recordings: Path) -> list[float]:
    """Seconds of what each caller heard."""
    return [tones.read_wav(file).seconds for file in recordings.glob("callers-*/*.wav")]


async def test_patient_callers_all_talk_to_an_agent(plain_asterisk: PlainAsterisk, tmp_path: Path) -> None:
    events: list[TrafficEvent] = []
    registered_before_calls: list[str] = []

    async def sign_in() -> None:
        registered_before_calls.extend(event.agent for event in events if event.kind == "agent_registered")

    todo = plan(plain_asterisk, "96100", calls=6, recordings=tmp_path)
    summary = await run_traffic(todo, events.append, agents_registered=sign_in)

    assert registered_before_calls == [number for number, _ in AGENTS]
    assert (summary.offered, summary.connected, summary.talked, summary.heard_agent) == (6, 6, 6, 6)
    assert {row.answered_by for row in summary.calls} <= set(EXTENSIONS[:3])
    assert all(row.keys_pressed in ("0", "2") and row.ended > row.started for row in summary.calls)
    assert [event.kind for event in events].count("agent_heard") == 6
    assert phone_processes() == []
    assert len(durations(tmp_path)) == 6
    assert min(durations(tmp_path)) > 1


async def test_those_who_give_up_and_those_who_are_turned_away(plain_asterisk: PlainAsterisk, tmp_path: Path) -> None:
    turned_away = plan(plain_asterisk, "96101", "96109", calls=4, recordings=tmp_path)
    impatient = plan(plain_asterisk, "96102", calls=3, recordings=tmp_path, abandon_share=1)

    away = await run_traffic(turned_away, lambda event: None)
    gave_up = await run_traffic(impatient, lambda event: None)

    by_did = {row.did: row for row in away.calls}
    assert (by_did["96101"].outcome, by_did["96109"].outcome) == ("released", "failed")
    assert by_did["96109"].cause.startswith("404")
    assert away.released + away.failed == away.offered == 4
    assert (gave_up.offered, gave_up.abandoned, gave_up.talked) == (3, 3, 0)
    assert all(row.hung_up_by_caller for row in gave_up.calls)


async def test_endless_traffic_ends_cleanly_when_cancelled(plain_asterisk: PlainAsterisk, tmp_path: Path) -> None:
    talking = asyncio.Event()

    def watch(event: TrafficEvent) -> None:
        if event.kind == "agent_heard":
            talking.set()

    traffic = Traffic(plan(plain_asterisk, "96100", calls=None, recordings=tmp_path), watch)
    running = asyncio.create_task(traffic.run())
    await asyncio.wait_for(talking.wait(), 30)
    assert phone_processes()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running

    assert running.cancelled()
    assert phone_processes() == []
    assert psutil.Process().children() != []  # Asterisk goes on
    assert traffic.summary().offered == len(traffic.summary().calls)
