"""The connections of a server: uvicorn's own protocol on httptools, which waits for nobody for ever.

uvicorn closes a connection that is idle between two requests, and one that has begun a request never: who sends a byte a
minute keeps it open, and httptools takes headers without end. Here a request has a moment by which its last byte must
have come, a head a size, and connections that wait for a request give way to new ones when there are many.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from serving.bounds import Bounds
from serving.refusals import refusal_bytes


class HeadTooLarge(ValueError):
    """A request's first line and headers have more bytes than a head may have."""


class BoundedConnection(HttpToolsProtocol):
    """One connection within bounds.

    Args:
        config, server_state, app_state, _loop: as uvicorn gives them.
        bounds: what a caller may take.
        waiting: the server's connections that wait for a request, or for the rest of one; the longest first.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        bounds: Bounds,
        waiting: dict[BoundedConnection, None],
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._bounds = bounds
        self._waiting = waiting
        self._due: asyncio.TimerHandle | None = None
        self._in_head = False
        self._received = self._parsed = 0  # bytes of the head: as they came, and as the parser made fields of them

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by asyncio: wait for a request, and let the longest waiting give way where there are many."""
        super().connection_made(transport)
        if len(self.connections) >= self._bounds.connections and self._waiting:
            next(iter(self._waiting)).give_way()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        self._be_in_time()
        self._waiting.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Called by asyncio: the first byte of a request, be it a blank line before it, begins its time."""
        if self._due is None and self in self._waiting:
            self._begin()
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            # What the parser still holds of a field that has no end is in no field yet.
            self._received += len(data)
            if self._received > self._bounds.head_bytes:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Called by the parser."""
        super().on_message_begin()
        self._in_head, self._received, self._parsed = True, 0, 0
        if self._due is None:
            self._begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser; of the trailers of a body sent in chunks as well.

        Raises:
            HeadTooLarge: which the parser hands on as a request that is none.
        """
        super().on_header(name, value)
        self._parsed += len(name) + len(value)
        if len(self.url) + self._parsed > self._bounds.head_bytes:
            raise HeadTooLarge

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Called by the parser: the request came in time."""
        self._be_in_time()
        super().on_message_complete()
        if self.cycle.response_complete:
            self._wait()  # it was answered before it was whole
        else:
            self._waiting.pop(self, None)

    def on_response_complete(self) -> None:
        """Called when an answer has been given: wait for the next request, and not for ever that this one is fetched."""
        super().on_response_complete()
        if self.transport.get_write_buffer_size():
            self.loop.call_later(self._bounds.answer_seconds, self._give_up_unread)
        if not self.pipeline and not self.transport.is_closing():
            self._waiting.pop(self, None)
            self._waiting[self] = None

    def send_400_response(self, msg: str) -> None:
        """Called where the parser finds no request in what came."""
        too_large = self.headers is not None and len(self.url) + self._parsed > self._bounds.head_bytes
        self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE if too_large else HTTPStatus.BAD_REQUEST)

    def give_way(self) -> None:
        """Close, for another one: nothing is being answered here."""
        self._waiting.pop(self, None)
        self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: that a stranger would like to have another protocol is no news for an operator."""

    def _wait(self) -> None:
        self._waiting[self] = None
        self._begin()

    def _begin(self) -> None:
        self._due = self.loop.call_later(self._bounds.request_seconds, self._end_overdue)

    def _be_in_time(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _end_overdue(self) -> None:
        self._due = None
        if self.headers is None:
            # Not a byte of a request in all that time.
            self.transport.close()
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer, unless an answer has begun, and close; who does not fetch it is not waited for."""
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            body = refusal_bytes(status)
            self.transport.write(
                b"%scontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s"
                % (STATUS_LINE[status], len(body), body)
            )
        self.transport.close()
        self.loop.call_later(1.0, self._give_up_unread)

    def _give_up_unread(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()


def bounded(bounds: Bounds) -> Callable[..., BoundedConnection]:
    """Give what makes the connections of one server, as uvicorn calls it."""
    waiting: dict[BoundedConnection, None] = {}

    def connection(
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> BoundedConnection:
        return BoundedConnection(config, server_state, app_state, _loop, bounds=bounds, waiting=waiting)

    return connection
