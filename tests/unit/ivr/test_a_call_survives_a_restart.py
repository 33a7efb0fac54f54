"""A cursor is all that is needed: stored as JSON at any moment, the call goes on where it stood, on its own version."""

from __future__ import annotations

from ctiserver.ivr import cursor as cursors
from ctiserver.ivr import interpreter
from ctiserver.ivr.messages import Digit, Enqueue, HangUp, Play, QueueLeft, Spoken
from tests.unit.ivr.flow_texts import MONDAY_10_00, flow_set, ring

V1 = """
entry: hello
nodes:
  hello: {menu: {say: 旧菜单, choices: {"1": old}, no_input: people}}
  old: {queue: {queue: repairs, timeout: 60s, on_timeout: people}}
  people: {hang_up: 再见}
"""
V2 = """
entry: hello
nodes:
  hello: {menu: {say: 新菜单, choices: {"1": new}, no_input: new}}
  new: {hang_up: 再见}
"""


def test_a_menu_is_said_again_and_the_key_works() -> None:
    flows = flow_set(V1)
    caller = ring(flows)
    assert caller.cursor is not None
    restored = cursors.decode(cursors.encode(caller.cursor))
    again = interpreter.resume(flows, restored, MONDAY_10_00)
    (play,) = again.actions
    assert isinstance(play, Play)
    assert play.prompts == (Spoken(text="旧菜单", language="zh-CN", static=True),)
    assert interpreter.step(flows, again.cursor, Digit(key="1"), MONDAY_10_00).cursor.node == "old"


def test_a_waiting_caller_is_put_into_the_queue_again_and_can_still_leave_it() -> None:
    flows = flow_set(V1)
    caller = ring(flows)
    caller.press("1")
    assert caller.cursor is not None
    restored = cursors.decode(cursors.encode(caller.cursor))
    assert restored == caller.cursor
    left = interpreter.step(flows, restored, QueueLeft(reason="timeout"), MONDAY_10_00)
    assert left.cursor.node == "people"
    again = interpreter.resume(flows, restored, MONDAY_10_00)
    assert isinstance(again.actions[0], Enqueue)


def test_a_call_finishes_on_the_version_it_began_with() -> None:
    before = flow_set(V1)
    caller = ring(before)
    assert caller.cursor is not None
    after = flow_set(V2).following(before)
    assert interpreter.step(after, caller.cursor, Digit(key="1"), MONDAY_10_00).cursor.node == "old"
    assert ring(after).heard == ["新菜单"]


def test_a_version_that_is_gone_gives_way_to_the_one_in_force_but_never_silently_to_its_beginning() -> None:
    caller = ring(flow_set(V1))
    caller.press("1")
    assert caller.cursor is not None
    after = flow_set(V2)
    again = interpreter.resume(after, caller.cursor, MONDAY_10_00)
    assert again.cursor.fault == "LookupError"  # the call is put through to people
    assert again.actions == (HangUp(reason="flow_error"),)
    assert interpreter.step(after, caller.cursor, QueueLeft(reason="timeout"), MONDAY_10_00).actions


def test_an_unknown_flow_ends_with_a_reason_and_not_with_an_exception() -> None:
    step = interpreter.start(flow_set(V1), "nowhere", {}, MONDAY_10_00)
    assert step.cursor.phase == "ended"
    assert step.cursor.fault == "no_such_flow"
    assert interpreter.step(flow_set(V1), step.cursor, Digit(key="1"), MONDAY_10_00).actions == ()
    assert interpreter.resume(flow_set(V1), step.cursor, MONDAY_10_00).actions == ()


def test_news_between_two_cursors_are_complete_even_on_a_long_call() -> None:
    flows = flow_set(V1.replace("entry: hello", 'entry: hello\nkeys: {"#": again}'))
    caller = ring(flows)
    seen = 0
    for _ in range(500):
        before = caller.cursor
        caller.press("#")
        assert caller.cursor is not None
        seen += len(cursors.new_visits(before, caller.cursor))
        assert len(cursors.newly_entered(before, caller.cursor)) == 1
    assert seen == 500
    assert caller.cursor is not None
    assert len(caller.cursor.path) == 200
