"""What flows refer to outside of their files: queues, outside systems, calendars, recordings, documents.

The daemon and the command line build flow sets here alike: what one refuses, the other doesn't publish.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from ctiserver.ivr.flow import FlowSet
from ctiserver.ivr.flow_file import build_flow_set, documents_in
from ctiserver.ivr.opening_hours import Calendar, HolidayTable


@dataclass(frozen=True, kw_only=True)
class FlowSurroundings:
    """`folder` has the documents. `queues` and `lookups` None: such names are not checked; `holidays` None: China's."""

    folder: Path
    queues: Collection[str] | None
    lookups: Collection[str] | None
    calendars: Mapping[str, Calendar]
    holidays: HolidayTable | None
    recordings: Mapping[str, frozenset[str]]

    def build(self, texts: Mapping[str, str]) -> FlowSet:
        """Checks a whole set. Raises FlowErrors. Reads the folder of documents: fit for a thread."""
        return build_flow_set(
            texts,
            recordings=self.recordings,
            documents=documents_in(self.folder),
            queues=self.queues,
            lookups=self.lookups,
            calendars=self.calendars,
            holidays=self.holidays,
        )
