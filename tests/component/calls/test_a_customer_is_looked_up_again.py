"""Postgres did not answer in time: the customer is looked up again, instead of being a stranger for a whole call."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from ctiserver.call.events import CallerIdentified, CallInput
from ctiserver.call.screen_pop import CustomerCard, KnownCaller, LastContact
from ctiserver.errors import DatabaseAwayError
from ctiserver.live import caller_lookup
from ctiserver.live.caller_lookup import CallerLookup
from ctiserver.tasks import TaskOwner

CARD = CustomerCard(id=7, name="李先生")
CONTACT = LastContact(call_id="n1-1", at=0.0)


class SlowToWake:
    """A store that is away for the first so many questions."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals

    async def known(self, number: str, contacts: int) -> KnownCaller:
        if self.refusals:
            self.refusals -= 1
            raise DatabaseAwayError("Postgres did not answer a lookup within 0.8 s")
        return KnownCaller(card=CARD, matches=1, last_contacts=(CONTACT,))


async def _told(refusals: int) -> tuple[list[CallInput], Sequence[LastContact]]:
    told: list[CallInput] = []

    def post(call_id: str, event: CallInput) -> bool:
        told.append(event)
        return True

    tasks = TaskOwner("calls")
    lookup = CallerLookup(SlowToWake(refusals), tasks, post)
    lookup.begin("n1-2", "13800138000")
    while len(tasks):  # noqa: ASYNC110 - a few turns of this loop, nothing to wait for outside it
        await asyncio.sleep(0)
    return told, lookup.last_contacts("n1-2")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller_lookup, "RETRY_AFTER_S", (0.0, 0.0))


async def test_the_card_comes_late_but_it_comes() -> None:
    assert await _told(refusals=2) == ([CallerIdentified(card=CARD, matches=1)], (CONTACT,))


async def test_after_the_last_attempt_the_call_goes_on_without_a_card() -> None:
    assert await _told(refusals=3) == ([CallerIdentified(card=None, matches=0, failed=True)], ())
