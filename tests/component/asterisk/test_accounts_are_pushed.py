"""Agents' SIP accounts follow the directory: pushed at each connect, in between only what differs."""

from __future__ import annotations

from ctiserver.directory import Agent, Directory
from ctiserver.ports import LinkUp, PhoneSeen
from tests.component.asterisk.conftest import listening
from tests.component.fake_asterisk import FakeAsterisk

PASSWORD = "a SIP password"


def agent(number: int, *, name: str = "张伟", sip_password: str = PASSWORD, webrtc: bool = False) -> Agent:
    return Agent(
        id=number,
        number=str(number),
        name=name,
        extension=str(1000 + number),
        sip_password=sip_password,
        skills={},
        webrtc=webrtc,
    )


def directory(*agents: Agent) -> Directory:
    return Directory(agents=agents)


def pushes(fake: FakeAsterisk) -> list[str]:
    """What was put or deleted, as "PUT endpoint/1001"."""
    prefix = "asterisk/config/dynamic/res_pjsip/"
    return [f"{method} {path.removeprefix(prefix)}" for method, path, _ in fake.commands if path.startswith(prefix)]


async def test_each_agent_gets_an_account(fake: FakeAsterisk) -> None:
    async with listening(fake) as heard:
        heard.telephony.use_directory(directory(agent(1), agent(2, name='王 "x" ${y}', webrtc=True)))
        await fake.until(lambda: ("endpoint", "1002") in fake.world.objects)
        desk, browser = (fake.world.objects[("endpoint", extension)] for extension in ("1001", "1002"))
        assert desk["context"] == "agents"
        assert desk["callerid"] == '"张伟" <1001>'
        assert desk["allow"] == "g722,alaw,ulaw"
        assert browser["callerid"] == '"王 x y" <1002>'
        assert (browser["webrtc"], browser["allow"], browser["rtp_timeout"]) == ("yes", "opus,ulaw", "20")
        assert fake.world.objects[("auth", "1001")]["password"] == PASSWORD
        assert fake.world.objects[("aor", "1001")]["max_contacts"] == "1"


async def test_ready_means_that_every_phone_may_register(fake: FakeAsterisk) -> None:
    """A phone that comes too early is answered 403, and many a phone gives up then."""
    agents = [agent(number) for number in range(1, 30)]
    async with listening(fake) as heard:
        heard.telephony.use_directory(directory(*agents))
        for link in (1, 2):
            assert "29 of 29" in heard.telephony.problems()["accounts"]
            await fake.until(lambda: not any(heard.telephony.problems().values()))
            assert {("endpoint", each.extension) for each in agents} <= set(fake.world.objects)
            if link == 1:
                await fake.restart()
                await fake.until(lambda: bool(heard.telephony.problems()["ari"]))


async def test_only_what_differs_is_pushed(fake: FakeAsterisk) -> None:
    async with listening(fake) as heard:
        heard.telephony.use_directory(directory(agent(1), agent(2), agent(3)))
        await fake.until(lambda: len(pushes(fake)) == 9)
        fake.commands.clear()
        heard.telephony.use_directory(directory(agent(1), agent(2, sip_password="new")))
        await fake.until(lambda: len(pushes(fake)) == 6)
        assert set(pushes(fake)) == {
            *("PUT auth/1002", "PUT aor/1002", "PUT endpoint/1002"),
            *("DELETE endpoint/1003", "DELETE aor/1003", "DELETE auth/1003"),
        }
        assert ("endpoint", "1003") not in fake.world.objects


async def test_asterisk_forgot_them_and_gets_them_again(fake: FakeAsterisk) -> None:
    fake.phone("1001")
    async with listening(fake) as heard:
        heard.telephony.use_directory(directory(agent(1)))
        await fake.until(lambda: ("endpoint", "1001") in fake.world.objects)
        await fake.restart()
        assert not fake.world.objects
        await heard.hear(LinkUp, nth=2)
        await fake.until(lambda: ("endpoint", "1001") in fake.world.objects)


async def test_one_refused_account_does_not_stop_the_others(fake: FakeAsterisk) -> None:
    fake.ari.rest.refused_objects.add("1001")
    async with listening(fake) as heard:
        heard.telephony.use_directory(directory(agent(1), agent(2)))
        await fake.until(lambda: ("endpoint", "1002") in fake.world.objects)
        assert ("endpoint", "1001") not in fake.world.objects
        assert heard.telephony.problems()["accounts"] == "", "a refused account is told in the log and not waited for"


async def test_phones_come_and_go(fake: FakeAsterisk) -> None:
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        phone = fake.phone("1001")
        await heard.hear(PhoneSeen, lambda seen: seen.reachable)
        phone.unregister()
        await heard.hear(PhoneSeen, lambda seen: not seen.reachable)


async def test_what_phones_did_while_ami_was_away_is_read_after_it_returns(fake: FakeAsterisk) -> None:
    phone = fake.phone("1001")
    async with listening(fake) as heard:
        await heard.hear(PhoneSeen, lambda seen: seen.reachable)
        fake.ami.silent = True
        phone.unregister()
        fake.ami.drop()
        fake.ami.silent = False
        await heard.hear(PhoneSeen, lambda seen: not seen.reachable)
