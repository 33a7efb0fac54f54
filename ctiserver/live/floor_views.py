"""What the floor is told beside its calls: who listens to whom, who asks for help, lines to everybody."""

from __future__ import annotations

from typing import Literal

import msgspec

from ctiserver.call.watching import Mode, Watch


class FloorView(msgspec.Struct, frozen=True, kw_only=True):
    pass


class WatchView(FloorView, frozen=True, kw_only=True):
    """A supervisor who listens. `hears`: there is a conversation that may be heard now."""

    id: str
    agent_id: int
    supervisor: str
    mode: Mode
    state: Literal["ringing", "on", "ended"]
    call_id: str
    hears: bool
    since: float


class HelpView(FloorView, frozen=True, kw_only=True):
    """An agent who asks for help (内部求助). `answered`: `by` is listening or has said so; `over`: no longer asked."""

    agent_id: int
    call_id: str  # empty: not about a call
    text: str
    at: float
    state: Literal["asked", "answered", "over"] = "asked"
    by: str = ""


class BroadcastView(FloorView, frozen=True, kw_only=True):
    """A line to all agents, or to those of a team."""

    text: str
    by: str
    team: str | None
    at: float


class ColleagueView(FloorView, frozen=True, kw_only=True):
    """As much of an agent as every other agent may see: whether one may be asked or sent a caller now."""

    id: int
    number: str
    name: str
    team: str | None
    presence: str
    activity: str
    activity_since: float
    presence_since: float
    phone: str
    free: bool


class FlowChoice(FloorView, frozen=True, kw_only=True):
    """A flow to which a caller may be sent. `survey`: it asks how it was."""

    id: str
    title: dict[str, str]  # of its first node, by language
    survey: bool


def watch_view(watch: Watch) -> WatchView:
    return WatchView(
        id=watch.id,
        agent_id=watch.agent_id,
        supervisor=watch.supervisor,
        mode=watch.mode,
        state=watch.state,
        call_id=watch.call_id,
        hears=bool(watch.target),
        since=watch.since,
    )
