"""Menus: keys before, during and after the text, wrong keys, silence, choices of several keys."""

from __future__ import annotations

import pytest

from ctiserver.ivr import interpreter
from ctiserver.ivr.messages import Digit, Listen, NoInput, Play, PromptsDone, PromptsFailed, Spoken, StopPlaying
from tests.unit.ivr.flow_texts import flow_set, ring

MENU = """
entry: welcome
nodes:
  welcome:
    menu:
      say: 水费请按1，报修请按2。
      choices: {"1": bills, "2": repairs}
      no_input: people
      invalid: gave_up
  bills: {hang_up: 水费}
  repairs: {hang_up: 报修}
  people: {queue: service}
  gave_up: {hang_up: 再见}
"""


def test_the_text_plays_then_the_menu_listens_and_a_key_leads_on() -> None:
    flows = flow_set(MENU)
    caller = ring(flows)
    assert caller.cursor is not None
    first = interpreter.start(flows, "main", {}, caller.now)
    (play,) = first.actions
    assert play == Play(
        prompts=(Spoken(text="水费请按1，报修请按2。", language="zh-CN", static=True),), interruptible=True, turn=1
    )
    listening = interpreter.step(flows, first.cursor, PromptsDone(turn=1), caller.now)
    assert listening.actions == (Listen(deadline_s=5.0, turn=2),)
    chosen = interpreter.step(flows, listening.cursor, Digit(key="2"), caller.now)
    assert chosen.cursor.node == "repairs"
    assert isinstance(chosen.actions[0], Play)


def test_a_key_cuts_the_text_short() -> None:
    flows = flow_set(MENU)
    caller = ring(flows)
    assert caller.cursor is not None
    step = interpreter.step(flows, caller.cursor, Digit(key="1"), caller.now)
    assert step.actions[0] == StopPlaying()
    assert step.cursor.node == "bills"


def test_without_barge_in_keys_during_the_text_do_nothing() -> None:
    flows = flow_set(MENU.replace("no_input: people", "no_input: people\n      barge_in: false"))
    caller = ring(flows)
    assert caller.cursor is not None
    ignored = interpreter.step(flows, caller.cursor, Digit(key="1"), caller.now)
    assert ignored.actions == ()
    assert ignored.cursor.node == "welcome"
    caller.listen_to_the_end()
    caller.press("1")
    assert caller.visited[-1] == "bills"


def test_wrong_keys_are_forgiven_twice() -> None:
    caller = ring(flow_set(MENU))
    caller.press("7")
    assert caller.heard[-2:] == ["输入有误，请重新输入。", "水费请按1，报修请按2。"]
    caller.press("8")
    assert caller.visited == ["welcome"]
    caller.press("9")
    assert caller.visited[-1] == "gave_up"


def test_silence_is_forgiven_twice_and_counted_apart_from_wrong_keys() -> None:
    caller = ring(flow_set(MENU))
    caller.press("7")
    caller.stay_silent()
    caller.press("7")
    caller.stay_silent()
    assert caller.heard[-2] == "没有收到您的输入。"
    assert caller.visited == ["welcome"]
    caller.stay_silent()
    assert caller.visited[-1] == "queue service"


def test_a_prompt_that_fails_does_not_stop_the_call() -> None:
    flows = flow_set(MENU)
    caller = ring(flows)
    assert caller.cursor is not None
    step = interpreter.step(flows, caller.cursor, PromptsFailed(), caller.now)
    assert isinstance(step.actions[0], Listen)


def test_reports_that_a_key_has_overtaken_change_nothing() -> None:
    flows = flow_set(MENU)
    first = interpreter.start(flows, "main", {}, ring(flows).now)
    wrong = interpreter.step(flows, first.cursor, Digit(key="7"), ring(flows).now)
    assert wrong.cursor.turn == 2
    late = interpreter.step(flows, wrong.cursor, PromptsDone(turn=1), ring(flows).now)
    assert late.actions == ()
    assert late.cursor == wrong.cursor
    assert interpreter.step(flows, wrong.cursor, NoInput(turn=0), ring(flows).now).actions == ()


LONG_KEYS = MENU.replace('{"1": bills, "2": repairs}', '{"1": bills, "12": repairs, "35": people}')


def test_where_one_choice_begins_another_a_pause_decides() -> None:
    caller = ring(flow_set(LONG_KEYS))
    caller.press("1")
    assert caller.visited == ["welcome"]
    caller.stay_silent()
    assert caller.visited[-1] == "bills"

    caller = ring(flow_set(LONG_KEYS))
    caller.press("12")
    assert caller.visited[-1] == "repairs"


def test_half_a_choice_is_a_wrong_choice() -> None:
    caller = ring(flow_set(LONG_KEYS))
    caller.press("3")
    caller.stay_silent()
    assert "输入有误，请重新输入。" in caller.heard


def test_keys_typed_during_an_announcement_count_for_the_menu() -> None:
    flows = flow_set(
        MENU.replace("entry: welcome", "entry: hello").replace(
            "nodes:", "nodes:\n  hello: {say: 您好。, next: notice}\n  notice: {say: 通知。, next: welcome}"
        )
    )
    caller = ring(flows)
    caller.press("2")
    assert caller.visited == ["hello", "notice", "welcome", "repairs"]
    assert "通知。" not in caller.heard


def test_an_announcement_that_must_be_heard_is_heard() -> None:
    flows = flow_set(
        MENU.replace("entry: welcome", "entry: notice").replace(
            "nodes:", "nodes:\n  notice: {say: {text: 通知。, barge_in: false}, next: welcome}"
        )
    )
    caller = ring(flows)
    caller.press("2")
    assert caller.visited == ["notice"]
    caller.listen_to_the_end()
    assert caller.visited == ["notice", "welcome"]


@pytest.mark.parametrize("key", ["A", "", "11", "１", "#"])
def test_what_no_telephone_sends_is_ignored_or_just_wrong(key: str) -> None:
    flows = flow_set(MENU)
    caller = ring(flows)
    assert caller.cursor is not None
    step = interpreter.step(flows, caller.cursor, Digit(key=key), caller.now)
    assert step.cursor.node == "welcome"


GLOBAL = """
entry: first
keys: {"0": people, "*": back, "#": again}
nodes:
  first: {menu: {say: 一, choices: {"1": second}, no_input: people}}
  second: {menu: {say: 二, choices: {"1": third, "*": back, "9": again}, no_input: people}}
  third: {menu: {say: 三, choices: {"0": bye}, no_input: people}}
  bye: {hang_up: 再见}
  people: {queue: service}
"""


def test_global_keys_lead_to_people_back_and_again() -> None:
    caller = ring(flow_set(GLOBAL))
    caller.press("11*")
    assert caller.visited == ["first", "second", "third", "second"]
    caller.press("*")
    assert caller.visited[-1] == "first"
    caller.press("*")
    assert caller.visited[-1] == "first"
    caller.press("#")
    assert caller.heard[-1] == "一"
    caller.press("0")
    assert caller.visited[-1] == "queue service"


def test_a_menu_may_use_a_global_key_for_itself() -> None:
    caller = ring(flow_set(GLOBAL))
    caller.press("110")
    assert caller.visited[-1] == "bye"


def test_in_a_queue_global_keys_are_silent() -> None:
    flows = flow_set(GLOBAL)
    caller = ring(flows)
    caller.press("00#*")
    assert caller.visited.count("queue service") == 1
