"""The HTTP server: pages, API, feed and prompts on one port."""

from __future__ import annotations

import errno
from functools import partial

import structlog
from aiohttp import web

from ctiserver.api import openapi
from ctiserver.api.context import CONTEXT, DOCUMENT, ApiContext
from ctiserver.api.dispatch import endpoint
from ctiserver.api.middleware import explain_refusals, observe, secure
from ctiserver.api.refusals import DoorSite, http_logger
from ctiserver.api.route_table import PAGES, PAGES_PATTERN, ROUTES
from ctiserver.config import HttpSettings
from ctiserver.errors import ConfigurationError, PortTakenError
from ctiserver.open_files import allowed

log = structlog.get_logger()

LARGEST_BODY = 64 * 1024
SHUTDOWN_S = 5.0
MOST_OPEN = 8_000  # connections; and no more than half of the files that we may have open


def build_app(context: ApiContext) -> web.Application:
    """The application; nothing listens yet."""
    app = web.Application(
        middlewares=[observe, secure, explain_refusals],
        client_max_size=LARGEST_BODY,
    )
    app[CONTEXT] = context
    app[DOCUMENT] = openapi.encoded()
    for route in ROUTES:
        add = app.router.add_get if route.is_file else partial(app.router.add_route, route.method)
        add(route.pattern, endpoint(route), name=route.name)  # add_get answers HEAD as well
    app.router.add_get(PAGES_PATTERN, endpoint(PAGES), name=PAGES.name)
    app.on_shutdown.append(_close_sockets)
    return app


class HttpServer:
    """Listens as the settings say. `start()` raises PortTakenError or ConfigurationError."""

    def __init__(self, app: web.Application, settings: HttpSettings) -> None:
        self._settings = settings
        self._runner = web.AppRunner(
            app,
            access_log=None,  # our own line has no query, which may hold numbers
            logger=http_logger(),
            keepalive_timeout=75.0,
            max_line_size=8190,
            max_field_size=8190,
            max_headers=64,
            auto_decompress=False,  # unpacking holds up the loop, whatever becomes of the request
            shutdown_timeout=SHUTDOWN_S,
        )
        self.port = settings.port

    async def start(self) -> None:
        """Listens; `port` is then the real one, also where the settings say 0 (any free one)."""
        await self._runner.setup()
        site = DoorSite(self._runner, self._settings.host, self._settings.port, min(MOST_OPEN, allowed() // 2))
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            if error.errno == errno.EADDRINUSE:
                raise PortTakenError(
                    f"{self._settings.host}:{self._settings.port} is taken by another program",
                    hint="stop it, or choose another port with CTI_HTTP__PORT",
                ) from None
            raise ConfigurationError(
                f"can't listen on {self._settings.host}:{self._settings.port}: {error.strerror or error}",
                hint="http.host (CTI_HTTP__HOST) must be an address of this machine; ports below 1024 need root",
            ) from None
        self.port = self._runner.addresses[0][1]
        log.info("http_listens", host=self._settings.host, port=self.port)

    async def stop(self) -> None:
        """Refuses new requests, closes the pages' websockets, lets running requests end within five seconds."""
        await self._runner.cleanup()


async def _close_sockets(app: web.Application) -> None:
    await app[CONTEXT].sockets.close_all()
