"""Signing in and out, and the language of the pages."""

from __future__ import annotations

import structlog

from ctiserver.api.identity import SIGNED_IN, Identity
from ctiserver.api.problems import ApiError
from ctiserver.api.route import Ask, Route, route
from ctiserver.api.schemas import LanguageChoice, Session, SessionAgent, SessionUser, SignIn
from ctiserver.api.sessions import COOKIE, csrf_token, delete_cookie, set_cookie

log = structlog.get_logger()


async def sign_in(ask: Ask, body: SignIn) -> Session:
    """Opens a session. An unknown login gets the same answer, after the same time, as a wrong password."""
    context = ask.context
    context.attempts.begin(body.login, ask.address)
    user = await context.users.sign_in(body.login, body.password)
    if user is None:
        log.warning("sign_in_refused")
        raise ApiError(401, "wrong_credentials", "login or password is wrong")
    context.attempts.succeeded(body.login, ask.address)
    lasts_s = context.settings.http.session_hours * 3600
    browser = ask.http.headers.get("User-Agent", "")[:200]
    token = await context.users.open_session(user.id, lasts_s=lasts_s, address=ask.address, browser=browser)
    if old := ask.http.cookies.get(COOKIE):
        await context.sessions.close(old)
    ask.finishing.append(lambda response: set_cookie(response, token, lasts_s=lasts_s, secure=_secure(ask)))
    log.info("signed_in", user_id=user.id, role=user.role)
    return _session(ask, context.sessions.opened(user, token))


async def read_session(ask: Ask) -> Session:
    """Who is signed in; pages ask this first."""
    return _session(ask, ask.who)


async def sign_out(ask: Ask) -> None:
    """Ends the session; an agent stops getting calls as well, after the present one."""
    who, context = ask.who, ask.context
    if who.agent_id is not None:
        context.centre.choose_presence(who.agent_id, "signed_out", "", "agent")
    if who.token:
        await context.sessions.close(who.token)
        await context.sockets.close_session(who.token)
    ask.finishing.append(lambda response: delete_cookie(response, secure=_secure(ask)))


async def choose_language(ask: Ask, body: LanguageChoice) -> None:
    """Keeps the language of this user's pages."""
    who = ask.who
    if not who.token:
        raise ApiError(409, "conflict", "keys of machines have no language")
    await ask.context.users.set_language(who.user_id, body.language)
    ask.context.sessions.forget(who.token)


def _session(ask: Ask, who: Identity) -> Session:
    agents = ask.context.centre.directory.agents
    agent = next((agent for agent in agents if agent.id == who.agent_id), None)
    return Session(
        user=SessionUser(
            id=who.user_id, login=who.login, name=who.name, role=who.role, language=who.language, team=who.team
        ),
        agent=SessionAgent(id=agent.id, number=agent.number, extension=agent.extension) if agent else None,
        csrf_token=csrf_token(who.token) if who.token else "",
        server_time=ask.context.clock.now(),
        timezone=ask.context.settings.timezone,
    )


def _secure(ask: Ask) -> bool:
    return ask.context.settings.http.base_url.startswith("https:")


ROUTES: tuple[Route, ...] = (
    route("POST", "/api/session", sign_in, "public"),
    route("GET", "/api/session", read_session, SIGNED_IN),
    route("DELETE", "/api/session", sign_out, SIGNED_IN, 204),
    route("POST", "/api/session/language", choose_language, SIGNED_IN, 204),
)
