"""What the HTTP edge may ask of the running centre. `live/centre.py` provides it; tests of the API use a small fake."""

from __future__ import annotations

from typing import Protocol

from ctiserver.call.events import EndedBy, Presence
from ctiserver.call.screen_pop import ScreenPop
from ctiserver.directory import Directory
from ctiserver.live.explanation import ExplanationView
from ctiserver.live.views import AgentView, CentreSnapshot, ComponentHealth, LiveCallView, QueueView, TotalsView


class Centre(Protocol):
    """Queries return at once from memory. Commands put an event into the right mailbox and return at once;
    they raise `errors.Rejected` only for what can never be (unknown agent, unknown reason code)."""

    @property
    def directory(self) -> Directory: ...

    def agents(self) -> list[AgentView]: ...

    def queues(self) -> list[QueueView]: ...

    def calls(self) -> list[LiveCallView]: ...

    def totals(self) -> TotalsView: ...

    def pop(self, agent_id: int) -> ScreenPop | None: ...

    def snapshot(self, agent_id: int | None) -> CentreSnapshot: ...

    def components(self) -> list[ComponentHealth]: ...

    def measure(self) -> None:
        """Sets the gauges that are only worth computing when Prometheus asks."""
        ...

    def choose_presence(self, agent_id: int, presence: Presence, reason: str, by: str) -> None: ...

    def finish_wrap_up(self, agent_id: int) -> None: ...

    def extend_wrap_up(self, agent_id: int, seconds: float) -> None: ...

    def choose_disposition(self, agent_id: int, call_id: str, code: str, note: str) -> None: ...

    def hang_up(self, call_id: str, by: EndedBy, user_id: int | None) -> None: ...

    def explain(self, call_id: str) -> ExplanationView:
        """Why this call still waits, or why it went to its agent; raises Rejected for an unknown call."""
        ...
