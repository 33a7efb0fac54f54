"""Sound brought into the telephone's form (8 kHz, 16-bit, mono, levelled), and how outside programs are run for it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
import wave
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ctiserver.channels.speech import SpeechEngineDown, SpeechEngineError

_TELEPHONE = ("-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer", "-t", "wav")
_LEVELLED = ("highpass", "120", "norm", "-4", "pad", "0.05", "0.1")
_RATE = 8000
# Threads of their own: programs that hang must not take those that prompts, recordings and passwords need.
_WAITING = ThreadPoolExecutor(32, thread_name_prefix="program")


class Programs:
    """Runs programs with a time-out. `sox` is an argument list; `environment` is added to ours."""

    def __init__(self, sox: Sequence[str], environment: Mapping[str, str] | None, timeout_s: float) -> None:
        self._sox = tuple(sox)
        self._environment = dict(environment or {})
        self._timeout_s = timeout_s

    async def to_telephone(self, recording: Path, into: Path) -> None:
        """Any wav as a telephone wav. Raises SpeechEngineError."""
        await self.run("sox", "speech.sox", (*self._sox, "-V1", str(recording), *_TELEPHONE, str(into), *_LEVELLED))
        await asyncio.to_thread(require_sound, into)

    async def sox(self, source: Path, *arguments: str | Path) -> str:
        """sox with this source; answers what it told. Raises SpeechEngineError, SpeechEngineDown."""
        return await self.run("sox", "speech.sox", (*self._sox, "-V1", str(source), *map(str, arguments)))

    async def run(self, program: str, setting: str, command: Sequence[str], stdin: bytes = b"") -> str:
        """`setting` names the program for people. Answers what it wrote to standard error.

        Raises SpeechEngineError, SpeechEngineDown.
        """
        try:
            process = _started(command, {**os.environ, **self._environment}, listens=bool(stdin))
        except OSError as error:
            way_out = f"install it, or name it in {setting}"
            raise SpeechEngineDown(f"{program} can't be started: {error.strerror or error} — {way_out}") from error
        try:
            loop = asyncio.get_running_loop()
            _, complaint = await loop.run_in_executor(_WAITING, process.communicate, stdin or None, self._timeout_s)
        except subprocess.TimeoutExpired as error:
            raise SpeechEngineDown(f"{program} took longer than {self._timeout_s:g} s") from error
        except OSError as error:
            raise SpeechEngineDown(f"{program} does not listen: {error}") from error
        finally:
            if process.poll() is None:
                process.kill()
                await asyncio.get_running_loop().run_in_executor(_WAITING, process.wait)
        if process.returncode != 0:
            last = complaint.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
            raise SpeechEngineError(f"{program} failed with {process.returncode}: {last[0][:200]}")
        return complaint.decode(errors="replace")


def _started(command: Sequence[str], environment: Mapping[str, str], *, listens: bool) -> subprocess.Popen[bytes]:
    """Takes a fifth of a millisecond. uvloop's own way forks, which copies the page tables: 24 ms without any call."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE if listens else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
    )


def temporary_wav(folder: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix=".speech-", suffix=".wav")
    os.close(handle)
    return Path(name)


def require_sound(path: Path) -> None:
    """Raises SpeechEngineError if the file isn't a telephone wav with something in it."""
    try:
        with wave.open(str(path), "rb") as file:
            form = (file.getframerate(), file.getsampwidth(), file.getnchannels())
            frames = file.getnframes()
    except (wave.Error, EOFError) as error:
        raise SpeechEngineError(f"the result is not a wav file: {error}") from error
    if form != (_RATE, 2, 1):
        raise SpeechEngineError(f"the result is not 8 kHz 16-bit mono but {form}")
    if frames == 0:
        raise SpeechEngineError("the result is empty")
