"""How often something may be done: counts in this process's memory, or in Redis, where all processes count together.

A window begins with the first time and lasts as long as the limit says; then it is forgotten. Who does it, a conversation,
an address, a number of somebody's, is counted by a keyed digest: neither memory nor Redis holds a list of them.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import math
import os
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import redis.asyncio  # limits looks it up in `redis`
import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from packaging.version import Version

T = TypeVar("T")

SWITCH = "BIANMIN_LIMITS"
OFF = "off"

ANSWER_SECONDS = 0.5
"""How long Redis may take over one count."""

SILENT_SECONDS = 5.0
"""How long a Redis that did not answer is not asked again."""

_OF_NO_TIME = re.compile(r"(?:/|per)\s*0")

log = structlog.get_logger(__name__)


class LimitError(ValueError):
    """A setting holds no limit; the message says which and what one looks like."""


def limit(name: str, default: str, environment: Mapping[str, str] = os.environ) -> RateLimitItem | None:
    """Read a limit: `30 per minute`, `5 per 15 minutes`, `20 per hour`; `off` is none.

    Args:
        name: the variable.
        default: what holds where it is not set.
        environment: where it is looked up, and whether all limits are off (`BIANMIN_LIMITS=off`).

    Raises:
        LimitError: it is none.
    """
    text = environment.get(name, "").strip().lower() or default
    found = None if text == OFF else read(text)
    if text != OFF and found is None:
        raise LimitError(f"{name}={text!r} 应写成 30 per minute、5 per 15 minutes 或 off / is no limit")
    return found if are_on(environment) else None


def are_on(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether limits hold at all.

    Raises:
        LimitError: BIANMIN_LIMITS is neither on nor off.
    """
    switch = environment.get(SWITCH, "").strip().lower() or "on"
    if switch not in ("on", OFF):
        raise LimitError(f"{SWITCH}={switch!r} 应是 on 或 off / must be on or off")
    return switch == "on"


def read(text: str) -> RateLimitItem | None:
    """Give the limit that a text says; None where it says none."""
    try:
        found = parse(text)
    except ValueError:
        return None
    # Of no minutes it makes one.
    return found if found.amount > 0 and not _OF_NO_TIME.search(text) else None


class Counter:
    """Counts.

    Args:
        key: of the digests.
        redis_url: of Redis; empty counts in memory.
    """

    def __init__(self, key: bytes, redis_url: str = "") -> None:
        self._key = key
        self._redis_url = redis_url
        self._kept: FixedWindowRateLimiter | None = None
        self._silent_until = 0.0
        self._is_down = False

    async def count(self, allowed: RateLimitItem | None, kind: str, who: str) -> int | None:
        """Count once.

        Args:
            allowed: how often; None is without limit.
            kind: what is done.
            who: does it, or what it is done with.

        Returns:
            None where it may be done, else the seconds until it may be done again. Where Redis does not answer it may.
        """
        if allowed is None:
            return None

        async def counted(limiter: FixedWindowRateLimiter) -> int | None:
            return None if await limiter.hit(allowed, *self._names(kind, who)) else await self._rest(allowed, kind, who)

        return await self._ask(counted, None)

    async def wait(self, allowed: RateLimitItem | None, kind: str, who: str) -> int | None:
        """Tell whether it might be done once more, without counting; as `count` does."""
        if allowed is None:
            return None

        async def looked(limiter: FixedWindowRateLimiter) -> int | None:
            return (
                None if await limiter.test(allowed, *self._names(kind, who)) else await self._rest(allowed, kind, who)
            )

        return await self._ask(looked, None)

    async def count_different(self, allowed: RateLimitItem | None, kind: str, who: str, what: str) -> int | None:
        """Count once for each different thing; the same once more within the time is free. As `count` does.

        Args:
            allowed, kind, who: as for `count`.
            what: it is done with.
        """
        if allowed is None:
            return None
        once = type(allowed)(1, allowed.multiples)
        thing = f"{who}\0{what}"
        if await self.wait(once, f"{kind}-known", thing) is not None:
            return None
        seconds = await self.count(allowed, kind, who)
        if seconds is None:
            await self.count(once, f"{kind}-known", thing)
        return seconds

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._kept is not None and isinstance(self._kept.storage, _Redis):
            connection: Any = self._kept.storage.bridge.get_connection()  # type: ignore[attr-defined]
            await connection.close(close_connection_pool=True)

    async def _rest(self, allowed: RateLimitItem, kind: str, who: str) -> int:
        stats = await self._limiter().get_window_stats(allowed, *self._names(kind, who))
        return max(1, math.ceil(stats.reset_time - time.time()))

    def _names(self, kind: str, who: str) -> tuple[str, str]:
        said = f"{kind}\0{who}".encode("utf-8", "surrogatepass")
        return kind, hmac.new(self._key, said, hashlib.sha256).hexdigest()

    def _limiter(self) -> FixedWindowRateLimiter:
        if self._kept is None:
            self._kept = FixedWindowRateLimiter(_redis(self._redis_url) if self._redis_url else _Memory())
        return self._kept

    async def _ask(self, question: Callable[[FixedWindowRateLimiter], Awaitable[T]], otherwise: T) -> T:
        if not self._redis_url:
            return await question(self._limiter())
        if time.monotonic() < self._silent_until:
            return otherwise
        try:
            answer = await asyncio.wait_for(question(self._limiter()), ANSWER_SECONDS * 2)
        except (redis.RedisError, OSError, asyncio.TimeoutError) as error:
            # Who can pay a bill must not be kept from it because nobody counts.
            if not self._is_down:
                log.error("limits_not_counted", error=type(error).__name__)
            self._is_down, self._silent_until = True, time.monotonic() + SILENT_SECONDS
            return otherwise
        if self._is_down:
            self._is_down = False
            log.info("limits_counted_again")
        return answer


class _Memory(MemoryStorage):
    """limits' storage in memory, which after each count looks through all of them for what is over; here once a second."""

    STORAGE_SCHEME = ["async+bianmin-memory"]

    def __init__(self) -> None:
        super().__init__()
        self._next_look = 0.0

    async def _MemoryStorage__schedule_expiry(self) -> None:
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + 1.0
            await super()._MemoryStorage__schedule_expiry()  # type: ignore[misc]


class _Redis(RedisStorage):
    """limits' storage with the redis-py that Rasa's range allows: 4.6, where limits asks for 5.2.

    Of it only commands are used that 4.6 has: INCRBY, EXPIRE, GET and TTL, by a script.
    """

    STORAGE_SCHEME = ["async+bianmin"]
    DEPENDENCIES = {"redis": Version("4.6.0")}


def _redis(url: str) -> _Redis:
    # A socket's address is `unix://…` to redis-py, and `redis+unix://…` to limits.
    named = url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url
    timeouts: dict[str, Any] = {"socket_timeout": ANSWER_SECONDS, "socket_connect_timeout": ANSWER_SECONDS}
    return _Redis(named, implementation="redispy", key_prefix="bianmin:limit", **timeouts)


def spoken_wait(seconds: int) -> str:
    """How long that is, as residents read it and never too short: 40 秒, 12 分钟, 1 小时."""
    if seconds <= 60:
        return f"{math.ceil(seconds / 10) * 10} 秒"
    if seconds <= 3600:
        return f"{math.ceil(seconds / 60)} 分钟"
    return f"{math.ceil(seconds / 3600)} 小时"
