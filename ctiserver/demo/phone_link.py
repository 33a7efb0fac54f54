"""Starts one phone process and talks to it: commands out, notices in, one clear error when it dies."""

import asyncio
import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import structlog

from ctiserver.demo import phone_protocol as protocol

START_S = 20.0  # importing and starting PJSIP takes 0.2 s on an idle machine
REPLY_S = 20.0
END_S = 10.0  # it hangs up and unregisters within 4 s, or is killed

log = structlog.get_logger()


class PhoneProcessDied(Exception):
    """A phone process ended by itself. All its calls are over; its last words are in the message."""


class PhoneRefused(Exception):
    """The phone could not do what it was told, for the reason in the message."""


class PhoneLink:
    """One child process. `on_notice` gets everything it says but replies; `on_death` is told why it died."""

    def __init__(
        self, folder: Path, on_notice: Callable[[Self, protocol.Notice], None], on_death: Callable[[Self, str], None]
    ):
        self.folder = folder
        self.address = ""
        self.phones = 0
        self.calls = 0
        self._ended_at: list[float] = []
        self._on_notice = on_notice
        self._on_death = on_death
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._replies: dict[int, asyncio.Future[protocol.Reply]] = {}
        self._started: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._last_id = 0
        self._closing = False

    @property
    def alive(self) -> bool:
        """Whether commands can be sent."""
        return self._process is not None and self._process.returncode is None and not self._closing

    def call_ended(self) -> None:
        """One of `calls` is over; its sockets are not, for a moment."""
        self.calls -= 1
        self._ended_at.append(time.monotonic())

    @property
    def takes_a_call(self) -> bool:
        """Whether one more call can be placed here without running into the limits of the SIP stack."""
        lingering_since = time.monotonic() - protocol.SOCKET_LINGERS_S
        self._ended_at = [at for at in self._ended_at if at > lingering_since]
        sockets = 2 * (self.calls + len(self._ended_at))
        return self.alive and self.calls < protocol.CALLS_PER_PROCESS and sockets + 2 <= protocol.SOCKETS_PER_PROCESS

    async def start(self, bind: str, *, encrypted: bool = False) -> None:
        """Start the process and wait until its SIP port is open."""
        self.folder.mkdir(parents=True, exist_ok=True)
        program = [sys.executable, "-m", "ctiserver.demo.phone_process"]
        with (self.folder / "phone_process.log").open("wb") as log_file:
            self._process = await asyncio.create_subprocess_exec(
                *program,
                *("--bind", bind, "--recordings", str(self.folder)),
                *(("--encrypted",) if encrypted else ()),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log_file,
                start_new_session=True,  # Ctrl-C in the terminal is ours to handle
            )
        assert self._process.stdout is not None  # noqa: S101 - asked for with PIPE just above
        reading = self._read(self._process, self._process.stdout)
        self._reader = asyncio.create_task(reading, name=f"phone process {self._process.pid}")
        try:
            self.address = await asyncio.wait_for(asyncio.shield(self._started), START_S)
        except TimeoutError:
            await self.close()
            raise PhoneProcessDied(f"no phone process within {START_S:g} s: {self._last_words()}") from None

    async def ask(self, command: Callable[[int], protocol.AnyCommand]) -> None:
        """Send the command made with a fresh id, wait until it is accepted. Raises PhoneRefused, PhoneProcessDied."""
        if self._process is None or self._process.stdin is None or not self.alive:
            raise PhoneProcessDied("the phone process has ended")
        self._last_id += 1
        number = self._last_id
        reply: asyncio.Future[protocol.Reply] = asyncio.get_running_loop().create_future()
        self._replies[number] = reply
        try:
            self._process.stdin.write(protocol.encoder.encode(command(number)) + b"\n")
            answer = await asyncio.wait_for(reply, REPLY_S)
        finally:
            del self._replies[number]
        if answer.error is not None:
            raise PhoneRefused(answer.error)

    async def close(self) -> None:
        """Let the phones hang up and unregister, and wait for the end of the process; kill it after END_S."""
        self._closing = True
        process, reader = self._process, self._reader
        if process is None or reader is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(asyncio.shield(reader), END_S)
            await asyncio.wait_for(process.wait(), END_S)
        except TimeoutError:
            log.warning("phone_process_killed", pid=process.pid)
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
            reader.cancel()
        if process.returncode:
            log.warning("phone_process_failed", returncode=process.returncode, last_words=self._last_words())

    async def _read(self, process: asyncio.subprocess.Process, notices: asyncio.StreamReader) -> None:
        try:
            async for line in notices:
                self._take(protocol.notice_decoder.decode(line))
            await process.wait()
        finally:
            self._died()

    def _take(self, notice: protocol.Notice) -> None:
        match notice:
            case protocol.Reply():
                waiting = self._replies.get(notice.id)
                if waiting is not None and not waiting.done():
                    waiting.set_result(notice)
            case protocol.Started():
                if not self._started.done():
                    self._started.set_result(notice.address)
            case protocol.Fault():
                log.error("phone_process_fault", fault=notice.text)
            case _:
                self._on_notice(self, notice)

    def _died(self) -> None:
        reason = "the phone process ended" if self._closing else f"the phone process died: {self._last_words()}"
        error = PhoneProcessDied(reason)
        for waiting in [*self._replies.values(), self._started]:
            if not waiting.done():
                waiting.set_exception(error)
                waiting.exception()  # mark as retrieved: nobody may be waiting any more
        self._on_death(self, reason)

    def _last_words(self) -> str:
        log_file = self.folder / "phone_process.log"
        words = log_file.read_text(errors="replace").strip() if log_file.exists() else ""
        return " | ".join(words.splitlines()[-5:]) or "it said nothing"
