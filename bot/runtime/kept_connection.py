"""POSTs JSON to one address over connections that stay open: HTTP/1.1 on asyncio, and nothing besides.

An action call is a few kilobytes over loopback. aiohttp spends 0.5 ms of CPU time on it, this 0.1: no redirects, cookies,
proxies or compression, which an action server does not ask for. `bot.runtime.action_endpoint` takes aiohttp for addresses
that need more (https, a query, a certificate).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import aiohttp
import httptools

LARGEST_ANSWER = 4 * 1024 * 1024


@dataclass
class Answer:
    """What came back.

    Attributes:
        status: the HTTP status.
        reason: its phrase.
        content_type: without parameters.
        body: as it came.
    """

    status: int = 0
    reason: str = ""
    content_type: str = ""
    body: bytearray = field(default_factory=bytearray)


class Connection(asyncio.Protocol):
    """One connection, with at most one request under way."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._answer = Answer()
        self._waiting: asyncio.Future[Answer] | None = None
        self._has_length = False
        self._ends_with_connection = False
        self.idle_since = 0.0
        self.is_open = True

    async def send(self, request: bytes, seconds: float) -> Answer:
        """Send a request and wait for its answer; the connection is of no use after an exception.

        Raises:
            asyncio.TimeoutError: no answer in time.
            aiohttp.ClientConnectionError: the other side went away.
            aiohttp.ClientPayloadError: what came is no HTTP, or too large.
        """
        if self._transport is None or not self.is_open:
            raise aiohttp.ServerDisconnectedError
        self._answer, self._parser = Answer(), httptools.HttpResponseParser(self)
        self._ends_with_connection = self._has_length = False
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        self._transport.write(request)
        # Cheaper than `asyncio.wait_for`, which makes a task.
        end = loop.call_later(seconds, self._fail, asyncio.TimeoutError())
        try:
            return await self._waiting
        except BaseException:
            self.close()
            raise
        finally:
            end.cancel()

    def close(self) -> None:
        """Close it."""
        self.is_open = False
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by name

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        if self._parser is None or self._waiting is None or self._waiting.done():
            self.close()  # nobody has asked
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(aiohttp.ClientPayloadError(f"no HTTP answer: {error}"))

    def connection_lost(self, _error: Exception | None) -> None:
        """Called by asyncio."""
        if self._ends_with_connection:
            self.on_message_complete()
        self.is_open = False
        self._fail(aiohttp.ServerDisconnectedError())

    def _fail(self, error: Exception) -> None:
        self.is_open = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)

    def on_status(self, reason: bytes) -> None:
        """Called by the parser."""
        self._answer.reason += reason.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        key = name.lower()
        if key == b"content-type":
            self._answer.content_type = value.decode("latin-1").partition(";")[0].strip().lower()
        self._has_length |= key in (b"content-length", b"transfer-encoding")

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._ends_with_connection = not self._has_length

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        self._answer.body += body
        if len(self._answer.body) > LARGEST_ANSWER:
            raise ValueError("too large")  # which the parser hands on

    def on_message_complete(self) -> None:
        """Called by the parser."""
        parser, waiting = self._parser, self._waiting
        if parser is None or waiting is None:
            return
        self._answer.status = parser.get_status_code()
        self.is_open = self.is_open and parser.should_keep_alive()
        if self._answer.status >= 200 and not waiting.done():
            waiting.set_result(self._answer)


class KeptConnections:
    """Connections to one address, each opened when all others are in use.

    Args:
        url: `http://host:port/path`.
        headers: sent with each request, besides those that HTTP needs.
        idle_seconds: how long an unused connection may be used again.
    """

    def __init__(self, url: str, headers: Mapping[str, str], idle_seconds: float) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname or parts.username or parts.query or parts.fragment:
            raise ValueError(f"{url} is not of the form http://host:port/path")
        self._address = (parts.hostname, parts.port or 80)
        lines = {"Host": parts.netloc, "Accept": "application/json", "Content-Type": "application/json", **headers}
        if any(not text.isprintable() for line in lines.items() for text in line):
            raise ValueError("a header that is no line")
        first = f"POST {parts.path or '/'} HTTP/1.1"
        self._head = "\r\n".join([first, *(f"{name}: {value}" for name, value in lines.items()), ""]).encode("latin-1")
        self._idle_seconds = idle_seconds
        self._unused: list[Connection] = []

    async def post(self, body: bytes, seconds: float, connect_seconds: float) -> Answer:
        """Send a body and give the answer, whatever its status.

        Raises:
            asyncio.TimeoutError: no answer in time.
            aiohttp.ClientConnectionError: the server cannot be reached, or went away.
            aiohttp.ClientPayloadError: what came is no HTTP.
        """
        end = asyncio.get_running_loop().time() + seconds
        request = b"%bContent-Length: %d\r\n\r\n%b" % (self._head, len(body), body)
        connection = self._take() or await self._connect(min(seconds, connect_seconds))
        answer = await connection.send(request, max(0.0, end - asyncio.get_running_loop().time()))
        if connection.is_open:
            connection.idle_since = asyncio.get_running_loop().time()
            self._unused.append(connection)
        return answer

    def close(self) -> None:
        """Close those that are unused; the others end with their requests."""
        for connection in self._unused:
            connection.close()
        self._unused.clear()

    def _take(self) -> Connection | None:
        oldest = asyncio.get_running_loop().time() - self._idle_seconds
        while self._unused:
            connection = self._unused.pop()
            if connection.is_open and connection.idle_since > oldest:
                return connection
            connection.close()
        return None

    async def _connect(self, seconds: float) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            _, connection = await asyncio.wait_for(loop.create_connection(Connection, *self._address), seconds)
        except OSError as error:
            raise aiohttp.ClientConnectionError(str(error)) from error
        return connection
