"""One message of a conversation at a time, over all assistants: a queue in Redis, and a word when one's turn has come.

Each conversation that is being talked in has a list of tickets, the first holds it. A ticket counts as long as its
process says so: once a second it renews the tickets it has, and one that is not renewed for ALIVE_SECONDS is passed over.
Who gives a conversation back publishes the next ticket on the channel of that ticket's process, so nobody polls; a look
every LOOK_SECONDS finds what a dead process left behind.
"""

import asyncio
import hashlib
import itertools
import math
import uuid
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from redis import Redis
from redis import asyncio as aioredis
from redis.exceptions import RedisError

from bot.conversations.errors import ConversationBusy
from bot.conversations.local_lock import LIFETIME_SECONDS, MOST_WAITING, LocalLock

ALIVE_SECONDS = 3.5
RENEW_SECONDS = 1.0
LOOK_SECONDS = 0.7
"""A dead process's conversation is gone on with after ALIVE_SECONDS + LOOK_SECONDS at most."""

ANSWER_SECONDS = 2.0
"""How long Redis may take over one command."""

# KEYS: the queue. ARGV: prefix of the tickets' signs of life, my ticket, milliseconds of life, most waiting.
_JOIN = """
if redis.call('LLEN', KEYS[1]) > tonumber(ARGV[4]) then return -1 end
redis.call('SET', ARGV[1] .. ARGV[2], 1, 'PX', ARGV[3])
redis.call('RPUSH', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], 3600000)
return 1
"""

# Drop tickets without a sign of life from the front; 1 when mine is first, 0 when it waits, -1 when it is gone.
_LOOK = """
while true do
  local first = redis.call('LINDEX', KEYS[1], 0)
  if not first then return -1 end
  if first == ARGV[2] then return 1 end
  if redis.call('EXISTS', ARGV[1] .. first) == 1 then break end
  redis.call('LPOP', KEYS[1])
end
if redis.call('LPOS', KEYS[1], ARGV[2]) then return 0 end
return -1
"""

# Take my ticket out, wherever it is, and tell the process of the first living one.
_LEAVE = """
redis.call('LREM', KEYS[1], 1, ARGV[2])
redis.call('DEL', ARGV[1] .. ARGV[2])
while true do
  local first = redis.call('LINDEX', KEYS[1], 0)
  if not first then return 0 end
  if redis.call('EXISTS', ARGV[1] .. first) == 1 then
    redis.call('PUBLISH', ARGV[3] .. string.match(first, '^[^.]+'), first)
    return 1
  end
  redis.call('LPOP', KEYS[1])
end
"""

log = structlog.get_logger(__name__)


class RedisLock:
    """Locks of conversations for several assistants.

    Args:
        url: of Redis.
        lifetime: seconds after which a turn's ticket is renewed no longer, and the next in line goes on.
        prefix: of all keys and channels.
    """

    def __init__(self, url: str, lifetime: float = LIFETIME_SECONDS, prefix: str = "bianmin:") -> None:
        self._redis: Any = aioredis.from_url(
            url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS, decode_responses=True
        )
        # Waiting for a message is not a command that takes too long.
        self._listening: Any = aioredis.from_url(url, socket_connect_timeout=ANSWER_SECONDS, decode_responses=True)
        self._join, self._look, self._leave = (self._redis.register_script(one) for one in (_JOIN, _LOOK, _LEAVE))
        self._lifetime = lifetime
        self._alive, self._queue, self._wake = (f"{prefix}{kind}:" for kind in ("ticket", "queue", "wake"))
        self._joining = LocalLock()
        self._process = uuid.uuid4().hex
        self._numbers = itertools.count()
        self._tickets: dict[str, float] = {}
        self._waiting: dict[str, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def hold(self, conversation_id: str) -> AsyncIterator[None]:
        """Hold a conversation for the block.

        Raises:
            ConversationBusy: too many are waiting already, or Redis does not answer.
        """
        self._start()
        # A digest, lest ids stand in Redis for anybody to read.
        queue = self._queue + hashlib.sha256(conversation_id.encode("utf-8", "surrogatepass")).hexdigest()
        ticket = f"{self._process}.{next(self._numbers)}"
        self._tickets[ticket] = math.inf  # who waits may wait
        try:
            await self._take(queue, ticket)
            self._tickets[ticket] = asyncio.get_running_loop().time() + self._lifetime
            yield
        finally:
            del self._tickets[ticket]
            # Also when cancelled: the next in line must hear of it.
            await asyncio.shield(self._give_back(queue, ticket))

    async def is_healthy(self) -> bool:
        """Tell whether Redis answers."""
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    async def close(self) -> None:
        """Stop renewing and listening, and close the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        await self._redis.close(close_connection_pool=True)
        await self._listening.close(close_connection_pool=True)

    async def _take(self, queue: str, ticket: str) -> None:
        woken = self._waiting[ticket] = asyncio.Event()
        milliseconds = int(ALIVE_SECONDS * 1000)
        try:
            arguments = [self._alive, ticket, milliseconds, MOST_WAITING]
            # Two commands may go over two connections, and arrive in either order.
            async with self._joining.hold(queue):
                joined = await self._run(self._join(keys=[queue], args=arguments))
            if joined < 0:
                raise ConversationBusy("too many messages are waiting")
            while (state := await self._run(self._look(keys=[queue], args=[self._alive, ticket]))) != 1:
                if state < 0:
                    # Redis forgot us (a restart, or we were held up for too long): once more, at the end.
                    await self._run(self._join(keys=[queue], args=arguments))
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(woken.wait(), LOOK_SECONDS)
                woken.clear()
        finally:
            del self._waiting[ticket]

    async def _give_back(self, queue: str, ticket: str) -> None:
        # Where Redis does not answer now, the ticket runs out by itself.
        with suppress(ConversationBusy):
            await self._run(self._leave(keys=[queue], args=[self._alive, ticket, self._wake]))

    async def _run(self, command: Awaitable[Any]) -> int:
        try:
            return int(await command)
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            raise ConversationBusy(f"Redis: {type(error).__name__}") from error

    def _start(self) -> None:
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._renew()), asyncio.create_task(self._listen())]

    async def _renew(self) -> None:
        """Say once a second that the tickets of this process count."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            now = asyncio.get_running_loop().time()
            living = [ticket for ticket, until in self._tickets.items() if until > now]
            try:
                async with self._redis.pipeline(transaction=False) as pipeline:
                    for ticket in living:
                        pipeline.set(self._alive + ticket, 1, px=int(ALIVE_SECONDS * 1000))
                    await pipeline.execute()
            except (RedisError, OSError) as error:
                log.warning("locks_not_renewed", error=type(error).__name__)

    async def _listen(self) -> None:
        """Wake those of this process whose turn has come."""
        while True:
            try:
                async with self._listening.pubsub() as channel:
                    await channel.subscribe(self._wake + self._process)
                    async for message in channel.listen():
                        self._wake_up(message)
            except (RedisError, OSError) as error:
                log.warning("locks_not_heard", error=type(error).__name__)
            await asyncio.sleep(RENEW_SECONDS)

    def _wake_up(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":
            # Whoever's turn came before we listened is to look again.
            for woken in self._waiting.values():
                woken.set()
        elif message["data"] in self._waiting:
            self._waiting[message["data"]].set()


def refuse_silent(url: str) -> None:
    """See that Redis answers, where one is named.

    Raises:
        ConversationBusy: it does not.
    """
    if not url:
        return
    try:
        with Redis.from_url(url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS) as connection:
            connection.ping()
    except (RedisError, OSError) as error:
        raise ConversationBusy(type(error).__name__) from error
