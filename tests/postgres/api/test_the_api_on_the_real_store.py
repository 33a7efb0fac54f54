"""Story: seeded people sign in over HTTP, look things up, play a recording; sessions and audit stand in Postgres."""

from __future__ import annotations

import time
from typing import Any

from ctiserver.store.database import fetch_all
from ctiserver.store.users import Users
from tests.postgres.api.conftest import Office
from tests.postgres.store.call_stories import abandoned_call, answered_call
from tests.postgres.store.projecting import project


async def rows(office: Office, query: str) -> list[dict[str, Any]]:
    async with office.database.reading() as connection:
        return [dict(row) for row in await fetch_all(connection, query, {})]


async def test_everybody_who_was_seeded_signs_in_and_out(office: Office) -> None:
    for login, account in office.accounts.items():
        assert await office.sign_in(login) == 200
        session = await (await office.http.get(office.url("/api/session"))).json()
        assert (session["user"]["role"], session["user"]["name"]) == (account.role, account.name)
        left = await office.http.delete(office.url("/api/session"), headers={"X-CSRF-Token": office.csrf})
        assert left.status == 204
    assert await rows(office, "SELECT 1 FROM user_session") == []


async def test_the_session_stands_in_postgres_as_a_hash(office: Office) -> None:
    await office.sign_in("supervisor")
    [cookie] = office.http.cookie_jar
    [session] = await rows(
        office, "SELECT token_hash, expires_at > now() + interval '11 hours' AS lasts FROM user_session"
    )
    assert session["lasts"]
    assert cookie.value.encode() not in bytes(session["token_hash"])
    assert (await office.http.get(office.url("/api/agents"))).status == 200


async def test_an_unknown_login_takes_as_long_as_a_wrong_password(office: Office) -> None:
    async def took(login: str) -> float:
        begun = time.process_time()  # of this process, server included: what else the machine does is no matter
        answer = await office.http.post(office.url("/api/session"), json={"login": login, "password": "wrong"})
        assert answer.status == 401
        return time.process_time() - begun

    known = min([await took("admin") for _ in range(4)])
    unknown = min([await took("nobody") for _ in range(4)])
    assert 0.5 < unknown / known < 2  # hashing is what takes the time, in both


async def test_calls_and_customers_are_found_over_http(office: Office) -> None:
    await project(office.database, [*answered_call("n1-1"), *abandoned_call("n1-2", at=2000)])
    await office.sign_in("supervisor")

    async def get(path: str) -> Any:
        answer = await office.http.get(office.url(path))
        assert answer.status == 200, await answer.text()
        return await answer.json()

    assert [call["id"] for call in (await get("/api/calls"))["items"]] == ["n1-2", "n1-1"]
    assert [call["id"] for call in (await get("/api/calls?outcome=answered&page_size=1"))["items"]] == ["n1-1"]
    assert {segment["kind"] for segment in (await get("/api/calls/n1-1"))["segments"]} >= {"ivr", "queue", "talk"}
    found = await get("/api/customers?query=13800138000&limit=5")
    assert found
    assert "+8613800138000" in (await get(f"/api/customers/{found[0]['id']}"))["numbers"]
    assert (await office.http.get(office.url("/api/calls/n1-99"))).status == 404


async def test_a_played_recording_leaves_an_audit_row(office: Office) -> None:
    await project(office.database, answered_call("n1-1"))
    await office.sign_in("supervisor")
    [recording] = (await (await office.http.get(office.url("/api/recordings"))).json())["items"]
    file = office.recordings / "2027" / "01" / "15" / "n1-1-r1.wav"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"RIFF" + bytes(1000))
    part = {"Range": "bytes=0-3"}
    answer = await office.http.get(office.url(f"/api/recordings/{recording['id']}/audio"), headers=part)
    assert (answer.status, await answer.read()) == (206, b"RIFF")
    [row] = await rows(office, "SELECT actor, action, object_type, object_id, address, detail FROM audit_log")
    assert (row["actor"], row["action"]) == ("supervisor", "recording.play")
    assert (row["object_type"], row["object_id"], row["address"]) == ("recording", recording["id"], "127.0.0.1")
    assert row["detail"] == {"call_id": "n1-1"}


async def test_a_machine_is_named_in_the_audit_log(office: Office) -> None:
    key = await Users(office.database).make_api_key("crm", "supervisor")
    headers = {"Authorization": f"Bearer {key}"}
    answer = await office.http.post(office.url("/api/calls/c1/hang-up"), headers=headers)
    assert answer.status == 202
    [row] = await rows(office, "SELECT user_id, actor, action, object_id FROM audit_log")
    assert (row["user_id"], row["actor"], row["action"], row["object_id"]) == (None, "key:crm", "call.hang_up", "c1")


async def test_texts_that_postgres_dislikes_are_refused_before(office: Office) -> None:
    await office.sign_in("supervisor")
    for query in ("number=%00", "queue=%00", "number=%27%3B--"):
        answer = await office.http.get(office.url(f"/api/calls?{query}"))
        assert answer.status in (200, 422), query
    answer = await office.http.post(
        office.url("/api/session"),
        data='{"login": "\\ud800", "password": "x"}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status in (400, 401, 422)
    answer = await office.http.get(office.url("/api/customers?query=100%25_%5C"))
    assert (answer.status, await answer.json()) == (200, [])
