"""Faults on request: a slow, failing or garbling city, asked for by a header or by an admin rule."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.clock import Clock, local_text

HEADER = "X-Sandbox-Fault"
DEFAULT_SECONDS = 5.0
LONGEST_SECONDS = 60.0
MAINTENANCE_SECONDS = 7200.0
HTTP_KINDS = ("slow", "error_500", "unavailable", "broken_json", "maintenance")
NOTICE_KINDS = ("notice_twice", "notice_never")
REFUND_KINDS = ("refund_failed", "refund_abnormal")
"""How refunds that are asked for from then on end."""
HEADER_KINDS = ("slow", "error_500", "unavailable", "broken_json")
EXEMPT_PREFIXES = ("/admin", "/health")
"""Rules spare these, so that a rule on `/` can still be taken back. The header is obeyed everywhere."""


@dataclass
class Fault:
    """One rule.

    Args:
        kind: one of HTTP_KINDS, NOTICE_KINDS or REFUND_KINDS.
        path_prefix: the requests it is for; notices and refunds have no path and heed only the kind.
        seconds: how long `slow` sleeps, how far away the end of `maintenance` is.
        times: how often it still happens; None means until cleared.
        until: the end of a maintenance.
    """

    kind: str
    path_prefix: str = "/"
    seconds: float = DEFAULT_SECONDS
    times: int | None = None
    until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """The rule as the admin route shows it."""
        shown: dict[str, Any] = {"kind": self.kind, "path_prefix": self.path_prefix, "seconds": self.seconds}
        if self.times is not None:
            shown["times"] = self.times
        if self.until is not None:
            shown["until"] = local_text(self.until)
        return shown


class FaultRegistry:
    """The rules in force. Used from the event loop and from worker threads.

    Args:
        clock: tells when a maintenance is over.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, kind: str, path_prefix: str, seconds: float | None, times: int | None) -> None:
        """Put a rule in force; `seconds` None takes the kind's default."""
        default = MAINTENANCE_SECONDS if kind == "maintenance" else DEFAULT_SECONDS
        length = default if seconds is None else seconds
        until = self._clock() + timedelta(seconds=length) if kind == "maintenance" else None
        with self._lock:
            self._faults.append(Fault(kind, path_prefix, length, times, until))

    def clear(self) -> None:
        """Take back all rules."""
        with self._lock:
            self._faults.clear()

    def as_json(self) -> list[dict[str, Any]]:
        """The rules still in force."""
        with self._lock:
            return [fault.as_json() for fault in self._faults if not self._over(fault)]

    def maintenance_until(self, path: str) -> datetime | None:
        """The end of the maintenance that covers a path, without using the rule up; None when there is none."""
        with self._lock:
            ends = [fault.until for fault in self._faults if fault.until and path.startswith(fault.path_prefix)]
        return max((end for end in ends if end > self._clock()), default=None)

    def take(self, kinds: tuple[str, ...], path: str | None) -> list[Fault]:
        """Use up the first rule of each kind that matches.

        Args:
            kinds: the kinds looked for.
            path: the request's path; None for notices and refunds, which have none.
        """
        taken: list[Fault] = []
        with self._lock:
            self._faults = [fault for fault in self._faults if not self._over(fault)]
            for kind in kinds:
                for fault in self._faults:
                    if fault.kind == kind and (path is None or path.startswith(fault.path_prefix)):
                        taken.append(fault)
                        if fault.times is not None:
                            fault.times -= 1
                        break
        return taken

    def _over(self, fault: Fault) -> bool:
        return fault.times == 0 or (fault.until is not None and fault.until <= self._clock())


def parse_header(value: str) -> Fault | None:
    """Read `slow=5`, `slow`, `error_500`, `unavailable` or `broken_json`; None for anything else."""
    kind, _, argument = value.strip().partition("=")
    if kind not in HEADER_KINDS or (argument and kind != "slow"):
        return None
    try:
        seconds = float(argument) if argument else DEFAULT_SECONDS
    except ValueError:
        return None
    return Fault(kind, seconds=seconds) if 0 <= seconds <= LONGEST_SECONDS else None


class FaultMiddleware:
    """Lets the faults happen: `slow` waits first; the failing kinds answer in place of the city, which does
    nothing; `broken_json` lets the city do its work and garbles the answer, so that the caller cannot know.

    Args:
        app: the application behind.
        faults: the rules in force.
        clock: tells how far away a maintenance's end is.
        sleep: waits without holding up other requests.
    """

    def __init__(
        self,
        app: ASGIApp,
        faults: FaultRegistry,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.app = app
        self.faults = faults
        self.clock = clock
        self.sleep = sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        faults = self._faults_of(scope)
        if faults is None:
            content = {"code": "unknown_fault", "message": f"{HEADER} 请求头的值无法识别"}
            await JSONResponse(content, status_code=400)(scope, receive, send)
            return
        by_kind = {fault.kind: fault for fault in faults}
        if "slow" in by_kind:
            await self.sleep(by_kind["slow"].seconds)
        answer = self._answer_in_place(by_kind)
        if answer is not None:
            await answer(scope, receive, send)
        elif "broken_json" in by_kind:
            await self.app(scope, receive, _garbling(send))
        else:
            await self.app(scope, receive, send)

    def _faults_of(self, scope: Scope) -> list[Fault] | None:
        """The faults for this request; None when its header makes no sense."""
        asked = Headers(scope=scope).get(HEADER)
        if asked is not None:
            fault = parse_header(asked)
            return None if fault is None else [fault]
        path = scope["path"]
        return [] if path.startswith(EXEMPT_PREFIXES) else self.faults.take(HTTP_KINDS, path)

    def _answer_in_place(self, by_kind: dict[str, Fault]) -> JSONResponse | None:
        if "error_500" in by_kind:
            return JSONResponse({"code": "internal_error", "message": "系统内部错误"}, status_code=500)
        if "maintenance" in by_kind:
            until = by_kind["maintenance"].until or self.clock()
            seconds = max(1, round((until - self.clock()).total_seconds()))
            content = {"code": "maintenance", "message": "系统维护中", "until": local_text(until)}
            return JSONResponse(content, status_code=503, headers={"Retry-After": str(seconds)})
        if "unavailable" in by_kind:
            content = {"code": "unavailable", "message": "服务繁忙，请稍后再试"}
            return JSONResponse(content, status_code=503, headers={"Retry-After": "2"})
        return None


def _garbling(send: Send) -> Send:
    """Send on the answer with its body cut off in the middle and its length put right."""
    start: Message = {}
    body = bytearray()

    async def garble(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        body.extend(message.get("body", b""))
        if message.get("more_body", False):
            return
        cut = bytes(body[: max(1, len(body) // 2)])
        MutableHeaders(scope=start)["content-length"] = str(len(cut))
        await send(start)
        await send({"type": "http.response.body", "body": cut})

    return garble
