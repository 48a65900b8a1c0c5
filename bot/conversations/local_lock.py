"""One message of a conversation at a time, within one process: in the order they came, each woken by the one before."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from bot.conversations.errors import ConversationBusy

LIFETIME_SECONDS = 60.0
"""How long a turn may hold its conversation: above the time that an action may take (`bot.runtime.action_endpoint`)."""

MOST_WAITING = 20
"""Messages of one conversation that may wait; who sends more is told that we are busy."""

log = structlog.get_logger(__name__)


@dataclass
class _Queue:
    """Who holds one conversation, until when, and who waits for it."""

    holder: object
    until: float
    waiting: deque["asyncio.Future[None]"] = field(default_factory=deque)


class LocalLock:
    """Locks of conversations for one assistant; needs no clean-up, a conversation nobody waits for leaves nothing behind.

    Args:
        lifetime: seconds after which the next in line goes on without the one that holds the conversation.
    """

    def __init__(self, lifetime: float = LIFETIME_SECONDS) -> None:
        self._queues: dict[str, _Queue] = {}
        self._lifetime = lifetime

    @asynccontextmanager
    async def hold(self, conversation_id: str) -> AsyncIterator[None]:
        """Hold a conversation for the block.

        Raises:
            ConversationBusy: too many are waiting already.
        """
        me = object()
        await self._take(conversation_id, me)
        try:
            yield
        finally:
            self._give_back(conversation_id, me)

    async def is_healthy(self) -> bool:
        """Tell that locks can be had."""
        return True

    async def _take(self, conversation_id: str, me: object) -> None:
        now = asyncio.get_running_loop().time()
        queue = self._queues.get(conversation_id)
        if queue is None:
            self._queues[conversation_id] = _Queue(me, now + self._lifetime)
            return
        if len(queue.waiting) >= MOST_WAITING:
            raise ConversationBusy("too many messages are waiting")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.waiting.append(turn)
        try:
            await self._wait(queue, turn)
        except BaseException:
            if turn in queue.waiting:
                queue.waiting.remove(turn)
            else:
                # Handed to us just as we were cancelled.
                queue.holder = me
                self._give_back(conversation_id, me)
            raise
        queue.holder, queue.until = me, asyncio.get_running_loop().time() + self._lifetime

    async def _wait(self, queue: _Queue, turn: "asyncio.Future[None]") -> None:
        while not turn.done():
            left = queue.until - asyncio.get_running_loop().time()
            if left > 0:
                await asyncio.wait([turn], timeout=left)
            elif queue.waiting[0] is turn:
                log.error("conversation_lock_taken_over", seconds=self._lifetime)
                queue.waiting.popleft()
                return
            else:
                # The first in line takes over; we look again once it has.
                await asyncio.sleep(0)

    def _give_back(self, conversation_id: str, me: object) -> None:
        queue = self._queues.get(conversation_id)
        if queue is None or queue.holder is not me:
            return  # somebody has taken over from us
        if queue.waiting:
            queue.until = asyncio.get_running_loop().time() + self._lifetime
            queue.waiting.popleft().set_result(None)
        else:
            del self._queues[conversation_id]
