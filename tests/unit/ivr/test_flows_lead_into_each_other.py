"""goto and return: one flow serves several others, and a call finds its way back."""

from __future__ import annotations

from ctiserver.ivr import cursor as cursors
from ctiserver.ivr import interpreter
from ctiserver.ivr.messages import Play, Spoken
from tests.unit.ivr.flow_texts import MONDAY_10_00, flow_set, ring

MAIN = """
entry: hello
vars: {name: 水务}
nodes:
  hello: {say: 您好, next: notice}
  notice: {goto: {flow: notices, then: people}}
  people: {queue: service}
"""
NOTICES = """
flow: notices
entry: tell
vars: {name: 通用, area: 全市}
nodes:
  tell: {say: "{name}{area}通知", next: done}
  done: {return: }
"""


def test_a_shared_flow_returns_to_where_it_was_entered_from() -> None:
    caller = ring(flow_set(MAIN, NOTICES))
    caller.listen_to_the_end()
    assert caller.visited == ["hello", "notice", "tell", "done", "people", "queue service"]


def test_variables_go_along_and_the_other_flow_adds_its_own() -> None:
    caller = ring(flow_set(MAIN, NOTICES))
    caller.listen_to_the_end()
    assert caller.heard == ["您好", "水务全市通知"]


def test_a_flow_that_is_rung_itself_ends_at_its_return() -> None:
    caller = ring(flow_set(MAIN, NOTICES), "notices")
    caller.listen_to_the_end()
    assert caller.ended == "flow_ended"


def test_without_then_there_is_no_way_back() -> None:
    caller = ring(
        flow_set(
            MAIN.replace("{flow: notices, then: people}", "notices").replace("  people: {queue: service}\n", ""),
            NOTICES,
        )
    )
    caller.listen_to_the_end()
    assert caller.ended == "flow_ended"


def test_flows_that_call_each_other_for_ever_end_in_people() -> None:
    main = """
    entry: ask
    on_error: people
    nodes:
      ask: {menu: {say: 请按1, choices: {"1": deeper}, no_input: people}}
      deeper: {goto: {flow: main, then: people}}
      people: {queue: service}
    """
    caller = ring(flow_set(main))
    for _ in range(20):
        caller.press("1")
    assert caller.visited[-1] == "queue service"
    assert caller.cursor is not None
    assert len(caller.cursor.stack) <= 8


def test_languages_change_and_texts_follow() -> None:
    main = """
    entry: english
    nodes:
      english: {set_language: en, next: hello}
      hello: {say: [{zh-CN: 您好, en: Hello}, {zh-CN: 只有中文}, 也是中文, Plain], next: people}
      people: {queue: service}
    """
    flows = flow_set(main)
    caller = ring(flows)
    assert caller.heard == ["Hello", "只有中文", "也是中文", "Plain"]
    assert caller.cursor is not None
    assert caller.cursor.vars["language"] == "en"
    caller.listen_to_the_end()
    assert caller.queue is not None
    assert caller.queue.language == "en"


def test_chinese_text_has_a_chinese_voice_whatever_the_caller_speaks() -> None:
    main = """
    entry: english
    nodes:
      english: {set_language: en, next: hello}
      hello: {say: [{zh-CN: 您好, en: Hello}, 也是中文, Plain], next: people}
      people: {queue: service}
    """
    (play,) = interpreter.start(flow_set(main), "main", {}, MONDAY_10_00).actions
    assert isinstance(play, Play)
    assert [(p.text, p.language) for p in play.prompts if isinstance(p, Spoken)] == [
        ("Hello", "en"),
        ("也是中文", "zh-CN"),
        ("Plain", "en"),
    ]


def test_branches_and_variables() -> None:
    main = """
    entry: count
    vars: {tries: 1}
    nodes:
      count: {set: {tries: "{tries + 1}", label: "第{tries}次"}, next: which}
      which:
        branch:
          cases:
            - {if: "customer.balance > 100", go: rich}
            - {if: "tries == 2 and customer.kind in ['a', 'b']", go: second}
          else: people
      rich: {hang_up: 富}
      second: {hang_up: "{label}"}
      people: {queue: service}
    """
    flows = flow_set(main)
    assert ring(flows, customer={"kind": "a"}).heard == ["第2次"]
    assert ring(flows, customer={"balance": 200}).heard == ["富"]
    assert ring(flows, customer=None).visited[-1] == "queue service"


def test_a_value_that_grows_with_every_round_stays_within_bounds() -> None:
    main = """
    entry: grow
    vars: {number: 9, text: 水}
    nodes:
      grow: {set: {number: "{number * number}", text: "{text}{text}"}, next: ask}
      ask: {menu: {say: 请按1, choices: {"1": grow}, no_input: people}}
      people: {queue: service}
    """
    caller = ring(flow_set(main))
    for _ in range(30):
        caller.press("1")
    assert caller.cursor is not None
    assert caller.cursor.vars["number"] is None
    assert len(str(caller.cursor.vars["text"])) == 2000
    assert len(cursors.encode(caller.cursor)) < 50_000
