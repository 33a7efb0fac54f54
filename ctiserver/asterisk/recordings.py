"""Stereo recordings by AMI MixMonitor, and their way to us.

MixMonitor with option D writes `.raw`: 16-bit little-endian samples at 8 kHz, the channel's own voice left, what it
hears right. ARI can't start it, but finds and serves the file, provided that it lies in Asterisk's spool/recording:
a relative name would land in spool/monitor, hence `../recording/`.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from ctiserver.asterisk import ari_commands
from ctiserver.asterisk.ami_client import AmiClient
from ctiserver.asterisk.ami_protocol import AmiMessage
from ctiserver.asterisk.ari_client import AriClient
from ctiserver.asterisk.settling import SETTLE_LIMIT_S, SETTLE_S, Growth, SettlingFiles
from ctiserver.errors import Rejected
from ctiserver.ports import Outcome
from ctiserver.tasks import TaskOwner

log = structlog.get_logger()

FOLDER = "../recording"  # from spool/monitor, where MixMonitor puts relative names
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,119}")
KNOWN_IDS = 10_000
DOWNLOADS_AT_ONCE = 8
FAX_FOLDER = "fax"  # below spool/recording


class Recordings:
    """`folder`: Asterisk's spool/recording where we can read it; None: fetched over HTTP."""

    def __init__(self, ami: AmiClient, ari: AriClient, folder: Path | None, tasks: TaskOwner) -> None:
        self._ami = ami
        self._ari = ari
        self._folder = folder
        self._settling = SettlingFiles(tasks)
        self._downloads = asyncio.Semaphore(DOWNLOADS_AT_ONCE)
        self._monitor_ids: dict[str, str] = {}

    async def start(self, recording_id: str, channel_id: str) -> Outcome:
        """ "refused" also where it could not be told whether it began. Raises LinkDownError."""
        answer = await self._ami.action(
            "MixMonitor",
            Channel=channel_id,
            File=f"{FOLDER}/{_checked(recording_id)}.raw",
            Options=f"Di({_variable(recording_id)})",  # without the id, Stop would end just any monitor of the channel
        )
        if answer.get("response") == "Success":
            self._remember(recording_id, answer.get("mixmonitorid", ""))
        return _outcome(answer)

    async def stop(self, recording_id: str, channel_id: str) -> Outcome:
        """Raises LinkDownError. "gone": the channel ended, and with it the recording."""
        monitor_id = self._monitor_ids.pop(recording_id, "") or await self._find_monitor(recording_id, channel_id)
        if not monitor_id:
            return "gone"
        return _outcome(await self._ami.action("StopMixMonitor", Channel=channel_id, MixMonitorID=monitor_id))

    async def pause(self, recording_id: str, channel_id: str, *, paused: bool) -> Outcome:
        """Writes silence instead of the voices; the length goes on counting. Raises LinkDownError."""
        monitor_id = self._monitor_ids.get(recording_id, "") or await self._find_monitor(recording_id, channel_id)
        if not monitor_id:
            return "gone"
        answer = await self._ami.action(
            "MixMonitorMute",
            Channel=channel_id,
            MixMonitorID=monitor_id,
            Direction="both",
            State="1" if paused else "0",
        )
        return _outcome(answer)

    async def _find_monitor(self, recording_id: str, channel_id: str) -> str:
        """Begun by an earlier run of ours: the channel itself remembers."""
        answer = await self._ami.action("Getvar", Channel=channel_id, Variable=_variable(recording_id))
        return answer.get("value", "")

    @asynccontextmanager
    async def complete(self, recording_id: str, *, suffix: str = ".raw") -> AsyncGenerator[Path | None]:
        """The file once nothing is written to it any more; None: Asterisk has none. Raises LinkDownError, OSError.

        Asterisk's own where its folder is shared, so that nothing is copied; else a copy that goes with the block.
        """
        _checked(recording_id)
        if self._folder is not None:
            source = self._folder / f"{recording_id}{suffix}"
            yield source if await self._settling.size(source) is not None else None
            return
        with tempfile.TemporaryDirectory(prefix="cti-recording-") as folder:
            into = Path(folder) / f"sound{suffix}"
            yield into if await self._download(recording_id, into) else None

    async def _download(self, recording_id: str, into: Path) -> bool:
        uri = ari_commands.stored_recording_file(recording_id)
        async with self._downloads:
            if await _settled(lambda: self._ari.stored_size(uri)) is None:
                return False
            return await self._ari.download(uri, into)

    async def fetch_fax(self, fax_id: str, into: Path) -> bool:
        """ARI serves sound only: faxes come by the shared folder, or not at all. What was fetched is removed there."""
        if self._folder is None:
            log.warning(
                "fax_out_of_reach", fax=fax_id, hint="share Asterisk's spool/recording (asterisk.recording_folder)"
            )
            return False
        source = self._folder / FAX_FOLDER / f"{_checked(fax_id)}.tif"
        if not await self._settling.size(source):
            return False
        await asyncio.to_thread(shutil.copyfile, source, into)
        await asyncio.to_thread(source.unlink, missing_ok=True)
        return True

    async def delete(self, recording_id: str) -> Outcome:
        """Frees Asterisk's disk once the recording is safe elsewhere."""
        command = ari_commands.delete_stored_recording(_checked(recording_id))
        answer = await self._ari.request(command)
        return "done" if answer.status < 300 else "gone" if answer.status == 404 else "refused"

    def _remember(self, recording_id: str, monitor_id: str) -> None:
        if len(self._monitor_ids) >= KNOWN_IDS:  # of recordings that ended with their channel
            del self._monitor_ids[next(iter(self._monitor_ids))]
        self._monitor_ids[recording_id] = monitor_id


async def _settled(size: Callable[[], Awaitable[int | None]]) -> int | None:
    """Of a file that Asterisk serves: its size once it has stopped growing; None: no such file."""
    loop = asyncio.get_running_loop()
    growth = Growth(loop.time() + SETTLE_LIMIT_S)
    while not growth.is_over(await size(), loop.time()):  # noqa: ASYNC110 - a file of another process
        await asyncio.sleep(SETTLE_S)
    return growth.size


def _checked(recording_id: str) -> str:
    """Names become paths on Asterisk's side."""
    if not _NAME.fullmatch(recording_id):
        raise Rejected(f"{recording_id!r} can't be the name of a recording")
    return recording_id


def _variable(recording_id: str) -> str:
    """The channel variable that holds MixMonitor's own id."""
    return "CTI_MIX_" + re.sub(r"[^A-Za-z0-9]", "_", recording_id)


def _outcome(answer: AmiMessage) -> Outcome:
    if answer.get("response") == "Success":
        return "done"
    return "gone" if "no such channel" in answer.get("message", "").lower() else "refused"
