"""A server with a small app, in the test's own loop, and connections to it that send what they like."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from serving.bounds import Bounds
from serving.server import Server

SMALL = Bounds(
    body_bytes=10_000,
    answer_seconds=0.5,
    request_seconds=0.5,
    head_bytes=2000,
    idle_seconds=5,
    connections=64,
    stop_seconds=3,
)
NUMBERS = itertools.count()


@dataclass
class Running:
    """A server that runs.

    Attributes:
        seen: bodies that reached the app's handler.
        calls: of the app's listeners, in order.
        go_on: what `/wait` waits for.
    """

    server: Server
    port: int
    seen: list[bytes] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection."""
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def send(self, *parts: bytes, pause: float = 0.0) -> bytes:
        """Send parts with a pause between; all that comes back until the server closes, or b"" where it cuts."""
        reader, writer = await self.connect()
        answer = asyncio.ensure_future(reader.read())
        with suppress(ConnectionError):
            for part in parts:
                if answer.done():
                    break
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause)
        with suppress(ConnectionError):
            return await asyncio.wait_for(answer, 10)
        return b""

    async def until_seen(self, number: int) -> None:
        """Wait until so many requests have reached the app."""
        for _ in range(1000):
            if len(self.seen) >= number:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.seen)} requests have come")

    async def ask(self, path: str = "/echo", body: bytes = b"x") -> bytes:
        """Ask as a client in order does."""
        head = f"POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        return await self.send(head.encode() + body)


Start = Callable[[Bounds], Awaitable[Running]]


def small_app(running: Callable[[], Running]) -> Sanic:
    """An app that answers with what it was sent."""
    app = Sanic(f"small_{next(NUMBERS)}", configure_logging=False)

    @app.route("/echo", methods=["GET", "POST", "HEAD"])
    async def echo(request: Request) -> HTTPResponse:
        running().seen.append(request.body)
        return text(f"{request.ip} {request.body.decode()}")

    @app.post("/wait")
    async def wait(request: Request) -> HTTPResponse:
        running().seen.append(request.body)
        await running().go_on.wait()
        return text("waited")

    for moment in ("before_server_start", "after_server_start", "before_server_stop", "after_server_stop"):

        async def note(app: Sanic, loop: object, moment: str = moment) -> None:
            running().calls.append(moment)

        app.register_listener(note, moment)
    return app


@asynccontextmanager
async def running_server(bounds: Bounds) -> AsyncIterator[Running]:
    """Run a server for the block."""
    box: list[Running] = []
    server = Server(small_app(lambda: box[0]), bounds)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = Running(server, listening.getsockname()[1])
        box.append(running)
        task = asyncio.create_task(server.serve([listening]))
        while not server.started:
            assert not task.done(), task.exception()
            await asyncio.sleep(0.01)
        try:
            yield running
        finally:
            server.should_exit = True
            await task


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    """A server with small bounds."""
    # Sanic rewrites its own methods when a server starts, and could not do so twice in a process.
    monkeypatch.setattr(Sanic, "test_mode", True)
    async with running_server(SMALL) as running:
        yield running
