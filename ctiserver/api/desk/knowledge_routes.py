"""The knowledge base, bulletins and outage mode."""

from __future__ import annotations

import msgspec

from ctiserver.api.audit import note
from ctiserver.api.desk.asking import account_of, desk_of, details_for, tell_pages
from ctiserver.api.desk.knowledge_bodies import (
    ArticleBody,
    ArticleSearch,
    BulletinBody,
    BulletinSearch,
    OutageBody,
    Rating,
)
from ctiserver.api.identity import DISPATCHERS, SIGNED_IN, SUPERVISOR_UP
from ctiserver.api.route import Ask, Route, route
from ctiserver.store.desk.bulletins import BulletinFields, BulletinRow
from ctiserver.store.desk.knowledge import Article, ArticleFields, ArticleFilter, ArticleLine, ArticleVersion, Topic
from ctiserver.store.desk.outages import Outage, OutageFields


async def search_knowledge(ask: Ask, query: ArticleSearch) -> list[ArticleLine]:
    """Articles and scripts by words (Chinese full text), topic or an order's category.

    Drafts and retired ones are shown to who supervises.
    """
    wanted = msgspec.convert(query.model_dump(), ArticleFilter)
    if ask.who.role not in SUPERVISOR_UP:
        wanted = msgspec.structs.replace(wanted, state="published")
    return await desk_of(ask).knowledge.search(wanted)


async def list_topics(ask: Ask) -> list[Topic]:
    """Topics with the number of published articles in each."""
    return await desk_of(ask).knowledge.topics()


async def read_article(ask: Ask, article_id: int) -> Article:
    """One article or script; counted as read."""
    return await desk_of(ask).knowledge.read(article_id, counted=True)


async def list_article_versions(ask: Ask, article_id: int) -> list[ArticleVersion]:
    """What an article said before, newest first."""
    return await desk_of(ask).knowledge.versions(article_id)


async def add_article(ask: Ask, body: ArticleBody) -> Article:
    """A new article or script."""
    return await _save(ask, None, body)


async def change_article(ask: Ask, article_id: int, body: ArticleBody) -> Article:
    """The next version of an article that still is at `version`."""
    return await _save(ask, article_id, body)


async def rate_article(ask: Ask, article_id: int, body: Rating) -> None:
    """Whether it helped."""
    await desk_of(ask).knowledge.rate(article_id, helpful=body.helpful)


async def list_bulletins(ask: Ask, query: BulletinSearch) -> list[BulletinRow]:
    """Outages, repairs and notices that hold or are to come."""
    return await desk_of(ask).bulletins.list(ask.context.clock.now(), area=query.area, past=query.past)


async def add_bulletin(ask: Ask, body: BulletinBody) -> BulletinRow:
    """A new bulletin."""
    return await _save_bulletin(ask, None, body)


async def change_bulletin(ask: Ask, bulletin_id: int, body: BulletinBody) -> BulletinRow:
    """A bulletin that still is at `version`, anew."""
    return await _save_bulletin(ask, bulletin_id, body)


async def withdraw_bulletin(ask: Ask, bulletin_id: int) -> BulletinRow:
    """It holds no longer."""
    now = ask.context.clock.now()
    withdrawn = await desk_of(ask).bulletins.withdraw(bulletin_id, by=ask.who.name, now=now)
    await note(ask, "bulletin.withdraw", f"bulletin:{bulletin_id}", {})
    tell_pages(ask, "bulletin", bulletin_id)
    return withdrawn


async def declare_outage(ask: Ask, body: OutageBody) -> Outage:
    """An incident for an area with its bulletin, into which the open orders there are merged.

    Their callers are told by SMS when it is repaired.
    """
    fields = msgspec.convert(body.model_dump(exclude={"key"}), OutageFields)
    key = f"outage:{ask.who.user_id}:{body.key}" if body.key else ""
    declared = await desk_of(ask).outages.declare(fields, account_of(ask), ask.context.clock.now(), key=key)
    await note(ask, "outage.declare", f"work_order:{declared.incident.id}", {"merged": declared.merged})
    tell_pages(ask, "work_order", declared.incident.id)
    tell_pages(ask, "bulletin", declared.bulletin.id)
    return msgspec.structs.replace(declared, incident=details_for(ask, declared.incident))


async def _save(ask: Ask, article_id: int | None, body: ArticleBody) -> Article:
    fields = msgspec.convert(body.model_dump(exclude={"version"}), ArticleFields)
    now = ask.context.clock.now()
    saved = await desk_of(ask).knowledge.save(article_id, fields, version=body.version, by=ask.who.name, now=now)
    await note(ask, "knowledge.save", f"article:{saved.id}", {"version": saved.version, "state": saved.state})
    tell_pages(ask, "knowledge", saved.id)
    return saved


async def _save_bulletin(ask: Ask, bulletin_id: int | None, body: BulletinBody) -> BulletinRow:
    fields = msgspec.convert(body.model_dump(exclude={"version"}), BulletinFields)
    saved = await desk_of(ask).bulletins.save(bulletin_id, fields, version=body.version, by=ask.who.name)
    await note(ask, "bulletin.save", f"bulletin:{saved.id}", {"version": saved.version})
    tell_pages(ask, "bulletin", saved.id)
    return saved


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/knowledge", search_knowledge, SIGNED_IN),
    route("GET", "/api/knowledge/topics", list_topics, SIGNED_IN),
    route("POST", "/api/knowledge", add_article, SUPERVISOR_UP),
    route("GET", "/api/knowledge/{article_id}", read_article, SIGNED_IN),
    route("PUT", "/api/knowledge/{article_id}", change_article, SUPERVISOR_UP),
    route("GET", "/api/knowledge/{article_id}/versions", list_article_versions, SUPERVISOR_UP),
    route("POST", "/api/knowledge/{article_id}/rating", rate_article, SIGNED_IN, 204),
    route("GET", "/api/bulletins", list_bulletins, SIGNED_IN),
    route("POST", "/api/bulletins", add_bulletin, DISPATCHERS),
    route("PUT", "/api/bulletins/{bulletin_id}", change_bulletin, DISPATCHERS),
    route("DELETE", "/api/bulletins/{bulletin_id}", withdraw_bulletin, DISPATCHERS),
    route("POST", "/api/outages", declare_outage, DISPATCHERS),
)
