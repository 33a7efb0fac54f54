"""Messages, faxes, callbacks and answers through the API: listed for the right people, heard, put off, ended."""

from __future__ import annotations

import json
import wave
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import text

from ctiserver.call import events as ev
from ctiserver.call.parties import Callback, NumberTarget
from ctiserver.call.pin import is_pin
from ctiserver.clock import SystemClock
from ctiserver.live.audience import Audience
from ctiserver.live.caller_watch import CallerWatch
from ctiserver.live.feed import Feed
from ctiserver.store.callers.store import open_callers_store
from ctiserver.store.database import fetch_all
from ctiserver.store.directory_store import load_directory
from tests.postgres.api.conftest import Office
from tests.postgres.store.call_stories import START, arrival, step
from tests.postgres.store.projecting import project


class HeardFeed(Feed):
    """Keeps what was published, with for whom."""

    def __init__(self, clock: SystemClock) -> None:
        super().__init__(clock)
        self.told: list[tuple[str, Any, Audience]] = []

    def publish(self, type: str, data: object, audience: Audience) -> None:
        self.told.append((type, data, audience))
        super().publish(type, data, audience)


async def send(office: Office, method: str, path: str, body: object = None) -> tuple[int, Any]:
    headers = {"X-CSRF-Token": office.csrf}
    async with office.http.request(method, office.url(path), json=body, headers=headers) as answer:
        told = await answer.read()
        return answer.status, json.loads(told) if told else None


def left(call: str, at: float, box: str, path: str) -> ev.Step:
    message = f"{call}.m1"
    collected = ev.MessageCollected(
        message_id=message, path=path, duration_ms=3000, size_bytes=48_044, sha256="0" * 64, ok=True
    )
    kept = ev.VoicemailLeft(
        message_id=message,
        box=box,
        path=path,
        started_at=START + at,
        duration_ms=3000,
        size_bytes=48_044,
        sha256="0" * 64,
        ok=True,
    )
    return step(at + 5, call, collected, kept)


def sound(office: Office, path: str) -> Path:
    file = office.recordings / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(8000)
        stream.writeframes(bytes(48_000))
    return file


async def two_messages(office: Office) -> Path:
    """One in the box `night`, one in the box `bills`; returns the file of the first."""
    steps = [arrival("n1-1", 0), left("n1-1", 10, "night", "2027/01/15/n1-1.m1.wav")]
    steps += [arrival("n1-2", 20), left("n1-2", 30, "bills", "2027/01/15/n1-2.m1.wav")]
    await project(office.database, steps)
    return sound(office, "2027/01/15/n1-1.m1.wav")


async def test_a_message_is_heard_by_several_and_then_is_not_new(office: Office) -> None:
    await two_messages(office)
    await office.sign_in("ops")
    assert (await send(office, "PUT", "/api/message-boxes/night", {"agents": [1], "mail": "night@example.com"}))[
        0
    ] == 200
    await office.sign_in("1001")
    _, mine = await send(office, "GET", "/api/voicemails")
    assert [(row["box"], row["heard_at"]) for row in mine["items"]] == [("night", None)]
    assert (mine["total"], mine["new"]) == (1, 1)
    part = {"Range": "bytes=0-3"}
    async with office.http.get(office.url("/api/voicemails/n1-1.m1/audio"), headers=part) as answer:
        assert (answer.status, await answer.read()) == (206, b"RIFF")
    assert (await send(office, "GET", "/api/voicemails/n1-2.m1/audio"))[0] == 404  # of somebody else's box
    assert (await send(office, "DELETE", "/api/voicemails/n1-1.m1"))[0] == 403

    await office.sign_in("supervisor")
    assert (await office.http.get(office.url("/api/voicemails/n1-1.m1/audio"))).status == 200
    _, all_of_them = await send(office, "GET", "/api/voicemails")
    assert (all_of_them["total"], all_of_them["new"]) == (2, 1)
    night = next(row for row in all_of_them["items"] if row["box"] == "night")
    assert [one["times"] for one in night["listeners"]] == [1, 1]
    assert night["heard_by"] == night["listeners"][0]["name"]
    assert (await send(office, "PUT", "/api/voicemails/n1-1.m1/heard", {"heard": False}))[0] == 204
    assert (await send(office, "GET", "/api/voicemails?state=new"))[1]["total"] == 2


