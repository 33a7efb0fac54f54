"""Skills, teams, reason codes and dispositions: words with names in several languages."""

from __future__ import annotations

from ctiserver.api.configuration.bodies import DispositionBody, ReasonCodeBody, WhichVersion, WordBody
from ctiserver.api.configuration.changing import put, remove, values
from ctiserver.api.configuration.words import check_word
from ctiserver.api.identity import OPS_UP, SUPERVISOR_UP
from ctiserver.api.route import Ask, Route, route
from ctiserver.configured import DispositionSetup, ReasonCodeSetup, WordSetup


async def list_skills(ask: Ask) -> list[WordSetup]:
    """All skills."""
    return list((await ask.context.configuration.read()).skills.values())


async def put_skill(ask: Ask, skill: str, body: WordBody) -> WordSetup:
    """Adds or renames a skill."""
    return await put(ask, WordSetup(id=check_word(skill), **values(body)), "skill", body)


async def delete_skill(ask: Ask, skill: str, query: WhichVersion) -> None:
    """Deletes a skill that no queue asks for and no agent has."""
    await remove(ask, "skill", skill, query.version)


async def list_teams(ask: Ask) -> list[WordSetup]:
    """All teams."""
    return list((await ask.context.configuration.read()).teams.values())


async def put_team(ask: Ask, team: str, body: WordBody) -> WordSetup:
    """Adds or renames a team."""
    return await put(ask, WordSetup(id=check_word(team), **values(body)), "team", body)


async def delete_team(ask: Ask, team: str, query: WhichVersion) -> None:
    """Deletes a team that nobody is in and no queue lets in."""
    await remove(ask, "team", team, query.version)


async def list_reason_codes(ask: Ask) -> list[ReasonCodeSetup]:
    """All reasons for breaks and training, in the order of pages."""
    return list((await ask.context.configuration.read()).reason_codes.values())


async def put_reason_code(ask: Ask, code: str, body: ReasonCodeBody) -> ReasonCodeSetup:
    """Adds or changes a reason for breaks or training."""
    return await put(ask, ReasonCodeSetup(code=check_word(code), **values(body)), "reason_code", body)


async def delete_reason_code(ask: Ask, code: str, query: WhichVersion) -> None:
    """Deletes a reason code; records keep the word."""
    await remove(ask, "reason_code", code, query.version)


async def list_dispositions(ask: Ask) -> list[DispositionSetup]:
    """All dispositions, in the order of pages."""
    return list((await ask.context.configuration.read()).dispositions.values())


async def put_disposition(ask: Ask, code: str, body: DispositionBody) -> DispositionSetup:
    """Adds or changes a disposition."""
    return await put(ask, DispositionSetup(code=check_word(code), **values(body)), "disposition", body)


async def delete_disposition(ask: Ask, code: str, query: WhichVersion) -> None:
    """Deletes a disposition; records keep the word."""
    await remove(ask, "disposition", code, query.version)


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/config/skills", list_skills, SUPERVISOR_UP),
    route("PUT", "/api/config/skills/{skill}", put_skill, OPS_UP),
    route("DELETE", "/api/config/skills/{skill}", delete_skill, OPS_UP, 204),
    route("GET", "/api/config/teams", list_teams, SUPERVISOR_UP),
    route("PUT", "/api/config/teams/{team}", put_team, OPS_UP),
    route("DELETE", "/api/config/teams/{team}", delete_team, OPS_UP, 204),
    route("GET", "/api/config/reason-codes", list_reason_codes, SUPERVISOR_UP),
    route("PUT", "/api/config/reason-codes/{code}", put_reason_code, OPS_UP),
    route("DELETE", "/api/config/reason-codes/{code}", delete_reason_code, OPS_UP, 204),
    route("GET", "/api/config/dispositions", list_dispositions, SUPERVISOR_UP),
    route("PUT", "/api/config/dispositions/{code}", put_disposition, OPS_UP),
    route("DELETE", "/api/config/dispositions/{code}", delete_disposition, OPS_UP, 204),
)
