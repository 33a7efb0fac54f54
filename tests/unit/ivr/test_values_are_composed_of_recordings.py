"""Story: a figure is read out in the voice of the recordings, where every word of its form has been recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctiserver.ivr import interpreter, spoken
from ctiserver.ivr.fields import LANGUAGES
from ctiserver.ivr.flow import FlowTest
from ctiserver.ivr.flow_file import build_flow_set
from ctiserver.ivr.messages import Play, Recorded, SendSms, Spoken
from ctiserver.ivr.simulate import run_test
from ctiserver.ivr.spoken.clips import clip_sets, clips, needed

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FORMS = [form for form in spoken.FORMATS if form != "text"]
VALUES = (
    st.integers(-(10**14), 10**14)
    | st.decimals(-(10**9), 10**9, places=2).map(float)
    | st.dates(date(1000, 1, 1)).map(date.isoformat)
    | st.times().map(time.isoformat)
    | st.text("0123456789", min_size=1, max_size=12)
)


@given(st.sampled_from(FORMS), VALUES, st.sampled_from(LANGUAGES))
def test_the_clips_say_what_the_voice_would_have_said(form: str, value: object, language: str) -> None:
    said = spoken.say(form, value, language, NOW)
    found = clips(form, value, language, NOW)
    assert {clip.prompt for clip in found} <= set(needed(form, language))
    if found:
        words = [clip.word for clip in found]
        heard = "".join(words) if language == "zh-CN" else " ".join(words)
        assert heard == (said if language == "zh-CN" else " ".join(said.replace(",", " ").replace("-", " ").split()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "value"),
    [
        *(("money", value) for value in (0, 0.01, 2, 10.5, 128.5, 20000.02, 99999999.99, -3)),
        *(("number", value) for value in (0, 2, 200, 2002, 10086, 120000, 10**9, 3.14159, -7)),
        *(("count", value) for value in (1, 2, 12, 1000)),
        *(("digits", value) for value in ("0123456789",)),
        *(("digits_yao", value) for value in ("0123456789",)),
        *(("duration", value) for value in (0, 1, 60, 61, 3600, 3725, 86399)),
        *(("date", (NOW + timedelta(days=31 * n + n)).date().isoformat()) for n in range(24)),
        *(("time", f"{hour:02}:{minute:02}") for hour in range(24) for minute in (0, 5, 30)),
        *(("when", (NOW + timedelta(hours=29 * n)).isoformat()) for n in range(20)),
    ],
)
def test_every_value_of_a_form_is_covered_by_its_set(form: str, value: object, language: str) -> None:
    assert clips(form, value, language, NOW)


def test_letters_among_digits_are_left_to_the_voice() -> None:
    assert clips("digits", "A12", "zh-CN", NOW) == ()


def test_what_a_set_still_lacks_is_named() -> None:
    recordings = {"zh-CN": set(needed("digits", "zh-CN")) - {"value.7"}, "": {"value.yuan"}}
    digits = next(one for one in clip_sets(recordings) if (one.language, one.form) == ("zh-CN", "digits"))
    assert digits.missing == ("value.7",)
    complete = {"": set(needed("digits", "zh-CN"))}
    assert next(one for one in clip_sets(complete) if one.form == "digits").missing == ()


BILL = """flow: bill
entry: tell
vars: {amount: 128.5}
nodes:
  tell:
    say: [{prompt: your_bill, zh-CN: 您的账单, en: Your bill}, "{amount|money}。", "共{amount|money}"]
    next: text
  text: {send_sms: {to: "13800138000", text: "{amount|money}"}, next: bye}
  bye: {hang_up: 再见}
"""


def played(recordings: dict[str, frozenset[str]]) -> list[Spoken | Recorded]:
    flows = build_flow_set({"bill.yaml": BILL}, recordings=recordings)
    step = interpreter.start(flows, "bill", {}, NOW)
    play = next(action for action in step.actions if isinstance(action, Play))
    return [piece for piece in play.prompts if isinstance(piece, Spoken | Recorded)]


def test_a_text_that_is_nothing_but_a_value_is_composed_once_the_set_is_complete() -> None:
    money = frozenset(needed("money", "zh-CN"))
    with_one_missing = played({"zh-CN": money - {"value.wan"}})
    assert [type(piece) for piece in with_one_missing] == [Recorded, Spoken, Spoken]
    first, *words, sentence = played({"zh-CN": money})
    assert (first.text, sentence.text) == ("您的账单", "共一百二十八元五角")  # half a sentence is not composed
    ids = [word.prompt for word in words if isinstance(word, Recorded)]
    assert ids == [f"value.{word}" for word in ("1", "hundred", "2", "ten", "8", "yuan", "5", "jiao")]
    assert [word.text for word in words] == list("一百二十八元五角")  # spoken, should a file be broken


def test_tests_inside_flows_hear_the_value_either_way_and_messages_stay_texts() -> None:
    for recordings in ({}, {"zh-CN": frozenset(needed("money", "zh-CN"))}):
        flows = build_flow_set({"bill.yaml": BILL}, recordings=recordings)
        wanted = FlowTest(name="x", expect=("tell", "bye"), hears=("您的账单", "一百二十八元五角", "再见"))
        assert run_test(flows, flows.flows["bill"], wanted) == []
        step = interpreter.start(flows, "bill", {}, NOW)
        while not any(isinstance(action, SendSms) for action in step.actions):
            step = interpreter.step(flows, step.cursor, _heard(step.cursor.turn), NOW)
        (message,) = (action for action in step.actions if isinstance(action, SendSms))
        assert message.text == "一百二十八元五角"


def _heard(turn: int) -> interpreter.PromptsDone:
    return interpreter.PromptsDone(turn=turn)
