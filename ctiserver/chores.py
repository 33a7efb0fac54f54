"""What goes on beside the calls as long as the daemon runs: prompts made ready and thrown away, retention."""

from __future__ import annotations

import asyncio

import structlog

from ctiserver.channels.speech import Speech
from ctiserver.clock import Clock
from ctiserver.directory import Directory
from ctiserver.errors import DatabaseAwayError, PartError
from ctiserver.hotline_settings import HotlineSettings
from ctiserver.ivr import announcements
from ctiserver.ivr.fields import LANGUAGES
from ctiserver.ivr.messages import Spoken
from ctiserver.ivr.static_prompts import static_prompts
from ctiserver.live.centre import ControlCentre
from ctiserver.live.flow_keeper import FlowKeeper
from ctiserver.store.retention import Retention

log = structlog.get_logger()

HOUR_S = 3_600.0
DAY_S = 86_400.0
PROMPTS_KEPT_S = 14 * DAY_S


async def take_hotline(centre: ControlCentre, speech: Speech, settings: HotlineSettings) -> None:
    """In force at once; an announcement's words are made ready for its first caller."""
    centre.use_hotline(settings)
    texts = [
        piece
        for one in settings.announcements
        for language in LANGUAGES
        for piece in one.utterances(language)
        if one.enabled and isinstance(piece, Spoken)
    ]
    await speech.prerender(texts)


async def prerender(speech: Speech, flows: FlowKeeper, directory: Directory) -> None:
    """Fixed texts, and who is about to speak, are rendered before the first caller waits for them."""
    announced = any(queue.announce_agent for queue in directory.queues)
    names = [
        text
        for agent in (directory.agents if announced else ())
        for language in LANGUAGES
        for text in announcements.agent_number(agent.number, language)
        if isinstance(text, Spoken)
    ]
    missing = await speech.prerender([*static_prompts(flows.flows), *names])
    log.info("prompts_rendered", missing=missing)


async def keep_to_retention(retention: Retention, clock: Clock) -> None:
    while True:
        try:
            await retention.sweep(clock.now())
        except (DatabaseAwayError, PartError) as error:
            log.warning("retention_waits", problem=str(error))
        await asyncio.sleep(HOUR_S)


async def prune_prompts(speech: Speech) -> None:
    """Texts with somebody's figures in them do not stay in the cache for ever."""
    while True:
        removed = await speech.prune(unused_for_s=PROMPTS_KEPT_S)
        log.info("prompts_pruned", removed=removed)
        await asyncio.sleep(DAY_S)