async def test_a_message_is_deleted_unless_its_call_is_on_hold(office: Office) -> None:
    file = await two_messages(office)
    await office.sign_in("supervisor")
    assert (await send(office, "PUT", "/api/calls/n1-1/legal-hold", {"reason": "court"}))[0] == 204
    status, told = await send(office, "DELETE", "/api/voicemails/n1-1.m1")
    assert (status, told["error_id"], file.exists()) == (409, "legal_hold", True)
    await office.sign_in("admin")
    assert (await send(office, "DELETE", "/api/calls/n1-1/legal-hold"))[0] == 204
    assert (await send(office, "DELETE", "/api/voicemails/n1-1.m1"))[0] == 204
    assert not file.exists()
    assert (await send(office, "GET", "/api/voicemails/n1-1.m1/audio"))[0] == 404
    assert (await send(office, "DELETE", "/api/voicemails/n1-1.m1"))[0] == 404
    assert (await send(office, "GET", "/api/voicemails"))[1]["total"] == 1


async def test_a_message_becomes_one_order(office: Office) -> None:
    await two_messages(office)
    await office.sign_in("1001")
    assert (await send(office, "POST", "/api/voicemails/n1-1.m1/work-order", {}))[0] == 404  # not responsible
    await office.sign_in("supervisor")
    status, made = await send(office, "POST", "/api/voicemails/n1-1.m1/work-order", {"title": "夜间留言"})
    assert (status, made["created"]) == (201, True)
    _, again = await send(office, "POST", "/api/voicemails/n1-1.m1/work-order", {"title": "夜间留言"})
    assert (again["order_id"], again["created"]) == (made["order_id"], False)
    _, found = await send(office, "GET", "/api/voicemails?box=night")
    assert found["items"][0]["work_order_id"] == made["order_id"]


async def test_those_who_are_responsible_are_told_once(office: Office) -> None:
    await office.sign_in("ops")
    await send(office, "PUT", "/api/message-boxes/night", {"agents": [1], "mail": "night@example.com"})
    await two_messages(office)
    feed = HeardFeed(SystemClock())
    directory = await load_directory(office.database)
    for _ in range(2):
        await CallerWatch(open_callers_store(office.database, "CN"), feed, lambda: directory).once()
    news = [
        (data["box"], sorted(audience.agents), audience.staff)
        for kind, data, audience in feed.told
        if kind == "message_left"
    ]
    assert sorted(news) == [("bills", [], True), ("night", [1], False)]
    async with office.database.reading() as connection:
        mails = await fetch_all(connection, "SELECT address, params FROM notice WHERE kind = 'voicemail_left'")
    assert [(mail["address"], mail["params"]["box"]) for mail in mails] == [("night@example.com", "night")]


async def test_a_callback_is_asked_for_put_off_and_ended(office: Office) -> None:
    await office.sign_in("1001")
    body = {"number": "138 0013 8000", "due_at": SystemClock().now() + 3600, "note": "账单"}
    status, made = await send(office, "POST", "/api/callbacks", body)
    assert (status, made["agent"]["id"], made["status"], made["source"]) == (201, 1, "open", "page")
    status, told = await send(office, "POST", "/api/callbacks", {"number": "13800138000", "queue_id": "repairs"})
    assert (status, told["error_id"]) == (409, "callback_exists")
    status, told = await send(office, "POST", "/api/callbacks", {"number": "13900139000", "queue_id": "nowhere"})
    assert (status, told["error_id"]) == (409, "no_such_queue")
    assert (await send(office, "POST", "/api/callbacks", {"number": "1"}))[0] == 422
    assert (await send(office, "POST", "/api/callbacks", {"number": "13900139000", "due_at": 1000.0}))[0] == 422

    await office.sign_in("1002")
    assert (await send(office, "POST", f"/api/callbacks/{made['id']}/end", {"status": "cancelled"}))[0] == 403
    _, seen = await send(office, "GET", "/api/callbacks")
    assert "0013" not in seen["items"][0]["number"]

    await office.sign_in("supervisor")
    _, changed = await send(office, "PUT", f"/api/callbacks/{made['id']}", {"note": "明天"})
    assert (changed["note"], changed["due_at"]) == ("明天", None)
    _, ended = await send(office, "POST", f"/api/callbacks/{made['id']}/end", {"status": "done"})
    assert (ended["status"], ended["done_at"] is not None) == ("done", True)
    status, told = await send(office, "POST", f"/api/callbacks/{made['id']}/end", {"status": "done"})
    assert (status, told["error_id"]) == (409, "callback_over")
    assert (await send(office, "GET", "/api/callbacks?status=open"))[1]["total"] == 0


