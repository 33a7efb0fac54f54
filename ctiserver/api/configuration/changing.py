"""One way for every change: roles, checks, one transaction, then the running daemon takes it over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import msgspec
from pydantic import BaseModel

from acd.errors import ConfigError
from ctiserver.api.problems import ApiError, invalid, not_found
from ctiserver.api.route import Ask
from ctiserver.configured import (
    PLACES,
    AgentSetup,
    AnySetup,
    Change,
    Configured,
    Kind,
    QueueSetup,
    RoutingSetup,
    StillUsed,
    VersionConflict,
    WrongValue,
    applied,
    check_references,
    check_version,
    directory_of,
    key_of,
    uses,
)
from ctiserver.routing.check import check_centre, problems_of_agent, problems_of_queue
from ctiserver.store.audit import Actor

T = TypeVar("T", bound=AnySetup)


async def put(
    ask: Ask,
    made: T,
    kind: Kind,
    body: BaseModel,
    *,
    secret: str | None = None,
    allowed: Callable[[AnySetup | None, Configured], None] | None = None,
) -> T:
    """Stores the object whole. `allowed` may refuse after a look at what stands there."""
    key = key_of(made)

    def edit(configured: Configured) -> Change:
        before = cast("AnySetup | None", getattr(configured, PLACES[kind]).get(key)) if key else None
        if allowed is not None:
            allowed(before, configured)
        return checked(ask, configured, Change(kind=kind, before=before, after=made, secret=secret), body)

    return cast("T", await change(ask, edit))


def checked(ask: Ask, configured: Configured, wanted: Change, body: BaseModel) -> Change:
    """The change, if it begins where the sender has looked and ends where routing can work."""
    version = cast("str | None", getattr(body, "version", None))
    before, after = wanted.before, wanted.after
    check_version(wanted.kind, wanted.id, before, version)
    if after is not None:
        after = msgspec.structs.replace(after, version=before.version if before is not None else "")
    change = msgspec.structs.replace(wanted, after=after)
    proposed = applied(configured, change)
    check_references(proposed, change)
    if after is not None:
        _check_routing(ask, proposed, after)
    return change


async def remove(ask: Ask, kind: Kind, key: str, version: str) -> None:
    """Refused while something else needs it. An empty version means: whatever stands there."""

    def edit(configured: Configured) -> Change:
        before = cast("AnySetup | None", getattr(configured, PLACES[kind]).get(key))
        if before is None:
            raise not_found(kind)
        check_version(kind, key, before, version or before.version)
        found = uses(configured, kind, key)
        if kind == "queue":
            found += [("flow", node) for node in ask.context.queue_users(key)]
        if found:
            raise StillUsed(found)
        return Change(kind=kind, before=before, after=None)

    await change(ask, edit)


def values(body: BaseModel, *without: str) -> dict[str, Any]:
    """The body's fields, seconds to a thousandth, as Postgres keeps them."""
    plain = body.model_dump(exclude={"version", *without})
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in plain.items()}


async def change(ask: Ask, edit: Callable[[Configured], Change]) -> AnySetup | None:
    """Carries it out as one transaction, and has the daemon read the directory again."""
    who = ask.who
    by = Actor(user_id=who.user_id if who.token else None, login=who.login, address=ask.address)
    try:
        stored = await ask.context.configuration.change(edit, by)
    except WrongValue as error:
        raise invalid((["body", *error.field], error.message)) from None
    except StillUsed as error:
        used_by = [{"kind": kind, "id": name} for kind, name in error.uses]
        raise ApiError(409, "in_use", error.message, params={"used_by": used_by}) from None
    except VersionConflict as error:
        raise await _conflict(ask, error) from None
    await ask.context.reload()
    return stored


async def _conflict(ask: Ask, error: VersionConflict) -> ApiError:
    """Says who changed what, as far as it went through the API."""
    [*latest] = (await ask.context.configuration.history(error.kind, error.key))[:1]
    return ApiError(
        409,
        "changed_meanwhile",
        error.message,
        params={
            "current": msgspec.to_builtins(error.current) if error.current is not None else None,
            "change": msgspec.to_builtins(latest[0]) if latest else None,
        },
    )


def _check_routing(ask: Ask, proposed: Configured, made: AnySetup) -> None:
    """What the routing engine would refuse."""
    match made:
        case QueueSetup():
            directory = directory_of(proposed)
            queue = next(queue for queue in directory.queues if queue.id == made.id)
            found = problems_of_queue(queue, directory, ask.context.flow_names(), ask.context.calendar_names())
        case AgentSetup(retired=False):
            directory = directory_of(proposed)
            agent = next(agent for agent in directory.agents if agent.id == made.id)
            found = problems_of_agent(agent, directory)
        case RoutingSetup():
            try:
                check_centre(directory_of(proposed), ask.context.flow_names())
            except ConfigError as error:
                raise WrongValue(field_path(error.field), error.message) from None
            return
        case _:
            return
    for problem in found:
        raise WrongValue(field_path(problem.field), problem.message)


def field_path(field: str) -> tuple[str | int, ...]:
    """`options.steps[0].after_s` → ("steps", 0, "after_s"): steps stand beside the options here."""
    parts = [part for part in field.replace("[", ".").replace("]", "").split(".") if part]
    if parts[:2] == ["options", "steps"]:
        parts = parts[1:]
    return tuple(int(part) if part.isdigit() else part for part in parts)
