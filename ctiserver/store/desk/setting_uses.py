"""Who refers to an area, a unit or a category: what is used can be retired, but not taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from ctiserver.store.database import fetch_all

What = Literal["area", "unit", "category"]
SHOWN = 3  # of each kind: enough to find them

USES: Final[Mapping[What, Mapping[str, str]]] = {
    "area": {
        "work_order": "SELECT number FROM work_order WHERE area = :id",
        "unit": "SELECT id FROM unit WHERE :id = ANY(areas)",
        "bulletin": "SELECT title FROM bulletin WHERE :id = ANY(areas)",
        "deadline": "SELECT stage FROM work_order_deadline WHERE area = :id",
    },
    "unit": {
        "work_order": "SELECT number FROM work_order WHERE unit = :id OR :id = ANY(assisting)",
        "unit": "SELECT id FROM unit WHERE parent_id = :id",
        "category": "SELECT id FROM service_category WHERE unit_id = :id",
        "staff": "SELECT name FROM staff WHERE unit_id = :id",
        "notice": "SELECT kind FROM notice WHERE unit_id = :id",
    },
    "category": {
        "work_order": "SELECT number FROM work_order WHERE category = :id OR category LIKE :id || '.%'",
        "category": "SELECT id FROM service_category WHERE id LIKE :id || '.%'",
        "article": "SELECT title FROM knowledge_article WHERE :id = ANY(categories)",
        "deadline": "SELECT stage FROM work_order_deadline WHERE category = :id OR category LIKE :id || '.%'",
    },
}
TABLES: Final[Mapping[What, str]] = {"area": "area", "unit": "unit", "category": "service_category"}


async def uses(connection: AsyncConnection, what: What, key: str) -> dict[str, list[str]]:
    """By kind, a few of each; empty where nothing would miss it."""
    found: dict[str, list[str]] = {}
    for kind, query in USES[what].items():
        rows = await fetch_all(connection, f"{query} LIMIT {SHOWN}", {"id": key})
        if rows:
            found[kind] = [str(next(iter(row.values()))) for row in rows]
    return found