async def test_answers_are_counted_by_question(office: Office) -> None:
    steps = [arrival("n1-1", 0)]
    for number, score in enumerate((5, 5, 2)):
        answered = ev.SurveyAnswered(
            answer_id=f"n1-1.w{number}",
            survey="service",
            question="polite",
            score=score,
            agent_id=1,
            queue_id="repairs",
        )
        steps.append(step(number + 1, "n1-1", ev.DigitReceived(digit=str(score)), answered))
    await project(office.database, steps)
    await office.sign_in("supervisor")
    _, page = await send(office, "GET", "/api/survey-answers?survey=service&page_size=2")
    assert (page["total"], len(page["items"]), page["items"][0]["agent"]["id"]) == (3, 2, 1)
    assert page["questions"] == [
        {"survey": "service", "question": "polite", "answers": 3, "mean": 4.0, "scores": {"2": 1, "5": 2}}
    ]
    await office.sign_in("1002")
    assert (await send(office, "GET", "/api/survey-answers"))[1]["total"] == 0  # of others' conversations


async def test_a_team_keeps_callbacks_and_answers_to_itself(office: Office) -> None:
    """What is nobody's yet is every supervisor's; what another team's agent is to do, or was told, is not."""
    steps: list[ev.Step] = []
    for number, agent_id in enumerate((1, 2, None)):
        call = f"n1-{number}"
        answered = ev.SurveyAnswered(
            answer_id=f"{call}.w1",
            survey="s",
            question="polite",
            score=1 + number,
            agent_id=agent_id,
            queue_id="repairs",
        )
        steps += [arrival(call, number), step(number + 1, call, ev.DigitReceived(digit="5"), answered)]
    await project(office.database, steps)
    made: dict[str, str] = {}
    for login, body in (
        ("1001", {"number": "13800138001"}),
        ("1002", {"number": "13800138002"}),
        ("1002", {"number": "13800138003", "queue_id": "repairs"}),
    ):
        await office.sign_in(login)
        status, told = await send(office, "POST", "/api/callbacks", body)
        assert status == 201, told
        made[told["number"][-4:]] = told["id"]

    await of_team(office, "service_1")
    try:
        _, page = await send(office, "GET", "/api/survey-answers")
        assert {row["score"] for row in page["items"]} == {1, 3}
        assert page["questions"][0]["scores"] == {"1": 1, "3": 1}, "the figures are the team's, too"
        assert (await send(office, "GET", "/api/survey-answers?agent=2"))[1]["total"] == 0
        _, page = await send(office, "GET", "/api/callbacks")
        assert {row["number"][-4:] for row in page["items"]} == {"8001", "8003"}
        assert (page["total"], page["open"]) == (2, 2)
        for method, path, body in (("PUT", "", {"note": "x"}), ("POST", "/end", {"status": "cancelled"})):
            status, told = await send(office, method, f"/api/callbacks/{made['8002']}{path}", body)
            assert (status, told["error_id"]) == (403, "other_team")
        assert (await send(office, "PUT", f"/api/callbacks/{made['8001']}", {"note": "x"}))[0] == 200
        assert (await send(office, "PUT", f"/api/callbacks/{made['8003']}", {"note": "x"}))[0] == 200
    finally:
        await of_team(office, None)
    assert (await send(office, "GET", "/api/callbacks"))[1]["total"] == 3


