"""Collecting digits: fixed and free length, end key, pauses, secrets."""

from __future__ import annotations

import pytest

from ctiserver.ivr import cursor as cursors
from ctiserver.ivr import interpreter
from ctiserver.ivr.messages import PromptsDone
from ctiserver.ivr.secrecy import keys_are_secret
from tests.unit.ivr.flow_texts import flow_set, ring


def account(settings: str) -> str:
    return f"""
entry: ask
keys: {{"#": again, "*": back}}
nodes:
  ask:
    collect: {{say: 请输入户号, into: account_no, next: confirm, no_input: people, {settings}}}
  confirm: {{menu: {{say: "户号{{account_no|digits}}", choices: {{"1": people}}, no_input: people}}}}
  people: {{queue: service}}
"""


@pytest.mark.parametrize("keys", ["12345678", "12345678#"])
def test_eight_digits_are_complete_with_or_without_the_end_key(keys: str) -> None:
    caller = ring(flow_set(account('digits: 8, end: "#"')))
    caller.press(keys)
    assert caller.visited == ["ask", "confirm"]
    assert caller.heard[-1] == "户号一二三四五六七八"


def test_an_end_key_much_later_is_a_key_of_its_own() -> None:
    caller = ring(flow_set(account('digits: 8, end: "#"')))
    caller.press("12345678")
    caller.listen_to_the_end()
    caller.now = caller.now.replace(minute=caller.now.minute + 1)
    caller.press("#")
    assert caller.visited == ["ask", "confirm", "confirm"]


def test_a_free_length_ends_with_the_key_or_with_a_pause() -> None:
    flows = flow_set(account('min_digits: 3, max_digits: 6, end: "#"'))
    with_key, with_pause, full = ring(flows), ring(flows), ring(flows)
    with_key.press("1234#")
    with_pause.press("123")
    with_pause.stay_silent()
    full.press("123456")
    assert [caller.heard[-1] for caller in (with_key, with_pause, full)] == [
        "户号一二三四",
        "户号一二三",
        "户号一二三四五六",
    ]


def test_too_few_digits_are_asked_for_again_and_the_first_ones_are_forgotten() -> None:
    caller = ring(flow_set(account('digits: 4, end: "#"')))
    caller.press("12#")
    assert caller.heard[-2:] == ["输入有误，请重新输入。", "请输入户号"]
    caller.press("5678")
    assert caller.heard[-1] == "户号五六七八"


def test_what_was_keyed_in_is_noted_for_the_agent() -> None:
    caller = ring(flow_set(account("digits: 4")))
    caller.press("56781")
    assert caller.cursor is not None
    assert [(entered.node, entered.name, entered.value) for entered in caller.cursor.entered] == [
        ("ask", "account_no", "5678"),
        ("confirm", "confirm", "1"),
    ]


SECRET = """
entry: hello
nodes:
  hello: {say: 您好, next: ask}
  ask: {collect: {say: 请输入密码, into: pin, digits: 6, secret: true, next: thanks, no_input: people}}
  thanks: {menu: {say: 谢谢, choices: {"1": people}, no_input: people}}
  people: {queue: service}
"""


def test_a_secret_is_masked_and_stays_out_of_all_that_is_stored() -> None:
    flows = flow_set(SECRET)
    caller = ring(flows)
    caller.listen_to_the_end()
    stored: list[bytes] = []
    for key in "493827":
        caller.press(key)
        assert caller.cursor is not None
        stored.append(cursors.encode(caller.cursor))
    assert caller.visited[-1] == "thanks"
    assert caller.cursor is not None
    assert caller.cursor.entered[-1].value == "••••••"
    assert all(b"493827"[:length] not in text for text in stored for length in (2, 3, 4, 5, 6))
    assert "493827" not in str(caller.cursor.vars)


def test_keys_are_known_to_be_secret_even_when_typed_ahead() -> None:
    flows = flow_set(SECRET)
    caller = ring(flows)
    assert caller.cursor is not None
    assert keys_are_secret(flows, caller.cursor)
    caller.press("4")
    assert keys_are_secret(flows, caller.cursor)
    caller.press("93827")
    assert not keys_are_secret(flows, caller.cursor)


def test_a_key_that_waits_for_a_secret_question_is_not_stored_either() -> None:
    notice = "notice: {say: {text: 请注意, barge_in: false}, next: ask}"
    flows = flow_set(SECRET.replace("next: ask", "next: notice").replace("nodes:", f"nodes:\n  {notice}"))
    caller = ring(flows)
    caller.press("4")
    assert caller.cursor is not None
    assert (caller.cursor.node, caller.cursor.typed) == ("notice", "4")
    assert caller.cursor.public().typed == ""
    caller.listen_to_the_end()
    caller.press("93827")
    assert caller.cursor.entered[-1].value == "••••••"


def test_after_a_restart_a_forgotten_secret_is_asked_for_again() -> None:
    flows = flow_set(SECRET)
    caller = ring(flows)
    caller.listen_to_the_end()
    caller.press("493827")
    assert caller.cursor is not None
    restored = cursors.decode(cursors.encode(caller.cursor))
    again = interpreter.resume(flows, restored, caller.now)
    assert again.cursor.node == "ask"
    assert again.cursor.secrets == {}
    step = interpreter.step(flows, again.cursor, PromptsDone(), caller.now)
    assert step.cursor.phase == "listening"
