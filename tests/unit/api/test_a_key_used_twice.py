"""A write with an Idempotency-Key happens once; a failed one may be tried again; memory stays bounded."""

from __future__ import annotations

import asyncio

import pytest

from ctiserver.api import idempotency
from ctiserver.api.idempotency import Replies, Reply
from ctiserver.api.problems import ApiError
from ctiserver.errors import DatabaseAwayError
from tests.component.api.example_views import ManualClock

REQUEST = ("POST", "/api/calls/c1/hang-up", b"")


class Work:
    """Counts how often it is done; fails as long as `error` is set, waits as long as `gate` is closed."""

    def __init__(self) -> None:
        self.done = 0
        self.error: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> Reply:
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        self.done += 1
        return Reply(202, b"{}", "application/json")


async def test_the_second_gets_the_first_answer_marked() -> None:
    replies, work = Replies(ManualClock()), Work()
    first = await replies.once("1", "key", REQUEST, work)
    second = await replies.once("1", "key", REQUEST, work)
    assert work.done == 1
    assert (first.status, first.body) == (second.status, second.body) == (202, b"{}")
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"


async def test_another_sender_has_other_keys() -> None:
    replies, work = Replies(ManualClock()), Work()
    await replies.once("1", "key", REQUEST, work)
    await replies.once("2", "key", REQUEST, work)
    assert work.done == 2


async def test_a_key_belongs_to_one_request() -> None:
    replies, work = Replies(ManualClock()), Work()
    await replies.once("1", "key", REQUEST, work)
    with pytest.raises(ApiError, match="another request"):
        await replies.once("1", "key", (*REQUEST[:2], b"{}"), work)


async def test_what_failed_may_be_tried_again_with_the_same_key() -> None:
    replies, work = Replies(ManualClock()), Work()
    work.error = DatabaseAwayError("away")
    with pytest.raises(DatabaseAwayError):
        await replies.once("1", "key", REQUEST, work)
    work.error = None
    assert (await replies.once("1", "key", REQUEST, work)).status == 202


async def test_those_who_wait_learn_that_the_first_was_interrupted() -> None:
    replies, work = Replies(ManualClock()), Work()
    work.gate.clear()
    first = asyncio.create_task(replies.once("1", "key", REQUEST, work))
    await asyncio.sleep(0)
    second = asyncio.create_task(replies.once("1", "key", REQUEST, work))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(ApiError) as told:
        await second
    assert told.value.error_id == "interrupted"
    assert work.done == 0


async def test_keys_are_forgotten_by_age_and_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = ManualClock()
    replies, work = Replies(clock), Work()
    await replies.once("1", "old", REQUEST, work)
    clock.time += 601
    await replies.once("1", "old", REQUEST, work)
    assert work.done == 2
    monkeypatch.setattr(idempotency, "KEPT", 10)
    for number in range(20):
        await replies.once("1", f"key {number}", REQUEST, work)
    await replies.once("1", "key 0", REQUEST, work)
    assert work.done == 23


@pytest.mark.parametrize("key", ["", "x" * 129])
async def test_absurd_keys_are_refused(key: str) -> None:
    with pytest.raises(ApiError):
        await Replies(ManualClock()).once("1", key, REQUEST, Work())
