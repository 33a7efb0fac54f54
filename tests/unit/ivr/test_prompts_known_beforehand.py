"""What can be rendered before anybody rings, and what waiting callers are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctiserver.ivr import announcements
from ctiserver.ivr.flow_file import load_flow_set
from ctiserver.ivr.messages import Announce, Recorded, Spoken, Utterance
from ctiserver.ivr.static_prompts import static_prompts
from tests.unit.ivr.flow_texts import flow_set, ring


def words(utterances: tuple[Utterance, ...]) -> list[str]:
    return [utterance.text for utterance in utterances if isinstance(utterance, Spoken)]


def test_every_text_without_a_value_in_every_language_it_is_heard_in() -> None:
    flows = flow_set(
        """
    entry: hello
    nodes:
      hello: {say: [{zh-CN: 您好, en: Hello}, "{caller.number|digits}"], next: english}
      english: {set_language: en, next: bye}
      bye: {hang_up: [再见, {prompt: jingle}]}
    """,
        prompts=frozenset({"jingle"}),
    )
    found = {(prompt.text, prompt.language) for prompt in static_prompts(flows)}
    assert {("您好", "zh-CN"), ("Hello", "en"), ("再见", "zh-CN"), ("您是下一位，请稍候。", "zh-CN")} <= found
    assert not any("{" in text for text, _ in found)
    assert all(prompt.static for prompt in static_prompts(flows))


def test_the_shipped_flows_have_no_static_text_twice() -> None:
    prompts = static_prompts(load_flow_set(Path(__file__).parents[3] / "ivr_flows"))
    assert len(set(prompts)) == len(prompts) > 10


def test_what_is_heard_in_a_call_is_what_was_rendered_beforehand() -> None:
    flows = load_flow_set(Path(__file__).parents[3] / "ivr_flows")
    beforehand = {prompt.text for prompt in static_prompts(flows)}
    caller = ring(flows, "water_hotline")
    caller.press("8")
    caller.press("1")
    assert len(caller.heard) == 3
    assert set(caller.heard) <= beforehand


def test_a_recorded_prompt_is_played_by_its_id() -> None:
    flows = flow_set("entry: a\nnodes: {a: {hang_up: [{prompt: jingle}, 再见]}}\n", prompts=frozenset({"jingle"}))
    assert ring(flows).heard == ["[jingle]", "再见"]
    node = flows.flows["main"].nodes["a"]
    assert Recorded(prompt="jingle", language="zh-CN") not in static_prompts(flows)
    assert node.type_name == "hang_up"


@pytest.mark.parametrize(
    ("announce", "position", "wait_s", "language", "told"),
    [
        (Announce(), 3, None, "zh-CN", ["您前面还有两位来电者，请稍候。"]),
        (Announce(), 1, None, "zh-CN", ["您是下一位，请稍候。"]),
        (Announce(), 2, None, "zh-CN", ["您前面还有一位来电者，请稍候。"]),
        (Announce(), 2, None, "en", ["There is one caller ahead of you."]),
        (Announce(position=False, wait=True), 2, 62.0, "en", ["The expected wait is about one minute."]),
        (Announce(), 4, None, "en", ["There are three callers ahead of you."]),
        (Announce(wait=True), 3, 125.0, "zh-CN", ["您前面还有两位来电者，请稍候。", "预计等待两分钟。"]),
        (
            Announce(wait=True),
            1,
            20.0,
            "en",
            ["You are next in line. Please hold on.", "The expected wait is less than a minute."],
        ),
        (Announce(), None, None, "zh-CN", ["座席正忙，请您稍候。"]),
        (Announce(position=False), 3, 60.0, "zh-CN", ["座席正忙，请您稍候。"]),
    ],
)
def test_what_waiting_callers_are_told(
    announce: Announce, position: int | None, wait_s: float | None, language: str, told: list[str]
) -> None:
    assert words(announcements.waiting(announce, language, position=position, wait_s=wait_s)) == told


def test_the_agent_is_announced_by_number() -> None:
    assert words(announcements.agent_number("8001", "zh-CN")) == ["工号八零零幺号客服代表为您服务。"]
    assert "eight zero zero one" in words(announcements.agent_number("8001", "en"))[0]