async def of_team(office: Office, team: str | None) -> None:
    """Signs the supervisor in, who leads that team (None: all). Agent 1 is of `service_1`, agent 2 of `service_2`."""
    teams = {1: "service_1", 2: "service_2"}
    directory = office.centre.directory
    agents = tuple(msgspec.structs.replace(agent, team=teams[agent.id]) for agent in directory.agents)
    office.centre.directory = msgspec.structs.replace(directory, agents=agents)
    async with office.database.writing() as connection:
        await connection.execute(text("UPDATE app_user SET team_id = :team WHERE login = 'supervisor'"), {"team": team})
    await office.sign_in("supervisor")


async def test_a_fax_is_read_and_sent_on(office: Office) -> None:
    received = ev.FaxReceived(
        fax_id="n1-1.f1", box="office", path="2027/01/15/n1-1.f1.tif", started_at=START, pages=2, size_bytes=8,
        sha256="0" * 64,
    )  # fmt: skip
    await project(office.database, [arrival("n1-1", 0), step(9, "n1-1", ev.CallerHungUp(), received)])
    file = office.recordings / "2027/01/15/n1-1.f1.tif"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"II*\0....")
    await office.sign_in("supervisor")
    _, page = await send(office, "GET", "/api/faxes")
    assert [(row["box"], row["pages"], row["ok"]) for row in page["items"]] == [("office", 2, True)]
    answer = await office.http.get(office.url("/api/faxes/n1-1.f1/document"))
    assert (answer.content_type, await answer.read()) == ("image/tiff", b"II*\0....")
    assert (await send(office, "POST", "/api/faxes/n1-1.f1/send", {"mail": "x@example.com"}))[0] == 202
    assert (await send(office, "POST", "/api/faxes/n1-1.f1/send", {"mail": "nobody"}))[0] == 422
    async with office.database.reading() as connection:
        [mail] = await fetch_all(connection, "SELECT address, params FROM notice WHERE kind = 'fax_sent_on'")
    assert (mail["address"], mail["params"]["file"]) == ("x@example.com", "2027/01/15/n1-1.f1.tif")


async def test_the_course_of_a_callback_stands_in_its_row(office: Office) -> None:
    asked = [
        step(9, call, ev.CallerHungUp(), wanted(f"{call}.w1", number))
        for call, number in (("n1-1", "13800138000"), ("n1-2", "13800138000"), ("n1-3", "13900139000"))
    ]
    target = NumberTarget(number="13800138000", endpoint="PJSIP/13800138000@trunk")
    callback = Callback(request_id="n1-1.w1", target=target)
    due = ev.CallbackDue(call_id="n1-c1-1", queue_id="repairs", callback=callback, waiting_since=START)
    started = ev.CallStarted(
        call_id="n1-c1-1", dialled="", caller_number="13800138000", caller_name="", flow="", direction="outbound"
    )
    busy = ev.CallbackTried(request_id="n1-1.w1", attempt=1, outcome="busy", status="open", next_at=START + 700)
    tries = [step(50, "n1-c1-1", due, started), step(60, "n1-c1-1", ev.CallerHungUp(), busy)]
    steps = [arrival("n1-1", 0), arrival("n1-2", 0), arrival("n1-3", 0), *asked, *tries]
    await project(office.database, steps)
    store = open_callers_store(office.database, "CN").callbacks
    assert [row.id for row in await store.due(START + 600)] == ["n1-3.w1"], "one for each number, and that one rests"
    [row] = [row for row in await store.due(START + 800) if row.id == "n1-1.w1"]
    assert (row.attempts, row.outcome, row.last_call_id, row.next_at) == (1, "busy", "n1-c1-1", START + 700)

    reached = ev.CallbackTried(request_id="n1-1.w1", attempt=2, outcome="answered", status="done")
    await project(office.database, [*steps, step(900, "n1-c1-2", ev.CallerHungUp(), reached)])  # the former count once
    await office.sign_in("supervisor")
    _, page = await send(office, "GET", "/api/callbacks")
    assert [(one["id"], one["status"], one["attempts"]) for one in page["items"]] == [
        ("n1-3.w1", "open", 0),
        ("n1-1.w1", "done", 2),
    ]
    assert page["open"] == 1
    _, call = await send(office, "GET", "/api/calls/n1-c1-1")
    assert call["queue_id"] == "repairs"


