"""What the API works with: given by `app.py`, replaced by small fakes in tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web

from ctiserver.api.attempts import Attempts
from ctiserver.api.boards.desk import BoardDesk
from ctiserver.api.boards.screens import Screens
from ctiserver.api.hotline.port import Hotline
from ctiserver.api.idempotency import Replies
from ctiserver.api.open_sockets import OpenSockets
from ctiserver.api.recent_plays import RecentPlays
from ctiserver.api.records import Audit, Calls, ConfigurationStore, Customers, Recordings, Users
from ctiserver.api.sessions import Sessions
from ctiserver.api.web_folder import WebFolder
from ctiserver.clock import Clock
from ctiserver.config import Settings
from ctiserver.live.feed import Feed
from ctiserver.live.floor_views import FlowChoice
from ctiserver.live.flow_desk import FlowDesk
from ctiserver.live.phone_choices import PhoneChoices
from ctiserver.live.ports import Centre
from ctiserver.live.prompt_desk import PromptDesk
from ctiserver.staffing import Advice
from ctiserver.store.audio_files import AudioFiles
from ctiserver.store.call_export import CallExport
from ctiserver.store.call_notes import CallNotesStore
from ctiserver.store.callers.store import CallersStore
from ctiserver.store.desk.store import DeskStore
from ctiserver.store.reporting.reports import Reports
from ctiserver.store.reporting.schedules import Schedules
from ctiserver.store.reporting.workforce import Workforce
from ctiserver.store.saved_searches import SavedSearches

Titles = dict[str, dict[str, dict[str, str]]]  # flow → node → title by language


def _no_lines() -> Mapping[str, str]:
    return {}


def _no_titles() -> Titles:
    return {}


def _no_choices() -> tuple[Sequence[FlowChoice], Sequence[str]]:
    return (), ()


async def _nothing_to_reload() -> None:
    pass


def _no_queue_users(queue_id: str) -> Sequence[str]:
    return ()


def _no_advice(queue_id: str) -> None:
    return None


def _names_unknown() -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class ApiContext:
    settings: Settings
    centre: Centre
    feed: Feed
    clock: Clock
    users: Users
    calls: Calls
    recordings: Recordings
    audio: AudioFiles
    customers: Customers
    audit: Audit
    desk: DeskStore | None = None  # work orders, knowledge, notices
    phones: PhoneChoices | None = None
    callers: CallersStore | None = None  # messages, faxes, callbacks, answers
    reports: Reports | None = None
    prompts: PromptDesk | None = None  # recorded prompts
    call_export: CallExport | None = None
    workforce: Workforce | None = None
    call_notes: CallNotesStore | None = None  # comments and marks
    saved_searches: SavedSearches | None = None
    schedules: Schedules | None = None  # reports by mail
    boards: BoardDesk | None = None  # wallboards
    configuration: ConfigurationStore
    hotline: Hotline
    hash_password: Callable[[str], Awaitable[str]]
    reload: Callable[[], Awaitable[None]] = _nothing_to_reload  # the daemon takes the stored directory over
    queue_users: Callable[[str], Sequence[str]] = _no_queue_users  # nodes of flows that lead into a queue
    staffing: Callable[[str], Advice | None] = _no_advice
    flow_names: Callable[[], Sequence[str] | None] = _names_unknown
    calendar_names: Callable[[], Sequence[str] | None] = _names_unknown  # those of lines.yaml too
    flows: FlowDesk
    hotline_changed: Callable[[], Awaitable[object]] = _nothing_to_reload  # take announcements and calendars over
    calendar_users: Callable[[str], Sequence[str]] = _no_queue_users  # nodes of flows that ask for a calendar
    holidays_problem: Callable[[], str] = str  # what is wrong with the public holidays that are known
    lines: Callable[[], Mapping[str, str]] = _no_lines  # dialled number → name of the line, from the flows
    nodes: Callable[[], Titles] = _no_titles  # titles of the flows' nodes
    flow_choices: Callable[[], tuple[Sequence[FlowChoice], Sequence[str]]] = _no_choices  # and recorded prompts
    sessions: Sessions = field(init=False)
    attempts: Attempts = field(init=False)
    replies: Replies = field(init=False)
    plays: RecentPlays = field(init=False)
    sockets: OpenSockets = field(init=False)
    screens: Screens = field(init=False)
    web: WebFolder = field(init=False)

    def team_agents(self, team: str) -> frozenset[int]:
        """Who belongs to the team now."""
        return frozenset(agent.id for agent in self.centre.directory.agents if agent.team == team)

    def __post_init__(self) -> None:
        # frozen for those who use it; these keep the API's own state between requests
        object.__setattr__(self, "sessions", Sessions(self.users, self.clock, self.team_agents))
        object.__setattr__(self, "attempts", Attempts(self.clock))
        object.__setattr__(self, "replies", Replies(self.clock))
        object.__setattr__(self, "plays", RecentPlays(self.clock))
        object.__setattr__(self, "sockets", OpenSockets())
        object.__setattr__(self, "screens", Screens(self.clock))
        object.__setattr__(self, "web", WebFolder(self.settings.http.web_folder, self.clock))


CONTEXT: web.AppKey[ApiContext] = web.AppKey("context", ApiContext)
DOCUMENT: web.AppKey[bytes] = web.AppKey("document", bytes)  # OpenAPI, encoded
