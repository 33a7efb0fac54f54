"""Who asks: a person with a session or a machine with a key, and what that role may do."""

from __future__ import annotations

from typing import Final

import msgspec

from ctiserver.directory import Role
from ctiserver.live.audience import Viewer, viewer_of

EVERY_ROLE: Final[frozenset[Role]] = frozenset({"agent", "supervisor", "ops", "admin"})
"""Those of the call centre. Whoever only works on orders (dispatcher, field) is not among them."""
SIGNED_IN: Final[frozenset[Role]] = frozenset({"agent", "supervisor", "ops", "admin", "dispatcher", "field"})
DESK_ROLES: Final[frozenset[Role]] = frozenset({"agent", "supervisor", "ops", "admin", "dispatcher"})
DISPATCHERS: Final[frozenset[Role]] = frozenset({"dispatcher", "supervisor", "ops", "admin"})
SUPERVISOR_UP: Final[frozenset[Role]] = frozenset({"supervisor", "ops", "admin"})
OPS_UP: Final[frozenset[Role]] = frozenset({"ops", "admin"})
ADMIN_ONLY: Final[frozenset[Role]] = frozenset({"admin"})


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """`agent_id` is None for those who take no calls; `token` is empty for machines."""

    user_id: int  # 0 for machines
    login: str
    name: str
    role: Role
    language: str
    team: str | None
    agent_id: int | None
    token: str = ""
    scope: frozenset[int] | None = None  # agents of the team that a supervisor is limited to; None: all

    @property
    def viewer(self) -> Viewer:
        return viewer_of(self.role, self.agent_id, self.scope)
