"""Every mistake in a flow file is told with file, line, column, and a way out; several at once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ctiserver.ivr.flow_error import FlowErrors
from ctiserver.ivr.flow_file import build_flow_set, load_flow_set
from tests.unit.ivr.flow_texts import LINES, errors_of, flow_set

GOOD = """\
flow: main
entry: hello
nodes:
  hello: {say: 您好, next: menu}
  menu:
    menu:
      say: 请按1
      choices: {"1": people}
      no_input: people
  people: {queue: {queue: service}}
"""


def test_the_flow_that_is_changed_below_is_good() -> None:
    assert flow_set(GOOD).flows["main"].entry == "hello"


@pytest.mark.parametrize(
    ("change", "to", "line", "column", "message"),
    [
        # the file
        ("nodes:", "nodes: [", 5, 3, "not valid YAML"),
        ("flow: main", "\tflow: main", 2, 1, "not valid YAML"),
        ("entry: hello", "entry: hello\nentry: menu", 3, 1, 'the key "entry" stands here a second time'),
        ("entry: hello", "entry: &a hello", 2, 8, "anchors"),
        ("say: 您好", "say: *a", 4, 16, "aliases"),
        ("say: 您好", "say: !!python/name:os.system 您好", 4, 16, "tags"),
        ("  people:", "---\n  people:", 10, 1, "a second document"),
        ("flow: main", "flow: main\nentri: hello", 2, 1, 'unknown key "entri" (did you mean entry?)'),
        ("entry: hello\n", "", 1, 1, '"entry" is missing'),
        ("flow: main", "flow: ma-in", 1, 7, "is not a flow name"),
        ("entry: hello", "entry: hello\nlanguage: de", 3, 11, '"de" is not a language spoken here'),
        ("entry: hello", "entry: hello\nversion: one", 3, 10, "a whole number is expected"),
        # names
        ("entry: hello", "entry: helo", 2, 8, 'there is no node "helo" (did you mean hello?)'),
        ("next: menu", "next: mneu", 4, 26, 'there is no node "mneu" (did you mean menu?)'),
        ('{"1": people}', '{"1": peeple}', 8, 22, 'there is no node "peeple"'),
        ("no_input: people", "no_input: back", 9, 17, 'there is no node "back"'),
        ("entry: hello", 'entry: hello\nkeys: {"0": peple}', 3, 13, 'there is no node "peple" (did you mean people?)'),
        ("entry: hello", 'entry: hello\nkeys: {"01": people}', 3, 14, "a global key is a single key"),
        ("entry: hello", "entry: hello\non_error: nobody", 3, 11, 'there is no node "nobody"'),
        ("  people:", "  back: {hang_up: }\n  people:", 10, 9, "has a meaning of its own"),
        ("  people:", "  lonely: {hang_up: }\n  people:", 10, 11, "nothing leads to this node"),
        # node types and their settings
        ("say: 您好", "sya: 您好", 4, 11, '"sya" is not a type of node (did you mean say?)'),
        ("{say: 您好, next: menu}", '{say: 您好, next: menu, title: ""}', 4, 39, "a title has 1 to 40 characters"),
        ("{say: 您好, next: menu}", "{say: 您好, next: menu, title: {de: Gruß}}", 4, 40, 'there is no language "de"'),
        ("{say: 您好, next: menu}", "{say: 您好, next: menu, title: {}}", 4, 39, "an empty title"),
        ("{say: 您好, next: menu}", "{say: {text: 您好, title: A}, next: menu, title: B}", 4, 50, "given twice"),
        ("{say: 您好, next: menu}", "{say: 您好, queue: service}", 4, 20, "a node has one type"),
        ("{say: 您好, next: menu}", "{say: 您好, barge_in: false, next: menu}", 4, 20, "it belongs below say"),
        ("{say: 您好, next: menu}", "{say: 您好}", 4, 16, '"next" is missing'),
        ("{say: 您好, next: menu}", "{say: {text: 您好, next: menu}, next: menu}", 4, 40, '"next" is given twice'),
        ("{say: 您好, next: menu}", "hang_up", 4, 10, "a node is a mapping"),
        ("say: 请按1", "sayy: 请按1", 7, 7, 'unknown key "sayy" (did you mean say?)'),
        ("say: 请按1", "say: 请按1\n      timeout: soon", 8, 16, '"soon" is not a duration: write 5s'),
        ("say: 请按1", "say: 请按1\n      timeout: 2d", 8, 16, "is not a duration"),
        ("say: 请按1", "say: 请按1\n      retries: many", 8, 16, "a whole number is expected"),
        ("say: 请按1", "say: 请按1\n      barge_in: maybe", 8, 17, "true or false is expected"),
        ('choices: {"1": people}', 'choices: {"A": people}', 8, 17, '"A" cannot be pressed'),
        ('choices: {"1": people}', "choices: [people]", 8, 16, "a mapping is expected"),
        ("queue: service}", "queue: service, on_timeout: people}", 10, 19, "on_timeout needs a timeout"),
        ("say: 请按1", "say: 请按1\n      timeout: 0s", 7, 7, "timeout lies between"),
        ("say: 请按1", "say: 请按1\n      inter_digit: 60s", 7, 7, "inter_digit lies between"),
        ("say: 请按1", "say: 请按1\n      retries: 11", 7, 7, "retries is at most 10"),
        ("queue: service}", "queue: service, announce: {every: 1s}}", 10, 19, "at least 10s apart"),
        ("queue: service}", "queue: service, skills: {service: 11}}", 10, 19, "between 1 and 10"),
        # texts and expressions
        ("say: 您好", "say: '您好{name'", 4, 16, "is not closed"),
        ("say: 您好", "say: '您好{customer.name|loud}'", 4, 16, '"loud" is not a way to say a value'),
        ("say: 您好", "say: '{customer.}'", 4, 16, "is not an expression"),
        ("say: 您好", "say: '{().__class__}'", 4, 16, "names may not begin with _"),
        ("say: 您好", "say: '{[caller] + [caller]}'", 4, 16, "a list may only follow"),
        ("say: 您好", "say: '{open(1)}'", 4, 16, "unknown function"),
        ("say: 您好", "say: '{custmer.name}'", 4, 16, 'there is no variable "custmer" (did you mean customer?)'),
        ("say: 您好", "say: {prompt: welcome}", 4, 16, 'there is no recorded prompt "welcome"'),
        ("say: 您好", "say: {prompt: ../../etc/passwd}", 4, 25, "is not a prompt id"),
        ("say: 您好", "say: {fr: Bonjour}", 4, 17, '"fr" cannot be said'),
        ("say: 您好", "say: []", 4, 16, "there is nothing to say"),
        # loops
        ("no_input: people", "no_input: hello", 4, 10, "a loop without input: hello → menu → hello"),
        # tests
        ("entry: hello", "entry: hello\ntests: [{name: t, expect: [helo]}]", 3, 27, "which is no node"),
        ("entry: hello", "entry: hello\ntests: [{name: t, at: noon}]", 3, 23, "is not a moment"),
        ("entry: hello", "entry: hello\ntests: [{name: t, at: 2026-11-23T10:00}]", 3, 23, "needs its offset"),
    ],
)
def test_each_mistake_is_named_where_it_stands(change: str, to: str, line: int, column: int, message: str) -> None:
    assert change in GOOD
    errors = errors_of(GOOD.replace(change, to, 1))
    told = [str(error) for error in errors]
    assert any(text.startswith(f"0.yaml:{line}:{column}: ") and message in text for text in told), told


def test_several_mistakes_in_several_files_are_told_together() -> None:
    errors = errors_of(GOOD.replace("next: menu", "nxt: menu").replace("no_input", "no_inptu"), "flow: two\nentry: x\n")
    assert [(error.file, error.line) for error in errors] == [
        ("0.yaml", 4),
        ("0.yaml", 4),
        ("0.yaml", 6 + 1),
        ("0.yaml", 9),
        ("1.yaml", 1),
    ]


def test_two_flows_of_one_name() -> None:
    (error,) = errors_of(GOOD, GOOD)
    assert str(error) == '1.yaml:1:7: flow: "main" is already the name of 0.yaml'


@pytest.mark.parametrize(
    ("lines", "place", "message"),
    [
        ("lines: {'100': mian}", "lines.yaml:1:16", 'there is no flow "mian" (did you mean main?)'),
        ("lines: {'100': main}\ndefault: mian", "lines.yaml:2:10", 'there is no flow "mian"'),
        ("calendars: {}", "lines.yaml:1:1", '"lines" is missing'),
        ("lines: {}\ncalendars: {c: {weekly: {monday: closed}}}", "lines.yaml:2:26", '"monday" is not a weekday'),
        ("lines: {}\ncalendars: {c: {weekly: {mon: 9-17}}}", "lines.yaml:2:31", "is not a range such as"),
        ("lines: {}\ncalendars: {c: {weekly: {mon: '09:00-25:00'}}}", "lines.yaml:2:31", "is not a time of day"),
        ("lines: {}\ncalendars: {c: {timezone: Mars, weekly: {}}}", "lines.yaml:2:27", "is not a time zone"),
        ("lines: {}\ncalendars: {c: {weekly: {}, days: {tomorrow: closed}}}", "lines.yaml:2:36", "is not a date"),
    ],
)
def test_lines_and_calendars_are_checked_as_well(lines: str, place: str, message: str) -> None:
    told = [str(error) for error in errors_of(GOOD, lines=lines)]
    assert any(text.startswith(f"{place}: ") and message in text for text in told), told


def test_unknown_calendars_and_queues_are_named() -> None:
    hours = """
    entry: open?
    nodes:
      open?: {hours: {calendar: ofice, open: people, closed: people}}
      people: {queue: servise}
    """
    assert 'there is no calendar "ofice" (did you mean office?)' in str(errors_of(hours)[0])
    with pytest.raises(FlowErrors, match=r'there is no queue "servise" \(did you mean service\?\)'):
        build_flow_set(
            {"0.yaml": "flow: main\nentry: people\nnodes: {people: {queue: servise}}", "lines.yaml": LINES},
            queues={"service", "repairs"},
        )


def test_a_mistake_in_one_file_does_not_make_others_look_wrong() -> None:
    broken = "flow: other\nentry: x\nnodes: {x: {sya: hi}}"
    errors = errors_of(GOOD.replace("{queue: {queue: service}}", "{goto: other}"), broken, lines="lines: {'1': other}")
    assert [error.file for error in errors] == ["1.yaml"]


LOOPS = {
    "texts": "a: {say: x, next: b}\n  b: {say: y, next: a}",
    "itself": "a: {say: x, next: a}",
    "conditions": "a: {branch: {cases: [{if: caller, go: b}], else: c}}\n  b: {set: {x: 1}, next: a}\n  c: {hang_up: }",
    "silence": 'a: {menu: {say: x, choices: {"1": c}, no_input: b}}\n  b: {say: y, next: a}\n  c: {hang_up: }',
    "closed queue": "a: {queue: {queue: q, closed: b}}\n  b: {say: y, next: a}",
    "flows": "a: {goto: main}",
}


@pytest.mark.parametrize("nodes", LOOPS.values(), ids=LOOPS)
def test_loops_that_nobody_is_asked_in(nodes: str) -> None:
    errors = errors_of(f"flow: main\nentry: a\nnodes:\n  {nodes}\n")
    assert any("a loop without input" in error.message for error in errors), errors


def test_a_loop_through_another_flow_and_back() -> None:
    main = "flow: main\nentry: a\nnodes: {a: {goto: {flow: sub, then: a}}}"
    passing = "flow: sub\nentry: s\nnodes: {s: {say: x, next: r}, r: {return: }}"
    asking = passing.replace(
        "s: {say: x, next: r}", 's: {menu: {say: x, choices: {"1": r}, no_input: e}}, e: {hang_up: }'
    )
    assert any("a loop without input" in error.message for error in errors_of(main, passing))
    assert errors_of(main, asking) == ()


def test_one_flow_entered_twice_in_a_row_is_no_loop() -> None:
    nodes = "a: {goto: {flow: sub, then: b}}, b: {goto: {flow: sub, then: c}}, c: {hang_up: }"
    main = f"flow: main\nentry: a\nnodes: {{{nodes}}}"
    sub = "flow: sub\nentry: s\nnodes: {s: {say: x, next: r}, r: {return: }}"
    assert errors_of(main, sub) == ()


def test_waiting_for_ever_in_a_queue_is_allowed_and_a_menu_without_end_is_not() -> None:
    assert errors_of("flow: main\nentry: q\nnodes:\n  q: {queue: {queue: s, timeout: 60s, on_timeout: q}}\n") == ()
    trap = """
    entry: a
    nodes:
      a: {menu: {say: x, choices: {"1": b}, no_input: b}}
      b: {menu: {say: x, choices: {"1": a}, no_input: c}}
      c: {say: x, next: c}
    """
    messages = {error.message for error in errors_of(trap)}
    assert "no way leads from here to people or to the end of the call" in messages


def test_a_variable_must_be_set_on_every_way() -> None:
    flow = """
    entry: ask
    nodes:
      ask: {collect: {say: x, into: number, next: tell, no_input: tell}}
      tell: {say: "{number|digits}", next: bye}
      bye: {hang_up: }
    """
    (error,) = errors_of(flow)
    assert error.message == '"number" is not set on every way that leads here'
    assert error.hint == "give number a first value under vars"
    assert errors_of(flow.replace("no_input: tell", "no_input: bye")) == ()
    assert errors_of(flow.replace("entry: ask", "entry: ask\n    vars: {number: ''}")) == ()


def test_a_secret_must_not_be_spoken_or_copied() -> None:
    flow = """
    entry: ask
    nodes:
      ask: {collect: {say: x, into: pin, secret: true, next: tell, no_input: bye}}
      tell: {say: "{pin|digits}", next: copy}
      copy: {set: {other: "{pin}"}, next: bye}
      bye: {hang_up: }
    """
    errors = errors_of(flow)
    assert [(error.line, error.message) for error in errors] == [
        (5, '"pin" was entered in secret and must not be spoken or copied'),
        (6, '"pin" was entered in secret and must not be spoken or copied'),
    ]


HOSTILE = {
    "billion laughs": "a: &a [x, x]\n" + "\n".join(f"b{n}: &b{n} [*a, *a]" for n in range(100)),
    "10 MB": "flow: main\nnodes: {a: {say: '" + "x" * 10_000_000 + "'}}",
    "deep lists": "flow: " + "[" * 10_000,
    "deep mappings": "flow: " + "{a: " * 5_000,
    "many values": "flow: main\nnodes: {" + ", ".join(f"n{n}: {{hang_up: }}" for n in range(9_000)) + "}",
    "control characters": "flow: main\x00",
    "broken escape": 'flow: "\\UFFFFFFFF"',
    "surrogate": 'flow: "\ud800"',
    "long number": "flow: main\nversion: " + "9" * 200_000,
    "empty": "",
    "comment": "# nothing",
    "text": "hello",
    "list": "[1, 2]",
    "long expression": "flow: main\nentry: a\nnodes: {a: {say: '{" + "(" * 480 + "1" + ")" * 480 + "}', next: a}}",
    "binary": "\ufffd" * 1000,
    "many typos": "flow: main\nentry: a\nnodes: {" + ", ".join(f"n{n}: {{sya: x}}" for n in range(4_000)) + "}",
    "long chain": "flow: main\nentry: n0\nnodes: {"
    + ", ".join(f"n{n}: {{say: x, next: n{n + 1}}}" for n in range(3_000))
    + "}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_within_a_second(text: str) -> None:
    began = time.process_time()
    with pytest.raises(FlowErrors) as refused:
        build_flow_set({"0.yaml": text, "lines.yaml": LINES})
    assert time.process_time() - began < 1.0
    assert all(error.file and error.message for error in refused.value.errors)


def test_files_on_disk_are_named_in_errors(tmp_path: Path) -> None:
    with pytest.raises(FlowErrors, match="no flow files"):
        load_flow_set(tmp_path)
    (tmp_path / "big.yaml").write_bytes(b"x" * 300_000)
    (tmp_path / "latin.yaml").write_bytes(b"flow: main\nnodes: {a: {say: caf\xe9}}")
    with pytest.raises(FlowErrors) as refused:
        load_flow_set(tmp_path)
    assert [str(error) for error in refused.value.errors] == [
        "big.yaml: the file is larger than 256 kB; split it into several flows",
        "latin.yaml: line 2 is not UTF-8; save the file in that encoding",
    ]
