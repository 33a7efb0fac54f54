"""Everything about recorded prompts that pages work with, in one place for the API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from ctiserver.live.prompt_library import PromptLibrary
from ctiserver.recorded_prompts import PreparedRecording
from ctiserver.store.flow_rows import Author
from ctiserver.store.prompt_recordings import PromptRow


class PromptStore(Protocol):
    """Provided by store/prompt_recordings.py; all raise DatabaseAwayError."""

    async def versions(self, prompt: str, language: str) -> list[PromptRow]: ...

    async def sound(self, prompt: str, language: str, version: int) -> bytes | None: ...

    async def add(
        self, prompt: str, language: str, recording: PreparedRecording, *, note: str, author: Author
    ) -> PromptRow: ...

    async def remove(self, prompt: str, language: str, *, note: str, author: Author) -> PromptRow | None: ...

    async def restore(
        self, prompt: str, language: str, back_to: int, *, note: str, author: Author
    ) -> PromptRow | None: ...


@dataclass(frozen=True, kw_only=True)
class PromptDesk:
    """`prepare` checks and levels an upload; `users` tells who plays a prompt ("flow:node", "announcement:TITLE"),
    `needed_by` those of them who have nothing else to say; `named` are all prompts that flows play.
    """

    store: PromptStore
    library: PromptLibrary
    prepare: Callable[[bytes], Awaitable[PreparedRecording]]
    users: Callable[[str], Sequence[str]]
    needed_by: Callable[[str], Sequence[str]]
    named: Callable[[], Collection[str]]
