"""Serves a Sanic app by uvicorn on httptools, on loopback: Sanic's own server, of 2021, gets no more fixes.

What Rasa and our code know of Sanic stays: app, routes, middleware, listeners. What strangers send is read by code that is
kept up. Rasa's own commands (`python -m bot rasa run`) go on with Sanic's server.
"""

from __future__ import annotations

import asyncio
import socket
import warnings

import uvicorn
from sanic import Sanic

from serving.bounds import Bounds
from serving.connections import bounded
from serving.front import Front

BACKLOG = 256
"""Connections that the kernel holds until they are taken."""


def run(app: Sanic, host: str, port: int, bounds: Bounds) -> None:
    """Serve until SIGTERM or SIGINT: then nothing new is taken, and what is being answered ends.

    Args:
        app: whose listeners are called before the port is open and after the last answer.
        host, port: where.
        bounds: what callers may take.

    Raises:
        SystemExit: the port is not free.
        Exception: whatever a listener that starts the app raises.
    """
    Server(app, bounds, host, port).run()


class Server(uvicorn.Server):
    """uvicorn's server with a Sanic app.

    Args:
        app, bounds: as for `run`.
        host, port: where; of no matter where `serve` is given sockets.
    """

    def __init__(self, app: Sanic, bounds: Bounds, host: str = "127.0.0.1", port: int = 0) -> None:
        self._app = app
        super().__init__(
            uvicorn.Config(
                Front(app, bounds),
                host=host,
                port=port,
                loop="auto",
                http=bounded(bounds),  # type: ignore[arg-type]  # what makes a protocol does as well as its class
                ws="none",
                # The listeners are called below: an exception of theirs is to end the process with its own words.
                lifespan="off",
                log_config=None,
                access_log=False,
                # X-Forwarded-For is read by who knows the trusted proxies (`bot.runtime.proxies`). uvicorn would believe
                # whoever calls from 127.0.0.1.
                proxy_headers=False,
                server_header=False,
                interface="asgi3",
                limit_concurrency=bounds.connections,
                backlog=BACKLOG,
                timeout_keep_alive=bounds.idle_seconds,
                timeout_graceful_shutdown=bounds.stop_seconds,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the app, then open the port."""
        # Sanic says for each request that an ASGI server calls listeners a little earlier or later.
        warnings.filterwarnings("ignore", message="You have set a listener", category=UserWarning)
        self._app.asgi = True
        await self._app._startup()
        await self._call("init")
        try:
            await super().startup(sockets)
        except BaseException:
            await self._call("shutdown")
            raise

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the port, let answers end, then stop the app."""
        await super().shutdown(sockets)
        await self._call("shutdown")

    async def _serve(self, sockets: list[socket.socket] | None = None) -> None:
        await super()._serve(sockets)
        # uvicorn would send itself the signal once more, and a process that has stopped in order would have died of it.
        self._captured_signals.clear()

    async def _call(self, moment: str) -> None:
        loop = asyncio.get_running_loop()
        for when in ("before", "after"):
            await self._app._server_event(moment, when, loop)
