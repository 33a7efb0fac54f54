"""Queues with all their rules, and what holds for routing in the whole centre."""

from __future__ import annotations

from ctiserver.api.configuration.bodies import QueueBody, RoutingBody, WhichVersion
from ctiserver.api.configuration.changing import put, remove, values
from ctiserver.api.configuration.words import check_word
from ctiserver.api.identity import OPS_UP, SUPERVISOR_UP
from ctiserver.api.problems import not_found
from ctiserver.api.route import Ask, Route, route
from ctiserver.configured import QueueSetup, RoutingSetup


async def list_queue_setups(ask: Ask) -> list[QueueSetup]:
    """All queues as they are set up."""
    return list((await ask.context.configuration.read()).queues.values())


async def read_queue_setup(ask: Ask, queue_id: str) -> QueueSetup:
    """One queue as it is set up."""
    queue = (await ask.context.configuration.read()).queues.get(queue_id)
    if queue is None:
        raise not_found("queue")
    return queue


async def put_queue(ask: Ask, queue_id: str, body: QueueBody) -> QueueSetup:
    """Adds or changes a queue. Whoever waits keeps the place."""
    plain = values(body)
    plain["steps"] = tuple(plain["steps"])
    return await put(ask, QueueSetup(id=check_word(queue_id), **plain), "queue", body)


async def delete_queue(ask: Ask, queue_id: str, query: WhichVersion) -> None:
    """Deletes a queue that no flow and no overflow names."""
    await remove(ask, "queue", queue_id, query.version)


async def read_routing(ask: Ask) -> RoutingSetup:
    """What holds for all queues: cool-downs, misses, what a freed agent takes."""
    return (await ask.context.configuration.read()).routing["routing"]


async def put_routing(ask: Ask, body: RoutingBody) -> RoutingSetup:
    """Changes what holds for all queues."""
    return await put(ask, RoutingSetup(options=body.options), "routing", body)


ROUTES: tuple[Route, ...] = (
    route("GET", "/api/config/queues", list_queue_setups, SUPERVISOR_UP),
    route("GET", "/api/config/queues/{queue_id}", read_queue_setup, SUPERVISOR_UP),
    route("PUT", "/api/config/queues/{queue_id}", put_queue, OPS_UP),
    route("DELETE", "/api/config/queues/{queue_id}", delete_queue, OPS_UP, 204),
    route("GET", "/api/config/routing", read_routing, SUPERVISOR_UP),
    route("PUT", "/api/config/routing", put_routing, OPS_UP),
)
