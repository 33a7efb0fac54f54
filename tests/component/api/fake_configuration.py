"""People, queues and settings in memory, with the rules of the real store."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ctiserver.configured import (
    PLACES,
    AgentSetup,
    AnySetup,
    Change,
    Configured,
    Kind,
    QueueSetup,
    RoutingSetup,
    UserSetup,
    WordSetup,
    applied,
    versioned,
)
from ctiserver.store.audit import Actor
from ctiserver.store.configuration import LastChange
from tests.component.api.fake_store import FakeStore


def first_configuration() -> Configured:
    """One queue that asks for one of two skills; one agent in a team, one in none; the users of FakeStore."""
    store = FakeStore()
    return Configured(
        queues={"repairs": versioned(QueueSetup(id="repairs", name={"zh-CN": "报修"}, skills={"service": 3}))},
        skills={
            "service": versioned(WordSetup(id="service", name={"zh-CN": "服务"})),
            "bills": versioned(WordSetup(id="bills", name={"zh-CN": "账单"})),
        },
        teams={"team_1": versioned(WordSetup(id="team_1", name={"zh-CN": "一组"}))},
        agents={
            1: versioned(
                AgentSetup(id=1, number="1001", name="王芳", extension="1001", team="team_1", skills={"service": 5})
            ),
            2: versioned(AgentSetup(id=2, number="1002", name="李娜", extension="1002")),
        },
        users={
            person.id: versioned(UserSetup(id=person.id, login=person.login, name=person.name, role=person.role))
            for person in store.people.values()
        },
        routing={"routing": versioned(RoutingSetup())},
    )


class FakeConfiguration:
    """Kept in memory, changed by the same rules; `changes` are all that were made, with their actors."""

    def __init__(self, store: FakeStore) -> None:
        self.store = store
        self.configured = first_configuration()
        self.changes: list[tuple[str, Change]] = []

    async def read(self) -> Configured:
        self.store.reach()
        return self.configured

    async def change(self, edit: Callable[[Configured], Change], by: Actor) -> AnySetup | None:
        self.store.reach()
        change = edit(self.configured)
        after = change.after
        if isinstance(after, AgentSetup | UserSetup) and not after.id:
            after = msgspec.structs.replace(after, id=max(getattr(self.configured, PLACES[change.kind])) + 1)
        if after is not None:
            after = versioned(after)
        self.configured = applied(self.configured, msgspec.structs.replace(change, after=after))
        self.changes.append((by.login, change))
        return after

    async def history(self, kind: Kind, key: str | int) -> list[LastChange]:
        self.store.reach()
        found = [(by, c) for by, c in self.changes if c.kind == kind and c.id == key]
        return [LastChange(actor=by, at=1.0, action=c.audited()[0], detail=c.audited()[1]) for by, c in found[::-1]]
