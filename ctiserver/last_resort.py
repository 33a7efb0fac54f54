"""Ends the process at once where going on would be going on by halves: without memory, or without one of its threads.

An allocation that fails may have failed between any two lines: half of a change is done, and the next handler fails as
well. Nothing is tidied up, as after kill -9: calls go on in Asterisk, the spool holds what the disk confirmed, and
whoever keeps the daemon running starts it again, whole. Ending call after call instead would cut people off.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from typing import Any, NoReturn

EXIT_CODE = 70
# Made beforehand: there may be no memory for them then.
NO_MEMORY = b"[critical ] out_of_memory effect='ends at once, calls go on in Asterisk' hint='who took the memory?'\n"
NO_THREAD = b"[critical ] thread_died effect='ends at once, calls go on in Asterisk'\n"


def end_now(said: bytes) -> NoReturn:
    os.write(2, said)
    os._exit(EXIT_CODE)


def end_without_memory(error: BaseException) -> None:
    """Whoever catches whatever there may be asks here first. Returns unless memory has run out."""
    if isinstance(error, MemoryError):
        end_now(NO_MEMORY)


def guard(loop: asyncio.AbstractEventLoop) -> None:
    """Once, by the daemon: for what nobody catches, in the loop's callbacks and in threads."""
    loop.set_exception_handler(_loop_error)
    threading.excepthook = _thread_died


def _loop_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    if isinstance(error := context.get("exception"), BaseException):
        end_without_memory(error)
    loop.default_exception_handler(context)


def _thread_died(died: threading.ExceptHookArgs) -> None:
    """Such as the journal's writer, without which nothing would ever be confirmed, and nobody be told."""
    if isinstance(died.exc_value, MemoryError):
        end_now(NO_MEMORY)
    if died.exc_value is not None:
        sys.excepthook(died.exc_type, died.exc_value, died.exc_traceback)
    end_now(NO_THREAD)
