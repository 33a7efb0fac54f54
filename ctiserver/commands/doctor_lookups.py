"""What `ctiserver doctor` finds of outside systems: each source's file, its secrets, and whether it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from ctiserver.channels.lookups.engine import LookupEngine
from ctiserver.channels.lookups.sources import LOOKUPS_FILE, load_sources
from ctiserver.errors import PartError
from ctiserver.ivr.flow_error import FlowErrors
from ctiserver.ports import LookupRequest

_ADVICE = {
    "refused_target": "its address is private or link-local: allow_private lets private ones be asked",
    "status_401": "its token is refused: see `headers`",
    "status_403": "its token is refused: see `headers`",
}


async def outside_systems(folder: Path, environment: Mapping[str, str]) -> str:
    """All sources at once. Raises PartError that names those that do not answer."""
    try:
        file = await asyncio.to_thread(load_sources, folder, environment)
    except FlowErrors as refused:
        raise PartError(str(refused.errors[0]), hint=f"correct {folder / LOOKUPS_FILE}") from None
    engine = LookupEngine(file)
    try:
        asked = [LookupRequest(source=name, path=source.probe) for name, source in file.sources.items()]
        answers = await asyncio.gather(*(engine.look_up(request) for request in asked))
    finally:
        await engine.stop()
    # An answer that is no JSON, or says that nothing is there, is still one: the probe may be any path.
    silent = {
        request.source: answer.reason
        for request, answer in zip(asked, answers, strict=True)
        if answer.outcome == "failed" and answer.reason not in ("not_json", "too_large", "redirected")
    }
    if silent:
        told = "; ".join(f"{name}: {reason}" for name, reason in silent.items())
        advice = next((_ADVICE[reason] for reason in silent.values() if reason in _ADVICE), "see base_url")
        raise PartError(told, hint=f"{advice} in {folder / LOOKUPS_FILE}")
    return ", ".join(file.sources) or "none configured"
