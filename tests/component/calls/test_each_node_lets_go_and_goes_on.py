"""In every kind of node callers hang up and the daemon is killed: nothing is left over, nothing and nobody is lost.

One small flow per kind of node, on a line of its own: a caller is brought into it, and every way out leads to the
goodbye. All of them are there at once. While the daemon is dead somebody edits all flows: who was in one goes on with
the version of before.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ctiserver.call.events import CallEnded, Fact, FaxReceived, NodeEntered, NodeLeft, VoicemailLeft
from tests.component.calls.conftest import OpenHouse
from tests.component.calls.house import House, agent
from tests.component.fake_asterisk import FakeAsterisk, FakeCaller, FakeLeg

F = TypeVar("F", bound=Fact)
CALENDARS = 'calendars:\n  always: {weekly: {mon-sun: "00:00-24:00"}, holidays: none}\n'
FLOW = """
flow: {name}
entry: here
vars: {{kept: 0}}
nodes:
  {here}
  bye: {{hang_up: {edition}再见。}}
"""
OTHER = "flow: other\nentry: hello\nnodes:\n  hello: {say: 另一个流程。, next: home}\n  home: {return: }\n"


@dataclass
class Scene:
    """`house` is whichever daemon lives."""

    fake: FakeAsterisk
    house: House
    caller: FakeCaller

    @property
    def leg(self) -> FakeLeg:
        """The phone that is rung for this caller."""
        return next(leg for leg in self.fake.legs if leg.channel.originator == self.caller.channel_id)

    def facts(self, kind: type[F]) -> list[F]:
        """Of this call."""
        call_id = self.house.centre.registry.call_id_for(self.caller.channel_id)
        steps = [step for step in self.house.journal.steps if step.subject == call_id]
        return [fact for step in steps for fact in step.facts if isinstance(fact, kind)]


Act = Callable[[Scene], Awaitable[object]]


@dataclass(frozen=True)
class Kind:
    """`there`: the caller is in the node; `again`: after a restart, if that looks different; `leave`: on to `bye`.

    `node` is where a hang-up is counted: nodes that don't wait are seen in the next one that does.
    """

    here: str
    there: Act
    leave: Act
    again: Act | None = None
    node: str = "here"


def hears(text: str) -> Act:
    return lambda scene: scene.caller.wait_for_prompt(text)


def presses(keys: str) -> Act:
    async def press(scene: Scene) -> None:
        scene.caller.press(keys)

    return press


async def stays_silent(scene: Scene) -> None:
    pass


async def prompt_ends(scene: Scene) -> None:
    scene.caller.finish_prompt()


def one_after_another(*acts: Act) -> Act:
    async def all_of_them(scene: Scene) -> None:
        for act in acts:
            await act(scene)

    return all_of_them


async def is_asked(scene: Scene) -> None:
    await scene.fake.until(lambda: [asked for asked in scene.house.outside.asked if asked.path == "/a"], "a question")


async def is_answered(scene: Scene) -> None:
    """Slow, and then it doesn't know the account."""
    await scene.caller.wait_for_prompt("再见", within_s=60)


async def message_runs(scene: Scene) -> None:
    await scene.caller.wait_for_the_tone()


async def phone_rings(scene: Scene) -> None:
    await scene.fake.until(
        lambda: [leg for leg in scene.fake.legs if leg.channel.originator == scene.caller.channel_id], "a phone rings"
    )
    scene.leg.ring()
    await scene.caller.wait_for_music()


async def still_rings(scene: Scene) -> None:
    assert not scene.leg.gone
    await scene.caller.wait_for_music()


async def nobody_picks_up(scene: Scene) -> None:
    scene.leg.reject(486)


async def they_talk(scene: Scene) -> None:
    await phone_rings(scene)
    scene.leg.answer()
    await scene.caller.wait_until_talking_to(scene.leg)


async def still_talk(scene: Scene) -> None:
    assert scene.caller.hears == scene.leg.channel_id


async def colleague_hangs_up(scene: Scene) -> None:
    scene.leg.hang_up()


async def waits_in_queue(scene: Scene) -> None:
    await scene.caller.wait_for_music()
    await scene.fake.until(lambda: scene.house.centre.queues()[0].waiting == 1)


async def is_in_the_room(scene: Scene) -> None:
    await scene.fake.until(lambda: scene.caller.channel.bridge_id == "cti-room-7", "in the room")


async def fax_runs(scene: Scene) -> None:
    await scene.caller.wait_for_the_fax_engine()


async def fax_is_done(scene: Scene) -> None:
    await scene.caller.fax_is_done()


