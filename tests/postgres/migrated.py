"""Databases with this version's schema: the migrations run once per server, then their result is copied."""

from __future__ import annotations

import asyncio

from ctiserver.store.database import Database
from ctiserver.store.embedded import EmbeddedPostgres
from ctiserver.store.migrations import upgrade

TEMPLATE = "template_of_this_version"


class MigratedDatabases:
    def __init__(self) -> None:
        self._urls: dict[tuple[int, str], str] = {}  # by the server's port and the database's name

    def make(self, server: EmbeddedPostgres, name: str) -> str:
        """The URL of a new database of that name."""
        if (server.port, TEMPLATE) not in self._urls:
            asyncio.run(self._make_template(server))
        asyncio.run(server.create_database(name, template=TEMPLATE))
        self._urls[server.port, name] = server.url_of(name)
        return server.url_of(name)

    def get(self, server: EmbeddedPostgres, name: str) -> str:
        """The URL of the database of that name, which is made when it is first asked for and kept."""
        return self._urls.get((server.port, name)) or self.make(server, name)

    async def _make_template(self, server: EmbeddedPostgres) -> None:
        await server.create_database(TEMPLATE)
        database = Database(server.url_of(TEMPLATE))
        await upgrade(database)
        await database.close()
        self._urls[server.port, TEMPLATE] = server.url_of(TEMPLATE)
