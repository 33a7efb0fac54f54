"""Story: what people click becomes a command to the centre, under the right name, and is audited where it must be."""

from __future__ import annotations

import asyncio

from ctiserver.call.events import LeaveRequested, MuteRequested
from ctiserver.live.views import LiveCallView, PartyView
from tests.component.api.conftest import SignIn, Stage
from tests.component.api.example_views import CALLER, OTHER_CALLER, call_view


async def test_an_agent_takes_a_break_with_a_reason(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    answer = await page.post("/api/agents/me/presence", {"presence": "break", "reason": "lunch"})
    assert answer.status == 202
    assert await answer.json() == {}
    assert stage.centre.commands == [("choose_presence", 1, "break", "lunch", "agent")]


async def test_a_reason_must_be_one_of_the_directory(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    answer = await page.post("/api/agents/me/presence", {"presence": "training", "reason": "lunch"})
    assert answer.status == 409
    assert (await answer.json())["error_id"] == "unknown_reason_code"
    assert stage.centre.commands == []


async def test_wrap_up_is_extended_and_finished(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1002")
    await page.post("/api/agents/me/wrap-up/extend", {"seconds": 30})
    await page.post("/api/agents/me/wrap-up/finish")
    assert stage.centre.commands == [("extend_wrap_up", 2, 30.0), ("finish_wrap_up", 2)]


async def test_a_supervisor_who_takes_no_calls_has_no_presence(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    answer = await page.post("/api/agents/me/presence", {"presence": "ready"})
    assert answer.status == 404
    assert (await answer.json())["error_id"] == "no_agent"


async def test_a_supervisor_sends_an_agent_home_and_it_is_audited(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    assert (await page.post("/api/agents/2/presence", {"presence": "signed_out"})).status == 202
    assert stage.centre.commands == [("choose_presence", 2, "signed_out", "", "supervisor:11")]
    assert stage.store.audited == [(11, "agent.presence", "agent:2", {"presence": "signed_out", "reason": ""})]
    assert (await page.post("/api/agents/99/presence", {"presence": "ready"})).status == 404


async def test_supervisors_can_help_while_postgres_is_away(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    stage.store.away = True
    assert (await page.post("/api/calls/c1/hang-up")).status == 202
    assert stage.centre.commands == [("hang_up", "c1", "supervisor", 11)]


async def test_only_the_agent_of_a_call_or_a_supervisor_ends_it(stage: Stage, sign_in: SignIn) -> None:
    own, other, boss = await sign_in("1001"), await sign_in("1002"), await sign_in("ops")
    assert (await other.post("/api/calls/c1/hang-up")).status == 403
    assert (await own.post("/api/calls/c1/hang-up")).status == 202
    assert (await boss.post("/api/calls/c1/hang-up")).status == 202
    assert (await boss.post("/api/calls/gone/hang-up")).status == 404
    assert stage.centre.commands == [("hang_up", "c1", "agent", 1), ("hang_up", "c1", "supervisor", 12)]


async def test_only_the_agent_of_a_call_chooses_its_disposition(stage: Stage, sign_in: SignIn) -> None:
    choice = {"code": "fault", "note": "漏水"}
    own, other = await sign_in("1001"), await sign_in("1002")
    assert (await own.post("/api/calls/c1/disposition", choice)).status == 202
    assert (await other.post("/api/calls/c1/disposition", choice)).status == 403
    assert (await other.post("/api/calls/c9/disposition", choice)).status == 202  # a past call of theirs
    assert (await own.post("/api/calls/c1/disposition", {"code": "nonsense"})).status == 409
    assert stage.centre.commands == [
        ("choose_disposition", 1, "c1", "fault", "漏水"),
        ("choose_disposition", 2, "c9", "fault", "漏水"),
    ]


async def test_an_impatient_click_counts_once(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    body = {"seconds": 30}
    answers = await asyncio.gather(
        *(page.post("/api/agents/me/wrap-up/extend", body, Idempotency_Key="click-1") for _ in range(3))
    )
    assert {answer.status for answer in answers} == {202}
    assert stage.centre.commands == [("extend_wrap_up", 1, 30.0)]
    again = await page.post("/api/agents/me/wrap-up/extend", {"seconds": 60}, Idempotency_Key="click-1")
    assert again.status == 409
    assert (await again.json())["error_id"] == "idempotency_key_reused"
    colleague = await sign_in("1002")
    await colleague.post("/api/agents/me/wrap-up/extend", body, Idempotency_Key="click-1")
    assert stage.centre.commands[-1] == ("extend_wrap_up", 2, 30.0)


async def test_numbers_are_masked_for_agents_except_in_own_calls(stage: Stage, sign_in: SignIn) -> None:
    agent, boss = await sign_in("1001"), await sign_in("supervisor")
    own_and_other = [CALLER, "139****2222"]
    calls = (await (await agent.get("/api/calls")).json())["items"]
    assert [call["caller_number"] for call in calls] == own_and_other
    calls = (await (await boss.get("/api/calls")).json())["items"]
    assert [call["caller_number"] for call in calls] == [CALLER, OTHER_CALLER]

    other = await (await agent.get("/api/calls/c9")).json()
    assert other["caller_number"] == other["recordings"][0]["caller_number"] == "139****2222"
    assert (await (await agent.get("/api/customers/1")).json())["numbers"] == ["138****8000"]
    assert (await (await boss.get("/api/customers/1")).json())["numbers"] == [CALLER]


async def test_an_agent_sees_the_own_live_call_and_the_own_tile(stage: Stage, sign_in: SignIn) -> None:
    agent, boss = await sign_in("1001"), await sign_in("supervisor")
    assert [call["id"] for call in await (await agent.get("/api/calls/live")).json()] == ["c1"]
    assert [call["id"] for call in await (await boss.get("/api/calls/live")).json()] == ["c1", "c2"]
    assert [view["id"] for view in (await (await agent.get("/api/wallboard")).json())["agents"]] == [1]
    assert len((await (await boss.get("/api/wallboard")).json())["agents"]) == 2


async def test_a_decision_is_explained(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    told = await (await page.get("/api/calls/c2/explain")).json()
    assert (told["outcome"], told["position"], told["wanted"]) == ("waiting", 1, "service >= 1")
    assert (await page.get("/api/calls/gone/explain")).status == 404


async def test_searches_reach_the_store_as_asked(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("supervisor")
    answer = await page.get(
        "/api/calls?from=1&to=2.5&queue=repairs&agent=1&number=138&outcome=answered&page=2&page_size=10"
    )
    assert answer.status == 200
    wanted = stage.store.asked[0]
    assert (wanted.started_from, wanted.started_to, wanted.queue_id, wanted.agent_id) == (1.0, 2.5, "repairs", 1)
    assert (wanted.number, wanted.outcome, wanted.page, wanted.page_size) == ("138", "answered", 2, 10)


async def test_names_for_pages(sign_in: SignIn) -> None:
    page = await sign_in("1001")
    reference = await (await page.get("/api/reference")).json()
    assert reference["queues"] == [{"id": "repairs", "name": {"zh-CN": "报修", "en": "Repairs"}}]
    assert reference["teams"] == {"service_1": {"zh-CN": "客服一组", "en": "Service team 1"}}
    assert reference["lines"] == {"96100": "Hotline"}
    assert reference["nodes"] == {"main": {"welcome": {"zh-CN": "主菜单", "en": "Main menu"}}}
    assert reference["reason_codes"][0]["code"] == "lunch"


async def test_where_a_caller_may_be_sent_is_known_to_every_agent(stage: Stage, sign_in: SignIn) -> None:
    page = await sign_in("1001")
    targets = await (await page.get("/api/targets")).json()
    assert [(one["number"], one["free"]) for one in targets["agents"]] == [("1002", True)], "not the asking agent"
    assert [queue["id"] for queue in targets["queues"]] == ["repairs"]
    assert targets["outside"] is False


async def test_callers_who_may_be_taken_over_are_listed_without_their_number(stage: Stage, sign_in: SignIn) -> None:
    (waiting,) = await (await (await sign_in("1001")).get("/api/pickups")).json()
    assert waiting["call_id"] == "c2"
    assert waiting["caller_number"] != OTHER_CALLER
    (seen,) = await (await (await sign_in("supervisor")).get("/api/pickups")).json()
    assert seen["caller_number"] == OTHER_CALLER


async def test_an_agent_asks_for_help_and_a_supervisor_answers(stage: Stage, sign_in: SignIn) -> None:
    own, boss = await sign_in("1001"), await sign_in("supervisor")
    assert (await own.put("/api/agents/me/help", {"text": "客户要求赔偿"})).status == 202
    assert (await boss.post("/api/agents/1/help/answer")).status == 202
    assert (await own.delete("/api/agents/me/help")).status == 202
    asked, answered, withdrawn = stage.centre.commands
    assert (asked, withdrawn) == (("ask_help", 1, "c1", "客户要求赔偿"), ("end_help", 1))
    assert answered[:2] == ("answer_help", 1)
    assert stage.store.audited == [(11, "help.answer", "agent:1", {})]


def asked_into(number: int, party_id: str) -> LiveCallView:
    """The call c1 of agent 1, with one more agent in it."""
    asked = PartyView(
        id=party_id,
        role="consulted",
        number=str(number),
        name="",
        agent_id=number - 1000,
        state="joined",
        since=1.0,
        muted=False,
        held=False,
    )
    return call_view("c1", agent_id=1, phase="talking", parties=(asked,))


async def test_who_was_only_asked_mutes_nobody_else(stage: Stage, sign_in: SignIn) -> None:
    stage.centre.live[0] = asked_into(1002, "c1.l2")
    page = await sign_in("1002")
    assert (await page.post("/api/calls/c1/mute", {"party": "c1.l2", "muted": True})).status == 202
    for somebody_else in ("agent", "caller", "c1.l3"):
        assert (await page.post("/api/calls/c1/mute", {"party": somebody_else, "muted": True})).status == 403
    ((_, call_id, event),) = stage.centre.commands
    assert (call_id, event) == ("c1", MuteRequested(party_id="c1.l2", muted=True, user_id=2))


async def test_who_was_only_asked_leaves_and_does_not_end_the_call(stage: Stage, sign_in: SignIn) -> None:
    stage.centre.live[0] = asked_into(1002, "c1.l2")
    page = await sign_in("1002")
    assert (await page.post("/api/calls/c1/hang-up")).status == 202
    ((_, call_id, event),) = stage.centre.commands
    assert (call_id, event) == ("c1", LeaveRequested(agent_id=2, user_id=2))