MARK = 'mark: {say: "标记{kept}。", next: bye}'
KINDS: dict[str, Kind] = {
    "say": Kind("here: {say: 一段话。, next: bye}", hears("一段话"), prompt_ends),
    "say_skipped": Kind("here: {say: 一段话。, next: bye}", hears("一段话"), presses("5")),
    "play": Kind("here: {play: {prompts: [welcome], next: bye}}", hears("welcome"), prompt_ends),
    "menu": Kind('here: {menu: {say: 请按1。, choices: {"1": bye}, no_input: bye}}', hears("请按1"), presses("1")),
    "menu_silent": Kind(
        'here: {menu: {say: 请按1。, choices: {"1": bye}, no_input: bye, retries: 0}}',
        one_after_another(hears("请按1"), prompt_ends),
        stays_silent,
    ),
    "menu_with_words": Kind(
        'here: {menu: {say: 请说。, choices: {"1": bye}, words: {"1": [水费]}, no_input: bye}}',
        one_after_another(hears("请说"), prompt_ends, message_runs),
        presses("1"),
        again=one_after_another(hears("请说"), prompt_ends, message_runs),
    ),
    "collect": Kind(
        "here: {collect: {say: 请输入户号。, digits: 4, into: kept, next: bye, no_input: bye}}",
        one_after_another(hears("请输入户号"), presses("12")),
        presses("3456"),
        again=hears("请输入户号"),
    ),
    "collect_secret": Kind(
        "here: {collect: {say: 请输入密码。, digits: 4, into: pin, secret: true, next: bye, no_input: bye}}",
        one_after_another(hears("请输入密码"), presses("12")),
        presses("3456"),
        again=hears("请输入密码"),
    ),
    "hours": Kind(
        f"here: {{hours: {{calendar: always, open: one, closed: bye}}}}\n"
        f"  one: {{set: {{kept: 1}}, next: mark}}\n  {MARK}",
        hears("标记1"),
        prompt_ends,
        node="mark",
    ),
    "branch": Kind(
        f"here: {{branch: {{cases: [{{if: kept == 0, go: one}}], else: bye}}}}\n"
        f"  one: {{set: {{kept: 1}}, next: mark}}\n  {MARK}",
        hears("标记1"),
        prompt_ends,
        node="mark",
    ),
    "set": Kind(
        f'here: {{set: {{kept: "{{kept + 1}}"}}, next: mark}}\n  {MARK}', hears("标记1"), prompt_ends, node="mark"
    ),
    "set_language": Kind(
        "here: {set_language: en, next: mark}\n  mark: {say: {en: One moment., zh-CN: 请稍候。}, next: bye}",
        hears("One moment"),
        prompt_ends,
        node="mark",
    ),
    "send_sms": Kind(
        "here: {send_sms: {text: 您好。}, next: mark}\n  mark: {say: 已发送。, next: bye}",
        hears("已发送"),
        prompt_ends,
        node="mark",
    ),
    "create_work_order": Kind(
        "here: {create_work_order: {category: 报修, subject: 漏水}, next: mark}\n  mark: {say: 已登记。, next: bye}",
        hears("已登记"),
        prompt_ends,
        node="mark",
    ),
    "goto_and_return": Kind("here: {goto: {flow: other, then: bye}}", hears("另一个流程"), prompt_ends, node="hello"),
    "lookup": Kind("here: {lookup: {source: billing, path: /a, ok: bye, failed: bye}}", is_asked, is_answered),
    "queue": Kind('here: {queue: {queue: service, keys: {"1": bye}, announce: none}}', waits_in_queue, presses("1")),
    "transfer_rings": Kind(
        'here: {transfer: {extension: "1002", failed: bye}}', phone_rings, nobody_picks_up, again=still_rings
    ),
    "transfer_talks": Kind(
        'here: {transfer: {extension: "1002", failed: bye, after: bye}}',
        they_talk,
        colleague_hangs_up,
        again=still_talk,
    ),
    "voicemail_prompt": Kind(
        "here: {voicemail: {box: service, next: bye}}",
        hears("请"),
        one_after_another(prompt_ends, message_runs, presses("#")),
    ),
    "voicemail": Kind(
        "here: {voicemail: {box: service, say: 请留言。, min: 0s, thanks: 已保存。, next: bye}}",
        one_after_another(hears("请留言"), prompt_ends, message_runs),
        one_after_another(presses("#"), hears("已保存"), prompt_ends),
        again=message_runs,
    ),
    "record": Kind(
        "here: {record: {say: 请说。, into: kept, min: 0s, next: bye}}",
        one_after_another(hears("请说"), prompt_ends, message_runs),
        presses("#"),
        again=message_runs,
    ),
    "callback": Kind(
        "here: {callback: {queue: service, say: 请按1。, thanks: 已登记。, next: bye}}",
        hears("请按1"),
        one_after_another(presses("1"), hears("已登记"), prompt_ends),
    ),
    "survey": Kind(
        "here: {survey: {name: visit, questions: [{name: a, say: 请评价。}], thanks: 已记下。, next: bye}}",
        hears("请评价"),
        one_after_another(presses("5"), hears("已记下"), prompt_ends),
    ),
    "conference": Kind('here: {conference: {room: "7", leave: "*", next: bye}}', is_in_the_room, presses("*")),
    "fax": Kind("here: {fax: {mode: receive, box: service, next: bye}}", fax_runs, fax_is_done),
    "hang_up": Kind(
        "here: {say: 一段话。, next: bye}",
        one_after_another(hears("一段话"), prompt_ends, hears("再见")),
        stays_silent,
        again=hears("旧版再见"),
        node="bye",
    ),
}
SLOW_S = 600.0  # an outside system that hardly answers: the flow's own time-out ends it


