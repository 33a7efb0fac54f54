"""The feed without a network: numbering, replay, thinning out, and who is told what."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctiserver.live import feed as feed_module
from ctiserver.live.audience import EVERYONE, STAFF, Audience, Viewer, only, staff_about, staff_and
from ctiserver.live.feed import Feed, Subscription
from ctiserver.live.views import CentreSnapshot
from tests.component.api.example_views import (
    CALLER,
    ManualClock,
    agent_view,
    call_view,
    queue_view,
    screen_pop,
    totals_view,
)
from tests.component.api.fake_centre import FakeCentre

BOSS = Viewer(staff=True)
AGENT_1 = Viewer(staff=False, agent_id=1)
AGENT_2 = Viewer(staff=False, agent_id=2)


def snapshot() -> CentreSnapshot:
    return FakeCentre().snapshot(None)


def take(subscription: Subscription) -> list[dict[str, Any]]:
    """All that waits for this page now."""
    messages: list[dict[str, Any]] = []
    while True:
        step = subscription.next_message()
        try:
            step.send(None)
        except StopIteration as done:
            messages.append(json.loads(done.value))
        else:
            step.close()
            return messages


def types(subscription: Subscription) -> list[str]:
    return [message["type"] for message in take(subscription)]


async def test_numbers_have_no_gaps_for_a_viewer_who_is_not_told_everything() -> None:
    feed = Feed(ManualClock())
    agent = feed.subscribe(AGENT_1, snapshot)
    first = take(agent)[0]["seq"]
    for agent_id in (1, 2, 1, 2, 2, 1):
        feed.publish("agent", agent_view(agent_id), staff_and(agent_id))
    assert [message["seq"] for message in take(agent)] == [first + 1, first + 2, first + 3]


async def test_a_call_that_goes_to_another_agent_leaves_the_first_ones_page() -> None:
    feed = Feed(ManualClock())
    first, second, boss = (feed.subscribe(viewer, snapshot) for viewer in (AGENT_1, AGENT_2, BOSS))
    for page in (first, second, boss):
        take(page)
    feed.publish("call", call_view("c5", agent_id=1), staff_and(1))
    feed.publish("call", call_view("c5", agent_id=None), staff_and(None))  # did not answer
    feed.publish("call", call_view("c5", agent_id=2), staff_and(2))
    feed.publish("call_removed", {"id": "c5"}, STAFF)
    assert types(first) == ["call", "call_removed"]
    assert types(second) == ["call", "call_removed"]
    assert types(boss) == ["call", "call", "call", "call_removed"]


async def test_only_the_agent_gets_the_pop() -> None:
    feed = Feed(ManualClock())
    pages = {viewer: feed.subscribe(viewer, snapshot) for viewer in (AGENT_1, AGENT_2, BOSS)}
    for page in pages.values():
        take(page)
    feed.publish("pop", screen_pop(1), only(1))
    assert {viewer: types(page) for viewer, page in pages.items()} == {AGENT_1: ["pop"], AGENT_2: [], BOSS: []}


async def test_a_snapshot_is_cut_down_to_what_the_viewer_may_see() -> None:
    feed = Feed(ManualClock())
    everything = FakeCentre().snapshot(1)
    other = take(feed.subscribe(AGENT_2, lambda: everything))[0]["data"]
    assert [agent["id"] for agent in other["agents"]] == [2]
    assert (other["calls"], other["pop"]) == ([], None)
    assert CALLER not in json.dumps(other)


async def test_replay_gives_exactly_what_was_missed() -> None:
    feed = Feed(ManualClock())
    page = feed.subscribe(BOSS, snapshot)
    seen = take(page)[0]["seq"]
    page.close()
    assert types(feed.subscribe(BOSS, snapshot, epoch=feed.epoch, after=seen)) == []  # nothing missed, no snapshot
    feed.publish("directory", {}, EVERYONE)
    again = feed.subscribe(BOSS, snapshot, epoch=feed.epoch, after=seen)
    assert [(message["seq"], message["type"]) for message in take(again)] == [(seen + 1, "directory")]


@pytest.mark.parametrize(
    ("epoch", "after"),
    [("other", 0), ("", None), ("same", None), ("same", 10_000)],
)
async def test_positions_that_mean_nothing_here_give_a_snapshot(epoch: str, after: int | None) -> None:
    feed = Feed(ManualClock())
    epoch = feed.epoch if epoch == "same" else epoch
    assert types(feed.subscribe(BOSS, snapshot, epoch=epoch, after=after)) == ["snapshot"]


async def test_a_stream_that_was_forgotten_never_replays_under_old_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "KEEP_UNWATCHED_S", -1.0)
    feed = Feed(ManualClock())
    page = feed.subscribe(BOSS, snapshot)
    for _ in range(5):
        feed.publish("directory", {}, EVERYONE)
    seen = take(page)[-1]["seq"]
    page.close()
    feed.subscribe(AGENT_1, snapshot)  # the unwatched stream goes
    for _ in range(3):
        feed.publish("directory", {}, EVERYONE)  # missed by BOSS
    feed.subscribe(BOSS, snapshot).close()
    assert types(feed.subscribe(BOSS, snapshot, epoch=feed.epoch, after=seen)) == ["snapshot"]


async def test_a_slow_page_costs_at_most_its_queue() -> None:
    feed = Feed(ManualClock(), queue=10)
    slow, quick = feed.subscribe(BOSS, snapshot), feed.subscribe(BOSS, snapshot)
    take(slow)
    take(quick)
    for _ in range(11):
        feed.publish("directory", {}, EVERYONE)
        take(quick)
    assert slow.waiting == 0  # dropped in favour of a snapshot
    feed.publish("directory", {}, EVERYONE)
    fresh = take(slow)
    assert [message["type"] for message in fresh] == ["snapshot"]
    assert fresh[0]["seq"] == take(quick)[-1]["seq"]
    feed.publish("directory", {}, EVERYONE)
    assert types(slow) == ["directory"]


async def test_totals_come_at_most_once_a_second_and_the_newest_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(feed_module.SPACING_S, "totals", 0.05)
    feed = Feed(ManualClock())
    page = feed.subscribe(BOSS, snapshot)
    take(page)
    begun = asyncio.get_running_loop().time()
    for waiting in range(20):
        feed.publish("totals", totals_view(waiting=waiting), EVERYONE)
    assert [message["data"]["waiting"] for message in take(page)] == [0]
    message = json.loads(await page.next_message())
    assert message["data"]["waiting"] == 19
    assert asyncio.get_running_loop().time() - begun >= 0.05
    assert take(page) == []


async def test_queues_are_thinned_out_each_for_itself() -> None:
    feed = Feed(ManualClock())
    page = feed.subscribe(AGENT_1, snapshot)
    take(page)
    for queue_id in ("repairs", "bills", "repairs", "bills"):
        feed.publish("queue", queue_view(queue_id), EVERYONE)
    assert [message["data"]["id"] for message in take(page)] == ["repairs", "bills"]


async def test_a_view_that_nobody_watches_is_not_built() -> None:
    feed = Feed(ManualClock())
    built: list[str] = []

    def make() -> object:
        built.append("queue")
        return queue_view()

    feed.publish_newest("queue", "repairs", make, EVERYONE)
    assert built == []
    page = feed.subscribe(BOSS, snapshot)
    take(page)
    for _ in range(5):
        feed.publish_newest("queue", "bills", make, EVERYONE)
    assert built == ["queue"]  # the others wait for the spacing
    assert types(page) == ["queue"]


def test_audiences() -> None:
    assert staff_and(None) == STAFF
    assert not only(1).includes(BOSS)
    assert only(1).includes(Viewer(staff=True, agent_id=1))
    assert not STAFF.includes(AGENT_1)
    assert not Audience().includes(BOSS)
    assert not Audience(agents=frozenset({1})).includes(Viewer(staff=False, agent_id=None))


Actions = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.sampled_from([EVERYONE, STAFF, only(1), only(2), staff_and(1)])),
        st.tuples(st.just("read"), st.none()),
        st.tuples(st.just("reconnect"), st.none()),
    ),
    max_size=60,
)


@settings(deadline=None)  # machines may be busy
@given(actions=Actions, viewer=st.sampled_from([BOSS, AGENT_1, AGENT_2]))
def test_a_page_never_sees_a_gap_it_can_not_explain(actions: list[tuple[str, Audience | None]], viewer: Viewer) -> None:
    """Whatever happens: after a snapshot or a replay each message follows the last one seen, and none is missing."""

    async def story() -> None:
        feed = Feed(ManualClock(), ring=8, queue=4)
        page = feed.subscribe(viewer, snapshot)
        last, published, seen = 0, 0, 0

        def read() -> None:
            nonlocal last, seen
            for message in take(page):
                assert message["type"] == "snapshot" or message["seq"] == last + 1
                seen = published if message["type"] == "snapshot" else seen + 1
                last = message["seq"]

        read()
        for action, audience in actions:
            if audience is not None:
                feed.publish("directory", {}, audience)
                published += audience.includes(viewer)
            elif action == "read":
                read()
                assert seen == published
            else:
                page.close()
                page = feed.subscribe(viewer, snapshot, epoch=feed.epoch, after=last)
        read()
        assert seen == published

    asyncio.run(story())


async def test_a_supervisor_of_a_team_is_told_of_its_agents_and_of_callers_who_are_with_nobody() -> None:
    feed = Feed(ManualClock())
    team = feed.subscribe(Viewer(staff=True, scope=frozenset({1})), snapshot)
    take(team)
    waiting, ours, theirs = call_view("c9"), call_view("c9", agent_id=1), call_view("c9", agent_id=2)
    for agent_id in (1, 2):
        feed.publish("agent", agent_view(agent_id), staff_and(agent_id))
    for call, agents in ((waiting, ()), (ours, (1,)), (theirs, (2,)), (theirs, (2,)), (ours, (1,))):
        feed.publish("call", call, Audience(staff=True, agents=frozenset(agents)))
    feed.publish("watch", {"id": "w1"}, staff_about(2))
    feed.publish("watch", {"id": "w2"}, staff_about(1))
    feed.publish("call_removed", {"id": "c9"}, Audience(staff=True, agents=frozenset({1})))
    assert types(team) == ["agent", "call", "call", "call_removed", "call", "watch", "call_removed"]


async def test_the_snapshot_of_a_supervisor_of_a_team() -> None:
    feed = Feed(ManualClock())
    (first,) = take(feed.subscribe(Viewer(staff=True, scope=frozenset({2})), snapshot))
    assert [agent["id"] for agent in first["data"]["agents"]] == [2]
    assert [call["id"] for call in first["data"]["calls"]] == ["c2"]
