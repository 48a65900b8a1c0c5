"""How much of a server one caller may take: seconds, bytes and connections, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

REQUEST_SECONDS, CONNECTIONS = "BIANMIN_REQUEST_SECONDS", "BIANMIN_CONNECTIONS"


class BoundError(ValueError):
    """A variable holds what is no number, or one that leaves no server; the message says which and what."""


@dataclass(frozen=True)
class Bounds:
    """What a server takes of its callers.

    Attributes:
        body_bytes: of a request's body; a larger one is answered 413.
        answer_seconds: that the answer may take once the request is there; then it is given up and answered 503.
        request_seconds: from the first byte of a request to its last, and that a new connection may say nothing. However
            slowly the bytes come, the connection is cut then.
        head_bytes: of a request's first line and headers together; more is answered 431.
        idle_seconds: that a connection is kept for a next request. More than nginx's own 60, so that it closes first and
            never sends a request into one that is being closed here.
        connections: that are open at once. At that many the one that has waited longest for a request gives way to the
            next; where all are being answered, the next one is answered 503.
        stop_seconds: that answers which are under way have to end, once the server is to stop.
    """

    body_bytes: int
    answer_seconds: float
    request_seconds: float = 10.0
    head_bytes: int = 16 * 1024
    idle_seconds: int = 75
    connections: int = 512
    stop_seconds: int = 5

    @classmethod
    def from_environment(
        cls, body_bytes: int, answer_seconds: float, environment: Mapping[str, str] = os.environ
    ) -> Bounds:
        """Read what an operator may set; the rest differs by server.

        Raises:
            BoundError: a value cannot be used.
        """
        return cls(
            body_bytes=body_bytes,
            answer_seconds=answer_seconds,
            request_seconds=_whole(environment, REQUEST_SECONDS, int(cls.request_seconds), 1, 600),
            connections=_whole(environment, CONNECTIONS, cls.connections, 8, 65536),
        )


def _whole(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name, "").strip() or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BoundError(f"{name}={text!r} 应是 {least}–{most} 的整数 / must be a whole number")
    return int(text)