def wanted(request: str, number: str) -> ev.CallbackRequested:
    return ev.CallbackRequested(
        request_id=request, queue_id="repairs", number=number, keep_place=True, waiting_since=START
    )


async def test_a_box_says_which_phones_ring_and_never_its_pin(office: Office) -> None:
    await office.sign_in("ops")
    wanted = {"phones": ["1001", "02885551234"], "pin": "4711", "language": "en", "ring_from": "22:00"}
    status, made = await send(office, "PUT", "/api/message-boxes/night", wanted)
    assert (status, made["has_pin"], made["ring_from"], made["ring_to"]) == (200, True, "22:00", "21:00")
    kept = {"phones": ["1001"], "version": made["version"]}
    _, changed = await send(office, "PUT", "/api/message-boxes/night", kept)
    assert (changed["has_pin"], changed["phones"], "4711" in json.dumps([made, changed])) == (True, ["1001"], False)
    assert (await send(office, "PUT", "/api/message-boxes/night", kept))[0] == 409, "somebody was faster"
    for wrong in ({"pin": "12"}, {"pin": "abcd"}, {"ring_from": "24:00"}, {"language": "fr"}, {"phones": ["door"]}):
        assert (await send(office, "PUT", "/api/message-boxes/night", wrong))[0] == 422, wrong
    await two_messages(office)
    store = open_callers_store(office.database, "CN").voicemails
    [due] = await store.notices(START)
    assert (due.voicemail_id, due.phone, due.attempts, is_pin("4711", due.pin_hash)) == ("n1-1.m1", "1001", 0, True)
    _, open_to_all = await send(office, "PUT", "/api/message-boxes/night", {"phones": ["1001"], "pin": ""})
    assert not open_to_all["has_pin"]
    async with office.database.reading() as connection:
        noted = await fetch_all(
            connection, "SELECT detail::text AS words FROM audit_log WHERE action LIKE 'message_box%'"
        )
    assert len(noted) == 3
    assert not any("4711" in one["words"] or due.pin_hash in one["words"] for one in noted)


async def test_what_a_phone_has_heard_is_read_and_noted_once(office: Office) -> None:
    await office.sign_in("ops")
    await send(office, "PUT", "/api/message-boxes/night", {"phones": ["1001", "1002"]})
    tried = ev.NoticeTried(box="night", phone="1001", voicemail_ids=("n1-1.m1",), attempt=1, outcome="no_answer")
    heard = ev.MessageHeard(voicemail_id="n1-1.m1", box="night", phone="1002")
    calls = [
        step(50, "n1-v1-1", ev.CallerHungUp(), tried),
        step(60, "n1-v1-2", ev.PromptFinished(playback_id="p", ok=True), heard),
    ]
    store = open_callers_store(office.database, "CN").voicemails
    steps = [arrival("n1-1", 0), left("n1-1", 10, "night", "2027/01/15/n1-1.m1.wav"), *calls]
    await project(office.database, steps[:-1])
    rung = {row.phone: row for row in await store.notices(START)}
    first = rung["1001"]
    assert (first.attempts, first.outcome, first.last_call_id, first.last_at) == (1, "no_answer", "n1-v1-1", START + 50)
    assert rung["1002"].attempts == 0
    await project(office.database, steps)
    assert await store.notices(START) == []
    _, page = await send(office, "GET", "/api/voicemails?box=night")
    [row] = page["items"]
    assert (row["heard_by"], row["heard_at"], page["new"]) == ("1002", START + 60, 0)
    assert [(one["name"], one["times"]) for one in row["listeners"]] == [("1002", 1)]
    async with office.database.reading() as connection:
        noted = await fetch_all(connection, "SELECT object_id FROM audit_log WHERE action = 'voicemail.play'")
        [state] = await fetch_all(connection, "SELECT attempts FROM voicemail_notice WHERE phone = '1001'")
    assert ([one["object_id"] for one in noted], state["attempts"]) == (["n1-1.m1"], 1)
    assert (await send(office, "PUT", "/api/voicemails/n1-1.m1/heard", {"heard": False}))[0] == 204
    assert (await send(office, "GET", "/api/voicemails?box=night"))[1]["items"][0]["heard_by"] == ""
