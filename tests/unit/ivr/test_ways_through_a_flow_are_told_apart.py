"""By which edge a caller came to a node, also where two edges lead to the same one; and which version a call is in."""

from __future__ import annotations

from ctiserver.ivr import interpreter
from ctiserver.ivr.messages import Digit
from tests.unit.ivr.flow_texts import LINES, MONDAY_10_00, flow_set, ring

MENU = """
entry: welcome
keys: {"9": people, "*": back}
nodes:
  welcome:
    menu:
      say: 一或二
      choices: {"1": people, "2": people, "3": survey, "4": again}
      no_input: people
      retries: 0
  survey: {goto: {flow: flow1, then: bye}}
  people: {say: 请稍候, next: bye}
  bye: {hang_up: 再见}
"""
SURVEY = """
entry: thanks
nodes:
  thanks: {say: 谢谢, next: back_there}
  back_there: {return: }
"""


def ways(*keys: str) -> list[str]:
    """node←edge of every node that was entered."""
    caller = ring(flow_set(MENU, SURVEY))
    for key in keys:
        caller.do(key)
    caller.listen_to_the_end()
    assert caller.cursor is not None
    return [f"{visit.node}←{visit.by}" for visit in caller.cursor.path]


def test_two_choices_to_one_node() -> None:
    assert ways("1")[:2] == ["welcome←", "people←choices.1"]
    assert ways("2")[:2] == ["welcome←", "people←choices.2"]


def test_silence_a_global_key_and_once_more() -> None:
    assert ways("silence")[1] == "people←no_input"
    assert ways("9")[1] == "people←keys.9"
    assert ways("4", "1")[:3] == ["welcome←", "welcome←choices.4", "people←choices.1"]


def test_into_another_flow_and_back() -> None:
    assert ways("3") == [
        "welcome←",
        "survey←choices.3",
        "thanks←goto",
        "back_there←next",
        "bye←return",
    ]


def test_a_call_goes_on_in_the_set_with_which_it_began() -> None:
    """The flow that it enters later is the one of its own set, although another has been published meanwhile."""
    old = flow_set(MENU, SURVEY)
    caller = ring(old)
    new = flow_set(MENU, SURVEY.replace("谢谢", "非常感谢")).following(old)
    caller.flow_set = new
    caller.press("3")
    caller.listen_to_the_end()
    assert "谢谢" in caller.heard
    assert "非常感谢" not in caller.heard

    late = ring(new)
    late.press("3")
    late.listen_to_the_end()
    assert "非常感谢" in late.heard


def test_only_sets_in_use_are_kept() -> None:
    first = flow_set(MENU, SURVEY)
    second = flow_set(MENU, SURVEY.replace("谢谢", "感谢")).following(first)
    third = flow_set(MENU, SURVEY.replace("谢谢", "多谢")).following(second, in_use={first.digest})
    assert set(third.former) == {first.digest}
    again = flow_set(MENU, SURVEY).following(third, in_use={first.digest, third.digest})
    assert set(again.former) == {third.digest}, "going back to the first needs no copy of it"


def test_a_set_that_nobody_remembers_is_replaced_by_the_one_in_force() -> None:
    cursor = interpreter.start(flow_set(MENU, SURVEY), "main", {}, MONDAY_10_00).cursor
    other = flow_set(MENU.replace("一或二", "请选择"), SURVEY)
    assert interpreter.step(other, cursor, Digit(key="1"), MONDAY_10_00).cursor.node == "people"


def test_what_stands_beside_the_flows_counts_for_the_digest() -> None:
    changed = LINES.replace("17:00", "18:00")
    assert flow_set(MENU, SURVEY).digest == flow_set(MENU, SURVEY).digest
    assert flow_set(MENU, SURVEY).digest != flow_set(MENU, SURVEY, lines=changed).digest
