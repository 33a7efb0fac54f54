"""What flows send for beside their call: lookups, messages brought home, words understood; each answers once."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from ctiserver.call.commands import CollectMessage, ErrandCommand, RunLookup, UnderstandWords
from ctiserver.call.events import CallInput, LookupFinished, WordsUnderstood
from ctiserver.errors import CtiError
from ctiserver.last_resort import end_without_memory
from ctiserver.live.message_collector import MessageCollector, message_file
from ctiserver.ports import LookupRequest, Lookups, MessageStore, Recogniser, Telephony
from ctiserver.tasks import TaskOwner

log = structlog.get_logger()


class Errands:
    """Where nothing is configured the answer is a failure at once, never silence."""

    def __init__(
        self,
        telephony: Telephony,
        tasks: TaskOwner,
        post: Callable[[str, CallInput], bool],
        *,
        lookups: Lookups | None,
        recogniser: Recogniser | None,
        messages: MessageStore | None,
    ) -> None:
        self._telephony = telephony
        self._tasks = tasks
        self._post = post
        self._lookups = lookups
        self._recogniser = recogniser
        self._collector = MessageCollector(telephony, messages)

    def begin(self, call_id: str, command: ErrandCommand) -> None:
        match command:
            case RunLookup():
                self._tasks.start(command.lookup_id, self._look_up(call_id, command))
            case CollectMessage():
                self._tasks.start(f"collect:{command.message_id}", self._collect(call_id, command))
            case UnderstandWords():
                self._tasks.start(f"words:{command.message_id}", self._understand(call_id, command))

    async def _look_up(self, call_id: str, command: RunLookup) -> None:
        lookup_id = command.lookup_id
        if self._lookups is None:
            log.warning("lookup_without_sources", call_id=call_id, source=command.source)
            self._post(call_id, LookupFinished(lookup_id=lookup_id, outcome="failed", reason="unknown_source"))
            return
        request = LookupRequest(
            source=command.source,
            path=command.path,
            method=command.method,
            body=command.body,
            timeout_s=command.timeout_s,
        )
        try:
            answer = await self._lookups.look_up(request)
        except Exception as error:  # a defect in asking must not leave the caller in silence
            end_without_memory(error)
            log.exception("lookup_crashed", call_id=call_id, source=command.source)
            answer_event = LookupFinished(lookup_id=lookup_id, outcome="failed", reason=type(error).__name__)
        else:
            answer_event = LookupFinished(
                lookup_id=lookup_id, outcome=answer.outcome, data=answer.data, reason=answer.reason
            )
        self._post(call_id, answer_event)

    async def _collect(self, call_id: str, command: CollectMessage) -> None:
        self._post(call_id, await self._collector.collect(call_id, command))
        await self._collector.tidy(command)

    async def _understand(self, call_id: str, command: UnderstandWords) -> None:
        text = ""
        try:
            async with message_file(self._telephony, command.message_id) as sound:
                if self._recogniser is not None and sound is not None:
                    text = await self._recogniser.understand(sound, command.language, command.words)
        except (CtiError, OSError) as error:
            log.warning("words_not_fetched", call_id=call_id, problem=str(error))
        except Exception as error:  # a defect in the recogniser: the caller is asked again, or may press keys
            end_without_memory(error)
            log.exception("recogniser_crashed", call_id=call_id)
        self._post(call_id, WordsUnderstood(message_id=command.message_id, text=text))
