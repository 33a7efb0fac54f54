"""A node may say what people call it; callers never hear it."""

from __future__ import annotations

from tests.unit.ivr.flow_texts import flow_set, ring


def test_a_title_by_language_or_one_for_all() -> None:
    flows = flow_set(
        """
        entry: hello
        nodes:
          hello: {title: {zh-CN: 问候, en: Greeting}, say: {zh-CN: 您好, en: Hello}, next: menu}
          menu:
            title: VIP
            menu: {say: 请按1, choices: {"1": people}, no_input: people}
          people: {queue: {queue: service, title: {zh-CN: 人工}}}
          nameless: {hang_up: 再见}
        keys: {"9": nameless}
        """
    )
    assert flows.titles() == {
        "main": {
            "hello": {"zh-CN": "问候", "en": "Greeting"},
            "menu": {"zh-CN": "VIP", "en": "VIP"},
            "people": {"zh-CN": "人工"},
        }
    }
    caller = ring(flows)
    caller.listen_to_the_end()
    assert "问候" not in "".join(caller.heard)


def test_a_flow_without_a_menu_has_titles_of_its_own() -> None:
    straight = "menu: none\ngreeting: 您好\nqueue: "
    assert flow_set(straight + "service").titles()["main"] == {
        "greeting": {"zh-CN": "问候语", "en": "Greeting"},
        "people": {"zh-CN": "转人工", "en": "To an agent"},
    }
    chosen = flow_set(straight + "{queue: service, title: {zh-CN: 值班员, en: Duty desk}}")
    assert chosen.titles()["main"]["people"] == {"zh-CN": "值班员", "en": "Duty desk"}
