"""Afterwards: what the phones saw, Asterisk, journal, read models, recordings and agents, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ctiserver.store.rebuild import rebuild
from tests.asterisk.chaos import rows
from tests.asterisk.chaos.people import Crowd
from tests.asterisk.chaos.stand import Stand
from tests.said_in_clear import told_in_clear

MODELS = {
    "call": "id",
    "call_leg": "id",
    "call_segment": "call_id, kind, started_at",
    "offer": "id",
    "recording": "id",
    "agent_state_span": "agent_id, started_at",
}
OF_THE_ROW = ("id",)  # numbered anew by a rebuild


async def differences(stand: Stand, crowd: Crowd, agents: tuple[str, ...], seconds: float) -> list[str]:
    """One line for each; empty: all agree. The daemon is stopped in between, so that all it knew is in Postgres.

    `seconds`: since the daemon was first started.
    """
    live = [*await _of_agents(stand, agents), *await _of_daemon(stand), *await _of_asterisk(stand)]
    await stand.until_shipped()
    await stand.daemon.stop()
    return [
        *live,
        *_of_phones(crowd, await stand.query("SELECT * FROM call")),
        *await _of_journal(stand),
        *await _of_read_models(stand),
        *await rows.of_conversations(stand, crowd),
        *await rows.of_durations(stand, seconds),
        *await rows.of_offers(stand),
        *await rows.of_states(stand),
        *await rows.of_recordings(stand),
        *_of_the_log(stand, crowd),
    ]


def _of_phones(crowd: Crowd, calls: list[Mapping[str, Any]]) -> list[str]:
    by_number = Counter(row["caller_number"] for row in calls)
    outcome = {row["caller_number"]: row["outcome"] for row in calls}
    found = [f"{number}: an agent was rung for a call that nobody made" for number in crowd.strangers]
    for number, seen in crowd.seen.items():
        if seen.dropped:
            found.append(f"{number}: dropped: {seen.call}")
        if by_number[number] > 1:
            found.append(f"{number}: {by_number[number]} calls in Postgres")
        if seen.heard and outcome.get(number) != "answered" and not crowd.may_be_unwritten(seen):
            found.append(f"{number}: heard {seen.agent}, Postgres says {outcome.get(number)}")
        if not seen.agent and outcome.get(number) == "answered":
            found.append(f"{number}: no agent answered, Postgres says so")
    found += [f"{number}: in Postgres, and nobody called" for number in by_number if number not in crowd.seen]
    return found


async def _of_journal(stand: Stand) -> list[str]:
    nodes = await stand.query(
        "SELECT node, count(*) AS n, count(DISTINCT seq) AS d, max(seq) - min(seq) + 1 AS span FROM journal_event"
        " GROUP BY node"
    )
    found = [f"journal with a gap: {dict(row)}" for row in nodes if not row["n"] == row["d"] == row["span"]]
    counted = await stand.query(
        "SELECT call_id, fact ->> 'type' AS kind, count(*) AS n"
        " FROM journal_event, jsonb_array_elements(body -> 'facts') AS fact"
        " WHERE fact ->> 'type' IN ('CallStarted', 'CallEnded') GROUP BY 1, 2"
    )
    times = {(row["call_id"], row["kind"]): row["n"] for row in counted}
    calls = [row["id"] for row in await stand.query("SELECT id FROM call")]
    for call in calls:
        kinds = [kind for kind in ("CallStarted", "CallEnded") if times.get((call, kind)) != 1]
        found += [f"{call}: {times.get((call, kind), 0)} times {kind}" for kind in kinds]
    return found


async def _of_read_models(stand: Stand) -> list[str]:
    """Made anew from the journal they are the same."""
    before = {table: await _rows(stand, table) for table in MODELS}
    _, refused = await rebuild(stand.database, "CN")
    found = [f"{refused} steps could not be projected"] if refused else []
    for table, were in before.items():
        again = await _rows(stand, table)
        found += [f"{table}: {row} is not what the journal says" for row in were if row not in again]
        found += [f"{table}: {row} was missing" for row in again if row not in were]
    return found


async def _rows(stand: Stand, table: str) -> list[dict[str, Any]]:
    found = await stand.query(f"SELECT * FROM {table} ORDER BY {MODELS[table]}")  # noqa: S608 - fixed names
    numbered = table in ("call_segment", "agent_state_span")
    return [{key: value for key, value in row.items() if not (numbered and key in OF_THE_ROW)} for row in found]


async def _of_asterisk(stand: Stand) -> list[str]:
    left = [f"Asterisk still has the channel {channel['name']}" for channel in await stand.channels()]
    bridges = [bridge["id"] for bridge in await stand.bridges() if bridge["bridge_type"] != "holding"]
    return left + [f"Asterisk still has the bridge {ident}" for ident in bridges]


async def _of_agents(stand: Stand, agents: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for login in agents:
        state = await stand.desk.agent(login)
        if (state["presence"], state["activity"], state["phone"]) != ("ready", "idle", "reachable"):
            found.append(f"agent {login}: {state}")
    return found


async def _of_daemon(stand: Stand) -> list[str]:
    found = [line for line in stand.daemon.said.splitlines() if "Traceback" in line or "crashed" in line]
    if crashed := await stand.metric("cti_calls_crashed_total"):
        found.append(f"{crashed:.0f} calls crashed")
    return found


def _of_the_log(stand: Stand, crowd: Crowd) -> list[str]:
    """All daemons of this run wrote into one file."""
    keys = stand.asterisk.secrets()
    secrets = (*stand.passwords.values(), keys.ari_password, keys.ami_secret, stand.database.url.password or "")
    return told_in_clear(stand.daemon.said, numbers=crowd.seen, secrets=secrets)
