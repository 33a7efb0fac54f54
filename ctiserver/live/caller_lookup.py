"""Who is calling: customer card and last contacts by number, found while the caller still hears the greeting.

The call never waits for it. A slow or failing store gives a pop without a card; it is filled in when the answer comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import structlog

from ctiserver.call.events import CallerIdentified, CallInput
from ctiserver.call.screen_pop import LastContact
from ctiserver.errors import Retryable
from ctiserver.ports import CustomerLookup
from ctiserver.tasks import TaskOwner

log = structlog.get_logger()

SHOWN_CONTACTS = 5
RETRY_AFTER_S = (0.5, 2.0, 5.0)  # a known customer shown as unknown for a whole call would be worse than a late card


class CallerLookup:
    def __init__(self, lookup: CustomerLookup, tasks: TaskOwner, post: Callable[[str, CallInput], bool]) -> None:
        self._lookup = lookup
        self._tasks = tasks
        self._post = post
        self._last_contacts: dict[str, Sequence[LastContact]] = {}

    def begin(self, call_id: str, number: str) -> None:
        self._tasks.start(f"identify:{call_id}", self._identify(call_id, number))

    def last_contacts(self, call_id: str) -> Sequence[LastContact]:
        return self._last_contacts.get(call_id, ())

    def forget(self, call_id: str) -> None:
        self._last_contacts.pop(call_id, None)

    async def _identify(self, call_id: str, number: str) -> None:
        for retry_after_s in (*RETRY_AFTER_S, None):
            try:
                known = await self._lookup.known(number, SHOWN_CONTACTS)
            except (Retryable, TimeoutError) as error:
                log.warning("caller_lookup_failed", call_id=call_id, error=str(error), retry_after_s=retry_after_s)
                if retry_after_s is None:
                    self._post(call_id, CallerIdentified(card=None, matches=0, failed=True))
                    return
                await asyncio.sleep(retry_after_s)
            else:
                self._last_contacts[call_id] = contacts = known.last_contacts
                last_agent = next((contact.agent_id for contact in contacts if contact.agent_id is not None), None)
                found = CallerIdentified(card=known.card, matches=known.matches, last_agent_id=last_agent)
                if not self._post(call_id, found):
                    self.forget(call_id)
                return
