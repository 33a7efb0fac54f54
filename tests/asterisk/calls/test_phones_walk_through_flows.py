"""Phones walk through every kind of node by keys, and hang up in each; a secret number is found nowhere afterwards."""

from __future__ import annotations

import asyncio

from ctiserver.demo.phone_call import PhoneCall
from ctiserver.demo.phone_protocol import DtmfMethod
from tests.asterisk.calls.conftest import Floor
from tests.real_stack import eventually

PATIENCE_S = 60.0
SECRET = "862513904477"
BEFORE = ["open", "line", "count", "tongue", "long", "chime", "ask", "account", "pin", "check", "wrong", "silent"]
WALK = [*BEFORE, "reading", "elsewhere", "say_more", "home", "people"]
KINDS = "said played asked keyed secret queued message recorded back_later rated room fax"
HUNG_UP_IN = {f"{number:02}": node for number, node in enumerate(KINDS.split(), 1)}


async def press(floor: Floor, caller: PhoneCall, number: str, keys: str, method: DtmfMethod) -> None:
    """One by one, each when the one before was heard: sent at once on a busy machine some of them repeat."""
    statement = (
        "SELECT 1 FROM journal_event JOIN call ON call.id = call_id"
        " WHERE caller_number = :number AND type = 'DigitReceived' HAVING count(*) >= :heard"
    )
    count = "SELECT count(*) AS n FROM journal_event JOIN call ON call.id = call_id WHERE caller_number = :number"
    before = await floor.stack.query(count + " AND type = 'DigitReceived'", number=number)
    for heard, key in enumerate(keys, before[0]["n"] + 1):
        await caller.dtmf(key, method)
        await floor.stack.row(statement, within_s=30, number=number, heard=heard)


async def walk(floor: Floor, number: str, method: DtmfMethod) -> PhoneCall:
    """As far as the queue: barge-in, a key for the next question, wrong keys, silence, a statement, another flow."""
    caller = await floor.call("131", number)
    await caller.wait_for("connected")
    await floor.until_node(number, "long")
    (row,) = await floor.stack.query("SELECT id FROM call WHERE caller_number = :number", number=number)
    call_id = row["id"]
    await press(floor, caller, number, "1", method)  # long before its end, and it counts for the menu behind the chime
    await floor.until_node(number, "account")
    await press(floor, caller, number, "12345678", method)
    await floor.until_node(number, "pin")
    await press(floor, caller, number, SECRET, method)
    await floor.until_node(number, "wrong")
    await press(floor, caller, number, "99", method)
    await floor.until_node(number, "reading")  # by way of silence
    await eventually(lambda: _is_recorded(floor, call_id), within_s=PATIENCE_S)
    await caller.dtmf("#", method)
    await floor.until_node(number, "people")
    return caller


def _is_recorded(floor: Floor, call_id: str) -> bool:
    """A second and a half of what this caller says."""
    spool = floor.stack.var / "services" / "asterisk" / "spool" / "recording"
    return any(file.stat().st_size > 24_000 for file in spool.glob(f"{call_id}.m*.wav"))


async def test_by_keys_in_rtp_to_an_agent_and_by_info_out_of_the_queue(floor: Floor) -> None:
    pressing, talking = await asyncio.gather(walk(floor, "13700131001", "info"), walk(floor, "13700131002", "rfc4733"))
    await pressing.dtmf("1", "info")
    await pressing.wait_for("ended", timeout=PATIENCE_S)
    phone = await floor.agent("1001", tone_hz=700)
    rung = await phone.next_call()
    await rung.answer()
    await talking.hears(700, timeout=PATIENCE_S)
    await rung.hang_up()
    await talking.wait_for("ended", timeout=PATIENCE_S)

    for number in ("13700131001", "13700131002"):
        assert (await floor.record(number))["flow"] == "walk"
        path = await floor.path(number)
        assert path == [*WALK, "bye"], path
        typed = await floor.stack.query(
            "SELECT variable, value FROM call_input JOIN call ON call.id = call_id WHERE caller_number = :n", n=number
        )
        values = {row["variable"]: row["value"] for row in typed}
        assert (values["account"], values["pin"]) == ("12345678", "•" * 12)
    await _is_nowhere(floor, SECRET)


async def _is_nowhere(floor: Floor, secret: str) -> None:
    """Not in a table (the journal is one), a file (the spool, logs of all programs), or an answer to a page; nor any
    state in which the last keys were missing; nor key by key."""
    stack, account = floor.stack, floor.stack.account("admin")
    await floor.desk.sign_in("admin", account["password"])
    calls = [row["id"] for row in await stack.query("SELECT id FROM call WHERE flow = 'walk'")]
    pages = [str(await floor.desk.get("admin", f"/api/calls/{call_id}")) for call_id in calls]
    tables = [
        row["tablename"] for row in await stack.query("SELECT tablename FROM pg_tables WHERE schemaname='public'")
    ]
    rows = [
        str(dict(row))
        for name in tables
        for row in await stack.query(f'SELECT t::text FROM "{name}" t')  # noqa: S608 - a name from the catalogue
    ]
    files = [
        path.read_bytes().decode("utf-8", "replace")
        for folder in (stack.var, stack.recordings)
        for path in folder.rglob("*")
        if path.is_file() and not {"postgres", "cache"} & set(path.parts) and path.suffix not in (".wav", ".raw")
    ]
    assert len(calls) == 2
    for places in (rows, files):
        assert any("12345678" in text for text in places), "we look at the right places"
    assert not [text[:300] for text in (*pages, *rows, *files) if secret[:10] in text]

    pressed = await stack.query(
        "SELECT call_id, string_agg(body->'input'->>'digit', '' ORDER BY seq) AS keys FROM journal_event"
        " WHERE type = 'DigitReceived' GROUP BY call_id"
    )
    by_call = {row["call_id"]: row["keys"] for row in pressed}
    assert all("•" * 12 in by_call[call_id] for call_id in calls), by_call


async def test_hanging_up_in_each_kind_of_node_is_counted_there(floor: Floor) -> None:
    async def hang_up_in(keys: str, node: str) -> None:
        number = f"137001320{keys}"
        caller = await floor.call("132", number)
        await caller.wait_for("connected")
        await floor.until_node(number, "which")
        await caller.dtmf(keys)
        await floor.until_node(number, node)
        await caller.hang_up()
        record = await floor.record(number)
        assert record["ended_by"] == "caller", (node, dict(record))

    for some in (list(HUNG_UP_IN.items())[:6], list(HUNG_UP_IN.items())[6:]):  # all at once are too many for two cores
        await asyncio.gather(*(hang_up_in(keys, node) for keys, node in some))
    passages = await floor.stack.query(
        "SELECT node, way, sum(callers)::int AS callers FROM flow_passage"
        " WHERE flow = 'pick' AND node NOT IN ('which', 'go') GROUP BY node, way"
    )
    assert {(row["node"], row["way"], row["callers"]) for row in passages} == {
        (node, "hung_up", 1) for node in HUNG_UP_IN.values()
    }
