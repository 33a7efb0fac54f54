"""Agents with their skills and phones, and users who may sign in."""

from __future__ import annotations

import secrets

import msgspec

from ctiserver.api.configuration.bodies import AgentBody, SkillLevels, UserBody
from ctiserver.api.configuration.changing import change, checked, put, values
from ctiserver.api.identity import ADMIN_ONLY, OPS_UP, SUPERVISOR_UP
from ctiserver.api.problems import ApiError, forbidden, invalid, not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import Answer
from ctiserver.configured import AgentSetup, AnySetup, Change, Configured, UserSetup

MADE_BY_ADMIN_ONLY = ("ops", "admin")


class PhonePassword(Answer, frozen=True, kw_only=True):
    """What the phone needs to register; shown this once."""

    extension: str
    sip_password: str


async def list_agent_setups(ask: Ask) -> list[AgentSetup]:
    """All agents as they are set up, those who left included."""
    return list((await ask.context.configuration.read()).agents.values())


async def add_agent(ask: Ask, body: AgentBody) -> AgentSetup:
    """Adds an agent. The phone gets a password that nobody knows yet: ask for a new one and type it in."""
    return await put(ask, AgentSetup(id=0, **values(body)), "agent", body, secret=_phone_password())


async def put_agent(ask: Ask, agent_id: int, body: AgentBody) -> AgentSetup:
    """Changes an agent. `retired` takes the agent out of service: records keep the name, a call under way goes on."""
    made = AgentSetup(id=agent_id, **values(body))
    return await put(ask, made, "agent", body, allowed=lambda before, _: _must_exist(before, "agent"))


async def put_skill_levels(ask: Ask, agent_id: int, body: SkillLevels) -> AgentSetup:
    """Changes an agent's skill levels; supervisors do so for their own team."""

    def edit(configured: Configured) -> Change:
        agent = configured.agents.get(agent_id)
        if agent is None:
            raise not_found("agent")
        if ask.who.role == "supervisor" and (agent.team is None or agent.team != ask.who.team):
            raise ApiError(403, "other_team", "supervisors change the skills of their own team only")
        taught = msgspec.structs.replace(agent, skills=body.skills)
        return checked(ask, configured, Change(kind="agent", before=agent, after=taught), body)

    stored = await change(ask, edit)
    assert isinstance(stored, AgentSetup)  # noqa: S101 - what was put is what comes back
    return stored


async def renew_phone_password(ask: Ask, agent_id: int) -> PhonePassword:
    """A new password for the agent's phone. The old one is refused from now on; a call under way goes on."""
    password = _phone_password()

    def edit(configured: Configured) -> Change:
        agent = configured.agents.get(agent_id)
        if agent is None:
            raise not_found("agent")
        return Change(kind="agent", before=agent, after=agent, secret=password)

    stored = await change(ask, edit)
    extension = stored.extension if isinstance(stored, AgentSetup) else ""
    return PhonePassword(extension=extension, sip_password=password)


async def list_users(ask: Ask) -> list[UserSetup]:
    """Everybody who may sign in, or might."""
    return list((await ask.context.configuration.read()).users.values())


async def add_user(ask: Ask, body: UserBody) -> UserSetup:
    """Adds a user with a first password. Users of the roles ops and admin are made by administrators."""
    if body.password is None:
        raise invalid((["body", "password"], "a new user needs one"))
    made = UserSetup(id=0, **values(body, "password"))
    _check_rank(ask, None, made)
    return await put(ask, made, "user", body, secret=await ask.context.hash_password(body.password))


async def put_user(ask: Ask, user_id: int, body: UserBody) -> UserSetup:
    """Changes a user; with a password or disabled, all sessions of the user end."""
    made = UserSetup(id=user_id, **values(body, "password"))

    def allowed(before: AnySetup | None, _: Configured) -> None:
        _must_exist(before, "user")
        _check_rank(ask, before, made)

    secret = None if body.password is None else await ask.context.hash_password(body.password)
    stored = await put(ask, made, "user", body, secret=secret, allowed=allowed)
    ask.context.sessions.forget_everybody()
    return stored


def _must_exist(before: AnySetup | None, what: str) -> None:
    if before is None:
        raise not_found(what)


def _check_rank(ask: Ask, before: AnySetup | None, made: UserSetup) -> None:
    roles = (made.role, before.role if isinstance(before, UserSetup) else made.role)
    if ask.who.role not in ADMIN_ONLY and any(role in MADE_BY_ADMIN_ONLY for role in roles):
        raise forbidden("only administrators change users of the roles ops and admin")
    if before is not None and made.id == ask.who.user_id and (made.disabled or made.role != ask.who.role):
        raise invalid((["body", "disabled" if made.disabled else "role"], "somebody else has to do this to you"))


def _phone_password() -> str:
    return secrets.token_urlsafe(15)


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/config/agents", list_agent_setups, SUPERVISOR_UP),
    route("POST", "/api/config/agents", add_agent, OPS_UP, 201),
    route("PUT", "/api/config/agents/{agent_id}", put_agent, OPS_UP),
    route("PUT", "/api/config/agents/{agent_id}/skills", put_skill_levels, SUPERVISOR_UP),
    route("POST", "/api/config/agents/{agent_id}/phone-password", renew_phone_password, OPS_UP),
    route("GET", "/api/config/users", list_users, OPS_UP),
    route("POST", "/api/config/users", add_user, OPS_UP, 201),
    route("PUT", "/api/config/users/{user_id}", put_user, OPS_UP),
)
