"""What stands between uvicorn and a Sanic app: a request reaches it whole, small enough, and is answered in time.

In ASGI mode Sanic 21.12 checks neither size nor time, and takes the rest of a body that never came for its end: half a
request would be acted on. It also leaves out the length of an answer, which is then sent in chunks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

import async_timeout
import structlog
from sanic import Sanic

from serving.bounds import Bounds
from serving.refusals import refusal_bytes

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

log = structlog.get_logger(__name__)


class BodyTooLarge(ValueError):
    """A request's body has more bytes than it may have."""


class CallerGone(ConnectionError):
    """The caller went away before its request was whole."""


class Front:
    """The ASGI application that uvicorn calls.

    Args:
        app: answers whole requests; its listeners are called by `serving.server`.
        bounds: of bodies and answers.
    """

    def __init__(self, app: Sanic, bounds: Bounds) -> None:
        self._app = app
        self._bounds = bounds

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = Answer(send)
        try:
            body = await self._whole_body(scope, receive)
            async with async_timeout.timeout(self._bounds.answer_seconds):
                await self._app(scope, _once(body), answer.send)
        except CallerGone:
            return
        except BodyTooLarge:
            await answer.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except asyncio.TimeoutError:
            log.error("answer_too_late", path=scope["path"], seconds=self._bounds.answer_seconds)
            await answer.refuse(HTTPStatus.SERVICE_UNAVAILABLE)

    async def _whole_body(self, scope: Message, receive: Receive) -> bytes:
        for name, value in scope["headers"]:
            if name == b"content-length" and int(value) > self._bounds.body_bytes:
                raise BodyTooLarge
        message = await receive()
        body = message.get("body", b"")
        while message["type"] == "http.request":
            if len(body) > self._bounds.body_bytes:
                raise BodyTooLarge
            if not message["more_body"]:
                return bytes(body)
            message = await receive()
            body += message.get("body", b"")
        raise CallerGone


class Answer:
    """An answer on its way: its head waits for the body, so that the length can be said.

    Args:
        send: uvicorn's.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._head: Message | None = None
        self._begun = False

    async def send(self, message: Message) -> None:
        """Take what the app sends."""
        if message["type"] == "http.response.start":
            self._head = {**message, "headers": list(message["headers"])}
            return
        if self._head is not None:
            head, self._head, self._begun = self._head, None, True
            if not message.get("more_body") and _has_body(head):
                head["headers"].append((b"content-length", b"%d" % len(message.get("body") or b"")))
            await self._send(head)
        await self._send(message)

    async def refuse(self, status: HTTPStatus) -> None:
        """Answer with a status and a sentence, where nothing has been answered, and have the connection closed."""
        if self._begun:
            raise ConnectionError("the answer was cut off")  # uvicorn closes the connection
        body = refusal_bytes(status)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        await self._send({"type": "http.response.start", "status": int(status), "headers": headers})
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


def _has_body(head: Message) -> bool:
    told = any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in head["headers"])
    return not told and head["status"] not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


def _once(body: bytes) -> Receive:
    """Give a receive that knows the whole body, and afterwards of nothing more."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive
