"""Who asks the desk: the roles of the account, the units of the directory, and what that lets them see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.desk.words import Action, Actor
from ctiserver.desk.work_order import Who
from ctiserver.directory import Role
from ctiserver.store.database import fetch_all
from ctiserver.store.desk.office import Office

STAFF_OF = "SELECT id, unit_id FROM staff WHERE user_id = :user_id AND retired_at IS NULL"
ROLES: dict[Role, frozenset[Actor]] = {
    "agent": frozenset({"agent"}),
    "dispatcher": frozenset({"agent", "dispatcher"}),
    "supervisor": frozenset({"agent", "dispatcher", "supervisor"}),
    "ops": frozenset({"agent", "dispatcher", "supervisor"}),
    "admin": frozenset({"agent", "dispatcher", "supervisor"}),
    "field": frozenset(),
}

UNIT: frozenset[Actor] = frozenset({"unit"})


@dataclass(frozen=True)
class Account:
    """Who signed in, as the API knows it; user_id 0 is a machine."""

    user_id: int
    name: str
    role: Role


SYSTEM = Account(0, "system", "admin")


@dataclass(frozen=True)
class DeskUser:
    account: Account
    units: frozenset[str]  # the own unit and what is below it
    staff_id: int | None

    @property
    def sees_all(self) -> bool:
        """The call centre and the dispatchers see every order, the others those of their units."""
        return self.account.role != "field"

    @property
    def dispatches(self) -> bool:
        return "dispatcher" in ROLES[self.account.role]

    def may_see(self, unit: str | None, assisting: tuple[str, ...], assignee: int | None) -> bool:
        own = unit in self.units or bool(self.units & set(assisting))
        return self.sees_all or own or (assignee is not None and assignee == self.staff_id)

    def who(self, unit: str | None, action: Action, assignee: int | None) -> Who:
        """Roles as seen from an order of that unit. Assisting units may comment, the main unit acts."""
        roles = ROLES[self.account.role]
        if unit in self.units or action == "comment" or (assignee is not None and assignee == self.staff_id):
            roles |= UNIT
        return Who(roles, self.account.name, self.account.user_id or None)


async def desk_user(connection: AsyncConnection, account: Account, office: Office) -> DeskUser:
    found = await fetch_all(connection, STAFF_OF, {"user_id": account.user_id}) if account.user_id else []
    if not found:
        return DeskUser(account, frozenset(), None)
    unit_id = found[0]["unit_id"]
    return DeskUser(account, office.with_crews(unit_id) if unit_id else frozenset(), found[0]["id"])
