"""How many messages are answered: of one conversation, and from one address. What is over it costs no turn.

It is not understood, not kept, and changes nothing of what is open; the resident is told in a sentence when to go on, with
a button that sends the same once more.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from limits import RateLimitItem
from rasa.shared.core.domain import Domain

from bot.conversations.settings import redis_url
from bot.runtime import tokens
from bot.runtime.settings import SettingError
from serving.counting import Counter, LimitError, limit, spoken_wait
from serving.names import derived_key

PER_SESSION, PER_ADDRESS = "BIANMIN_MESSAGES_PER_SESSION", "BIANMIN_MESSAGES_PER_ADDRESS"
DEFAULTS = {PER_SESSION: "30 per minute", PER_ADDRESS: "300 per minute"}

RESPONSE = "utter_too_many_messages"
TEXT = "您发得有点快，这句我没有处理，前面办的都还在。请过 {wait}再发。有危险请马上拨 110、119 或 120。"
"""Said where the domain has no such response, or there is no model yet."""

AGAIN = "再发一次"

NETWORK_BITS = 64
"""Of an IPv6 address: a household has all the addresses after them."""


@dataclass(frozen=True)
class MessageLimits:
    """Counts messages.

    Args:
        counter: of all processes together, where there is Redis.
        per_session: how many one conversation may send; None is without limit.
        per_address: how many may come from one address, for whatever conversations.
    """

    counter: Counter
    per_session: RateLimitItem | None
    per_address: RateLimitItem | None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> MessageLimits:
        """Read the settings.

        Raises:
            SettingError: a variable holds no limit.
            ConversationSettingError: BIANMIN_REDIS_URL is none.
        """
        try:
            session, address = (limit(name, DEFAULTS[name], environment) for name in (PER_SESSION, PER_ADDRESS))
        except LimitError as error:
            raise SettingError(str(error)) from error
        key = derived_key(tokens.secret(tokens.ACTIONS, environment), "limits")
        return cls(Counter(key, redis_url(environment)), session, address)

    async def of_session(self, conversation_id: str) -> int | None:
        """Count a message of a conversation: None where it is to be answered, else the seconds until one is again."""
        return await self.counter.count(self.per_session, "session", conversation_id)

    async def of_address(self, address: str) -> int | None:
        """Count a message from an address, in the same way; of this machine's own none.

        From there come a person at this machine, and all residents together where the proxy before us is not trusted.

        Args:
            address: as `bot.runtime.proxies.address` gives it.
        """
        if is_here(address):
            return None
        return await self.counter.count(self.per_address, "address", network(address))


def is_here(address: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def network(address: str) -> str:
    """Give what of an address is one household's: of IPv4 all, of IPv6 the network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, NETWORK_BITS), strict=False)) if found.version == 6 else str(found)


def told_to_wait(seconds: int, text: str, domain: Domain | None) -> dict[str, Any]:
    """Make the answer to a message that is not answered.

    Args:
        seconds: until one is again.
        text: what was said, cleaned; the button says it once more.
        domain: its words.
    """
    wordings = (domain.responses if domain else {}).get(RESPONSE) or [{}]
    sentence = str(wordings[0].get("text") or TEXT).replace("{wait}", spoken_wait(seconds))
    return {"text": sentence, **({"buttons": [{"title": AGAIN, "payload": text}]} if text else {})}