class Deaf:
    """A recogniser that never understands."""

    async def understand(self, sound: Path, language: str, words: Sequence[str]) -> str:
        return ""


def write_flows(folder: Path, edition: str) -> None:
    """Line 200 leads into the first kind of node, 201 into the second, …"""
    (folder / "prompts").mkdir(parents=True, exist_ok=True)
    (folder / "prompts" / "welcome.wav").write_bytes(b"")
    lines = [f'  "{200 + number}": {name}' for number, name in enumerate(KINDS)]
    (folder / "lines.yaml").write_text("lines:\n" + "\n".join(lines) + "\n" + CALENDARS, encoding="utf-8")
    (folder / "other.yaml").write_text(OTHER, encoding="utf-8")
    for name, kind in KINDS.items():
        text = FLOW.format(name=name, here=kind.here, edition=edition)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


async def ring(fake: FakeAsterisk, house: House) -> dict[str, Scene]:
    """A caller in every kind of node."""
    scenes: dict[str, Scene] = {}
    for number, (name, kind) in enumerate(KINDS.items()):
        scenes[name] = Scene(fake, house, await fake.call(str(200 + number)))
        await kind.there(scenes[name])
    return scenes


async def full_house(fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path) -> tuple[House, dict[str, Scene]]:
    fake.world.spool = tmp_path / "spool"
    fake.world.spool.mkdir()
    write_flows(tmp_path / "edited", "旧版")
    house = await open_house(agent(1, service=9), agent(2), flows=tmp_path / "edited", recogniser=Deaf())
    house.outside.slow_s = SLOW_S
    return house, await ring(fake, house)


def are_tidy(scenes: dict[str, Scene], *, ended_by: str) -> None:
    """Each call ended once, each node was left once; Asterisk is left as it was found."""
    for name, scene in scenes.items():
        assert [ended.ended_by for ended in scene.facts(CallEnded)] == [ended_by], name
        entered = [fact.node for fact in scene.facts(NodeEntered)]  # one that begins afresh is entered once more
        assert [node for node, _ in itertools.groupby(entered)] == [fact.node for fact in scene.facts(NodeLeft)], name
    fake = next(iter(scenes.values())).fake
    assert not fake.ari.rest.errands.messages.running
    assert not [bridge for bridge in fake.world.bridges if "room" in bridge]
    assert not fake.world.playbacks


async def test_callers_hang_up_in_every_node(fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path) -> None:
    house, scenes = await full_house(fake, open_house, tmp_path)
    for scene in scenes.values():
        scene.caller.hang_up()
    await house.until_quiet()
    are_tidy(scenes, ended_by="caller")
    counted = {name: scene.facts(NodeLeft)[-1] for name, scene in scenes.items()}
    assert {name: left.node for name, left in counted.items()} == {name: kind.node for name, kind in KINDS.items()}
    assert {left.way for left in counted.values()} <= {"hung_up", "abandoned", "answered"}
    assert [left.box for left in scenes["voicemail"].facts(VoicemailLeft)] == ["service"]


async def test_the_daemon_is_killed_and_all_go_on_with_the_flow_of_before(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house, scenes = await full_house(fake, open_house, tmp_path)
    await house.stop()
    write_flows(tmp_path / "edited", "新版")
    successor = await house.restarted()
    successor.outside.slow_s = SLOW_S
    try:
        for name, scene in scenes.items():
            kind, scene.house = KINDS[name], successor
            await (kind.again or kind.there)(scene)
        for name, scene in scenes.items():
            await KINDS[name].leave(scene)
            await scene.caller.wait_for_prompt("旧版再见", within_s=60)
            scene.caller.finish_prompt()
        await successor.until_quiet()
        are_tidy(scenes, ended_by="flow")
        assert [left.box for left in scenes["voicemail"].facts(VoicemailLeft)] == ["service"]
        assert [fax.pages for fax in scenes["fax"].facts(FaxReceived)] == [1]

        newcomer = Scene(fake, successor, await fake.call("200", number="13900139000"))
        await hears("一段话")(newcomer)
        await prompt_ends(newcomer)
        await newcomer.caller.wait_for_prompt("新版再见")
    finally:
        await successor.stop()


async def test_callers_hang_up_in_every_node_while_the_daemon_is_dead(
    fake: FakeAsterisk, open_house: OpenHouse, tmp_path: Path
) -> None:
    house, scenes = await full_house(fake, open_house, tmp_path)
    await house.stop()
    for scene in scenes.values():
        scene.caller.hang_up()
    successor = await house.restarted()
    try:
        await successor.until_quiet()
        for scene in scenes.values():
            scene.house = successor
        are_tidy(scenes, ended_by="caller")
        assert [left.box for left in scenes["voicemail"].facts(VoicemailLeft)] == ["service"]
    finally:
        await successor.stop()
