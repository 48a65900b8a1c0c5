"""The lock store of endpoints.yml: messages of one conversation are answered one after the other, in the order they came.

Rasa's own lock looks again every second whether its turn has come; here who is next is woken.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.utils.endpoints import EndpointConfig

from bot.conversations.local_lock import LocalLock
from bot.conversations.redis_lock import RedisLock
from bot.conversations.settings import redis_url


class ConversationLocks(LockStore):
    """Rasa's lock store on a lock in this process, or in Redis where BIANMIN_REDIS_URL names one.

    Rasa makes it from endpoints.yml (`rasa.core.lock_store._load_from_module_name_in_endpoint_config`).

    Args:
        endpoint_config: the stanza of endpoints.yml; not used, the settings come from the environment.
        url: of Redis; from the environment by default.

    Raises:
        ConversationSettingError: the address of Redis is none.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None, url: str | None = None) -> None:
        url = redis_url() if url is None else url
        self._lock: LocalLock | RedisLock = RedisLock(url) if url else LocalLock()
        super().__init__()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncIterator[TicketLock]:
        """Hold a conversation for the block; the two times are Rasa's own way of waiting, and not used.

        Raises:
            ConversationBusy: too many messages of this conversation are waiting, or Redis does not answer.
        """
        async with self._lock.hold(conversation_id):
            yield TicketLock(conversation_id)

    async def is_healthy(self) -> bool:
        """Tell whether locks can be had."""
        return await self._lock.is_healthy()

    async def close(self) -> None:
        """Close the connections to Redis, where there are any."""
        if isinstance(self._lock, RedisLock):
            await self._lock.close()
