"""Asterisk can't be used: one clear message with the way out, and we keep trying."""

from __future__ import annotations

import pytest

from ctiserver.ports import LinkUp
from tests.component.asterisk.conftest import listening
from tests.component.fake_asterisk import FakeAsterisk


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, ["ARI user 'ctiserver'", "password", "CTI_ASTERISK__PASSWORD"]),
        (403, ["forbids", "read_only"]),
        (404, ["no ARI", "res_ari"]),
        (503, ["loading", "keep trying"]),
        (418, ["418", "is that an Asterisk?"]),
    ],
)
async def test_ari_refuses(fake: FakeAsterisk, status: int, words: list[str]) -> None:
    fake.refuse_ari = status
    async with listening(fake) as heard:
        await fake.until(lambda: str(status) in heard.telephony.problems()["ari"])
        problem = heard.telephony.problems()["ari"]
        assert all(word in problem for word in words), problem
        assert "ari-secret" not in problem
        fake.refuse_ari = None
        await heard.hear(LinkUp)
        assert heard.telephony.problems()["ari"] == ""


async def test_a_wrong_password(fake: FakeAsterisk) -> None:
    wrong = fake.settings.model_copy(update={"password": "wrong"})
    async with listening(fake, settings=wrong) as heard:
        await fake.until(lambda: "(401)" in heard.telephony.problems()["ari"])
        assert not heard.of(LinkUp)


async def test_nobody_listens(fake: FakeAsterisk) -> None:
    await fake.go_down()
    async with listening(fake) as heard:
        await fake.until(lambda: "can't be reached" in heard.telephony.problems()["ari"])
        assert "is Asterisk running?" in heard.telephony.problems()["ari"]
        await fake.until(lambda: "can't be reached" in heard.telephony.problems()["ami"])
        assert "manager.conf" in heard.telephony.problems()["ami"]
        await fake.come_up()
        await heard.hear(LinkUp)


async def test_ami_login_is_refused(fake: FakeAsterisk) -> None:
    fake.ami.refuse_login = True
    async with listening(fake) as heard:
        await heard.hear(LinkUp)
        problem = heard.telephony.problems()["ami"]
        assert "refuses user 'ctiserver'" in problem
        assert "CTI_ASTERISK__AMI_SECRET" in problem
        assert "ami-secret" not in problem
        fake.ami.refuse_login = False
        await fake.until(lambda: heard.telephony.problems()["ami"] == "")


async def test_asterisk_is_not_fully_booted(fake: FakeAsterisk) -> None:
    """AMI lets us in while modules load, FullyBooted comes later."""
    fake.ami.booted = False
    async with listening(fake) as heard:
        await fake.until(lambda: any(session.logged_in for session in fake.ami.sessions))
        assert not heard.of(LinkUp)
        fake.ami.fully_booted()
        await heard.hear(LinkUp)
        assert heard.telephony.problems() == {"ari": "", "ami": "", "accounts": ""}
