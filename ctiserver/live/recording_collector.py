"""Brings a finished recording home: stop, fetch, convert, measure, compare with the conversation's length."""

from __future__ import annotations

import asyncio
import errno
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress

import structlog

from ctiserver.call.commands import CollectRecording
from ctiserver.call.events import CallInput, RecordingCollected, RecordingLost
from ctiserver.errors import CtiError, LinkDownError, Retryable
from ctiserver.last_resort import end_without_memory
from ctiserver.ports import RecordingStore, Telephony
from ctiserver.tasks import TaskOwner

log = structlog.get_logger()

ATTEMPTS = 6
FIRST_PAUSE_S = 0.2  # doubled each time: Asterisk closes the file a moment after the channel
LONGEST_PAUSE_S = 10.0
LINK_PATIENCE_S = 2 * 3600.0  # of a dead link or a full disk; the file stays in Asterisk's spool, over its restarts too
BUSY_COMMANDS = 4  # not answered yet on the call's lane; callers are kept ringing from 15 on (live/admission.py)
BUSY_PATIENCE_S = 60.0
LOOK_S = 0.1
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
ALLOWED_DIFFERENCE_S = 1.5
ALLOWED_SHARE = 0.03


class RecordingCollector:
    """Converts at most `at_once` files at a time, so that a busy hour's end does not starve the calls."""

    def __init__(
        self,
        telephony: Telephony,
        store: RecordingStore,
        tasks: TaskOwner,
        post: Callable[[str, CallInput], bool],
        *,
        at_once: int = 4,
    ) -> None:
        self._telephony = telephony
        self._store = store
        self._tasks = tasks
        self._post = post
        self._room = asyncio.Semaphore(at_once)
        self._looking: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)  # by lane: one may hang

    def begin(self, call_id: str, command: CollectRecording) -> None:
        self._tasks.start(f"collect:{command.recording_id}", self._collect(call_id, command))

    async def _collect(self, call_id: str, command: CollectRecording) -> None:
        try:
            event = await self._bring_home_once_there_is_room(call_id, command)
        except (CtiError, OSError) as error:
            event = RecordingLost(recording_id=command.recording_id, reason=str(error))
        except Exception as error:  # a defect in converting must not keep the call from being over
            end_without_memory(error)
            log.exception("recording_crashed", call_id=call_id, recording=command.recording_id)
            event = RecordingLost(recording_id=command.recording_id, reason=repr(error))
        if isinstance(event, RecordingLost):
            log.error("recording_lost", call_id=call_id, recording=command.recording_id, reason=event.reason)
        self._post(call_id, event)
        if isinstance(event, RecordingCollected) and event.ok:  # what looks cut short is kept where it came from
            await self._delete_original(command.recording_id)

    async def _bring_home_once_there_is_room(
        self, call_id: str, command: CollectRecording
    ) -> RecordingCollected | RecordingLost:
        """While the disk is full nothing is concluded: the original waits in Asterisk's folder."""
        pause = FIRST_PAUSE_S
        give_up_at = asyncio.get_running_loop().time() + LINK_PATIENCE_S
        while True:
            try:
                return await self._bring_home(call_id, command)
            except OSError as error:
                if error.errno not in DISK_FULL or asyncio.get_running_loop().time() > give_up_at:
                    raise
                log.error("recording_waits_for_disk", recording=command.recording_id, error=str(error))
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_S, pause * 2)

    async def _bring_home(self, call_id: str, command: CollectRecording) -> RecordingCollected | RecordingLost:
        kept = await self._keep(call_id, command)
        if kept is None:
            return RecordingLost(recording_id=command.recording_id, reason="no file came from Asterisk")
        path, duration_ms, size, digest = kept
        ok = is_complete(duration_ms / 1000, command.expected_s)
        if not ok:
            log.error(
                "recording_length_wrong",
                call_id=call_id,
                recording=command.recording_id,
                seconds=duration_ms / 1000,
                expected=round(command.expected_s, 1),
            )
        return RecordingCollected(
            recording_id=command.recording_id,
            path=path,
            duration_ms=duration_ms,
            size_bytes=size,
            sha256=digest,
            ok=ok,
        )

    async def _while_asterisk_is_busy(self, channel_id: str, until: float) -> None:
        """Calls first: what is recorded keeps for a while. `until`: the loop's time."""
        lane = self._telephony.lane_of(channel_id)
        with suppress(TimeoutError, LinkDownError):
            async with asyncio.timeout_at(until), self._looking[lane]:  # one looks for all who wait
                while self._telephony.unanswered(lane) >= BUSY_COMMANDS:  # noqa: ASYNC110 - nobody tells of each answer
                    await asyncio.sleep(LOOK_S)

    async def _delete_original(self, recording_id: str) -> None:
        """Asterisk's disk would fill up otherwise; a failure costs nothing but room."""
        try:
            await self._telephony.delete_recording(recording_id)
        except Retryable as error:
            log.warning("recording_original_kept", recording=recording_id, error=str(error))

    async def _keep(self, call_id: str, command: CollectRecording) -> tuple[str, int, int, str] | None:
        """Path, duration in ms, size in bytes and checksum of our own file; None: Asterisk was asked often enough and
        has none. While it can't be asked, nothing is concluded."""
        labels = {"call": call_id, "agent": command.agent_number, "queue": command.queue_id}
        pause, asked = FIRST_PAUSE_S, 0
        now = asyncio.get_running_loop().time()
        give_up_at, busy_until = now + LINK_PATIENCE_S, now + BUSY_PATIENCE_S
        while asked < ATTEMPTS and asyncio.get_running_loop().time() < give_up_at:
            try:
                await self._telephony.stop_recording(command.recording_id, command.channel_id)
                await self._while_asterisk_is_busy(command.channel_id, busy_until)
                async with self._telephony.recording(command.recording_id) as raw:
                    if raw is not None:
                        async with self._room:
                            await self._while_asterisk_is_busy(command.channel_id, busy_until)
                            return await self._store.keep(command.recording_id, raw, command.started_at, labels)
                asked += 1
            except Retryable as error:
                log.warning("recording_waits_for_link", recording=command.recording_id, error=str(error))
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_S, pause * 2)
        return None


def is_complete(seconds: float, expected_s: float) -> bool:
    """Asterisk says "done" of truncated files too, so the length is compared with the conversation's."""
    return abs(seconds - expected_s) <= max(ALLOWED_DIFFERENCE_S, ALLOWED_SHARE * expected_s)
